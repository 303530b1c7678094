"""Files of issued certificates, set once more for a person to sign elsewhere.

A corrected edition gets its numbers now and is entered when it comes back signed; a file made anew
keeps every number. Until then the register says what it said. What waits may be withdrawn; its code
and its place in the lists are never given again, for a file with them has been handed out.

Who signs is fixed when a file is set, for it bears their name. Whoever leaves before signing it
signs it no more: an edition is withdrawn and made again, a file of an order is set anew by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.credentials import policies
from hocvu.credentials.actions.preparing import unsigned_files
from hocvu.credentials.models import Certificate, PreparedAnew, RemakeOrder
from hocvu.credentials.queries.office import is_in_office
from hocvu.credentials.queries.printing import ToPrint
from hocvu.credentials.queries.waiting import still_waiting, waiting_edition_of
from hocvu.credentials.rules.office import InOffice
from hocvu.kernel.errors import NotAllowed
from hocvu.people.models import Person
from hocvu.trust.actions.register_lock import hold_register


def prepare_edition(
    old: Certificate, to_print: ToPrint, facts: Mapping[str, str], *, by: Person, at: datetime
) -> PreparedAnew:
    """Set the next edition of a certificate. The caller holds the register and has looked at it.

    `facts` are those of its ruling, and who signs. Raises what `unsigned_files` raises.
    """
    (file,) = unsigned_files([to_print], old.issuer, at=at)
    place = to_print.numbered.place or (None, None)
    prepared = PreparedAnew.objects.create(
        certificate=old,
        edition=old.edition + 1,
        serial_number=to_print.numbered.serial_number,
        verification_code=to_print.numbered.code,
        status_list=place[0],
        status_index=place[1],
        says=asdict(to_print.holder),
        reason=to_print.reference,
        facts=dict(facts),
        signer_name=to_print.common.text.signer_name,
        form_id=file.form_id,
        tail=file.tail,
        sha256=file.sha256,
        prepared_by=by,
        prepared_at=at,
    )
    record("corrected_edition_prepared", old, by=by, at=at, prepared_id=prepared.pk)
    return prepared


def prepare_new_files(
    order: RemakeOrder,
    certificates: Sequence[Certificate],
    batch: Sequence[ToPrint],
    signs: InOffice | None,
    *,
    by: Person,
    at: datetime,
) -> None:
    """Set the files of these certificates of one decision anew, for this person to sign."""
    PreparedAnew.objects.bulk_create(
        PreparedAnew(
            certificate=each,
            order=order,
            edition=each.edition,
            serial_number=each.serial_number,
            verification_code=each.verification_code,
            status_list=each.status_list,
            status_index=each.status_index,
            facts=signs.facts() if signs else {},
            signer_name=batch[0].common.text.signer_name,
            form_id=file.form_id,
            tail=file.tail,
            sha256=file.sha256,
            prepared_by=by,
            prepared_at=at,
        )
        for each, file in zip(certificates, unsigned_files(batch, order.issuer, at=at), strict=True)
    )
    record("new_files_prepared", order, by=by, at=at, count=len(certificates))


def withdraw_from_who_left(order: RemakeOrder, *, by: Person, at: datetime) -> None:
    """Take back files of an order that wait for somebody who may not sign for the issuer any more.

    The caller holds the register.
    """
    waiting = still_waiting(PreparedAnew.objects.filter(order=order)).select_related(
        "certificate__entry__decision"
    )
    names = {each.pk: each.who_signs for each in waiting}
    gone = {name for name in set(names.values()) if not is_in_office(order.issuer, name, at)}
    taken_back = [pk for pk, name in names.items() if name in gone]
    if taken_back:
        PreparedAnew.objects.filter(pk__in=taken_back).update(withdrawn_at=at, withdrawn_by=by)
        record("new_files_withdrawn", order, by=by, at=at, count=len(taken_back))


def withdraw_edition(certificate: Certificate, *, by: Person, at: datetime) -> None:
    """Take back a corrected edition that nobody has signed yet. Twice does no harm."""
    if not policies.can_revoke(by, certificate):
        raise NotAllowed(
            _("Only a registrar of the unit that ran the class can correct a certificate.")
        )
    with transaction.atomic():
        hold_register()  # whoever hands the signed file in meanwhile comes first or too late
        if (waiting := waiting_edition_of(certificate)) is None:
            return
        waiting.withdrawn_at, waiting.withdrawn_by = at, by
        waiting.save(update_fields=["withdrawn_at", "withdrawn_by"])
        record("corrected_edition_withdrawn", certificate, by=by, at=at, prepared_id=waiting.pk)
