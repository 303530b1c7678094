"""Revoking, correcting, deciding about what lost its ground; and what the public is told."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.credentials.actions import (
    correct_certificate,
    reinstate_certificate,
    revoke_certificate,
    settle_question,
)
from hocvu.credentials.forms import (
    ChangeFilters,
    CorrectionForm,
    KeepForm,
    ReinstatementForm,
    RulingForm,
)
from hocvu.credentials.models import Certificate, QuestionedCertificate
from hocvu.credentials.queries.certificates import certificates_open_to
from hocvu.credentials.queries.changes import (
    changes_told_to,
    published_changes,
    questions_open_to,
    ruling_of,
)
from hocvu.credentials.queries.words import sentence_of
from hocvu.credentials.rules.completion import Reason
from hocvu.kernel.errors import Refused
from hocvu.kernel.time import day_of
from hocvu.people.models import SignedInRequest
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage


def revoke(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    shown = _certificate_or_404(request, certificate_id)
    form = RulingForm(request.POST or None, on=day_of(timezone.now()))
    if request.method == "POST" and form.is_valid():
        revoke_certificate(shown, ruling=form.ruling(), by=request.user.person, at=timezone.now())
        return go_to("credentials:certificate", shown.pk)
    context = {"certificate": shown, "form": form}
    return render(request, "credentials/revoke.html", context, status=422 if form.is_bound else 200)


def reinstate(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    shown = _certificate_or_404(request, certificate_id)
    form = ReinstatementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reinstate_certificate(
            shown,
            ruling_number=form.cleaned_data["decision_number"],
            reason=form.cleaned_data["reason"],
            by=request.user.person,
            at=timezone.now(),
        )
        return go_to("credentials:certificate", shown.pk)
    context = {"certificate": shown, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "credentials/reinstate.html", context, status=status)


def correct(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    shown = _certificate_or_404(request, certificate_id)
    form = CorrectionForm(
        request.POST or None, on=day_of(timezone.now()), initial=vars(shown.holder)
    )
    if request.method == "POST" and form.is_valid():
        try:
            edition = correct_certificate(
                shown,
                form.says(),
                ruling=form.ruling(),
                by=request.user.person,
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return go_to("credentials:certificate", edition.pk)
    context = {"certificate": shown, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "credentials/correct.html", context, status=status)


def questions(request: SignedInRequest) -> HttpResponse:
    page = ListPage.of(
        request,
        questions_open_to(request.user.person),
        columns=_QUESTION_COLUMNS,
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


def told(request: SignedInRequest) -> HttpResponse:
    """What a holder and a holder's agency are told."""
    page = ListPage.of(
        request,
        changes_told_to(request.user.person),
        columns=_TOLD_COLUMNS,
        default_sort="-at",
        title=_("Corrections and revocations that concern you or your unit"),
    )
    return page.answer("credentials/told.html")


@login_not_required
def published(request: HttpRequest) -> HttpResponse:
    """Everybody may read which certificates were corrected or revoked, and by which decision."""
    filters = ChangeFilters(request.GET)
    found = published_changes()
    if filters.is_valid():
        found = found.filter(certificate__serial_number__icontains=filters.cleaned_data["serial"])
    page = ListPage.of(
        request,
        found,
        columns=_PUBLISHED_COLUMNS,
        default_sort="-at",
        title=_("Corrected and revoked certificates"),
        filters=filters,
    )
    return page.answer("credentials/published.html")


def _certificate_or_404(request: SignedInRequest, certificate_id: int) -> Certificate:
    reached = certificates_open_to(request.user.person).select_related(
        "entry__decision__training_class__host_unit", "entry__enrolment"
    )
    return get_object_or_404(reached, pk=certificate_id)


def _lacking(question: QuestionedCertificate) -> str:
    reasons = [Reason(value) for value in question.reasons.split(",")]
    return "; ".join(sentence_of(reason) for reason in reasons)


_EVENT_COLUMNS = (
    Column("at", gettext_lazy("Entered"), order_by=("at", "leaf_index")),
    Column(
        "event", gettext_lazy("What happened"), order_by="event",
        value=lambda row: row.get_event_display(),
    ),
    Column("decision", gettext_lazy("Decision"), value=lambda row: ruling_of(row).decision),
    Column("decided_on", gettext_lazy("Of"), value=lambda row: ruling_of(row).decided_on or ""),
    Column("cause", gettext_lazy("Cause"), value=lambda row: ruling_of(row).cause),
)  # fmt: skip
_SERIAL = Column(
    "serial",
    gettext_lazy("Serial number"),
    order_by="certificate__serial_number",
    value=lambda row: row.certificate.serial_number,
)
_PUBLISHED_COLUMNS = (
    _SERIAL,
    Column(
        "issuer",
        gettext_lazy("Issued by"),
        order_by="certificate__issuer__sort_key",
        value=lambda row: row.certificate.issuer.name,
    ),
    *_EVENT_COLUMNS,
)
_TOLD_COLUMNS = (
    Column("name", gettext_lazy("Name"), value=lambda row: row.certificate.holder.full_name),
    _SERIAL,
    *_EVENT_COLUMNS,
)


def _question_link(row: Any) -> str:
    return "" if row.settled_at else reverse("credentials:settle", args=[row.pk])


_QUESTION_COLUMNS = (
    Column(
        "name",
        gettext_lazy("Name"),
        order_by="certificate__entry__person__sort_key",
        value=lambda row: row.certificate.holder.full_name,
        href=_question_link,
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
