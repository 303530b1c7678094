"""Coverage pages: nation → province → unit, and who is missing there."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.campaigns.forms import MissingFilters, UnitFilters
from hocvu.campaigns.models import Campaign, Standing, WhyMissing
from hocvu.campaigns.queries import coverage, maps
from hocvu.campaigns.rules import Distance
from hocvu.kernel.time import day_of
from hocvu.people.models import Person, SignedInRequest
from hocvu.ui.tables import Column, ListPage
from hocvu.ui.templatetags.ui import lamp
from hocvu.units.models import Unit


def start(request: SignedInRequest) -> HttpResponse:
    """To the one unit this person answers for, or the choice among several."""
    tops = list(coverage.top_units_for(request.user.person))
    if len(tops) == 1:
        return redirect("campaigns:unit", unit_id=tops[0].pk)
    return render(request, "campaigns/start.html", {"units": tops})


def unit(request: SignedInRequest, unit_id: int) -> HttpResponse:
    """Figures of one unit, its picture, and the units right below it."""
    person, campaign = request.user.person, _campaign()
    covered = coverage.with_coverage(coverage.units_covered_for(person), campaign)
    shown = get_object_or_404(covered, pk=unit_id)
    yardstick = coverage.yardstick_of(campaign)
    filters = UnitFilters(request.GET)
    page = ListPage.of(
        request,
        filters.narrow(coverage.children_with_coverage(campaign, shown, yardstick.share)),
        columns=_columns(yardstick),
        default_sort="name",
        title=shown.name,
        filters=filters,
    )
    is_nation = shown.pk == yardstick.nation.pk
    chart = (
        maps.national_map(campaign, yardstick, with_links=True)
        if is_nation
        else maps.unit_map(campaign, shown, yardstick)
    )
    context = {
        "unit": shown,
        "campaign": campaign,
        "yardstick": yardstick,
        "coverage": coverage.coverage_shown_by(shown, yardstick.share),
        "targets": yardstick.targets,
        "today": day_of(timezone.now()),
        "map": chart,
        "crumbs": _crumbs(person, shown),
    }
    return page.answer("campaigns/unit.html", context)


def missing(request: SignedInRequest, unit_id: int) -> HttpResponse:
    """Who in this unit is not proficient yet, and why."""
    person = request.user.person
    shown = get_object_or_404(coverage.units_with_results_for(person), pk=unit_id)
    filters = MissingFilters(request.GET)
    standings = coverage.people_missing_in(_campaign(), person, shown)
    page = ListPage.of(
        request,
        filters.narrow(standings),
        columns=_MISSING_COLUMNS,
        default_sort="person",
        title=_("Not proficient yet: %(unit)s") % {"unit": shown.name},
        filters=filters,
    )
    crumbs = [*_crumbs(person, shown), (shown.name, reverse("campaigns:unit", args=[shown.pk]))]
    context = {
        "unit": shown,
        "crumbs": crumbs,
        "reasons": coverage.why_they_are_missing(standings),
    }
    return page.answer("campaigns/missing.html", context)


def _campaign() -> Campaign:
    campaign = coverage.current_campaign()
    if campaign is None:
        raise Http404
    return campaign


def _crumbs(person: Person, shown: Unit) -> list[tuple[str, str]]:
    above = coverage.ancestors_covered_for(person, shown)
    return [(each.name, reverse("campaigns:unit", args=[each.pk])) for each in above]


def _columns(yardstick: coverage.Yardstick) -> tuple[Column, ...]:
    def distance(row: Any) -> Distance:
        return coverage.distance_of(row, yardstick.share)

    def share(row: Any) -> object:
        found = distance(row).share
        return None if found is None else float(found)

    return (
        Column(
            "name",
            gettext_lazy("Unit"),
            order_by=("nobody", "sort_key"),
            href=lambda row: reverse("campaigns:unit", args=[row.pk]),
        ),
        Column(
            "share",
            gettext_lazy("Proficient, share"),
            value=share,
            cell=lambda row: lamp(distance(row).share, yardstick.share),
            numeric=True,
        ),
        Column("in_scope", gettext_lazy("In scope"), order_by="in_scope", numeric=True),
        Column("trained", gettext_lazy("Trained"), order_by="trained", numeric=True),
        Column("assessed", gettext_lazy("Assessed"), order_by="assessed", numeric=True),
        Column("proficient", gettext_lazy("Proficient"), order_by="proficient", numeric=True),
        Column(
            "missing",
            gettext_lazy("People still to reach the target"),
            order_by="missing",
            numeric=True,
        ),
    )


def _why(standing: Standing) -> str:
    if standing.assessed:
        return str(WhyMissing.FAILED.label)
    return str((WhyMissing.UNASSESSED if standing.trained else WhyMissing.UNTRAINED).label)


_MISSING_COLUMNS = (
    Column(
        "person",
        gettext_lazy("Name"),
        order_by="person__sort_key",
        value=lambda row: row.person.full_name,
    ),
    Column(
        "unit", gettext_lazy("Unit"), order_by="unit__sort_key", value=lambda row: row.unit.name
    ),
    Column("why", gettext_lazy("Why"), order_by=("assessed", "trained"), value=_why),
)
