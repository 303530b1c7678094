"""Decisions that are in force: all of them, one with its list, and its document."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.people.models import SignedInRequest
from hocvu.recognition.forms import EntryFilters
from hocvu.recognition.queries.decisions import decisions_open_to
from hocvu.recognition.queries.documents import decision_pdf
from hocvu.ui.more_columns import with_more_columns
from hocvu.ui.tables import Column, ListPage

_DECISIONS = (
    Column(
        "number",
        gettext_lazy("Decision"),
        order_by=("year", "number"),
        value=lambda row: row.number_and_symbol,
        href=lambda row: reverse("recognition:decision", args=[row.pk]),
    ),
    Column("decided_on", gettext_lazy("Date of the decision"), order_by="decided_on"),
    Column(
        "class",
        gettext_lazy("Class"),
        order_by="training_class__name",
        value=lambda row: row.class_name or row.training_class.name,
    ),
    Column("learner_count", gettext_lazy("Learners"), order_by="learner_count", numeric=True),
)
_LINES = (
    Column("full_name", gettext_lazy("Name"), order_by="person__sort_key"),
    Column("position", gettext_lazy("Line"), order_by="position", numeric=True),
    Column("unit_name", gettext_lazy("Unit"), order_by="unit_name"),
)


def decisions(request: SignedInRequest) -> HttpResponse:
    """Every decision within reach."""
    found = decisions_open_to(request.user.person)
    rows, columns = with_more_columns("decisions", found, _DECISIONS)
    page = ListPage.of(
        request,
        rows,
        columns=columns,
        default_sort="-decided_on",
        title=_("Recognition decisions"),
    )
    return page.answer("recognition/decisions.html")


def decision(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """One decision with its annexed list."""
    shown = get_object_or_404(decisions_open_to(request.user.person), pk=decision_id)
    filters = EntryFilters(request.GET)
    lines = filters.narrow(shown.entries.all())
    rows, columns = with_more_columns("decision", lines, _LINES, about=shown)
    page = ListPage.of(
        request,
        rows,
        columns=columns,
        default_sort="position",
        title=_("Decision %(number)s") % {"number": shown.number_and_symbol},
        filters=filters,
    )
    return page.answer("recognition/decision.html", {"decision": shown})


def document(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """The decision and its list as they are printed."""
    decisions = decisions_open_to(request.user.person).select_related("result_record")
    shown = get_object_or_404(decisions, pk=decision_id)
    response = HttpResponse(decision_pdf(shown), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="decision-{shown.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
