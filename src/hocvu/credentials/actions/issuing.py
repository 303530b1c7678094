"""Certificates: typeset, signed, entered in the root register, published.

A batch is one transaction under one lock: numbers, files, entries, leaves and the signed head of
the log are committed together or not at all, so a process killed anywhere leaves each certificate
either not issued or issued whole, and no number is skipped or given twice. Publishing comes after
the commit and may be repeated at any time. What cannot be signed stops the run with a reason that
people read; what is issued by then stays, and the rest is issued when the run goes on.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from hocvu.audit.actions import record
from hocvu.credentials import policies
from hocvu.credentials.actions.log import append_to_log, publish_log
from hocvu.credentials.actions.moments import ClockIsBehind, hold_register, moment_of_entry
from hocvu.credentials.actions.rendering import render_batch
from hocvu.credentials.actions.trust_files import publish_keys_of, publish_status_lists
from hocvu.credentials.events import CertificatesIssued
from hocvu.credentials.models import (
    Certificate,
    DecisionEntry,
    IssuingRun,
    RecognitionDecision,
    RegisterEvent,
    StopReason,
)
from hocvu.credentials.queries.numbers import (
    formats_in_force,
    free_places,
    last_register_number,
)
from hocvu.credentials.queries.printing import CODE_LENGTH, common_of, holder_of
from hocvu.credentials.rules.printing import Numbered, ToPrint
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.kernel.ids import readable_code
from hocvu.people.models import Person
from hocvu.register.errors import RegisterRefusal
from hocvu.signing.errors import (
    CertificateNotValidAt,
    KeyMissing,
    ServiceUnreachable,
    SigningRefused,
    TimestampNotAcceptable,
    TimestampUnavailable,
    TokenGone,
)
from hocvu.typesetting.errors import CannotTypeset

BATCH = 100
_log = structlog.get_logger("hocvu.credentials")

# A run that wrote nothing for so long is not running: what comes next is a new stretch.
_SILENCE = timedelta(minutes=1)
_STOPS: tuple[tuple[type[Exception], StopReason], ...] = (
    (KeyMissing, StopReason.KEY_AWAY),
    (TokenGone, StopReason.KEY_AWAY),
    (ServiceUnreachable, StopReason.KEY_AWAY),
    (CertificateNotValidAt, StopReason.CERTIFICATE_OVER),
    (TimestampUnavailable, StopReason.TIMESTAMP_AWAY),
    (TimestampNotAcceptable, StopReason.TIMESTAMP_AWAY),
    (SigningRefused, StopReason.REFUSED),
    (CannotTypeset, StopReason.CANNOT_PRINT),
    (ClockIsBehind, StopReason.CLOCK),
    (RegisterRefusal, StopReason.REGISTER),
)


class IssuingHasStopped(NotPossible):
    """Nothing more of this decision can be issued now; what is issued stays."""


def issue_certificates(
    decision: RecognitionDecision,
    *,
    by: Person,
    at: datetime,
    progress: Callable[[int], None] = lambda _issued: None,
    now: Callable[[], datetime] | None = None,
) -> int:
    """Issue what is still missing of a decision, batch by batch; return how many were issued.

    `now` gives every batch its own moment where issuing takes long; without it all bear `at`.
    """
    issued = 0
    if DecisionEntry.objects.filter(decision=decision, certificate=None).exists():
        _begin_stretch(decision, by=by, at=at)
    try:
        while batch := _issue_batch(decision, by=by, moment=now or (lambda: at)):
            issued += batch
            publish_log()
            progress(issued)
        publish_log()
        if issued:
            publish_keys_of(decision.issuer)
            publish_status_lists(at=at)
    except (SigningRefused, CannotTypeset, ClockIsBehind) as refused:
        raise _stop(decision, refused, at=at) from refused
    except RegisterRefusal as refused:
        _stop(decision, refused, at=at)
        raise
    return issued


def resume_issuing(decision: RecognitionDecision, *, by: Person, at: datetime) -> None:
    """Queue what is still missing, after a job was stopped. Doing it twice does no harm."""
    if not policies.can_issue_for(by, decision.training_class.host_unit):
        raise NotAllowed(
            _("Only a registrar of the unit that ran the class can issue certificates.")
        )
    with transaction.atomic():
        record("issuing_resumed", decision, by=by, at=at)
        issue_certificates_job.defer(decision_id=decision.pk, by_id=by.pk)


@jobs.task(queue="certificates", pass_context=False)
def issue_certificates_job(decision_id: int, by_id: int) -> None:
    """The job behind a decision: finds what is missing, so it may run any number of times."""
    _issue_or_say_why_not(
        RecognitionDecision.objects.get(pk=decision_id), Person.objects.get(pk=by_id)
    )


@jobs.periodic(cron="* * * * *")
@jobs.task(queueing_lock="finish_issuing", queue="certificates")
def finish_issuing(timestamp: int) -> None:  # noqa: ARG001 — given by the scheduler
    """Every minute: what a killed process or a missing token left is taken up again.

    No job lock: it would stay with the dead. The register's own lock goes with its connection.
    """
    unfinished = DecisionEntry.objects.filter(certificate=None).values("decision")
    for decision in RecognitionDecision.objects.filter(pk__in=unfinished).order_by("pk"):
        _issue_or_say_why_not(decision, decision.issued_by)
    publish_log()


def _issue_or_say_why_not(decision: RecognitionDecision, by: Person) -> None:
    try:
        issue_certificates(decision, by=by, at=timezone.now(), now=timezone.now)
    except IssuingHasStopped:
        _log.warning("issuing_stopped", decision_id=decision.pk)  # the decision's page says why


@transaction.atomic(durable=True)
def _issue_batch(
    decision: RecognitionDecision, *, by: Person, moment: Callable[[], datetime]
) -> int:
    hold_register()
    entries = list(
        DecisionEntry.objects.filter(decision=decision, certificate=None)
        .select_related("decision")
        .order_by("position")[:BATCH]
    )
    if not entries:
        return 0
    at = moment_of_entry(moment())
    certificates = Certificate.objects.bulk_create(_certificates(decision, entries, at=at))
    append_to_log([(each, RegisterEvent.ISSUE, "") for each in certificates], by=by, at=at)
    record("certificates_issued", decision, by=by, at=at, count=len(certificates))
    publish(CertificatesIssued(decision.pk, tuple(each.pk for each in certificates), at))
    _note_batch(decision, len(certificates), at=at)
    return len(certificates)


def _certificates(
    decision: RecognitionDecision, entries: Sequence[DecisionEntry], *, at: datetime
) -> list[Certificate]:
    issuer, year = decision.issuer, decision.year
    formats = formats_in_force(issuer, decision.decided_on)
    first = last_register_number(issuer, year) + 1
    common, numbers = common_of(decision), range(first, first + len(entries))
    places = free_places(len(entries))
    batch = [
        ToPrint(
            common,
            holder_of(entry),
            Numbered(
                formats.serial_number(issuer.code, year, number),
                formats.register_entry_number(issuer.code, year, number),
                readable_code(CODE_LENGTH),
                place,
            ),
        )
        for entry, number, place in zip(entries, numbers, places, strict=True)
    ]
    files = render_batch(batch, issuer, at=at)
    return [
        Certificate(
            entry=entry,
            serial_number=printed.numbered.serial_number,
            register_year=year,
            register_number=number,
            entry_number=printed.numbered.entry_number,
            issuer=issuer,
            verification_code=printed.numbered.code,
            issued_at=at,
            form_id=file.form_id,
            tail=file.tail,
            file_sha256=file.sha256,
            status_list=place[0],
            status_index=place[1],
        )
        for entry, number, printed, file, place in zip(
            entries, numbers, batch, files, places, strict=True
        )
    ]


def _begin_stretch(decision: RecognitionDecision, *, by: Person, at: datetime) -> None:
    """Rate and time left are counted from here, unless a run is under way in another process."""
    run, is_new = IssuingRun.objects.get_or_create(
        decision=decision, defaults={"begun_at": at, "begun_by": by}
    )
    heard_at = run.last_batch_at or run.begun_at
    if is_new or (run.stopped_at is None and at - heard_at < _SILENCE):
        return
    IssuingRun.objects.filter(pk=run.pk).update(
        begun_at=at, begun_by=by, issued=0, last_batch_at=None,
        stopped_at=None, stop_reason="", stop_detail="",
    )  # fmt: skip


def _note_batch(decision: RecognitionDecision, count: int, *, at: datetime) -> None:
    run = IssuingRun.objects.select_for_update().get(decision=decision)
    run.issued += count
    run.last_batch_at = at
    run.stopped_at, run.stop_reason, run.stop_detail = None, "", ""
    run.save()


def _stop(decision: RecognitionDecision, refused: Exception, *, at: datetime) -> IssuingHasStopped:
    """Write down why the run stands still, in a transaction of its own."""
    reason = next(reason for kind, reason in _STOPS if isinstance(refused, kind))
    with transaction.atomic():
        IssuingRun.objects.filter(decision=decision).update(
            stopped_at=at, stop_reason=reason, stop_detail=str(refused)[:300]
        )
        record("issuing_stopped", decision, by=None, at=at, reason=reason.value)
    return IssuingHasStopped(
        reason.label,
        _("What is signed stays as it is. Signing goes on when the cause is gone."),
    )
