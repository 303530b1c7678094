"""A decision that is in force, and how its certificates come to be."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.credentials.actions import resume_issuing
from hocvu.credentials.forms import EntryFilters
from hocvu.credentials.models import RecognitionDecision
from hocvu.credentials.queries.certificates import certificates_open_to, decisions_open_to
from hocvu.credentials.queries.chain import chain_of_certificate, chain_of_decision
from hocvu.credentials.queries.documents import decision_pdf
from hocvu.credentials.queries.runs import entries_with_serials, pace_of
from hocvu.credentials.queries.waiting import files_waiting_for, waiting_files_of
from hocvu.credentials.rules.deadlines import last_day_to_issue
from hocvu.kernel.time import day_of
from hocvu.people.models import SignedInRequest
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage

_COLUMNS = (
    Column("full_name", gettext_lazy("Name"), order_by="person__sort_key"),
    Column("position", gettext_lazy("Line"), order_by="position", numeric=True),
    Column("unit_name", gettext_lazy("Unit"), order_by="unit_name"),
    Column(
        "serial",
        gettext_lazy("Serial number"),
        order_by="serial",
        value=lambda row: row.serial or "",
        href=lambda row: (
            reverse("credentials:certificate", args=[row.certificate_id])
            if row.certificate_id
            else ""
        ),
    ),
)


def _state(row: Any) -> str:
    if row.issued == row.learner_count:
        return _("issued")
    last_day = last_day_to_issue(row.kind, row.decided_on)
    return _("overdue") if day_of(timezone.now()) > last_day else _("being issued")


_DECISION_COLUMNS = (
    Column(
        "number",
        gettext_lazy("Decision"),
        order_by=("year", "number"),
        value=lambda row: row.number_and_symbol,
        href=lambda row: reverse("credentials:decision", args=[row.pk]),
    ),
    Column("decided_on", gettext_lazy("Date of the decision"), order_by="decided_on"),
    Column(
        "class",
        gettext_lazy("Class"),
        order_by="training_class__name",
        value=lambda row: row.class_name or row.training_class.name,
    ),
    Column("learner_count", gettext_lazy("Learners"), order_by="learner_count", numeric=True),
    Column("issued", gettext_lazy("Issued"), order_by="issued", numeric=True),
    Column(
        "last_day",
        gettext_lazy("Last day to issue"),
        value=lambda row: last_day_to_issue(row.kind, row.decided_on),
    ),
    Column("state", gettext_lazy("State"), value=_state),
)


def decision(request: SignedInRequest, decision_id: int) -> HttpResponse:
    shown = get_object_or_404(decisions_open_to(request.user.person), pk=decision_id)
    filters = EntryFilters(request.GET)
    page = ListPage.of(
        request,
        filters.narrow(entries_with_serials(shown)),
        columns=_COLUMNS,
        default_sort="position",
        title=_("Decision %(number)s") % {"number": shown.number_and_symbol},
        filters=filters,
    )
    run = pace_of(shown, timezone.now())
    left = run.pace.left if run.pace else None
    context = {
        "decision": shown,
        "pace": run,
        "minutes_left": left.seconds // 60 if left else 0,
        "waiting": waiting_files_of(shown).count(),
    }
    return page.answer("credentials/decision.html", context)


def chain(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """From the opening decision to the certificates, with what is missing."""
    shown = _decision_or_404(request, decision_id)
    context = {
        "name": _("Decision %(number)s") % {"number": shown.number_and_symbol},
        "links": (links := chain_of_decision(shown, day_of(timezone.now()))),
        "missing": any(link.missing for link in links),
        "back": reverse("credentials:decision", args=[shown.pk]),
    }
    return render(request, "credentials/chain.html", context)


def certificate_chain(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    """The same for one certificate."""
    certificates = certificates_open_to(request.user.person).select_related(
        "entry__decision__training_class", "entry__decision__result_record__approved_by",
        "entry__decision__proposal__proposed_by", "entry__decision__issued_by",
        "entry__result_line",
    )  # fmt: skip
    shown = get_object_or_404(certificates, pk=certificate_id)
    context = {
        "name": shown.serial_number,
        "links": (links := chain_of_certificate(shown, day_of(timezone.now()))),
        "missing": any(link.missing for link in links),
        "back": reverse("credentials:certificate", args=[shown.pk]),
    }
    return render(request, "credentials/chain.html", context)


def document(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """The decision and its list as they are printed."""
    shown = _decision_or_404(request, decision_id)
    response = HttpResponse(decision_pdf(shown), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="decision-{shown.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def decisions(request: SignedInRequest) -> HttpResponse:
    """Every decision within reach: what is issued, and what is overdue."""
    page = ListPage.of(
        request,
        decisions_open_to(request.user.person),
        columns=_DECISION_COLUMNS,
        default_sort="-decided_on",
        title=_("Recognition decisions"),
    )
    waiting = files_waiting_for(request.user.person)
    return page.answer("credentials/decisions.html", {"waiting": waiting})


def _decision_or_404(request: SignedInRequest, decision_id: int) -> RecognitionDecision:
    decisions = decisions_open_to(request.user.person).select_related(
        "training_class", "issuer", "result_record__approved_by", "proposal__proposed_by",
        "issued_by",
    )  # fmt: skip
    return get_object_or_404(decisions, pk=decision_id)


def resume(request: SignedInRequest, decision_id: int) -> HttpResponse:
    shown = get_object_or_404(decisions_open_to(request.user.person), pk=decision_id)
    if request.method == "POST":
        resume_issuing(shown, by=request.user.person, at=timezone.now())
    return go_to("credentials:decision", shown.pk)
