"""Certificates: typeset, signed, entered in the root register, published.

A batch is one transaction under one lock: numbers, files, entries, leaves and the signed head of
the log are committed together or not at all, so a process killed anywhere leaves each certificate
either not issued or issued whole, and no number is skipped or given twice. Publishing comes after
the commit and may be repeated at any time.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

import segno
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from hocvu.audit.actions import record
from hocvu.courses.models import Mode
from hocvu.credentials import policies
from hocvu.credentials.actions.log import append_to_log, publish_log
from hocvu.credentials.events import CertificatesIssued
from hocvu.credentials.models import (
    Certificate,
    DecisionEntry,
    RecognitionDecision,
    RegisterEvent,
)
from hocvu.credentials.rules.numbering import register_entry_number, serial_number
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.events import publish
from hocvu.kernel.ids import in_groups, readable_code
from hocvu.kernel.time import VIETNAM
from hocvu.people.models import Person
from hocvu.signing import DevelopmentAuthority, Signer
from hocvu.typesetting import Typesetter

BATCH = 25
_TEMPLATE = Path(__file__).parent.parent / "certificate.typ"
_MODES = {
    Mode.IN_PERSON: "Tập trung",
    Mode.ONLINE: "Trực tuyến",
    Mode.BLENDED: "Kết hợp trực tiếp và trực tuyến",
}

# One writer of the register at a time, in this and every other process.
REGISTER_LOCK = 0x6861_0002


def issue_certificates(
    decision: RecognitionDecision,
    *,
    by: Person,
    at: datetime,
    progress: Callable[[int], None] = lambda _issued: None,
) -> int:
    """Issue what is still missing of a decision, batch by batch; return how many were issued."""
    issued = 0
    while batch := _issue_batch(decision, by=by, at=at):
        issued += batch
        publish_log()
        progress(issued)
    publish_log()
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
    decision = RecognitionDecision.objects.get(pk=decision_id)
    issue_certificates(decision, by=Person.objects.get(pk=by_id), at=timezone.now())


@jobs.periodic(cron="* * * * *")
@jobs.task(queueing_lock="finish_issuing", queue="certificates")
def finish_issuing(timestamp: int) -> None:  # noqa: ARG001 — given by the scheduler
    """Every minute: what a killed process left unsigned or unpublished is finished.

    No job lock: it would stay with the dead. The register's own lock goes with its connection.
    """
    unfinished = DecisionEntry.objects.filter(certificate=None).values("decision")
    for decision in RecognitionDecision.objects.filter(pk__in=unfinished).order_by("pk"):
        issue_certificates(decision, by=decision.issued_by, at=timezone.now())
    publish_log()


@transaction.atomic(durable=True)
def _issue_batch(decision: RecognitionDecision, *, by: Person, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REGISTER_LOCK])
    entries = list(
        DecisionEntry.objects.filter(decision=decision, certificate=None)
        .select_related("decision__issuer", "person")
        .order_by("position")[:BATCH]
    )
    if not entries:
        return 0
    signer = DevelopmentAuthority.open(settings.AUTHORITY_FOLDER).signer_for(decision.issuer.name)
    number = _last_register_number(decision)
    certificates = Certificate.objects.bulk_create(
        [
            _certificate(entry, number + offset, signer, at=at)
            for offset, entry in enumerate(entries, start=1)
        ]
    )
    append_to_log([(each, RegisterEvent.ISSUE, "") for each in certificates], by=by, at=at)
    record("certificates_issued", decision, by=by, at=at, count=len(certificates))
    publish(CertificatesIssued(decision.pk, tuple(each.pk for each in certificates), at))
    return len(certificates)


def _last_register_number(decision: RecognitionDecision) -> int:
    given = Certificate.objects.filter(issuer=decision.issuer, register_year=decision.year)
    return given.aggregate(last=Max("register_number"))["last"] or 0


def _certificate(entry: DecisionEntry, number: int, signer: Signer, *, at: datetime) -> Certificate:
    decision = entry.decision
    code = readable_code(16)
    serial = serial_number(decision.issuer.code, decision.year, number)
    values: dict[str, str | bool] = {
        **_printed_for_all(decision),
        **_printed_for_one(entry),
        "signed_by": signer.name,
        "signed_at": at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S +07:00"),
        "issued_on": decision.decided_on.isoformat(),
        "serial_number": serial,
        "register_entry_number": register_entry_number(decision.year, number),
        "verification_code": in_groups(code),
        "verification_place": settings.SITE_ADDRESS.split("//")[-1] + reverse("credentials:verify"),
        "qr_svg": _qr(settings.SITE_ADDRESS + reverse("credentials:verify_code", args=[code])),
        "development": True,
    }
    page = _typesetter().pdf(values, at=at)
    file = signer.sign(
        page,
        reason=f"{decision.number_and_symbol}, {serial}",
        location=decision.place,
        contact=settings.SITE_ADDRESS,
        at=at,
    )
    return Certificate(
        entry=entry,
        serial_number=serial,
        register_year=decision.year,
        register_number=number,
        issuer=decision.issuer,
        verification_code=code,
        issued_at=at,
        file=file,
        file_sha256=sha256(file).hexdigest(),
    )


def _printed_for_all(decision: RecognitionDecision) -> dict[str, str]:
    return {
        "parent_agency": "",
        "agency": decision.issuer.name.upper(),
        "title": "GIẤY CHỨNG NHẬN",
        "title_english": "CERTIFICATE OF COMPLETION",
        "programme": decision.programme_name,
        "from": decision.starts_on.isoformat(),
        "to": decision.ends_on.isoformat(),
        "mode": _MODES[Mode(decision.mode)],
        "duration": "",
        "result": "Hoàn thành",
        "decision_number": decision.number_and_symbol,
        "decision_on": decision.decided_on.isoformat(),
        "place": decision.place,
        "capacity": decision.capacity,
        "signer_title": decision.signer_title.upper(),
        "signer_name": decision.signer_name,
    }


def _printed_for_one(entry: DecisionEntry) -> dict[str, str]:
    address = {"male": "ông", "female": "bà"}.get(entry.person.sex, "ông/bà")
    return {
        "address": address,
        "holder_name": entry.full_name,
        "born": "-".join(reversed(entry.birth_text.split("/"))),
        "post": entry.post_title,
        "unit": entry.unit_name,
    }


def _qr(address: str) -> str:
    return segno.make_qr(address, error="m").svg_inline(border=0, omitsize=True)


@cache
def _typesetter() -> Typesetter:
    return Typesetter(_TEMPLATE)
