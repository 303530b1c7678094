"""Correcting a certificate: a new edition under the same register number, by a decision.

Circular 21/2019/TT-BGDĐT, articles 23 and 24: what was written is never overwritten. The old file
stays and verifies as corrected; the register shows both entries, and the decision and cause.

Where a person signs an issuer's files elsewhere, the new edition waits for them and is entered when
it came back signed (`returning`); until then nothing is corrected. Whoever is in office on that day
signs it, not the decision's own signer who may have left; the register says who (`queries.office`).
"""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.credentials import policies
from hocvu.credentials.actions.log import NewEvent, append_to_log, publish_log
from hocvu.credentials.actions.moments import moment_of_entry
from hocvu.credentials.actions.preparing_anew import prepare_edition
from hocvu.credentials.actions.rendering import render_batch
from hocvu.credentials.actions.revocations import refuse_unknown_cause
from hocvu.credentials.actions.status_lists import publish_status_lists
from hocvu.credentials.events import CertificateCorrected
from hocvu.credentials.models import Certificate, Correction, RegisterEvent
from hocvu.credentials.queries.certificates import editions_of, is_revoked
from hocvu.credentials.queries.fitting import troubles_of
from hocvu.credentials.queries.numbers import free_places
from hocvu.credentials.queries.office import signer_now
from hocvu.credentials.queries.plug_in import signs_by_plug_in
from hocvu.credentials.queries.printing import (
    CODE_LENGTH,
    Numbered,
    ToPrint,
    common_of_later_file,
)
from hocvu.credentials.queries.waiting import waiting_edition_of
from hocvu.credentials.rules.causes import Change, Ruling
from hocvu.credentials.rules.office import InOffice
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.kernel.ids import readable_code
from hocvu.kernel.time import day_of
from hocvu.people.models import Person
from hocvu.recognition.rules.holders import Holder
from hocvu.signing.errors import SigningRefused
from hocvu.stationery.queries.number_formats import formats_in_force
from hocvu.stationery.queries.words import sentence_of
from hocvu.trust.actions.register_lock import hold_register
from hocvu.typesetting.errors import CannotTypeset

_CORRECTED = RegisterEvent.SUPERSEDE


class CertificateIsRevoked(NotPossible):
    """What is revoked is not corrected."""


class NotTheLatestEdition(NotPossible):
    """Somebody corrected this certificate before."""


class NothingToCorrect(NotPossible):
    """Every value is the one the certificate says already."""


class EditionWaits(NotPossible):
    """Another corrected edition of this certificate waits for its signature."""


class CannotBePrinted(NotPossible):
    """The corrected text holds letters the typeface lacks, or is too long for its place."""


class CannotBeSigned(NotPossible):
    """The new edition could not be signed now; nothing was changed."""


def correct_certificate(
    certificate: Certificate,
    says: Holder,
    *,
    ruling: Ruling,
    signer: str = "",
    by: Person,
    at: datetime,
) -> Certificate | None:
    """Issue a new edition that says `says`; the edition given becomes a corrected one.

    `signer` names who is to sign it; without, the decision's own signer or whoever is in office.
    None where somebody has to sign it elsewhere first: it waits for them. Sent twice with the same
    values it gives the new edition back, or waits once.
    """
    if not policies.can_revoke(by, certificate):
        raise NotAllowed(
            _("Only a registrar of the unit that ran the class can correct a certificate.")
        )
    refuse_unknown_cause(ruling, Change.CORRECTION)
    try:
        with transaction.atomic(durable=True):
            hold_register()
            latest = editions_of(certificate)[-1]
            if latest.pk != certificate.pk and latest.holder == says:
                return latest
            if _waits_already(certificate, says, ruling, signer):
                return None
            _refuse(certificate, latest, says)
            moment = moment_of_entry(at)
            signs = signer_now(latest.entry.decision, at=moment, wanted=signer)
            _refuse_unprintable(latest, says, signs, at=moment)
            edition = _new_edition(certificate, says, ruling, signs, by=by, at=moment)
    except (CannotTypeset, SigningRefused) as refused:
        raise _in_words(refused) from refused
    if edition is not None:
        publish_log()
        publish_status_lists(at=at)
    return edition


