"""The published status lists held against the rows of the register."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from hocvu.credentials.models import Certificate, RegisterEvent
from hocvu.credentials.queries.certificates import with_state
from hocvu.inspection.queries.findings import Finding, Trouble
from hocvu.portable.status import place
from hocvu.register.status_lists import places_set
from hocvu.trust.queries.believed import ISSUERS_FILE, PROVED_FOLDER, STATUS_FOLDER
from hocvu_verifier import Issuers, NotVerified, data_integrity
from hocvu_verifier.status import NUMBER, Purpose, StatusList, unfold, verify_status_list

# Between the moment an entry claims and its commit, which may have waited for the register's lock.
_ON_ITS_WAY = timedelta(minutes=5)
_CHANGED_AT = Max(
    "register_entries__at",
    filter=Q(
        register_entries__event__in=(
            RegisterEvent.REVOKE,
            RegisterEvent.REINSTATE,
            RegisterEvent.SUPERSEDE,
        )
    ),
)


@dataclass(frozen=True)
class ShownLists:
    """The published status lists as they were read, and those of them that cannot be believed."""

    lists: tuple[StatusList, ...]
    damaged: tuple[str, ...]


def shown_lists() -> ShownLists:
    """Read every published list, in both its forms; before the rows, so what a list knows is in
    them already.
    """
    lists, damaged, issuers = [], [], _issuers()
    for form, read in ((STATUS_FOLDER, verify_status_list), (PROVED_FOLDER, _verify_proved_list)):
        for purpose in Purpose:
            folder = settings.REGISTER_FOLDER / form / purpose.value
            for file in sorted(folder.glob("[0-9]*")):
                try:
                    verified = read(file.read_text().strip(), issuers=issuers)
                    named = (verified.purpose.value, str(verified.number))
                except (NotVerified, ValueError):  # not signed by us, or not even a text
                    named = None
                if named == (purpose.value, file.name):
                    lists.append(verified)
                else:
                    damaged.append(f"{form}/{purpose.value}/{file.name}")
    return ShownLists(tuple(lists), tuple(damaged))


def _verify_proved_list(text: str, *, issuers: Issuers) -> StatusList:
    """The same for a list that is a document with its proof inside."""
    try:
        read = data_integrity.read(text)
        members = _proved_by_its_issuer(read, issuers)
        subject, number = members["credentialSubject"], NUMBER.fullmatch(str(members["id"]))
        return StatusList(
            issuer=members["issuer"],
            purpose=Purpose(subject["statusPurpose"]),
            number=int(number[1]) if number else -1,
            bits=unfold(subject["encodedList"]),
            issued_at=datetime.fromisoformat(members["validFrom"]),
            valid_until=None,
        )
    except (data_integrity.NotAProvedDocument, KeyError, TypeError) as odd:
        raise ValueError(str(odd)) from odd


def _proved_by_its_issuer(read: data_integrity.ProvedDocument, issuers: Issuers) -> dict[str, Any]:
    for candidate in issuers.of_issuer(str(read.members.get("issuer"))):
        with suppress(data_integrity.NotAProvedDocument):
            return read.verify(candidate.key)
    raise data_integrity.NotAProvedDocument("None of the trusted issuers proved this list.")


def audit_of_lists(shown: ShownLists) -> Iterator[Finding]:
    """What checkers without a network carry says of each certificate what the register says."""
    for name in shown.damaged:
        yield Finding(Trouble.PUBLICATION_DAMAGED, name)
    for each in shown.lists:
        placed = with_state(Certificate.objects.filter(status_list=each.number))
        gone = placed.filter(_taken_back(each.purpose))
        yield from _hidden(each, gone)
        yield from _unfounded(each, gone, placed)


def _taken_back(purpose: Purpose) -> Q:
    """Whose bit is to be set."""
    if purpose is Purpose.REFRESH:
        return Q(is_corrected=True, is_revoked=False)
    return Q(is_revoked=True) | Q(is_corrected=True)


def _hidden(shown: StatusList, gone: QuerySet[Any]) -> Iterator[Finding]:
    known = gone.annotate(changed_at=_CHANGED_AT)
    for serial, index, changed_at in known.values_list(
        "serial_number", "status_index", "changed_at"
    ):
        is_newer = shown.issued_at > changed_at + _ON_ITS_WAY  # an older one is written anew hourly
        if is_newer and not shown.says(place(shown.number, index)):
            yield Finding(Trouble.STATUS_HIDDEN, serial)


def _unfounded(shown: StatusList, gone: QuerySet[Any], placed: QuerySet[Any]) -> Iterator[Finding]:
    taken_back = places_set(shown.bits) - set(gone.values_list("status_index", flat=True))
    if not taken_back:
        return
    holders = placed.filter(status_index__in=taken_back)
    known = {
        index: (serial, changed_at)
        for serial, index, changed_at in holders.annotate(changed_at=_CHANGED_AT).values_list(
            "serial_number", "status_index", "changed_at"
        )
    }
    for index in sorted(taken_back):
        serial, changed_at = known.get(index, ("", None))
        if changed_at is None:
            where = f"{STATUS_FOLDER}/{shown.purpose.value}/{shown.number}#{index}"
            yield Finding(Trouble.STATUS_UNFOUNDED, serial or where)
        elif shown.issued_at > changed_at + _ON_ITS_WAY:
            yield Finding(Trouble.STATUS_UNFOUNDED, serial)


def _issuers() -> Issuers:
    """Whose lists are believed: nobody's where their keys were taken away."""
    try:
        return Issuers.read((settings.AUTHORITY_FOLDER / ISSUERS_FILE).read_bytes())
    except (FileNotFoundError, NotVerified):
        return Issuers.of(())
