"""The book of copies held against the entries that the log has of it (`copies_logged`)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.db.models import F, Window
from django.db.models.functions import Lag

from hocvu.credentials.models import RegisterCopy
from hocvu.credentials.queries.copies_logged import entries_of_copies, row_hash
from hocvu.credentials.queries.numbers import copies_reserved_between
from hocvu.inspection.queries.findings import Finding, Trouble
from hocvu.register.auditing import TOLERANCE


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
        for at, facts in entries_of_copies().order_by("leaf_index").values_list("at", "facts"):
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
