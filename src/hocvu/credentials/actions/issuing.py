"""Certificates: typeset, signed, entered in the root register, published.

A batch is one transaction under one lock: numbers, files, entries, leaves and the signed head of
the log are committed together or not at all, so a process killed anywhere leaves each certificate
either not issued or issued whole, and no number is skipped or given twice. Publishing comes after
the commit and may be repeated at any time; a key is published before it signs. What cannot be
signed stops the run with a reason that people read; what is issued by then stays, and the rest is
issued when the run goes on.

A batch holds the register for about half a second, whatever the key: others issue, correct and
revoke meanwhile. So a token that signs twice in a second gets small batches, a key in memory large
ones.
"""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from hocvu.audit.actions import record
from hocvu.credentials.actions.copying import copy_in
from hocvu.credentials.actions.log import RegisterIsNotWhole, append_to_log, publish_log
from hocvu.credentials.actions.moments import moment_of_entry
from hocvu.credentials.actions.preparing import prepare_files
from hocvu.credentials.actions.rendering import Press, press_for, print_batch
from hocvu.credentials.actions.status_lists import lists_are_missing, publish_status_lists
from hocvu.credentials.actions.stopping import REFUSALS, note_stop
from hocvu.credentials.events import CertificatesIssued
from hocvu.credentials.models import Certificate, IssuingRun, RegisterEvent, StopReason
from hocvu.credentials.queries.numbers import free_places, last_register_number
from hocvu.credentials.queries.plug_in import waits_for_signatures
from hocvu.credentials.queries.printing import CODE_LENGTH, Numbered, ToPrint, common_of
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.kernel.ids import readable_code
from hocvu.people.models import Person
from hocvu.recognition.models import DecisionEntry, RecognitionDecision
from hocvu.recognition.policies import can_issue_for
from hocvu.register.errors import RegisterRefusal
from hocvu.stationery.queries.number_formats import formats_in_force
from hocvu.trust.actions.desks import Desk, desk_of
from hocvu.trust.actions.published_keys import publish_keys
from hocvu.trust.actions.register_lock import hold_register
from hocvu.trust.queries.signing_keys import did, installation_key, public_key
from hocvu.units.models import Unit

BATCH = 500  # at most; the first is smaller, the next as large as the register can be held for
_FIRST_BATCH, _SMALLEST_BATCH = 100, 10
_HOLD = 0.5  # seconds
_SHOW_EVERY = 5.0  # seconds: committed entries are shown in the public log by then
_log = structlog.get_logger("hocvu.credentials")

# A run that wrote nothing for so long is not running: what comes next is a new stretch.
_SILENCE = timedelta(minutes=1)


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
    if not DecisionEntry.objects.filter(decision=decision, certificate=None).exists():
        publish_log()
        return 0
    _begin_stretch(decision, by=by, at=at)
    moment = now or (lambda: at)
    try:
        if waits_for_signatures(decision):
            prepare_files(decision, by=by, moment=moment)
            return 0
        with desk_of(decision.issuer, decision.signer_name, at=at) as desk:
            publish_keys([public_key(installation_key(), did()), desk.stated_by])
            press = press_for(common_of(decision), desk, at=at)  # before the register is held
            run = _Run(decision, desk, press, by, moment)
            with _old_objects_let_be():
                issued = _issue(run, progress=progress)
        if issued:
            publish_status_lists(at=at)
    except (RegisterRefusal, RegisterIsNotWhole) as refused:
        note_stop(decision, refused, at=at)
        raise
    except REFUSALS as refused:
        reason = note_stop(decision, refused, at=at)
        raise IssuingHasStopped(
            reason.label,
            _("What is signed stays as it is. Signing goes on when the cause is gone."),
        ) from refused
    return issued


@dataclass(frozen=True)
class _Run:
    """What all batches of a run share: the decision, the keys, the form, who, and the clock."""

    decision: RecognitionDecision
    desk: Desk
    press: Press
    by: Person
    moment: Callable[[], datetime]


def _issue(run: _Run, *, progress: Callable[[int], None]) -> int:
    """Batch after batch until nothing is missing; the log shows the first at once."""
    issued, size, is_shown = 0, min(_FIRST_BATCH, BATCH), False
    show_from = time.monotonic()
    while True:
        began = time.monotonic()
        batch = _issue_batch(run, size)
        if not batch:
            break
        issued += batch
        ended = time.monotonic()
        is_shown = ended >= show_from
        if is_shown:
            publish_log()
            show_from = ended + _SHOW_EVERY
        progress(issued)
        size = next_size(batch, ended - began)
    if not is_shown:
        publish_log()
    return issued


