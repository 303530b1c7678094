"""What people answered, as a table to calibrate from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from json import loads

import numpy as np
from django.db import connection
from django.db.models import QuerySet

from hocvu.exams.queries.keys import keys_of
from hocvu.exams.rules import Key, mark
from hocvu.items.content import MARKED_BY_PEOPLE, Kind
from hocvu.measurement.models import Scale
from hocvu.psychometrics.curves import NOT_PRESENTED, Answers
from hocvu.questions.models import Question

_AT_ONCE = 4_096  # people
_DIFFERENT_ANSWERS = 200_000


@dataclass(frozen=True, eq=False)
class AnswerTable:
    """First answers of people to questions.

    question_ids   the columns
    answers        [people, questions] int8: 1 full points, 0 less, -1 not answered
    """

    question_ids: tuple[int, ...]
    answers: Answers


def questions_on(scale: Scale) -> QuerySet[Question]:
    """What a scale is calibrated with: questions ever used that need no people to mark them.

    Retired ones are among them: they hold together what was calibrated before and after.
    """
    codes = scale.framework.components.values("code")
    by_people = [kind.value for kind in Kind if kind in MARKED_BY_PEOPLE]
    return Question.objects.filter(component_code__in=codes, put_in_use_at__isnull=False).exclude(
        kind__in=by_people
    )


def answer_table(scale: Scale) -> AnswerTable:
    """The first answer of every person to every question of the scale.

    From marked exams that were not voided, and from the steps of adaptive runs. Right is what
    earns full points by the key as corrected until now; questions that were withdrawn stay out.
    A question an exam showed and nobody answered says nothing; "I do not know" in an adaptive run
    counts as not right. Rows arrive sorted by person through COPY: memory holds the table (one
    byte a cell), never the rows.
    """
    keys = {key.question_id: key for key in keys_of(questions_on(scale)) if not key.everybody}
    columns = {question_id: column for column, question_id in enumerate(sorted(keys))}
    pieces = list(_pieces(columns, keys))
    table = np.vstack(pieces) if pieces else np.empty((0, len(columns)), dtype=np.int8)
    return AnswerTable(tuple(columns), table)


def _pieces(columns: Mapping[int, int], keys: Mapping[int, Key]) -> Iterator[Answers]:
    @lru_cache(maxsize=_DIFFERENT_ANSWERS)
    def is_right(question_id: int, chosen: str) -> bool:
        found = mark(keys[question_id], loads(chosen))
        return found.points is not None and found.points == found.out_of

    piece = np.full((_AT_ONCE, len(columns)), NOT_PRESENTED, dtype=np.int8)
    row, last = -1, None
    for person_id, question_id, chosen in _first_answers(columns):
        if person_id != last:
            last, row = person_id, row + 1
            if row == _AT_ONCE:
                yield piece
                piece = np.full_like(piece, NOT_PRESENTED)
                row = 0
        piece[row, columns[question_id]] = is_right(question_id, chosen)
    yield piece[: row + 1]


_FIRST_ANSWERS = """
COPY (
    SELECT DISTINCT ON (person_id, question_id) person_id, question_id, chosen::text
    FROM (
        SELECT attempt.person_id, answer.question_id, answer.chosen, attempt.started_at AS at
        FROM exams_answer AS answer JOIN exams_attempt AS attempt ON attempt.id = answer.attempt_id
        WHERE attempt.marked_at IS NOT NULL AND attempt.voided_at IS NULL
              AND answer.chosen <> '[]'::jsonb AND answer.question_id = ANY(%s)
        UNION ALL
        SELECT run.person_id, step.question_id, step.chosen, step.answered_at
        FROM measurement_adaptivestep AS step JOIN measurement_adaptiverun AS run
             ON run.id = step.run_id
        WHERE step.answered_at IS NOT NULL AND step.question_id = ANY(%s)
    ) AS given
    ORDER BY person_id, question_id, at
) TO STDOUT
"""


def _first_answers(question_ids: Iterable[int]) -> Iterator[tuple[int, int, str]]:
    """One row a person and question, sorted by person."""
    wanted = list(question_ids)
    # The cursor below Django's: its own `copy` takes no parameters where statements are logged.
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(_FIRST_ANSWERS, [wanted, wanted]) as copy,
    ):
        for person_id, question_id, chosen in copy.rows():
            yield int(person_id), int(question_id), chosen
