"""Panels for those who run them: opened, watched, closed, decided on, printed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvu.kernel.errors import NotPossible
from hocvu.measurement import policies
from hocvu.measurement.actions import (
    close_panel,
    open_panel,
    open_second_round,
    set_cut_score,
)
from hocvu.measurement.forms.panels import CutScoreForm, OpenPanelForm
from hocvu.measurement.models import CutScore, Panel
from hocvu.measurement.queries.panel_pages import panel_page, state_of_panel
from hocvu.measurement.queries.panels import (
    cut_scores_open_to,
    panels_open_to,
    panels_run_by,
    seats_open_to,
    with_counts,
)
from hocvu.measurement.queries.scales import scales_calibrated_by
from hocvu.measurement.queries.wording import ability, level_in_words, plain
from hocvu.people.queries.signed_in import person_of
from hocvu.questions.queries.reach import questions_open_to
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage
from hocvu.ui.templatetags.ui import state as state_mark


def _state(panel: Panel) -> tuple[str, str]:
    return state_of_panel(panel, getattr(panel, "cut_score", None))


def _state_cell(panel: Panel) -> SafeString:
    return render_to_string("ui/parts/state.html", state_mark(*_state(panel)))


PANEL_COLUMNS = (
    Column(
        "title",
        gettext_lazy("Panel"),
        order_by="title",
        href=lambda panel: reverse("measurement:panel", args=[panel.pk]),
    ),
    Column(
        "level",
        gettext_lazy("Level"),
        order_by="level",
        value=lambda panel: level_in_words(panel.scale.framework, panel.level),
    ),
    Column("state", gettext_lazy("State"), value=lambda panel: _state(panel)[1], cell=_state_cell),
    Column("judges", gettext_lazy("Judges"), order_by="judge_count", numeric=True,
           value=lambda panel: panel.judge_count),
    Column("questions", gettext_lazy("Questions"), order_by="question_count", numeric=True,
           value=lambda panel: panel.question_count),
    Column("opened_at", gettext_lazy("Opened"), order_by="opened_at"),
)  # fmt: skip

CUT_COLUMNS = (
    Column(
        "level",
        gettext_lazy("Level"),
        order_by=("scale__name", "level"),
        value=lambda cut: level_in_words(cut.scale.framework, cut.level),
        href=lambda cut: (
            reverse("measurement:panel_document", args=[cut.panel_id]) if cut.panel_id else ""
        ),
    ),
    Column(
        "scale",
        gettext_lazy("Scale"),
        order_by="scale__name",
        value=lambda cut: in_language(cut.scale.name, cut.scale.name_en),
    ),
    Column(
        "theta",
        gettext_lazy("From this ability on"),
        order_by="theta",
        value=lambda cut: round(cut.theta, 3),
        cell=lambda cut: SafeString(f"{ability(cut.theta)} ± {plain(cut.se)}"),  # digits only
        numeric=True,
    ),
    Column("judges", gettext_lazy("Judges"), order_by="judges", numeric=True),
    Column("decision_number", gettext_lazy("Decision number"), order_by="decision_number"),
    Column("decided_on", gettext_lazy("Date of the decision"), order_by="decided_on"),
    Column(
        "decided_by",
        gettext_lazy("Set by"),
        value=lambda cut: cut.decided_by.full_name if cut.decided_by else "",
    ),
    Column("set_at", gettext_lazy("Holds from"), order_by="set_at"),
)


@require_safe
def panel_list(request: HttpRequest) -> HttpResponse:
    """The panels I run, or on which I judge."""
    person = person_of(request)
    page = ListPage.of(
        request,
        with_counts(panels_open_to(person)),
        columns=PANEL_COLUMNS,
        default_sort="-opened_at",
        title=_("Panels of judges"),
    )
    scales = [
        (each.pk, in_language(each.name, each.name_en)) for each in scales_calibrated_by(person)
    ]
    return page.answer("measurement/panel_list.html", {"scales": scales})


@require_safe
def cut_score_list(request: HttpRequest) -> HttpResponse:
    """Every cut score that was set, the newest first: those of a level replace each other."""
    cuts = cut_scores_open_to(person_of(request))
    page = ListPage.of(
        request, cuts, columns=CUT_COLUMNS, default_sort="-set_at", title=_("Cut scores")
    )
    return page.answer("measurement/cut_score_list.html")


@require_http_methods(["GET", "HEAD", "POST"])
def open_new(request: HttpRequest, scale_id: int) -> HttpResponse:
    """Open a panel on a scale."""
    person = person_of(request)
    scale = get_object_or_404(scales_calibrated_by(person), pk=scale_id)
    form = OpenPanelForm(request.POST or None, scale=scale)
    if form.is_valid():
        try:
            opened = open_panel(scale, by=person, at=timezone.now(), **form.asked())
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            return go_to("measurement:panel", opened.pk)
    context = {"form": form, "title": in_language(scale.name, scale.name_en)}
    return render(request, "measurement/open_panel.html", context, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.errors else 200


@never_cache
@require_safe
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the judges are; once it is closed, what they found."""
    person = person_of(request)
    seen = get_object_or_404(panels_open_to(person), pk=pk)
    context = {
        "page": panel_page(seen),
        "may_run": policies.can_run_panels(person),
        "seat": seats_open_to(person).filter(panel=seen).first(),
    }
    return render(request, "measurement/panel.html", context)


@require_POST
def second_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the judges again, with what all said before them."""
    person = person_of(request)
    seen = get_object_or_404(panels_run_by(person), pk=pk)
    open_second_round(seen, by=person, at=timezone.now())
    return go_to("measurement:panel", pk)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the second round."""
    person = person_of(request)
    seen = get_object_or_404(panels_run_by(person), pk=pk)
    close_panel(seen, by=person, at=timezone.now())
    return go_to("measurement:panel", pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the cut score a closed panel found."""
    person = person_of(request)
    seen = get_object_or_404(panels_run_by(person), pk=pk)
    page = panel_page(seen)
    outlying = page.found.outlying if page.found else ()
    form = CutScoreForm(request.POST or None, outlying=outlying)
    if form.is_valid():
        try:
            set_cut_score(seen, by=person, at=timezone.now(), **form.asked())
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            return go_to("measurement:panel_document", pk)
    context = {"form": form, "page": page}
    return render(request, "measurement/set_cut_score.html", context, status=_status(form))


@never_cache
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """How a cut score came to be, to print and to file."""
    person = person_of(request)
    cuts = cut_scores_open_to(person).filter(panel=pk)
    cut: CutScore = get_object_or_404(cuts.select_related("panel__opened_by", "panel__scale"))
    assert cut.panel is not None  # noqa: S101 — filtered by it
    judged = cut.panel.panel_questions.values("question")
    reached = questions_open_to(person).filter(pk__in=judged).values_list("pk", flat=True)
    context = {"page": panel_page(cut.panel), "reached": set(reached)}
    return render(request, "measurement/panel_document.html", context)
