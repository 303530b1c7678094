"""Scales and their calibrations: asked for, watched, read, approved."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hocvu.measurement import policies
from hocvu.measurement.actions import approve_calibration, ask_for_calibration
from hocvu.measurement.models import Calibration, ResponseModel
from hocvu.measurement.queries.scales import (
    calibrations_open_to,
    items_of_calibration,
    scale_page,
    scales_open_to,
)
from hocvu.measurement.queries.wording import ability, item_refusal, plain, refusal, state_of
from hocvu.people.queries.signed_in import person_of
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage

SCALE_COLUMNS = (
    Column(
        "name",
        gettext_lazy("Scale"),
        order_by="name",
        value=lambda scale: in_language(scale.name, scale.name_en),
        href=lambda scale: reverse("measurement:scale", args=[scale.pk]),
    ),
    Column(
        "framework",
        gettext_lazy("Framework"),
        order_by="framework__name",
        value=lambda scale: in_language(scale.framework.name, scale.framework.name_en),
    ),
    Column(
        "model",
        gettext_lazy("What a question is described by"),
        order_by="model",
        value=lambda scale: str(scale.get_model_display()),
    ),
)


def _with_error(name: str, number: str, error: float | None) -> SafeString:
    """A letter, signs and digits only; a phone shows no heading beside it."""
    return SafeString(f"{name} = {number}" + (f" ± {plain(error)}" if error else ""))


def _parameter(name: str) -> dict[str, Any]:
    def cell(row: Any) -> SafeString:
        value = getattr(row, name)
        if value is None:
            return SafeString("—")
        shown = ability(value) if name == "b" else plain(value)
        return _with_error(name, shown, getattr(row, f"se_{name}"))

    return {
        "order_by": name,
        "value": lambda row: None if getattr(row, name) is None else round(getattr(row, name), 3),
        "cell": cell,
    }


ITEM_COLUMNS = (
    Column(
        "question",
        gettext_lazy("Question"),
        order_by="code",
        value=lambda row: row.code or _("a question of another unit"),
    ),
    Column(
        "component",
        gettext_lazy("Skill"),
        order_by="question__component_code",
        value=lambda row: row.question.component_code,
    ),
    Column("answers", gettext_lazy("Answers"), order_by="answers", numeric=True),
    Column("b", gettext_lazy("Difficulty (b)"), **_parameter("b")),
    Column("a", gettext_lazy("Discrimination (a)"), **_parameter("a")),
    Column("c", gettext_lazy("Guessing (c)"), **_parameter("c")),
    Column(
        "infit",
        gettext_lazy("Infit"),
        order_by="infit",
        value=lambda row: None if row.infit is None else round(row.infit, 2),
        cell=lambda row: SafeString(plain(row.infit)),
        numeric=True,
        on_phone=False,
    ),
    Column(
        "outfit",
        gettext_lazy("Outfit"),
        order_by="outfit",
        value=lambda row: None if row.outfit is None else round(row.outfit, 2),
        cell=lambda row: SafeString(plain(row.outfit)),
        numeric=True,
        on_phone=False,
    ),
    Column("is_anchor", gettext_lazy("Kept from before"), order_by="is_anchor", on_phone=False),
    Column(
        "refused",
        gettext_lazy("Why not calibrated"),
        order_by="refused",
        value=lambda row: item_refusal(row.refused),
    ),
)


def _columns_of(seen: Calibration) -> tuple[Column, ...]:
    """Without guessing where the scale takes nobody to guess."""
    guesses = seen.scale.model == ResponseModel.THREE_PARAMETERS
    return tuple(column for column in ITEM_COLUMNS if guesses or column.key != "c")


@require_safe
def scale_list(request: HttpRequest) -> HttpResponse:
    page = ListPage.of(
        request,
        scales_open_to(person_of(request)),
        columns=SCALE_COLUMNS,
        default_sort="name",
        title=_("Measuring scales"),
    )
    return page.answer("measurement/scale_list.html")


@never_cache
@require_safe
def scale(request: HttpRequest, pk: int) -> HttpResponse:
    """The calibrations of a scale, the one under way with how far it is, its cut scores."""
    person = person_of(request)
    chosen = get_object_or_404(scales_open_to(person), pk=pk)
    context = {
        "page": scale_page(chosen, timezone.now()),
        "title": in_language(chosen.name, chosen.name_en),
        "may_ask": policies.can_calibrate(person),
    }
    return render(request, "measurement/scale.html", context)


@require_POST
def calibrate(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the scale calibrated by a job."""
    person = person_of(request)
    chosen = get_object_or_404(scales_open_to(person), pk=pk)
    ask_for_calibration(chosen, by=person, at=timezone.now())
    return go_to("measurement:scale", pk)


@never_cache
@require_safe
def calibration(request: HttpRequest, pk: int) -> HttpResponse:
    """What a calibration says of each question."""
    person = person_of(request)
    seen = get_object_or_404(calibrations_open_to(person), pk=pk)
    page = ListPage.of(
        request,
        items_of_calibration(seen, person),
        columns=_columns_of(seen),
        default_sort="b",
        title=_("Calibration %(number)s: %(scale)s")
        % {"number": seen.number, "scale": in_language(seen.scale.name, seen.scale.name_en)},
    )
    context = {
        "calibration": seen,
        "state": state_of(seen),
        "refusal": refusal(seen),
        "may_approve": policies.can_approve(person, seen)
        and seen.made_at is not None
        and seen.approved_at is None,
        "population": (ability(seen.population_mean), plain(seen.population_sd)),
        "reliability": plain(seen.reliability),
    }
    return page.answer("measurement/calibration.html", context)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a calibration count."""
    person = person_of(request)
    seen = get_object_or_404(calibrations_open_to(person), pk=pk)
    approve_calibration(seen, by=person, at=timezone.now())
    return go_to("measurement:calibration", pk)
