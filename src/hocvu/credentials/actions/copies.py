"""Copies from the root register (bản sao từ sổ gốc), numbered in a book of their own.

Circular 21/2019/TT-BGDĐT, articles 26 to 31: issued by who keeps the register, with the number
under which the copy is entered. A copy says what the register says today: the latest edition.
Each is entered in the log in the same transaction, so none can be added, altered, dated back or
taken away later without it showing.

Where people sign an issuer's files elsewhere, a copy waits for the one it names, under the number
that is printed on it, and is entered when it comes back signed (`returning`). A copy that is given
up before that stays in the book with its reason, so no number is missing without a word.
"""

import zlib
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.credentials import policies
from hocvu.credentials.actions.log import NewEvent, append_to_log, publish_log
from hocvu.credentials.actions.moments import moment_of_entry
from hocvu.credentials.models import (
    Certificate,
    PreparedCopy,
    RegisterCopy,
    RegisterEntry,
    RegisterEvent,
)
from hocvu.credentials.queries.certificates import editions_of, is_revoked
from hocvu.credentials.queries.copies_logged import facts_of
from hocvu.credentials.queries.numbers import last_copy_number
from hocvu.credentials.queries.office import signs_copies
from hocvu.credentials.queries.plug_in import signs_by_plug_in
from hocvu.credentials.queries.texts import copy_page
from hocvu.credentials.rules.copies import CopyRequest
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.time import day_of
from hocvu.people.models import Person
from hocvu.signing import Signer, SigningRefused
from hocvu.stationery.queries.number_formats import formats_in_force
from hocvu.stationery.queries.words import sentence_of
from hocvu.stationery.rules.texts import CopyFacts
from hocvu.trust.actions.register_lock import hold_register
from hocvu.trust.queries.signing_keys import key_of, timestamps
from hocvu.typesetting import CannotTypeset


class NothingToCopy(NotPossible):
    """What is revoked is not copied: a copy would speak of what no longer counts."""


class CopyCannotBeMade(NotPossible):
    """It could not be set or signed now; no number was given."""


class CopyWasGivenUp(NotPossible):
    """The form was sent before, and what came of it was given up unsigned."""


class CopyIsIssued(NotPossible):
    """It came back signed: what stands in the book is not given up."""


def issue_copy(
    certificate: Certificate, request: CopyRequest, *, client_id: UUID, by: Person, at: datetime
) -> RegisterCopy | None:
    """Enter and sign a copy under the next number of the year. Sent twice it is issued once.

    None where somebody has to sign it elsewhere first: it waits for them.
    """
    if not policies.can_revoke(by, certificate):
        raise NotAllowed(
            _("Only a registrar of the unit that ran the class can issue copies from the register.")
        )
    try:
        with transaction.atomic(durable=True):  # published once it is here
            hold_register()
            if (same := RegisterCopy.objects.filter(client_id=client_id).first()) is not None:
                return same
            if _waits_already(client_id):
                return None
            if is_revoked(certificate):
                raise NothingToCopy(_("This certificate is revoked: no copy is issued of it."))
            moment = moment_of_entry(at)
            written = _Written.next_of(certificate, request, client_id, at=moment)
            if signs_by_plug_in(certificate.issuer):
                _prepare(written, by=by, at=moment)
                return None
            copy = _signed_here(written, by=by, at=moment)
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


def give_up_copy(prepared: PreparedCopy, *, reason: str, by: Person, at: datetime) -> PreparedCopy:
    """Give up a copy that nobody has signed; the book keeps its number and why. Twice does no harm.

    Its number is not given again: a file that bears it has been handed out.
    """
    if not policies.can_revoke(by, prepared.certificate):
        raise NotAllowed(
            _("Only a registrar of the unit that ran the class can issue copies from the register.")
        )
    with transaction.atomic():
        hold_register()  # whoever hands the signed file in meanwhile comes first or too late
        prepared.refresh_from_db(fields=["given_up_at"])
        if prepared.given_up_at is not None:
            return prepared
        if RegisterCopy.objects.filter(client_id=prepared.client_id).exists():
            raise CopyIsIssued(_("This copy came back signed and was issued."))
        prepared.given_up_at, prepared.given_up_by = at, by
        prepared.given_up_reason = reason
        prepared.save(update_fields=["given_up_at", "given_up_by", "given_up_reason"])
        record("copy_given_up", prepared, by=by, at=at, reason=reason)
    return prepared


