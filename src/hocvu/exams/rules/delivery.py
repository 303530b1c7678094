"""What a delivery of an answer is, what becomes of it, and what is replied."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any
from uuid import UUID

from hocvu.exams.rules.receipts import StoredAnswer, answer_digest, next_link
from hocvu.exams.rules.time import is_too_late, time_left

HEARD_EVERY = timedelta(seconds=20)  # the supervisor's board need not know more exactly
MOST_LATE_ANSWERS = 1_000  # of one attempt: more is no device that had no network


@dataclass(frozen=True, slots=True)
class Delivery:
    """One answer as a device delivered it. `session`: must still be open; none: seen to already.

    `chosen` are its lines, sorted; `at` is when the server had it. `heard`: tell the supervisor.
    """

    attempt_id: int
    person_id: int
    question_id: int
    chosen: tuple[str, ...]
    sequence: int
    client_id: UUID
    at: datetime
    session: str | None = None
    heard: bool = True

    @property
    def place(self) -> tuple[int, int]:
        """What can be written only once in a statement."""
        return self.attempt_id, self.question_id

    @property
    def rank(self) -> tuple[int, UUID]:
        """Of two answers to a question the one with the greater rank stands."""
        return self.sequence, self.client_id

    @property
    def digest(self) -> bytes:
        return answer_digest(
            self.attempt_id,
            self.question_id,
            self.chosen,
            sequence=self.sequence,
            client_id=self.client_id,
            saved_at=self.at,
        )


@lru_cache(maxsize=10_000)
def as_json_list(lines: tuple[str, ...]) -> str:
    return json.dumps(lines, ensure_ascii=False)


# --- What becomes of it ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """The attempt of a delivery, and the answer that stands for its question, if any does."""

    attempt_id: int
    question_id: int
    must_end_at: datetime
    handed_in_at: datetime | None
    voided_at: datetime | None
    sequence: int | None
    chosen: str | None  # JSON
    link: bytes | None
    client_id: UUID | None
    saved_at: datetime | None

    @property
    def standing(self) -> StoredAnswer | None:
        if self.sequence is None or self.client_id is None or self.saved_at is None:
            return None
        chosen = tuple(json.loads(self.chosen or "[]"))
        link = bytes(self.link or b"")
        if not link:  # from before answers were chained: the link it would have
            digest = answer_digest(
                self.attempt_id,
                self.question_id,
                chosen,
                sequence=self.sequence,
                client_id=self.client_id,
                saved_at=self.saved_at,
            )
            link = next_link(b"", digest)
        return StoredAnswer(self.question_id, chosen, self.sequence, link)


class Fate(Enum):
    STANDS = "stands"  # this answer or a newer one stands already
    LATE = "late"  # the attempt has ended: to be kept aside
    VOIDED = "voided"
    AGAIN = "again"  # the attempt takes answers after all: to be written again


def fate_of(delivery: Delivery, found: Found) -> Fate:
    """What becomes of a delivery that was not written."""
    if (
        found.sequence is not None
        and found.client_id is not None
        and delivery.rank <= (found.sequence, found.client_id)
    ):
        return Fate.STANDS
    if found.voided_at is not None:
        return Fate.VOIDED
    if found.handed_in_at is not None or is_too_late(found.must_end_at, delivery.at):
        return Fate.LATE
    return Fate.AGAIN


# --- What is replied ---------------------------------------------------------------------------


def milliseconds_left(must_end_at: datetime, at: datetime) -> int:
    return int(time_left(must_end_at, at).total_seconds() * 1000)


def reply_of(
    question_id: int, chosen: Sequence[str], sequence: int, *, receipt: str, left: int
) -> dict[str, Any]:
    """What stands, and its receipt; `left` in milliseconds by the server's clock."""
    return {
        "question": question_id,
        "chosen": chosen,
        "sequence": sequence,
        "receipt": receipt,
        "left": left,
    }


def late_reply_of(
    question_id: int, chosen: Sequence[str], sequence: int, *, sentence: str
) -> dict[str, Any]:
    """The answer came too late: it is kept aside, and somebody decides."""
    return {
        "kept": True,
        "question": question_id,
        "chosen": chosen,
        "sequence": sequence,
        "sentence": sentence,
        "left": 0,
    }
