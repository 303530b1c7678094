"""First answers of people in marked exams, question by question, as figures are made from them.

Answers are marked once for each different answer, not for each person; PostgreSQL then counts
equal cases. What reaches Python is one line for each different case, and one question at a time,
so that memory does not grow with the number of people.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from json import loads
from operator import itemgetter
from typing import Any

import numpy as np
from django.db import connection, transaction

from hocvu.exams.queries.keys import keys_of
from hocvu.exams.rules import Key, mark
from hocvu.items.content import CHOICES, MARKED_BY_PEOPLE, Kind
from hocvu.measurement.queries.answers import AnswerTable
from hocvu.measurement.rules.quality import BORN_FROM, GENERATIONS, AnswersToOne, Belonging
from hocvu.people.rules.ethnic_groups import MAJORITY
from hocvu.psychometrics.curves import NOT_PRESENTED
from hocvu.questions.models import Question

MOST_AT_ONCE = 20_000  # people, when somebody asks for one question out of turn

_TABLES = ("quality_attempts", "quality_marks", "quality_given", "quality_firsts")

_ATTEMPTS_OF_ALL = """
CREATE TEMPORARY TABLE quality_attempts AS
SELECT attempt.id AS attempt_id, attempt.person_id, attempt.started_at, sitting.paper_id
FROM exams_attempt AS attempt JOIN exams_sitting AS sitting ON sitting.id = attempt.sitting_id
WHERE attempt.marked_at IS NOT NULL AND attempt.voided_at IS NULL
"""

# The attempts in which people first met this question, the newest.
_ATTEMPTS_OF_ONE = """
CREATE TEMPORARY TABLE quality_attempts AS
SELECT attempt_id, person_id, started_at, paper_id FROM (
    SELECT DISTINCT ON (attempt.person_id)
           attempt.id AS attempt_id, attempt.person_id, attempt.started_at, sitting.paper_id
    FROM exams_answer AS answer JOIN exams_attempt AS attempt ON attempt.id = answer.attempt_id
         JOIN exams_sitting AS sitting ON sitting.id = attempt.sitting_id
    WHERE answer.question_id = %s AND answer.chosen <> '[]'::jsonb
          AND attempt.marked_at IS NOT NULL AND attempt.voided_at IS NULL
    ORDER BY attempt.person_id, attempt.started_at, attempt.id
) AS first_met
ORDER BY started_at DESC LIMIT %s
"""

_QUESTIONS_MET = """
SELECT DISTINCT answer.question_id
FROM exams_answer AS answer JOIN quality_attempts USING (attempt_id)
"""

_DIFFERENT_ANSWERS = """
COPY (
    SELECT DISTINCT answer.question_id, answer.chosen::text
    FROM exams_answer AS answer JOIN quality_attempts USING (attempt_id)
    WHERE answer.chosen <> '[]'::jsonb AND answer.question_id = ANY(%s)
) TO STDOUT
"""

_MARKS = """
CREATE TEMPORARY TABLE quality_marks (
    question_id bigint, chosen jsonb, is_right boolean, pattern integer
)
"""

_GIVEN = """
CREATE TEMPORARY TABLE quality_given AS
SELECT answer.attempt_id, answer.question_id, marks.is_right, marks.pattern
FROM quality_attempts JOIN exams_answer AS answer USING (attempt_id)
     JOIN quality_marks AS marks USING (question_id, chosen)
"""

# Scores compare within one attempt: its other questions, asked of everybody in the same hour.
_FIRSTS = """
CREATE TEMPORARY TABLE quality_firsts AS
SELECT DISTINCT ON (attempts.person_id, given.question_id)
       attempts.person_id, given.question_id, given.is_right, given.pattern,
       attempts.paper_id, attempts.started_at,
       totals.right_ones - given.is_right::int AS rest_right, totals.asked - 1 AS rest_asked
FROM quality_given AS given JOIN quality_attempts AS attempts USING (attempt_id)
     JOIN (SELECT attempt_id, count(*)::int AS asked, (count(*) FILTER (WHERE is_right))::int
                  AS right_ones
           FROM quality_given GROUP BY attempt_id) AS totals USING (attempt_id)
