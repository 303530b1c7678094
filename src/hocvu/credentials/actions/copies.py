"""Copies from the root register (bản sao từ sổ gốc), numbered in a book of their own.

Circular 21/2019/TT-BGDĐT, articles 26 to 31: issued by who keeps the register, with the number
under which the copy is entered. A copy says what the register says today: the latest edition.
Each is entered in the log in the same transaction, so none can be added, altered, dated back or
taken away later without it showing.
"""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.credentials import policies
from hocvu.credentials.actions.log import NewEvent, append_to_log, publish_log
from hocvu.credentials.actions.moments import (
    entering_in_words,
    hold_register,
    moment_of_entry,
)
from hocvu.credentials.models import Certificate, RegisterCopy, RegisterEntry, RegisterEvent
from hocvu.credentials.queries.certificates import editions_of, is_revoked
from hocvu.credentials.queries.copies_logged import facts_of
from hocvu.credentials.queries.numbers import formats_in_force, last_copy_number
from hocvu.credentials.queries.signing_keys import key_of, timestamps
from hocvu.credentials.queries.texts import copy_page
from hocvu.credentials.rules.copies import CopyRequest
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.time import day_of
from hocvu.people.models import Person
from hocvu.signing import Signer, SigningRefused
from hocvu.stationery.queries.words import sentence_of
from hocvu.stationery.rules.texts import CopyFacts
from hocvu.typesetting import CannotTypeset


class NothingToCopy(NotPossible):
    """What is revoked is not copied: a copy would speak of what no longer counts."""


class CopyCannotBeMade(NotPossible):
    """It could not be set or signed now; no number was given."""


def issue_copy(
    certificate: Certificate, request: CopyRequest, *, client_id: UUID, by: Person, at: datetime
) -> RegisterCopy:
    """Enter and sign a copy under the next number of the year. Sent twice it is issued once."""
    if not policies.can_revoke(by, certificate):
        raise NotAllowed(
            _("Only a registrar of the unit that ran the class can issue copies from the register.")
        )
    try:
        with entering_in_words(), transaction.atomic(durable=True):  # published once it is here
            hold_register()
            if (same := RegisterCopy.objects.filter(client_id=client_id).first()) is not None:
                return same
            if is_revoked(certificate):
                raise NothingToCopy(_("This certificate is revoked: no copy is issued of it."))
            moment = moment_of_entry(at)
            copy = _new_copy(certificate, request, client_id, by=by, at=moment)
            _enter(copy)
            record("copy_issued", copy, by=by, at=moment, certificate_id=copy.certificate_id)
    except CannotTypeset as refused:
        raise CopyCannotBeMade(
            _("The copy cannot be printed; no number was given. %(why)s")
            % {"why": sentence_of(refused)},
            _("Write it otherwise, or put a template in use that has room for it."),
        ) from refused
    except SigningRefused as refused:
        raise CopyCannotBeMade(
            _("The copy cannot be signed now; no number was given."),
            _("Look after the signing key and try again."),
        ) from refused
    publish_log()
    return copy


def _enter(copy: RegisterCopy) -> None:
    """Commit the log to the copy as it is, then put it into the book."""
    copied = NewEvent(copy.certificate, RegisterEvent.DUPLICATE, copy.copy_number, facts_of(copy))
    append_to_log([copied], by=copy.issued_by, at=copy.issued_at)
    copy.save()


def _new_copy(
    certificate: Certificate, request: CopyRequest, client_id: UUID, *, by: Person, at: datetime
) -> RegisterCopy:
    """Numbered and signed, not yet entered."""
    latest, issuer, year = editions_of(certificate)[-1], certificate.issuer, day_of(at).year
    number = last_copy_number(issuer, year) + 1
    written = formats_in_force(issuer, day_of(at)).register_copy_number(issuer.code, year, number)
    facts = CopyFacts(
        copy_number=written,
        copied_on=day_of(at),
        copy_place=request.place,
        copy_signer_title=request.signer_title.upper(),
        copy_signer_name=request.signer_name,
        copy_capacity=request.capacity,
        remarks=_remarks(latest),
    )
    file = Signer(key_of(issuer)).sign(
        copy_page(latest, facts, at=at),
        reason=f"Bản sao từ sổ gốc {written}, {latest.serial_number}",
        location=request.place,
        contact=settings.SITE_ADDRESS,
        at=at,
        timestamps=timestamps(),
    )
    return RegisterCopy(
        certificate=latest,
        issuer=issuer,
        year=year,
        number=number,
        copy_number=written,
        recipient=request.recipient,
        purpose=request.purpose,
        place=request.place,
        capacity=request.capacity,
        signer_title=request.signer_title,
        signer_name=request.signer_name,
        issued_by=by,
        issued_at=at,
        client_id=client_id,
        file=file,
        file_sha256=sha256(file).hexdigest(),
    )


def _remarks(latest: Certificate) -> str:
    """What the register notes about this certificate: the rulings of its corrections."""
    notes = RegisterEntry.objects.filter(
        certificate__entry=latest.entry_id, event=RegisterEvent.SUPERSEDE
    )
    return "; ".join(notes.order_by("certificate__edition").values_list("reason", flat=True))