def enter_signed_copy(prepared: PreparedCopy, whole: bytes, *, at: datetime) -> RegisterCopy:
    """Enter a copy that came back signed. The caller holds the register and has checked the file.

    The book names who had it issued: the messenger is in the record of what was handed in.
    """
    copy = RegisterCopy(
        certificate=prepared.certificate,
        **{name: getattr(prepared, name) for name in _SHARED},
        issuer=prepared.issuer,
        issued_by=prepared.prepared_by,
        issued_at=at,
        file=whole,
        file_sha256=sha256(whole).hexdigest(),
    )
    _enter(copy)
    by = prepared.prepared_by
    record("copy_issued", copy, by=by, at=at, certificate_id=copy.certificate_id)
    return copy


_SHARED = (
    *("year", "number", "copy_number", "recipient", "purpose", "place", "capacity"),
    *("signer_title", "signer_name", "client_id"),
)


def _waits_already(client_id: UUID) -> bool:
    waiting = PreparedCopy.objects.filter(client_id=client_id).first()
    if waiting is not None and waiting.given_up_at is not None:
        raise CopyWasGivenUp(
            _("The copy that this form asked for was given up."), _("Open the form again.")
        )
    return waiting is not None


def _enter(copy: RegisterCopy) -> None:
    """Commit the log to the copy as it is, then put it into the book."""
    copied = NewEvent(copy.certificate, RegisterEvent.DUPLICATE, copy.copy_number, facts_of(copy))
    append_to_log([copied], by=copy.issued_by, at=copy.issued_at)
    copy.save()


@dataclass(frozen=True)
class _Written:
    """A copy of the latest edition under the next number of the book, before it is a file."""

    latest: Certificate
    request: CopyRequest
    client_id: UUID
    year: int
    number: int
    copy_number: str

    @classmethod
    def next_of(
        cls, certificate: Certificate, request: CopyRequest, client_id: UUID, *, at: datetime
    ) -> "_Written":
        latest, issuer, year = editions_of(certificate)[-1], certificate.issuer, day_of(at).year
        number = last_copy_number(issuer, year) + 1
        formats = formats_in_force(issuer, day_of(at))
        written = formats.register_copy_number(issuer.code, year, number)
        return cls(latest, request, client_id, year, number, written)

    def page(self, *, signed_by: str, at: datetime) -> bytes:
        """The unsigned page; `signed_by` is the name in the signing certificate, where it is known
        who signs, and when: at this moment.
        """
        facts = CopyFacts(
            copy_number=self.copy_number,
            copied_on=day_of(at),
            copy_place=self.request.place,
            copy_signer_title=self.request.signer_title.upper(),
            copy_signer_name=self.request.signer_name,
            copy_capacity=self.request.capacity,
            remarks=_remarks(self.latest),
        )
        return copy_page(self.latest, facts, signed_by=signed_by, at=at)

    def columns(self) -> dict[str, Any]:
        """What the book says of it, whoever signs it and wherever."""
        return {
            "certificate": self.latest,
            "issuer": self.latest.issuer,
            "year": self.year,
            "number": self.number,
            "copy_number": self.copy_number,
            "client_id": self.client_id,
            **asdict(self.request),
        }


def _prepare(written: _Written, *, by: Person, at: datetime) -> None:
    """Set a copy for whoever it names to sign elsewhere. Refuses where nobody of that name may."""
    name, issuer = written.request.signer_name, written.latest.issuer
    if not signs_copies(issuer, name, at):
        raise CopyCannotBeMade(
            _("%(name)s cannot sign copies for %(unit)s now; no number was given.")
            % {"name": name, "unit": issuer.name},
            _("Name somebody with a post there, whose certificate the administrator has named."),
        )
    file = written.page(signed_by="", at=at)
    prepared = PreparedCopy.objects.create(
        **written.columns(),
        packed=zlib.compress(file, 9),
        sha256=sha256(file).hexdigest(),
        prepared_by=by,
        prepared_at=at,
    )
    record("copy_prepared", prepared, by=by, at=at, certificate_id=written.latest.pk)


def _signed_here(written: _Written, *, by: Person, at: datetime) -> RegisterCopy:
    """Signed with the organisation's key, not yet entered."""
    issuer = written.latest.issuer
    file = Signer(key_of(issuer)).sign(
        written.page(signed_by=issuer.name, at=at),
        reason=f"Bản sao từ sổ gốc {written.copy_number}, {written.latest.serial_number}",
        location=written.request.place,
        contact=settings.SITE_ADDRESS,
        at=at,
        timestamps=timestamps(),
    )
    return RegisterCopy(
        **written.columns(),
        issued_by=by,
        issued_at=at,
        file=file,
        file_sha256=sha256(file).hexdigest(),
    )


def _remarks(latest: Certificate) -> str:
    """What the register notes about this certificate: the rulings of its corrections."""
    notes = RegisterEntry.objects.filter(
        certificate__entry=latest.entry_id, event=RegisterEvent.SUPERSEDE
    )
    return "; ".join(notes.order_by("certificate__edition").values_list("reason", flat=True))
