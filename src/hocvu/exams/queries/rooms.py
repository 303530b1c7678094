"""Supervised rooms as their supervisors and those who run the class see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hocvu.classes.models import BridgePoint, Enrolment
from hocvu.exams import rules
from hocvu.exams.models import (
    Answer,
    Attempt,
    ExamRoom,
    Sitting,
    TimeAllowance,
)
from hocvu.exams.queries.access import learns_in
from hocvu.exams.queries.origins import brought_in
from hocvu.kernel.vietnamese import fold
from hocvu.papers.queries.papers import number_of_questions
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission


def sittings_run_by(person: Person) -> QuerySet[Sitting]:
    """Sittings this person may arrange: rooms, extra time."""
    return Sitting.objects.filter(_run_by(person, "training_class__")).select_related(
        "paper", "training_class__host_unit"
    )


def rooms_open_to(person: Person) -> QuerySet[ExamRoom]:
    """Rooms this person supervises, and those of classes they run; none they may sit in."""
    return ExamRoom.objects.filter(
        Q(supervisor=person) | _run_by(person, "sitting__training_class__"),
        ~learns_in(person, "sitting__training_class"),
    ).select_related(
        "sitting__paper", "sitting__training_class__host_unit", "supervisor", "bridge_point"
    )


def rooms_supervised_by(person: Person) -> QuerySet[ExamRoom]:
    return rooms_open_to(person).filter(supervisor=person)


def has_rooms(person: Person) -> bool:
    """Whether they supervise any room."""
    return rooms_supervised_by(person).exists()


def counted_rooms(rooms: QuerySet[ExamRoom]) -> QuerySet[ExamRoom]:
    """With `entered`, `writing` and `handed_in`: how many people, by their attempts."""
    return rooms.annotate(
        entered=_number(Attempt.objects.all(), "person"),
        writing=_number(Attempt.objects.filter(handed_in_at=None), "person"),
        handed_in=_number(
            Attempt.objects.filter(handed_in_at__isnull=False, voided_at=None), "person"
        ),
    )


def bridge_points_without_a_room(sitting: Sitting) -> QuerySet[BridgePoint]:
    rooms = ExamRoom.objects.filter(sitting=sitting, bridge_point=OuterRef("pk"))
    return BridgePoint.objects.filter(
        ~Exists(rooms), training_class=sitting.training_class_id
    ).order_by("unit__path")


def allowances_of(sitting: Sitting) -> QuerySet[TimeAllowance]:
    return TimeAllowance.objects.filter(sitting=sitting).select_related("person", "granted_by")


def learners_to_allow_time(sitting: Sitting, text: str) -> QuerySet[Enrolment]:
    """Learners of the class by name; without a name, all of them."""
    learners = Enrolment.objects.active().filter(training_class=sitting.training_class_id)
    for word in fold(text).split():
        learners = learners.filter(person__search_key__contains=word)
    return learners.select_related("person", "unit").order_by("person__sort_key", "pk")


def _run_by(person: Person, to_class: str) -> Q:
    run = scope_of(person).reach(Permission.RUN_CLASSES, f"{to_class}host_unit")
    learns = learns_in(person, to_class.removesuffix("__"))
    return (run | Q(**{f"{to_class}supervisor": person})) & Q(~learns)


def _number(attempts: QuerySet[Attempt], of: str) -> Coalesce:
    counted = (
        attempts.filter(room=OuterRef("pk"))
        .order_by()
        .values("room")
        .annotate(n=Count(of, distinct=True))
    )
    return Coalesce(Subquery(counted.values("n"), IntegerField()), 0)


# --- The board of a room -----------------------------------------------------------------------


class Showing(StrEnum):
    """Which people of a room to show."""

    NEEDED = "needed"
    WRITING = "writing"
    HANDED_IN = "handed_in"
    NOT_ENTERED = "not_entered"
    ALL = "all"

    @property
    def label(self) -> Promise:
        return _LABELS[self]


_LABELS = {
    Showing.NEEDED: _("Needs attention"),
    Showing.WRITING: _("Writing"),
    Showing.HANDED_IN: _("Have handed in"),
    Showing.NOT_ENTERED: _("Not come in"),
    Showing.ALL: _("All"),
}


@dataclass(frozen=True)
class Seat:
    """One person in a room, and how far they are."""

    name: str
    attempt_id: int | None
    state: rules.SeatState
    answered: int
    last_answer_at: datetime | None
    seen_at: datetime | None
    must_end_at: datetime | None
    handed_in_at: datetime | None
    left: timedelta | None
    on_paper: str  # who brought the answer sheet in, and when

    @property
    def is_under_way(self) -> bool:
        return self.state in {rules.SeatState.WRITING, rules.SeatState.SILENT}

    @property
    def minutes_left(self) -> int:
        """Whole minutes, counted up: nobody is told 0 while there is time."""
        return -(-self.left // timedelta(minutes=1)) if self.left else 0


@dataclass(frozen=True)
class RoomFigures:
    expected: int
    entered: int
    writing: int
    silent: int
    handed_in: int
    voided: int

    def of(self, showing: Showing) -> int:
        return {
            Showing.NEEDED: self.silent,
            Showing.WRITING: self.writing,
            Showing.HANDED_IN: self.handed_in + self.voided,
            Showing.NOT_ENTERED: self.expected - self.entered,
            Showing.ALL: self.expected,
        }[showing]


_ENTERED = Q(attempt_id__isnull=False)
_WRITING = _ENTERED & Q(handed_in_at=None)


def people_in(room: ExamRoom) -> QuerySet[Person]:
    """Who has entered this room, and who is expected: the learners of its bridge point.

    Annotated with the latest attempt here: `attempt_id`, `handed_in_at`, `voided_at`,
    `must_end_at`, `seen_at`, and for an answer sheet `brought_in_at`, `brought_in_by`.
    """
    here = Attempt.objects.filter(room=room, person=OuterRef("pk"))
    latest = here.order_by("-number")
    elsewhere = Attempt.objects.filter(sitting=room.sitting_id, person=OuterRef("pk")).exclude(
        room=room
    )
    expected = Enrolment.objects.active().filter(
        training_class=room.sitting.training_class_id,
        bridge_point=room.bridge_point_id,
        person=OuterRef("pk"),
    )
    is_expected = Exists(expected) & ~Exists(elsewhere) if room.bridge_point_id else Q(pk__in=[])
    moment = DateTimeField()
    return (
        Person.objects.filter(Exists(here) | is_expected)
        .annotate(
            attempt_id=Subquery(latest.values("pk")[:1]),
            handed_in_at=Subquery(latest.values("handed_in_at")[:1], moment),
            voided_at=Subquery(latest.values("voided_at")[:1], moment),
            must_end_at=Subquery(latest.values("must_end_at")[:1], moment),
            seen_at=Subquery(latest.values("last_seen__seen_at")[:1], moment),
            brought_in_at=Subquery(latest.values("sheet__brought_in_at")[:1], moment),
            brought_in_by=Subquery(latest.values("sheet__brought_in_by__full_name")[:1]),
        )
        .order_by("sort_key", "pk")
    )


def figures_of(people: QuerySet[Person], at: datetime) -> RoomFigures:
    """Rows of `people_in`, counted in one query."""
    counts = people.order_by().aggregate(
        expected=Count("pk"),
        entered=Count("pk", filter=_ENTERED),
        writing=Count("pk", filter=_WRITING),
        silent=Count("pk", filter=_WRITING & _silent(at)),
        handed_in=Count("pk", filter=Q(handed_in_at__isnull=False, voided_at=None)),
        voided=Count("pk", filter=Q(voided_at__isnull=False)),
    )
    return RoomFigures(**counts)


def shown_people(people: QuerySet[Person], showing: Showing, at: datetime) -> QuerySet[Person]:
    narrowed = {
        Showing.NEEDED: _WRITING & _silent(at),
        Showing.WRITING: _WRITING,
        Showing.HANDED_IN: Q(handed_in_at__isnull=False),
        Showing.NOT_ENTERED: Q(attempt_id=None),
        Showing.ALL: Q(),
    }
    return people.filter(narrowed[showing])


def seats_of(people: Sequence[Person], at: datetime) -> list[Seat]:
    """One page of `people_in` as its rows, in one query more."""
    attempts = [attempt for each in people if (attempt := _of(each, "attempt_id"))]
    answers = (
        Answer.objects.filter(attempt__in=attempts)
        .exclude(chosen=[])
        .order_by()
        .values("attempt")
        .annotate(n=Count("pk"), last=Max("saved_at"))
    )
    given = {row["attempt"]: (row["n"], row["last"]) for row in answers}
    return [_seat(each, given.get(_of(each, "attempt_id"), (0, None)), at) for each in people]


def asked_in(room: ExamRoom) -> int:
    """How many questions everybody in the room is asked."""
    return number_of_questions(room.sitting.paper_id)


def _seat(person: Person, given: tuple[int, datetime | None], at: datetime) -> Seat:
    attempt_id, end = _of(person, "attempt_id"), _of(person, "must_end_at")
    handed_in_at, seen_at = _of(person, "handed_in_at"), _of(person, "seen_at")
    brought_in_at = _of(person, "brought_in_at")
    return Seat(
        name=person.full_name,
        attempt_id=attempt_id,
        state=rules.seat_state(
            entered=attempt_id is not None,
            handed_in_at=handed_in_at,
            voided_at=_of(person, "voided_at"),
            seen_at=seen_at,
            at=at,
        ),
        answered=given[0],
        last_answer_at=given[1],
        seen_at=seen_at,
        must_end_at=end,
        handed_in_at=handed_in_at,
        left=rules.time_left(end, at) if end and not handed_in_at else None,
        on_paper=brought_in(_of(person, "brought_in_by"), brought_in_at) if brought_in_at else "",
    )


def _silent(at: datetime) -> Q:
    return Q(seen_at=None) | Q(seen_at__lt=at - rules.SILENT_AFTER)


def _of(person: Person, name: str) -> Any:
    """What `people_in` has annotated."""
    return getattr(person, name)


def attempts_in(room: ExamRoom) -> QuerySet[Attempt]:
    """The attempts a supervisor may act on, with their people's names at hand."""
    return (
        Attempt.objects.filter(room=room)
        .select_related("person")
        .order_by("person__sort_key", "pk")
    )


def people_on_duty(sitting: Sitting) -> QuerySet[Person]:
    """Whoever supervises the class, chairs or coordinates at one of its bridge points.

    Without those who learn in it: nobody supervises a test they sit themselves.
    """
    points = BridgePoint.objects.filter(training_class=sitting.training_class_id)
    return Person.objects.filter(
        Q(pk=sitting.training_class.supervisor_id)
        | Q(pk__in=points.values("coordinator"))
        | Q(pk__in=points.values("chair")),
        ~Exists(
            Enrolment.objects.active().filter(
                training_class=sitting.training_class_id, person=OuterRef("pk")
            )
        ),
    ).order_by("sort_key", "pk")
