"""What a recognition decision was taken on, in one hash.

Results and proposals stand in no leaf of the log. A decision keeps the SHA-256 (FIPS 180-4) of the
approved results it rests on, line by line, and of who proposed and who approved it; every
certificate's leaf commits to that hash. Never drop or reorder a column: decisions that keep a hash
would stop matching.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from hocvu.recognition.models import Proposal, ResultLine, ResultRecord

_OF_A_RECORD = (
    "training_class_id",
    "number",
    "required_attendance",
    "paper_code",
    "learner_count",
    "earned_count",
    "fingerprint",
    "approved_by_id",
    "approved_at",
)
_OF_A_LINE = (
    "position",
    "enrolment_id",
    "attended",
    "held",
    "attempt_id",
    "points",
    "out_of",
    "passed",
    "reasons",
)
_OF_A_PROPOSAL = (
    "result_record_id",
    "fingerprint",
    "proposed_by_id",
    "proposed_at",
    "approved_by_id",
    "approved_at",
)


def evidence_hash_of(results: ResultRecord | None, proposal: Proposal | None) -> str:
    """The hash, in 64 hexadecimal digits, of what stands there now; two queries at most."""
    lines = ResultLine.objects.filter(record=results).order_by("position").values_list(*_OF_A_LINE)
    hashed = sha256(_line([getattr(results, name, None) for name in _OF_A_RECORD]))
    for line in lines:
        hashed.update(_line(line))
    hashed.update(_line([getattr(proposal, name, None) for name in _OF_A_PROPOSAL]))
    return hashed.hexdigest()


def _line(values: Sequence[object]) -> bytes:
    return json.dumps([_text(each) for each in values], ensure_ascii=False).encode() + b"\n"


def _text(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return None if value is None else str(value)
