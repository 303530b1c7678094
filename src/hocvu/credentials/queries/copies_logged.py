"""The book of copies and the log: what an entry commits to, and what the book says today.

Every copy from the register has an entry of the kind `duplicate`. Its leaf names the hash of the
copy's file; its record commits to `facts_of`, and by them to every column of the copy's row. The
log tells strangers that a copy was made of a certificate, and when; not for whom, nor its number.

Copies from before copies were entered have no entry. The first entry of a copy commits to all of
them as they stood then (`earlier`); until there is one, nothing here vouches for them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from django.db.models import F, QuerySet, Window
from django.db.models.functions import Lag

from hocvu.credentials.models import RegisterCopy, RegisterEntry, RegisterEvent
from hocvu.credentials.queries.findings import Finding, Trouble
from hocvu.credentials.queries.numbers import copies_reserved_between
from hocvu.register.auditing import TOLERANCE

# Never drop or reorder a column: copies that were entered would stop matching.
_COLUMNS = (
    "certificate_id",
    "issuer_id",
    "year",
    "number",
    "copy_number",
    "recipient",
    "purpose",
    "place",
    "capacity",
    "signer_title",
    "signer_name",
    "issued_by_id",
    "issued_at",
    "client_id",
    "file_sha256",
)


def facts_of(copy: RegisterCopy) -> dict[str, str]:
    """What the entry of a new copy says, and its record commits to."""
    facts = {
        "file": copy.file_sha256,
        "copy": str(copy.client_id),
        "copy_number": copy.copy_number,
        "row": row_hash(copy),
    }
    if not _entries().exists() and (earlier := _as_they_stand()):
        facts["earlier"] = earlier
    return facts


def row_hash(copy: RegisterCopy) -> str:
    """SHA-256 (FIPS 180-4), in hexadecimal digits, over every column but the file itself."""
    said = [_text(getattr(copy, name)) for name in _COLUMNS]
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def is_entered(copy: RegisterCopy) -> bool:
    """Whether an entry says what this copy's row says, or there were none of copies yet.

    Whether the entry is genuine shows where its certificate is verified: it is one of its events.
    """
    form, row = str(copy.client_id), row_hash(copy)
    own = _entries().filter(certificate=copy.certificate_id).values_list("facts", flat=True)
    said = [facts for facts in own if isinstance(facts, dict) and facts.get("copy") == form]
    if said:
        return all(facts.get("row") == row for facts in said)
    first = _entries().order_by("leaf_index").values_list("facts", flat=True).first()
    return first is None or f"{form}:{row}" in str(first.get("earlier", "")).split()


def copies_without_entry() -> int:
    """How many copies were issued before copies were entered in the log."""
    entered = _Entered.read()
    forms = RegisterCopy.objects.values_list("client_id", flat=True)
    return sum(str(each) not in entered.entries for each in forms)


def audit_of_copies() -> Iterator[Finding]:
    """Each copy is what was entered, each entry has its copy, each number follows."""
    entered, met = _Entered.read(), set()
    rows = RegisterCopy.objects.annotate(
        previous=Window(
            Lag("number"),
            partition_by=[F("issuer"), F("year")],
            order_by=F("number").asc(),
        )
    ).order_by("issuer_id", "year", "number")
    for copy in rows.iterator(chunk_size=200):
        met.add(str(copy.client_id))
        if copy.previous is not None and _is_gap(copy, copy.previous):
            yield Finding(Trouble.COPY_NUMBER_GAP, copy.copy_number)
        if sha256(bytes(copy.file)).hexdigest() != copy.file_sha256:
            yield Finding(Trouble.COPY_CHANGED, copy.copy_number)
        if (trouble := entered.trouble_of(copy)) is not None:
            yield Finding(trouble, copy.copy_number)
    for form, known in entered.entries.items():
        if form not in met:
            yield Finding(Trouble.COPY_MISSING, known.copy_number)
    for form in entered.earlier.keys() - met:
        yield Finding(Trouble.COPY_MISSING, form)


@dataclass(frozen=True)
class _Known:
    """What an entry says of its copy."""

    copy_number: str
    row: str
    at: datetime


@dataclass(frozen=True)
class _Entered:
    """What the log's entries say of the book; whether they are genuine is asked elsewhere."""

    entries: dict[str, _Known] = field(default_factory=dict)
    earlier: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "_Entered":
        found = cls()
        for at, facts in _entries().order_by("leaf_index").values_list("at", "facts"):
            if not isinstance(facts, dict):
                continue  # no fact any more: its record does not match its leaf
            if not found.entries:
                pairs = (each.partition(":") for each in str(facts.get("earlier", "")).split())
                found.earlier.update({form: row for form, _, row in pairs})
            number, row = str(facts.get("copy_number")), str(facts.get("row"))
            found.entries[str(facts.get("copy"))] = _Known(number, row, at)
        return found

    def trouble_of(self, copy: RegisterCopy) -> Trouble | None:
        form = str(copy.client_id)
        if (known := self.entries.get(form)) is not None:
            if known.row != row_hash(copy):
                return Trouble.COPY_CHANGED
            return Trouble.BACK_DATED if copy.issued_at < known.at - TOLERANCE else None
        if not self.entries:
            return None  # no copy was ever entered
        if form not in self.earlier:
            return Trouble.COPY_INSERTED
        return None if self.earlier[form] == row_hash(copy) else Trouble.COPY_CHANGED


def _is_gap(copy: RegisterCopy, previous: int) -> bool:
    """Whether numbers are missing that are not reserved for copies that wait or were given up."""
    missing = copy.number - previous - 1
    between = (copy.issuer_id, copy.year, previous, copy.number)
    return missing != 0 and copies_reserved_between(*between) != missing


def _entries() -> QuerySet[RegisterEntry]:
    return RegisterEntry.objects.filter(event=RegisterEvent.DUPLICATE)


def _as_they_stand() -> str:
    """Every copy in the book with the hash of its row."""
    rows = RegisterCopy.objects.defer("file").order_by("pk")
    return " ".join(f"{each.client_id}:{row_hash(each)}" for each in rows.iterator())


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)