ORDER BY attempts.person_id, given.question_id, attempts.started_at, attempt_id
"""

# A person belongs where the main post of today is; of the ethnic group only Kinh or not is read.
# Years of birth become generations here, with the bounds of the rules, so that equal cases can be
# counted.
_CASES = """
COPY (
    SELECT question_id, pattern, is_right, paper_id, rest_right, rest_asked, person.sex,
           width_bucket(person.birth_year, %s::int[]) AS generation, coalesce(unit.kind, ''),
           CASE person.ethnic_group WHEN '' THEN '' WHEN %s THEN 'kinh' ELSE 'minority' END,
           count(*)
    FROM quality_firsts AS firsts JOIN people_person AS person ON person.id = firsts.person_id
         LEFT JOIN people_post AS post
              ON post.person_id = person.id AND post.until_on IS NULL AND post.is_main
         LEFT JOIN units_unit AS unit ON unit.id = post.unit_id
    WHERE question_id = ANY(%s)
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    ORDER BY question_id
) TO STDOUT
"""

_SINCE = """
COPY (
    SELECT person_id, question_id, is_right FROM quality_firsts
    WHERE question_id = ANY(%s) AND started_at > %s ORDER BY person_id
) TO STDOUT
"""


@dataclass(frozen=True)
class OneQuestion:
    """What a question's figures are made from.

    right_options   its options in written order, and whether the key as corrected has them
    """

    question_id: int
    answers: AnswersToOne
    right_options: dict[str, bool]


@dataclass
class Reading:
    """The tables of one reading; they live as long as its transaction."""

    keys: Mapping[int, Key]
    patterns: dict[int, list[frozenset[str]]] = field(default_factory=dict)

    def questions(self, only: int | None = None) -> Iterator[OneQuestion]:
        """Every question somebody answered, by its primary key. Until the last, no other query."""
        wanted = list(self.keys) if only is None else [only]
        with (
            connection.cursor() as cursor,
            cursor.cursor.copy(_CASES, [list(BORN_FROM), MAJORITY, wanted]) as copy,
        ):
            for question_id, rows in groupby(copy.rows(), key=itemgetter(0)):
                yield self._one(int(question_id), list(rows))

    def answers_since(self, question_ids: Sequence[int], moment: datetime) -> AnswerTable:
        """First answers given after a moment, to these questions."""
        columns = {question_id: column for column, question_id in enumerate(question_ids)}
        places: list[tuple[int, int, bool]] = []
        row, last = -1, None
        wanted = [list(question_ids), moment]
        with connection.cursor() as cursor, cursor.cursor.copy(_SINCE, wanted) as copy:
            for person_id, question_id, is_right in copy.rows():
                if person_id != last:
                    last, row = person_id, row + 1
                places.append((row, columns[int(question_id)], is_right == "t"))
        table = np.full((row + 1, len(columns)), NOT_PRESENTED, dtype=np.int8)
        if places:
            rows, at, right = (np.array(each) for each in zip(*places, strict=True))
            table[rows, at] = right
        return AnswerTable(tuple(question_ids), table)

    def _one(self, question_id: int, rows: list[tuple[Any, ...]]) -> OneQuestion:
        patterns = self.patterns.get(question_id, [])
        times = np.array([int(row[10]) for row in rows])
        rest_asked = np.array([int(row[5]) for row in rows], dtype=np.float64)
        rest_right = np.array([int(row[4]) for row in rows], dtype=np.float64)
        rest = np.divide(
            rest_right, rest_asked, out=np.full(len(rows), np.nan), where=rest_asked > 0
        )
        who = np.repeat(np.arange(len(rows)), times)
        picks = [patterns[int(row[1])] if patterns else frozenset[str]() for row in rows]
        belongings = [_belonging(*row[6:10]) for row in rows]
        answers = AnswersToOne(
            right=np.array([row[2] == "t" for row in rows])[who],
            rest=rest[who],
            test=np.array([int(row[3]) for row in rows])[who],
            picks=[picks[at] for at in who],
            belongings=[belongings[at] for at in who],
        )
        key = self.keys[question_id]
        options = {option.id: option.right for option in key.item.options} if patterns else {}
        return OneQuestion(question_id, answers, options)


@contextmanager
def reading(question_id: int | None = None) -> Iterator[Reading]:
    """All marked exams, or the newest in which people first met one question.

    Right is what earns full points by the key as corrected until now; withdrawn questions and
    those that people mark stay out. Within this a transaction is open.
    """
    with transaction.atomic():
        _drop()
        with connection.cursor() as cursor:
            if question_id is None:
                cursor.execute(_ATTEMPTS_OF_ALL)
            else:
                cursor.execute(_ATTEMPTS_OF_ONE, [question_id, MOST_AT_ONCE])
            cursor.execute("ANALYZE quality_attempts")
            cursor.execute(_QUESTIONS_MET)
            met = [row[0] for row in cursor.fetchall()]
        found = Reading(_keys(met))
        _mark(found)
        with connection.cursor() as cursor:
            cursor.execute(_GIVEN)
            cursor.execute(_FIRSTS)
            cursor.execute("ANALYZE quality_firsts")
        yield found
        _drop()


def _drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(_TABLES)}")


def _keys(question_ids: Sequence[int]) -> dict[int, Key]:
    by_people = [kind.value for kind in Kind if kind in MARKED_BY_PEOPLE]
    asked = Question.objects.filter(pk__in=question_ids).exclude(kind__in=by_people)
    return {key.question_id: key for key in keys_of(asked) if not key.everybody}


def _mark(found: Reading) -> None:
    """Each different answer once. `pattern` numbers the sets of options that were chosen."""
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(_DIFFERENT_ANSWERS, [list(found.keys)]) as copy,
    ):
        different = [(int(question_id), chosen) for question_id, chosen in copy.rows()]
    with connection.cursor() as cursor:
        cursor.execute(_MARKS)
        with cursor.copy("COPY quality_marks FROM STDIN") as copy:
            for question_id, chosen in different:
                key, lines = found.keys[question_id], loads(chosen)
                given = mark(key, lines)
                is_right = given.points is not None and given.points == given.out_of
                pattern = None
                if key.item.kind in CHOICES:
                    patterns = found.patterns.setdefault(question_id, [])
                    pattern = len(patterns)
                    patterns.append(frozenset(lines))
                copy.write_row((question_id, chosen, is_right, pattern))
        cursor.execute("ANALYZE quality_marks")


def _belonging(sex: str, bucket: str | None, unit_kind: str, ethnicity: str) -> Belonging:
    born = None if bucket is None else GENERATIONS[int(bucket)]
    return Belonging(sex, born, unit_kind, ethnicity)
