"""Sittings as one learner meets them."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from django.db.models import Q

from hocvu.classes.models import Enrolment
from hocvu.exams.models import Attempt, Sitting
from hocvu.exams.queries.access import enrolment_of
from hocvu.people.models import Person
from hocvu.ui.languages import in_language


class SittingState(Enum):
    NOT_OPEN_YET = "not_open_yet"
    CAN_START = "can_start"
    UNDER_WAY = "under_way"
    DONE = "done"  # passed, or no attempt left
    CLOSED = "closed"


@dataclass(frozen=True)
class SittingForLearner:
    """A sitting as one learner meets it."""

    sitting: Sitting
    state: SittingState
    under_way: Attempt | None
    handed_in: tuple[Attempt, ...]  # oldest first
    attempts_left: int | None  # none: as many as they like
    is_learner: bool = True  # others see what the test is, but cannot sit it

    @property
    def title(self) -> str:
        return in_language(self.sitting.paper.title, self.sitting.paper.title_en)

    @property
    def counting(self) -> tuple[Attempt, ...]:
        """Handed in and not declared void."""
        return tuple(attempt for attempt in self.handed_in if attempt.voided_at is None)

    @property
    def best(self) -> Attempt | None:
        marked = [attempt for attempt in self.counting if attempt.marked_at]
        return max(marked, key=_rank, default=None)

    @property
    def waiting(self) -> tuple[Attempt, ...]:
        """Handed in, and still to be marked by people."""
        return tuple(attempt for attempt in self.counting if attempt.marked_at is None)

    @property
    def voided(self) -> tuple[Attempt, ...]:
        return tuple(attempt for attempt in self.handed_in if attempt.voided_at is not None)

    @property
    def passed(self) -> bool:
        return any(attempt.passed for attempt in self.counting)

    @property
    def can_start(self) -> bool:
        return self.attempts_left != 0 and self.state in {SittingState.CAN_START, SittingState.DONE}


def sitting_for(person: Person, sitting: Sitting, at: datetime) -> SittingForLearner:
    """Two queries."""
    own = Attempt.objects.filter(sitting=sitting, person=person).order_by("number")
    met = _as_met(sitting, list(own), at)
    return replace(met, is_learner=enrolment_of(person, sitting).exists())


def sittings_of(person: Person, at: datetime) -> list[SittingForLearner]:
    """Every sitting of the classes a person learns in, the next to close first. Two queries."""
    return _met(person, _in_own_classes(person), at)


def sittings_that_may_ask(person: Person, at: datetime) -> list[SittingForLearner]:
    """These, and one in which somebody who has left the class has an attempt under way."""
    under_way = Attempt.objects.filter(person=person, handed_in_at=None).values("sitting")
    return _met(person, _in_own_classes(person) | Q(pk__in=under_way), at)


def _in_own_classes(person: Person) -> Q:
    classes = Enrolment.objects.active().filter(person=person).values("training_class")
    return Q(training_class__in=classes)


def _met(person: Person, which: Q, at: datetime) -> list[SittingForLearner]:
    sittings = Sitting.objects.filter(which).select_related("paper", "training_class")
    own: dict[int, list[Attempt]] = {}
    for attempt in Attempt.objects.filter(person=person).order_by("number"):
        own.setdefault(attempt.sitting_id, []).append(attempt)
    return [
        _as_met(sitting, own.get(sitting.pk, []), at)
        for sitting in sittings.order_by("closes_at", "pk")
    ]


def sittings_ahead_of(person: Person, at: datetime) -> list[SittingForLearner]:
    """What a person has still to sit: not passed, not closed, with an attempt left or under way."""
    ahead = {SittingState.NOT_OPEN_YET, SittingState.CAN_START, SittingState.UNDER_WAY}
    return [each for each in sittings_of(person, at) if each.state in ahead]


def _as_met(sitting: Sitting, attempts: list[Attempt], at: datetime) -> SittingForLearner:
    under_way = next((each for each in attempts if each.handed_in_at is None), None)
    handed_in = tuple(each for each in attempts if each.handed_in_at is not None)
    counting = [each for each in attempts if each.voided_at is None]
    allowed = sitting.attempts_allowed
    left = None if allowed is None else max(0, allowed - len(counting))
    done = left == 0 or any(each.passed for each in counting)
    return SittingForLearner(
        sitting, _state(sitting, at, under_way, done=done), under_way, handed_in, left
    )


def _state(
    sitting: Sitting, at: datetime, under_way: Attempt | None, *, done: bool
) -> SittingState:
    if under_way is not None:
        return SittingState.UNDER_WAY
    if at >= sitting.closes_at:
        return SittingState.CLOSED
    if done:
        return SittingState.DONE
    return SittingState.NOT_OPEN_YET if at < sitting.opens_at else SittingState.CAN_START


def _rank(attempt: Attempt) -> tuple[bool, Fraction, int]:
    points, out_of = attempt.points or Decimal(0), attempt.out_of or Decimal(1)
    return bool(attempt.passed), Fraction(points) / Fraction(out_of), -attempt.number
