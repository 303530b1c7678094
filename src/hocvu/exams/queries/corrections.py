"""Keys as they stand after corrections, and whom one concerns."""

from django.db.models import Q, QuerySet

from hocvu.exams import rules
from hocvu.exams.models import Attempt
from hocvu.exams.queries.keys import corrections_of
from hocvu.items.content import CHOICES
from hocvu.papers.models import PaperQuestion
from hocvu.questions.models import Question
from hocvu.questions.queries import item_of


def attempts_asked(question: Question) -> QuerySet[Attempt]:
    """Marked attempts whose form holds this question, fixed or drawn."""
    fixed = PaperQuestion.objects.filter(question=question).values("paper")
    return Attempt.objects.filter(
        Q(form=[], sitting__paper__in=fixed) | Q(form__contains=[question.pk]),
        marked_at__isnull=False,
    )


def standing_correction(question: Question) -> rules.Correction:
    """The key as it stands, in the words of a correction."""
    decided = corrections_of([question.pk]).get(question.pk)
    if decided is not None:
        return decided
    item = item_of(question)
    right = (option.id for option in item.options if option.right) if item.kind in CHOICES else ()
    return rules.Correction(right=frozenset(right))
