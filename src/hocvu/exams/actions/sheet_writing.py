"""Answer sheets as they are written: attempts, their sealed answers, and where they came from."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from hocvu.exams import rules
from hocvu.exams.models import Attempt
from hocvu.people.models import Person


@dataclass(frozen=True)
class AnswerSheet:
    """One learner's attempt without network; `answers` maps question ids to the lines of answers.

    A sheet is named by its learner and the moment it was started.
    """

    person_id: int
    started_at: datetime
    handed_in_at: datetime
    answers: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True)
class SheetSource:
    """The workbook some sheets came in, in which row each person's stood, and why on paper."""

    file_id: int
    file_sha256: str
    rows: Mapping[int, int]
    reason: str

    @property
    def facts(self) -> dict[str, Any]:
        """What the audit log says of it."""
        return {"file_id": self.file_id, "file_sha256": self.file_sha256}


def new_keys(count: int) -> list[int]:
    """Primary keys for as many attempts, known before they are written: the seals need them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('exams_attempt', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [key for (key,) in cursor.fetchall()]


_COPY_ANSWERS = """
COPY exams_answer
    (attempt_id, question_id, chosen, sequence, client_id, saved_at, digest, link) FROM STDIN
"""
_COPY_ATTEMPTS = """
COPY exams_attempt
    (id, sitting_id, person_id, number, seed, room_id, started_at, must_end_at, handed_in_at,
     marked_at, points, out_of, passed, seal) FROM STDIN
"""
_COPY_ORIGINS = """
COPY exams_sheettakenin (attempt_id, brought_in_by_id, brought_in_at, file_id, row) FROM STDIN
"""
_COLUMNS = (
    *("pk", "sitting_id", "person_id", "number", "seed", "room_id", "started_at"),
    *("must_end_at", "handed_in_at", "marked_at", "points", "out_of", "passed", "seal"),
)


def write_sealed(attempts: Sequence[Attempt], sheets: Sequence[AnswerSheet]) -> None:
    """Two hundred thousand rows in a few seconds. References are looked at when all is written."""
    with connection.cursor() as cursor:
        with cursor.copy(_COPY_ANSWERS) as copy:
            for attempt, sheet in zip(attempts, sheets, strict=True):
                links = []
                for row in _answer_rows(attempt, sheet):
                    copy.write_row(row)
                    links.append((row[1], row[-1]))
                attempt.seal = rules.seal_of(attempt.seed, links)
        with cursor.copy(_COPY_ATTEMPTS) as copy:
            for attempt in attempts:
                copy.write_row([getattr(attempt, name) for name in _COLUMNS])


def write_origin(
    attempts: Sequence[Attempt], source: SheetSource | None, *, by: Person, at: datetime
) -> None:
    """Every attempt says that it came from a sheet, who brought it in, and from which file."""
    file_id, rows = (source.file_id, source.rows) if source else (None, {})
    with connection.cursor() as cursor, cursor.copy(_COPY_ORIGINS) as copy:
        for attempt in attempts:
            copy.write_row((attempt.pk, by.pk, at, file_id, rows.get(attempt.person_id)))


@lru_cache(maxsize=10_000)
def _as_json(chosen: tuple[str, ...]) -> str:
    return json.dumps(sorted(chosen))


_AnswerRow = tuple[int, int, str, int, UUID, datetime, bytes, bytes]


def _answer_rows(attempt: Attempt, sheet: AnswerSheet) -> Iterator[_AnswerRow]:
    """A sheet has no record of which answer came when: its order of questions is the sequence."""
    answered = ((question, chosen) for question, chosen in sheet.answers.items() if chosen)
    for sequence, (question, chosen) in enumerate(answered, start=1):
        client_id, saved_at = uuid4(), sheet.handed_in_at
        digest = rules.answer_digest(
            attempt.pk, question, chosen, sequence=sequence, client_id=client_id, saved_at=saved_at
        )
        yield (
            *(attempt.pk, question, _as_json(chosen), sequence, client_id, saved_at),
            *(digest, rules.next_link(b"", digest)),
        )
