"""Questions as papers need them."""

from collections.abc import Iterable

from hocvu.questions.models import Question, QuestionQuerySet
from hocvu.units.models import Unit


def latest_questions(codes: Iterable[str]) -> dict[str, Question]:
    """The version in use of each of these questions, by code; a code without one is absent."""
    return {each.code: each for each in Question.objects.in_use().filter(code__in=list(codes))}


def questions_to_draw_from(owner: Unit | None) -> QuestionQuerySet:
    """Questions in use that a paper of this unit may ask: everybody's, shared ones, its own and
    those of the units above it.
    """
    in_use = Question.objects.in_use()
    open_to_all = in_use.filter(owner=None) | in_use.filter(is_shared=True)
    if owner is None:
        return open_to_all
    return open_to_all | in_use.filter(owner__path__in=owner.ancestor_paths)
