"""Offering adaptive tests to a class, and seeing how its learners did."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.kernel.errors import NotPossible
from hocvu.measurement.actions import end_overdue, offer_test
from hocvu.measurement.forms.sittings import OfferTestForm, ResultFilters, SittingFilters
from hocvu.measurement.models import AdaptiveSitting, Purpose
from hocvu.measurement.queries.access import (
    classes_to_offer_a_test_to,
    sittings_whose_results_open_to,
)
from hocvu.measurement.queries.growth import growth_of_class, pair_of
from hocvu.measurement.queries.results import change_of, results_called, results_open_to, tally
from hocvu.measurement.queries.scales import sees_scales
from hocvu.measurement.queries.wording import ability, direction, growth_told, level_in_words
from hocvu.people.queries.signed_in import person_of
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage

SITTING_COLUMNS = (
    Column(
        "class",
        gettext_lazy("Class"),
        order_by="training_class__name",
        value=lambda sitting: sitting.training_class.name,
        href=lambda sitting: reverse("measurement:results", args=[sitting.pk]),
    ),
    Column(
        "test",
        gettext_lazy("Skills test"),
        order_by="test__title",
        value=lambda sitting: in_language(sitting.test.title, sitting.test.title_en),
    ),
    Column(
        "purpose",
        gettext_lazy("What for"),
        order_by="purpose",
        value=lambda sitting: str(sitting.get_purpose_display()),
    ),
    Column("opens_at", gettext_lazy("Opens at"), order_by="opens_at"),
    Column("closes_at", gettext_lazy("Closes at"), order_by="closes_at"),
)


def _result(row: Any) -> str:
    return reverse("measurement:result", args=[row.run_pk]) if row.run_pk else ""


def _where(row: Any) -> str:
    if row.run_pk:
        return _("measured")
    if row.is_under_way:
        return _("under way")
    return _("broken off too early") if row.has_started else _("has not started")


def _ability(row: Any) -> SafeString:
    if row.run_theta is None:
        return SafeString("—")
    interval = f"{ability(row.run_low)} … {ability(row.run_high)}"
    return SafeString(f"{ability(row.run_theta)} ({interval})")  # signs and digits only


def _gain(row: Any) -> SafeString:
    found = change_of(row)
    if found is None:
        return SafeString("—")
    return SafeString(f"{ability(found.difference)} ({direction(found.direction)})")


def _columns(sitting: AdaptiveSitting, *, with_growth: bool) -> tuple[Column, ...]:
    framework = sitting.test.scale.framework
    grown = Column(
        "gain",
        gettext_lazy("Gained"),
        order_by="gain",
        value=lambda row: None if row.gain is None else round(row.gain, 2),
        cell=_gain,
        named_on_phone=True,
    )
    return (
        Column(
            "name",
            gettext_lazy("Learner"),
            order_by="person__sort_key",
            value=lambda row: row.person.full_name,
            href=_result,
        ),
        Column(
            "unit", gettext_lazy("Unit"), order_by="unit__sort_key", value=lambda row: row.unit.name
        ),
        Column("state", gettext_lazy("State"), value=_where),
        Column(
            "level",
            gettext_lazy("Level"),
            order_by="run_theta",
            value=lambda row: level_in_words(framework, row.run_level) if row.run_level else "",
        ),
        Column(
            "ability",
            gettext_lazy("Ability (95 % interval)"),
            order_by="run_theta",
            value=lambda row: None if row.run_theta is None else round(row.run_theta, 2),
            cell=_ability,
            named_on_phone=True,
        ),
        *((grown,) if with_growth else ()),
        Column("ended_at", gettext_lazy("Ended"), order_by="run_ended_at", value=_ended),
    )


def _ended(row: Any) -> object:
    return row.run_ended_at


@require_safe
def sitting_list(request: HttpRequest) -> HttpResponse:
    """Every adaptive test in which there are results I may see."""
    filters = SittingFilters(request.GET)
    page = ListPage.of(
        request,
        filters.narrow(sittings_whose_results_open_to(person_of(request))),
        columns=SITTING_COLUMNS,
        default_sort="-closes_at",
        title=_("Skills tests"),
        filters=filters,
    )
    return page.answer(
        "measurement/sitting_list.html", {"sees_scales": sees_scales(person_of(request))}
    )


@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """How each learner did, and what the class gained, as far as I may see."""
    person = person_of(request)
    sitting = get_object_or_404(sittings_whose_results_open_to(person), pk=pk)
    end_overdue(timezone.now())
    pair = pair_of(sitting.training_class_id)
    is_after = pair is not None and pair.after.pk == sitting.pk
    rows = results_open_to(person, sitting, pair)
    filters = ResultFilters(request.GET)
    search = filters.cleaned_data["search"] if filters.is_valid() else ""
    page = ListPage.of(
        request,
        results_called(rows, search),
        columns=_columns(sitting, with_growth=is_after),
        default_sort="name",
        title=_("Results: %s") % sitting.training_class.name,
        filters=filters,
    )
    context = {
        "sitting": sitting,
        "title": in_language(sitting.test.title, sitting.test.title_en),
        "tally": tally(rows),
        "is_after": is_after,
    }
    if pair is not None and is_after:
        people = rows.order_by().values_list("person_id", flat=True)
        grown = growth_of_class(pair, people)
        context["growth"] = growth_told(grown) if grown else None
    return page.answer("measurement/results.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, class_id: int) -> HttpResponse:
    """Offer an adaptive test to a class."""
    person, at = person_of(request), timezone.now()
    training_class = get_object_or_404(classes_to_offer_a_test_to(person), pk=class_id)
    proposed = {
        "purpose": Purpose.MEASURE,
        "opens_at": at,
        "closes_at": at + timedelta(days=7),
    }
    form = OfferTestForm(request.POST or None, initial=proposed)
    if form.is_valid():
        try:
            offered = offer_test(
                training_class=training_class, by=person, at=at, **form.cleaned_data
            )
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            return go_to("measurement:results", offered.pk)
    return render(
        request,
        "measurement/offer.html",
        {"form": form, "training_class": training_class},
        status=422 if form.errors else 200,
    )
