"""What people gave written answers."""

from fractions import Fraction

from hocvu.exams.models import Attempt
from hocvu.marking.models import FreshMarking, Marking
from hocvu.marking.rules.double_marking import MARKERS_AT_MOST, settled_share
from hocvu.questions.models import Question


def rounds_before(attempt: Attempt, question: Question) -> int:
    """How many rounds the markings before the latest one from the beginning could take."""
    fresh = FreshMarking.objects.filter(attempt=attempt, question=question)
    return fresh.count() * MARKERS_AT_MOST


def share_given(attempt: Attempt, question: Question) -> Fraction | None:
    """What the latest marking from the beginning came to; none while it needs another mark."""
    given = Marking.objects.filter(
        attempt=attempt, question=question, round__gt=rounds_before(attempt, question)
    )
    points = given.order_by("round").values_list("points", "out_of")
    return settled_share([Fraction(earned) / Fraction(out_of) for earned, out_of in points])
