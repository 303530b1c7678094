"""Files that stay provable: archive time stamps, renewed in time (ETSI EN 319 142-1, 5.4 and 6.3).

A daily job looks at every file once, to learn until when it can be proved, and puts evidence and a
document time stamp behind those whose proof ends soon. Nothing that was issued changes: each
renewal is a row of its own, in batches that are written whole or not at all; a run that is killed
or stopped goes on where it was, and two at once write nothing twice.
"""

import zlib
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from hocvu.audit.actions import record
from hocvu.credentials.models import ArchivedFile, ArchiveRun, ArchiveStop, Certificate
from hocvu.credentials.queries.files import ending_before, not_yet_examined, provable_file
from hocvu.credentials.rules.lasting import RENEWED_BEFORE_END
from hocvu.kernel.errors import NotAllowed
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.signing import (
    SigningRefused,
    TimestampClient,
    TimestampNotAcceptable,
    TimestampUnavailable,
    add_archive_timestamp,
    certificates_in,
    provable_until,
)
from hocvu.trust.actions.evidence import Evidences
from hocvu.trust.queries.signing_keys import timestamps

_BATCH = 50
_log = structlog.get_logger("hocvu.credentials")


class NothingGained(SigningRefused):
    """The timestamp authority's certificate ends before the proof that the file has already."""

    def __init__(self) -> None:
        super().__init__("The timestamp authority's certificate ends before the file's own proof.")


def renew_archives(*, at: datetime) -> ArchiveRun:
    """Look at new files, renew what ends soon; return how far it came and why it stopped."""
    run = ArchiveRun.objects.create(begun_at=at)
    try:
        client = timestamps()
        evidences = Evidences(client.roots if client else (), at=at)
        _examine_new(run, evidences, at=at)
        if client is None:
            if ending_before(at + RENEWED_BEFORE_END).exists():
                run.stop_reason = ArchiveStop.NO_AUTHORITY
        else:
            _renew_all(run, evidences, client, at=at)
    except (TimestampUnavailable, TimestampNotAcceptable) as away:
        run.stop_reason, run.stop_detail = ArchiveStop.TIMESTAMP_AWAY, str(away)[:300]
    except (SigningRefused, ValueError, OSError) as unusable:
        run.stop_reason, run.stop_detail = ArchiveStop.SETTINGS, str(unusable)[:300]
    with transaction.atomic():
        run.ended_at = at
        run.save()
        record("archives_renewed", run, by=None, at=at, reason=run.stop_reason, renewed=run.renewed)
    return run


def ask_for_renewal(*, by: Person, at: datetime) -> None:
    """Have the job run now, after its cause to stop is gone. Asking twice does no harm."""
    if not scope_of(by).may_anywhere(Permission.ISSUE_CERTIFICATES):
        raise NotAllowed(_("Only a registrar can start this."))
    with transaction.atomic():
        record("archive_renewal_asked", "credentials.archive", by=by, at=at)
        renew_archives_now.defer()


@jobs.periodic(cron="41 2 * * *")
@jobs.task(queueing_lock="renew_archives", queue="certificates", pass_context=False)
def renew_archives_job(timestamp: int) -> None:  # noqa: ARG001 — given by the scheduler
    """Every night; what could not be done is taken up the night after."""
    renew_archives_now()


@jobs.task(queue="certificates", pass_context=False)
def renew_archives_now() -> None:
    run = renew_archives(at=timezone.now())
    if run.stop_reason:
        _log.warning("archive_renewal_stopped", reason=run.stop_reason)  # its page says why


def _examine_new(run: ArchiveRun, evidences: Evidences, *, at: datetime) -> None:
    """Write down of each new file until when it can be proved."""
    last = 0
    while batch := list(not_yet_examined().filter(pk__gt=last).select_related("form")[:_BATCH]):
        last = batch[-1].pk
        rows = [row for each in batch if (row := _as_issued(each, evidences, run, at=at))]
        _keep(run, rows, examined=len(rows))


def _as_issued(
    certificate: Certificate, evidences: Evidences, run: ArchiveRun, *, at: datetime
) -> ArchivedFile | None:
    try:
        until = provable_until(certificate.file, evidences.roots)
    except SigningRefused as refused:
        _refuse(run, certificate, refused)
        return None
    return ArchivedFile(
        certificate=certificate,
        ordinal=0,
        packed=b"",
        sha256=certificate.file_sha256,
        protected_until=until,
        made_at=at,
    )


def _renew_all(
    run: ArchiveRun, evidences: Evidences, client: TimestampClient, *, at: datetime
) -> None:
    refused: set[int] = set()
    due = ending_before(at + RENEWED_BEFORE_END)
    while batch := list(due.exclude(certificate__in=refused)[:_BATCH]):
        client.proof_of(bytes(client.algorithm.hash.digest_size))  # it answers, or the run stops
        rows: list[ArchivedFile] = []
        for each in batch:
            row = _renewed(each, evidences, client, run, at=at)
            if row is None or row.protected_until < at + RENEWED_BEFORE_END:
                refused.add(each.certificate_id)  # not again in this run
            if row is not None:
                rows.append(row)
        _keep(run, rows, renewed=len(rows))


def _renewed(
    last: ArchivedFile,
    evidences: Evidences,
    client: TimestampClient,
    run: ArchiveRun,
    *,
    at: datetime,
) -> ArchivedFile | None:
    """The next state of a file; None where this one file cannot be renewed, or gains nothing."""
    before = provable_file(last.certificate)
    try:
        evidence = evidences.about(certificates_in(before))
        after = add_archive_timestamp(before, evidence=evidence, timestamps=client, at=at)
        until = provable_until(after, evidences.roots)
    except TimestampUnavailable:
        raise
    except SigningRefused as refused:
        _refuse(run, last.certificate, refused)
        return None
    if until <= last.protected_until:  # the authority's own certificate ends no later
        _refuse(run, last.certificate, NothingGained())
        return None
    return ArchivedFile(
        certificate=last.certificate,
        ordinal=last.ordinal + 1,
        packed=zlib.compress(after[len(before) :], 9),
        sha256=sha256(after).hexdigest(),
        protected_until=until,
        made_at=at,
    )


@transaction.atomic
def _keep(
    run: ArchiveRun, rows: Sequence[ArchivedFile], *, examined: int = 0, renewed: int = 0
) -> None:
    """All of a batch or none. What another run wrote meanwhile is left as it is."""
    ArchivedFile.objects.bulk_create(rows, ignore_conflicts=True)
    run.examined += examined
    run.renewed += renewed
    run.save()


def _refuse(run: ArchiveRun, certificate: Certificate, refused: SigningRefused) -> None:
    run.refused += 1
    run.stop_detail = str(refused)[:300]
    _log.warning("archive_refused", certificate_id=certificate.pk, reason=type(refused).__name__)