@contextmanager
def _old_objects_let_be() -> Iterator[None]:
    """Do not search what is in memory already for garbage again and again, batch after batch.

    Searching all of a Django process took a seventh of a run's time. What a run itself leaves
    behind is searched as ever.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def next_size(batch: int, took: float) -> int:
    """How many certificates come next, after `batch` of them held the register so long."""
    fits = int(batch * _HOLD / max(took, 0.001))
    return min(BATCH, max(min(_SMALLEST_BATCH, BATCH), min(fits, 4 * batch)))


def resume_issuing(decision: RecognitionDecision, *, by: Person, at: datetime) -> None:
    """Queue what is still missing, after a job was stopped. Doing it twice does no harm."""
    if not can_issue_for(by, decision.training_class.host_unit):
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
        if not _would_lock_the_token(decision.issuer):
            _issue_or_say_why_not(decision, decision.issued_by)
    publish_log()
    if lists_are_missing():  # a process ended between its last commit and writing them
        publish_status_lists(at=timezone.now())


def _would_lock_the_token(issuer: Unit) -> bool:
    """Whether this issuer's PIN was refused and nothing was signed since: tokens count trials.

    It is tried again when somebody asks for it.
    """
    runs = IssuingRun.objects.filter(decision__issuer=issuer)
    refused = runs.filter(stop_reason=StopReason.WRONG_PIN).aggregate(at=Max("stopped_at"))["at"]
    signed = runs.aggregate(at=Max("last_batch_at"))["at"]
    return refused is not None and (signed is None or signed < refused)


def _issue_or_say_why_not(decision: RecognitionDecision, by: Person) -> None:
    try:
        issue_certificates(decision, by=by, at=timezone.now(), now=timezone.now)
    except IssuingHasStopped:
        _log.warning("issuing_stopped", decision_id=decision.pk)  # the decision's page says why


@transaction.atomic(durable=True)
def _issue_batch(run: _Run, size: int) -> int:
    decision, by = run.decision, run.by
    hold_register()
    missing = DecisionEntry.objects.filter(decision=decision, certificate=None)
    entries = list(missing.order_by("position")[:size])
    if not entries:
        return 0
    for entry in entries:
        entry.decision = decision  # one and the same, with its class and its issuer
    at = moment_of_entry(run.moment())
    certificates = copy_in(_certificates(run, entries, at=at))
    append_to_log([(each, RegisterEvent.ISSUE, "") for each in certificates], by=by, at=at)
    record("certificates_issued", decision, by=by, at=at, count=len(certificates))
    publish(CertificatesIssued(decision.pk, tuple(each.pk for each in certificates), at))
    _note_batch(decision, len(certificates), at=at)
    return len(certificates)


def _certificates(
    run: _Run, entries: Sequence[DecisionEntry], *, at: datetime
) -> list[Certificate]:
    decision, issuer, year = run.decision, run.decision.issuer, run.decision.year
    formats = formats_in_force(issuer, decision.decided_on)
    first = last_register_number(issuer, year) + 1
    common, numbers = common_of(decision), range(first, first + len(entries))
    places = free_places(len(entries))
    batch = [
        ToPrint(
            common,
            entry.holder,
            Numbered(
                formats.serial_number(issuer.code, year, number),
                formats.register_entry_number(issuer.code, year, number),
                readable_code(CODE_LENGTH),
                place,
            ),
        )
        for entry, number, place in zip(entries, numbers, places, strict=True)
    ]
    files = print_batch(batch, run.press, run.desk, at=at)
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
    # Why it stood still is taken back by the first batch that is there, not by trying again.
    IssuingRun.objects.filter(pk=run.pk).update(
        begun_at=at, begun_by=by, issued=0, last_batch_at=None
    )


def _note_batch(decision: RecognitionDecision, count: int, *, at: datetime) -> None:
    IssuingRun.objects.filter(decision=decision).update(
        issued=F("issued") + count,
        last_batch_at=at,
        stopped_at=None,
        stop_reason="",
        stop_detail="",
    )
