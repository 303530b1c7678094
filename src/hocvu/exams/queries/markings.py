"""What people gave written answers."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from django.db.models import Count

from hocvu.exams.models import Attempt, FreshMarking, Marking
from hocvu.exams.rules.double_marking import MARKERS_AT_MOST, settled_share
from hocvu.questions.models import Question
from hocvu.questions.queries import item_of

Name = tuple[int, int]  # attempt, question


def shares_given(attempt_ids: Iterable[int]) -> dict[Name, Fraction]:
    """The share of its points each written answer earned, by attempt and question. Two queries.

    Where a fresh marking is not settled yet, what was settled before stands. What nobody has
    settled is absent.
    """
    return _settled(attempt_ids, lately=False)


def points_given(attempts: Sequence[Attempt], *, lately: bool = False) -> dict[Name, Fraction]:
    """As `shares_given`, on the scale of the question's points.

    `lately`: only where the latest marking is settled, as an attempt needs to be marked at all.
    """
    shares = _settled((attempt.pk for attempt in attempts), lately=lately)
    asked = Question.objects.in_bulk({question for _, question in shares}) if shares else {}
    points = {pk: Fraction(item_of(question).points) for pk, question in asked.items()}
    return {answer: share * points[answer[1]] for answer, share in shares.items()}


def _settled(attempt_ids: Iterable[int], *, lately: bool) -> dict[Name, Fraction]:
    settled = {}
    for answer, turns in _turns(list(attempt_ids)).items():
        looked_at = turns[-1:] if lately else reversed(turns)
        share = next((each for each in looked_at if each is not None), None)
        if share is not None:
            settled[answer] = share
    return settled


def _turns(attempt_ids: Sequence[int]) -> dict[Name, list[Fraction | None]]:
    """What each marking of an answer from the beginning came to, oldest first; none: not yet."""
    fresh = FreshMarking.objects.filter(attempt__in=attempt_ids).order_by()
    counted = fresh.values("attempt", "question").annotate(n=Count("pk"))
    turns: dict[Name, list[list[Fraction]]] = {
        (row["attempt"], row["question"]): [[] for _ in range(row["n"] + 1)] for row in counted
    }
    for each in Marking.objects.filter(attempt__in=attempt_ids).order_by("round"):
        name = each.attempt_id, each.question_id
        share = Fraction(each.points) / Fraction(each.out_of)
        turns.setdefault(name, [[]])[(each.round - 1) // MARKERS_AT_MOST].append(share)
    return {name: [settled_share(shares) for shares in each] for name, each in turns.items()}
