"""Certificates whose ground fell away: kept by a registrar's word, or revoked on their own page."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.credentials.actions import settle_question
from hocvu.credentials.forms import KeepForm
from hocvu.credentials.models import QuestionedCertificate
from hocvu.credentials.queries.changes import questions_open_to
from hocvu.people.models import SignedInRequest
from hocvu.recognition.queries.words import sentence_of
from hocvu.recognition.rules.completion import Reason
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage


def _lacking(question: QuestionedCertificate) -> str:
    reasons = [Reason(value) for value in question.reasons.split(",")]
    return "; ".join(sentence_of(reason) for reason in reasons)


_COLUMNS = (
    Column(
        "name",
        gettext_lazy("Name"),
        order_by="certificate__entry__person__sort_key",
        value=lambda row: row.certificate.holder.full_name,
        href=lambda row: reverse("credentials:settle", args=[row.pk]),
    ),
    Column(
        "serial",
        gettext_lazy("Serial number"),
        order_by="certificate__serial_number",
        value=lambda row: row.certificate.serial_number,
        href=lambda row: reverse("credentials:certificate", args=[row.certificate_id]),
    ),
    Column("lacking", gettext_lazy("What is lacking now"), value=_lacking),
    Column("noted_at", gettext_lazy("Noted"), order_by="noted_at"),
    Column(
        "state",
        gettext_lazy("State"),
        order_by=("outcome", "noted_at"),
        value=lambda row: row.get_outcome_display() or _("waits for a decision"),
    ),
)


def questions(request: SignedInRequest) -> HttpResponse:
    page = ListPage.of(
        request,
        questions_open_to(request.user.person),
        columns=_COLUMNS,
        default_sort="state",
        title=_("Certificates whose ground fell away"),
    )
    return page.answer("credentials/questions.html")


def settle(request: SignedInRequest, question_id: int) -> HttpResponse:
    """Keep the certificate, saying why; revoking has its own page."""
    shown = get_object_or_404(questions_open_to(request.user.person), pk=question_id)
    form = KeepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        settle_question(
            shown,
            explanation=form.cleaned_data["explanation"],
            by=request.user.person,
            at=timezone.now(),
        )
        return go_to("credentials:questions")
    context = {"question": shown, "form": form, "lacking": _lacking(shown)}
    return render(request, "credentials/settle.html", context, status=422 if form.is_bound else 200)
