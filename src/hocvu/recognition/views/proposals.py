"""A proposed decision: looked at, previewed, approved by somebody else, or returned."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.kernel.vietnamese import vn_number
from hocvu.people.models import SignedInRequest
from hocvu.recognition import policies
from hocvu.recognition.actions import approve_proposal, return_proposal
from hocvu.recognition.forms import LineFilters, ReturnForm
from hocvu.recognition.models import Proposal
from hocvu.recognition.queries.candidates import classes_to_recognise
from hocvu.recognition.queries.proposals import lines_of, list_now, proposals_open_to
from hocvu.ui.more_columns import with_more_columns
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage


def _state(row: Proposal) -> str:
    if row.is_open:
        return _("waits for approval")
    return _("approved") if row.approved_at else _("returned")


_COLUMNS = (
    Column(
        "number",
        gettext_lazy("Decision"),
        order_by="number",
        value=lambda row: row.number_and_symbol,
        href=lambda row: reverse("recognition:proposal", args=[row.pk]),
    ),
    Column(
        "class",
        gettext_lazy("Class"),
        order_by="training_class__name",
        value=lambda row: row.training_class.name,
    ),
    Column("learners", gettext_lazy("Learners"), order_by="learner_count", numeric=True,
           value=lambda row: row.learner_count),
    Column(
        "proposed_by",
        gettext_lazy("Proposed by"),
        order_by="proposed_by__sort_key",
        value=lambda row: row.proposed_by.full_name,
    ),
    Column("proposed_at", gettext_lazy("Proposed"), order_by="proposed_at"),
    Column("state", gettext_lazy("State"), value=_state),
)  # fmt: skip


def _points(row: Any) -> str:
    if row.points is None:
        return "–"
    return f"{vn_number(row.points, 1)}/{vn_number(row.out_of, 1)}"


_LINES = (
    Column(
        "name",
        gettext_lazy("Name"),
        order_by="enrolment__person__sort_key",
        value=lambda row: row.enrolment.person.full_name,
    ),
    Column(
        "birth",
        gettext_lazy("Date of birth"),
        value=lambda row: row.enrolment.person.birth_text,
    ),
    Column(
        "unit",
        gettext_lazy("Unit"),
        order_by="enrolment__unit__sort_key",
        value=lambda row: row.enrolment.unit.name,
    ),
    Column(
        "attendance",
        gettext_lazy("Half days attended"),
        value=lambda row: f"{row.attended}/{row.held}",
        numeric=True,
    ),
    Column("test", gettext_lazy("Test"), value=_points, numeric=True),
)


def proposals(request: SignedInRequest) -> HttpResponse:
    page = ListPage.of(
        request,
        proposals_open_to(request.user.person),
        columns=_COLUMNS,
        default_sort="-proposed_at",
        title=_("Proposed decisions"),
    )
    may_issue = classes_to_recognise(request.user.person).exists()
    return page.answer("recognition/proposals.html", {"may_issue": may_issue})


def proposal(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    shown = _proposal_or_404(request, proposal_id)
    person, filters = request.user.person, LineFilters(request.GET)
    lines = filters.narrow(lines_of(shown))
    rows, columns = with_more_columns("proposal", lines, _LINES, about=shown)
    page = ListPage.of(
        request,
        rows,
        columns=columns,
        default_sort="name",
        title=_("Proposed decision %(number)s") % {"number": shown.number_and_symbol},
        filters=filters,
    )
    context = {
        "proposal": shown,
        "facts": _facts(shown),
        "now": list_now(shown) if shown.is_open else None,
        "may_settle": shown.is_open and policies.can_settle(person, shown),
        "is_own": policies.can_withdraw(person, shown),
    }
    return page.answer("recognition/proposal.html", context)


def approve(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    shown = _proposal_or_404(request, proposal_id)
    if request.method != "POST":
        return go_to("recognition:proposal", shown.pk)
    decision = approve_proposal(
        shown, shown=request.POST.get("shown", ""), by=request.user.person, at=timezone.now()
    )
    return go_to("recognition:decision", decision.pk)


def give_back(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Return a proposal with what has to change."""
    shown = _proposal_or_404(request, proposal_id)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return_proposal(
            shown, reason=form.cleaned_data["reason"], by=request.user.person, at=timezone.now()
        )
        return go_to("recognition:proposal", shown.pk)
    context = {"proposal": shown, "form": form}
    return render(request, "recognition/return.html", context, status=422 if form.is_bound else 200)


def _proposal_or_404(request: SignedInRequest, proposal_id: int) -> Proposal:
    return get_object_or_404(proposals_open_to(request.user.person), pk=proposal_id)


def _facts(shown: Proposal) -> list[tuple[str, object]]:
    results = shown.result_record
    facts: list[tuple[str, object]] = [
        (_("Class"), shown.training_class.name),
        (_("What is issued"), shown.get_kind_display()),
        (_("Date of the decision"), shown.decided_on),
        (_("Signed by"), f"{shown.capacity} {shown.signer_title} {shown.signer_name}".strip()),
        (_("People in article 1"), vn_number(shown.learner_count)),
        (_("Results approved by"), results.approved_by.full_name),
        (_("Results approved at"), results.approved_at),
        (_("Proposed by"), shown.proposed_by.full_name),
        (_("Proposed"), shown.proposed_at),
    ]
    if shown.approved_by is not None:
        facts.append((_("Approved by"), shown.approved_by.full_name))
        facts.append((_("Approved"), shown.approved_at))
    if shown.returned_by is not None:
        facts.append((_("Returned by"), shown.returned_by.full_name))
        facts.append((_("Returned"), shown.returned_at))
    return facts
