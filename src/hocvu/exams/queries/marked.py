"""What attempts earn, by the keys as they stand or as they might be corrected."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from hocvu.exams import rules
from hocvu.exams.models import Answer, Attempt
from hocvu.exams.queries.keys import keys_for


class Given(NamedTuple):
    """As much of a standing answer as marking needs."""

    question_id: int
    chosen: list[str]


def lines_given(attempt_ids: Iterable[int]) -> dict[int, list[Given]]:
    """The lines of the standing answers of many attempts, by attempt. One query."""
    found: dict[int, list[Given]] = {}
    rows = Answer.objects.filter(attempt__in=list(attempt_ids))
    for attempt_id, question_id, chosen in rows.values_list("attempt", "question", "chosen"):
        found.setdefault(attempt_id, []).append(Given(question_id, chosen))
    return found


def marked_papers(
    attempts: Sequence[Attempt],
    answers: Mapping[int, Sequence[Answer | Given]],
    *,
    by_people: Mapping[tuple[int, int], Fraction] | None = None,
    supposed: Mapping[int, rules.Correction] | None = None,
) -> dict[int, rules.MarkedPaper]:
    """What each attempt earns by the keys as they stand; few statements, however many attempts.

    `answers` by attempt; `by_people`: points people gave, by attempt and question; `supposed`:
    corrections, by question, as if they had been decided.
    """
    keys = keys_for(attempts, supposed)
    marks = rules.Marks()
    given: dict[int, dict[int, Fraction]] = {}
    for (attempt_id, question_id), points in (by_people or {}).items():
        given.setdefault(attempt_id, {})[question_id] = points
    return {
        attempt.pk: rules.marked_paper(
            keys[attempt.pk],
            {answer.question_id: answer.chosen for answer in answers.get(attempt.pk, [])},
            attempt.sitting.paper.required_share,
            by_people=given.get(attempt.pk),
            marks=marks,
        )
        for attempt in attempts
    }