def _waits_already(certificate: Certificate, says: Holder, ruling: Ruling, signer: str) -> bool:
    waiting = waiting_edition_of(certificate)
    if waiting is None:
        return False
    is_same = (waiting.holder, waiting.reason) == (says, ruling.sentence(Change.CORRECTION))
    if is_same and signer in ("", waiting.who_signs):
        return True
    raise EditionWaits(
        _("A corrected edition of this certificate waits for its signature already."),
        _("Have it signed, or withdraw it, then correct the certificate."),
    )


def _refuse(certificate: Certificate, latest: Certificate, says: Holder) -> None:
    if is_revoked(certificate):
        raise CertificateIsRevoked(_("This certificate is revoked: it is not corrected any more."))
    if latest.pk != certificate.pk:
        raise NotTheLatestEdition(
            _("This certificate was corrected before."), _("Correct its latest edition.")
        )
    if not says.full_name or not says.unit_name:
        raise NothingToCorrect(_("A certificate names its holder and their unit."))
    if says == certificate.holder:
        raise NothingToCorrect(_("Nothing is different from what the certificate says already."))


def _refuse_unprintable(
    latest: Certificate, says: Holder, signs: InOffice | None, *, at: datetime
) -> None:
    common = common_of_later_file(latest.entry.decision, signs, on=day_of(at))
    for trouble in troubles_of(common, [says], latest.issuer, at=at):
        raise CannotBePrinted(
            _("The corrected text cannot be printed. %(why)s") % {"why": trouble.sentence},
            _("Write it otherwise, or put a template in use that has room for it."),
        )


def _new_edition(
    old: Certificate,
    says: Holder,
    ruling: Ruling,
    signs: InOffice | None,
    *,
    by: Person,
    at: datetime,
) -> Certificate | None:
    decision = old.entry.decision
    formats = formats_in_force(old.issuer, decision.decided_on)
    serial = formats.serial_number(
        old.issuer.code, old.register_year, old.register_number, old.edition + 1
    )
    (place,) = free_places(1)
    numbered = Numbered(serial, old.register_entry_number, readable_code(CODE_LENGTH), place)
    said, facts = ruling.sentence(Change.CORRECTION), ruling.facts()
    if signs is not None:
        facts |= signs.facts()
    common = common_of_later_file(decision, signs, on=day_of(at))
    to_print = ToPrint(common, says, numbered, said)
    if signs_by_plug_in(old.issuer):
        prepare_edition(old, to_print, facts, by=by, at=at)
        return None
    (file,) = render_batch([to_print], old.issuer, at=at)
    new = edition_of(old, numbered, at=at)
    new.form_id, new.tail, new.file_sha256 = file.form_id, file.tail, file.sha256
    return enter_edition(old, new, says, NewEvent(old, _CORRECTED, said, facts), by=by)


def edition_of(old: Certificate, numbered: Numbered, *, at: datetime) -> Certificate:
    """The row of the next edition, not saved, and without its file."""
    place = numbered.place or (None, None)
    return Certificate(
        entry=old.entry,
        edition=old.edition + 1,
        serial_number=numbered.serial_number,
        register_year=old.register_year,
        register_number=old.register_number,
        entry_number=old.entry_number,
        issuer=old.issuer,
        verification_code=numbered.code,
        issued_at=at,
        status_list=place[0],
        status_index=place[1],
    )


def enter_edition(
    old: Certificate, new: Certificate, says: Holder, corrected: NewEvent, *, by: Person
) -> Certificate:
    """Enter a signed edition and why the old one is corrected. The caller holds the register."""
    at = new.issued_at
    new.correction = Correction.objects.create(
        certificate=old, **asdict(says), entered_by=by, entered_at=at
    )
    new.save(force_insert=True)
    append_to_log([corrected, NewEvent(new, RegisterEvent.ISSUE)], by=by, at=at)
    record(
        "certificate_corrected",
        old,
        by=by,
        at=at,
        reason=corrected.reason,
        new_certificate_id=new.pk,
    )
    entry = old.entry
    publish(CertificateCorrected(old.pk, new.pk, entry.person_id, entry.enrolment.unit_id, at))
    return new


def _in_words(refused: Exception) -> NotPossible:
    if isinstance(refused, CannotTypeset):
        return CannotBePrinted(
            _("The corrected text cannot be printed. %(why)s") % {"why": sentence_of(refused)},
            _("Write it otherwise, or put a template in use that has room for it."),
        )
    return CannotBeSigned(
        _("The new edition cannot be signed now; nothing was changed."),
        _("Look after the signing key and try again."),
    )
