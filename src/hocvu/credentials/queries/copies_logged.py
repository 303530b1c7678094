"""The book of copies and the log: what an entry commits to, and what the book says today.

Every copy from the register has an entry of the kind `duplicate`. Its leaf names the hash of the
copy's file; its record commits to `facts_of`, and by them to every column of the copy's row. The
log tells strangers that a copy was made of a certificate, and when; not for whom, nor its number.

Copies from before copies were entered have no entry. The first entry of a copy commits to all of
them as they stood then (`earlier`); until there is one, nothing here vouches for them.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256

from django.db.models import QuerySet

from hocvu.credentials.models import RegisterCopy, RegisterEntry, RegisterEvent

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
    if not entries_of_copies().exists() and (earlier := _as_they_stand()):
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
    own = (
        entries_of_copies().filter(certificate=copy.certificate_id).values_list("facts", flat=True)
    )
    said = [facts for facts in own if isinstance(facts, dict) and facts.get("copy") == form]
    if said:
        return all(facts.get("row") == row for facts in said)
    first = entries_of_copies().order_by("leaf_index").values_list("facts", flat=True).first()
    return first is None or f"{form}:{row}" in str(first.get("earlier", "")).split()


def entries_of_copies() -> QuerySet[RegisterEntry]:
    """Every entry of the log that is about a copy."""
    return RegisterEntry.objects.filter(event=RegisterEvent.DUPLICATE)


def _as_they_stand() -> str:
    """Every copy in the book with the hash of its row."""
    rows = RegisterCopy.objects.defer("file").order_by("pk")
    return " ".join(f"{each.client_id}:{row_hash(each)}" for each in rows.iterator())


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)
