"""Questions in the shape of the roll call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import (
    Count,
    Exists,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.classes.models import (
    ClassSession,
    Enrolment,
    Presence,
    Roll,
    RollMark,
)
from hocvu.classes.queries.access import rolls_open_to
from hocvu.classes.rules import CheckInCode, Reading, check_in_code, read_token
from hocvu.courses.queries import titles_of
from hocvu.people.models import Person

RollRead = TypeVar("RollRead", bound=Roll)  # a roll, with or without annotations


@dataclass(frozen=True)
class RollRow:
    """A learner on a roll, with the mark that stands (nothing when not marked yet)."""

    enrolment_id: int
    name: str
    unit: str
    presence: str
    marked_at: datetime | None
    reason: str
    mark_id: int

    @property
    def key(self) -> str:
        return str(self.enrolment_id)

    @property
    def pressed(self) -> str:
        """As `aria-pressed` wants it."""
        return "true" if self.presence == Presence.PRESENT else "false"

    @property
    def note(self) -> str:
        """What stands under the name: the mark and its time or reason, or else the unit."""
        if not self.presence or self.marked_at is None:
            return self.unit
        if self.presence == Presence.PRESENT:
            return _("saved at %(time)s") % {"time": f"{localtime(self.marked_at):%H:%M}"}
        words = str(Presence(self.presence).label)
        return f"{words}: {self.reason}" if self.reason else words


@dataclass(frozen=True)
class SessionAhead:
    """A session that somebody will attend or look after."""

    session_id: int
    roll_id: int
    class_name: str
    number: int
    starts_at: datetime
    ends_at: datetime
    topic: str
    bridge_point: str
    roll_is_open: bool
    is_checked_in: bool


def rows_of(roll: Roll) -> list[RollRow]:
    """The whole roll by given name, in one query."""
    rows = (
        Enrolment.objects.filter(bridge_point=roll.bridge_point_id)
        .annotate(
            mark=FilteredRelation(
                "marks", condition=Q(marks__roll=roll.pk, marks__superseded_at=None)
            )
        )
        .filter(Q(withdrawn_at=None) | Q(mark__isnull=False))
        .order_by("person__sort_key", "pk")
        .values_list(
            "pk",
            "person__full_name",
            "unit__name",
            "mark__presence",
            "mark__marked_at",
            "mark__reason",
            "mark__pk",
        )
    )
    return [
        RollRow(pk, name, unit, presence or "", marked_at, reason or "", mark_id or 0)
        for pk, name, unit, presence, marked_at, reason, mark_id in rows
    ]


def rows_to_enter(roll: Roll) -> list[RollRow]:
    """The names a paper sheet can be entered for: without those who have left the class."""
    left = set(
        Enrolment.objects.filter(bridge_point=roll.bridge_point_id)
        .exclude(withdrawn_at=None)
        .values_list("pk", flat=True)
    )
    return [row for row in rows_of(roll) if row.enrolment_id not in left]


def marks_since(roll: Roll, mark_id: int) -> QuerySet[RollMark]:
    """Standing marks made after this one, oldest first: what a page that is open needs to hear."""
    return roll.marks.filter(pk__gt=mark_id, superseded_at=None).order_by("pk")


def last_mark_in(rows: Iterable[RollRow]) -> int:
    """The newest mark these rows show, so that a page can ask for what came after; 0 when none.

    Taken from the rows themselves: a mark that came in after they were read is asked for,
    not taken for shown.
    """
    return max((row.mark_id for row in rows), default=0)


def present_at(roll: Roll) -> int:
    """Names standing as present."""
    return roll.marks.filter(superseded_at=None, presence=Presence.PRESENT).count()


def expected_at(roll: Roll) -> int:
    """Learners enrolled at the roll's bridge point."""
    return Enrolment.objects.active().filter(bridge_point=roll.bridge_point_id).count()


def marks_of(roll: Roll, enrolment: Enrolment) -> QuerySet[RollMark]:
    """Every mark ever made for a learner on a roll, newest first."""
    return (
        RollMark.objects.filter(roll=roll, enrolment=enrolment)
        .select_related("marked_by")
        .order_by("-pk")
    )


def code_for(roll: Roll, at: datetime) -> CheckInCode:
    """The code the screen of this roll shows at this moment."""
    return check_in_code(check_in_secret(), roll.session_id, roll.bridge_point_id, at)


def check_in_secret() -> bytes:
    return f"hocvu.classes.check-in:{settings.SECRET_KEY}".encode()


def rolls_of(session: ClassSession) -> QuerySet[Roll]:
    """The board of a session: its rolls with people on duty and numbers of learners."""
    learners = (
        Enrolment.objects.active()
        .filter(bridge_point=OuterRef("bridge_point"))
        .order_by()
        .values("bridge_point")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        Roll.objects.filter(session=session)
        .select_related("bridge_point__coordinator", "bridge_point__unit")
        .annotate(expected=Coalesce(Subquery(learners), 0))
    )


def duties_of(person: Person) -> QuerySet[Roll]:
    """Rolls of the bridge points where this person has a duty, in order of time."""
    return (
        rolls_open_to(person)
        .filter(
            Q(bridge_point__coordinator=person)
            | Q(bridge_point__chair=person)
            | Q(bridge_point__technical_contact=person)
        )
        .order_by("session__starts_at", "pk")
    )


def class_sessions_ahead_of(person: Person, at: datetime) -> list[SessionAhead]:
    """Sessions not yet over of the classes this person learns in, in order of time; two queries."""
    standing = RollMark.objects.filter(
        roll=OuterRef("pk"),
        enrolment__person=person,
        superseded_at=None,
        presence=Presence.PRESENT,
    )
    rolls = Roll.objects.filter(
        bridge_point__enrolments__person=person,
        bridge_point__enrolments__withdrawn_at=None,
        session__ends_at__gte=at,
        session__called_off_at=None,
        session__training_class__closed_at=None,
    ).annotate(is_checked_in=Exists(standing))
    return [_ahead(roll, is_checked_in=roll.is_checked_in) for roll in _in_order_of_time(rolls)]


def duties_ahead_of(person: Person, at: datetime) -> list[SessionAhead]:
    """Sessions not yet over of the bridge points this person looks after; two queries."""
    rolls = duties_of(person).filter(
        session__ends_at__gte=at,
        session__called_off_at=None,
        session__training_class__closed_at=None,
    )
    return [_ahead(roll, is_checked_in=False) for roll in _in_order_of_time(rolls)]


def _in_order_of_time(rolls: QuerySet[RollRead]) -> QuerySet[RollRead]:
    return (
        rolls.select_related("session__training_class", "session__topic", "bridge_point")
        .prefetch_related("session__also_topics")
        .order_by("session__starts_at", "pk")
    )


def _ahead(roll: Roll, *, is_checked_in: bool) -> SessionAhead:
    session = roll.session
    return SessionAhead(
        session_id=session.pk,
        roll_id=roll.pk,
        class_name=session.training_class.name,
        number=session.number,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        topic="; ".join(titles_of(session.topics)),
        bridge_point=roll.bridge_point.name,
        roll_is_open=roll.opened_at is not None and roll.closed_at is None,
        is_checked_in=is_checked_in,
    )


def own_marks(person: Person) -> QuerySet[RollMark]:
    """Where this person stands as present."""
    return RollMark.objects.filter(
        enrolment__person=person, superseded_at=None, presence=Presence.PRESENT
    ).select_related("roll__session__training_class", "roll__session__topic", "roll__bridge_point")


def own_roll(person: Person, reading: Reading) -> Roll | None:
    """The roll a scanned code is for, when this person is on it."""
    return (
        Roll.objects.filter(
            session=reading.session_id,
            bridge_point=reading.bridge_point_id,
            bridge_point__enrolments__person=person,
            bridge_point__enrolments__withdrawn_at=None,
        )
        .select_related("session__training_class", "session__topic", "bridge_point")
        .first()
    )


def reading_of(token: str, at: datetime) -> Reading | None:
    """What a scanned token says at this moment; nothing when it is not ours."""
    return read_token(check_in_secret(), token, at)


class Attention(models.TextChoices):
    """How the rolls of a session are sorted out on its board."""

    NEEDED = "needed", gettext_lazy("Needs attention")
    OPEN = "open", gettext_lazy("Roll open")
    CLOSED = "closed", gettext_lazy("Roll closed")
    ALL = "all", gettext_lazy("All")


def rolls_to_show(session: ClassSession, shown: Attention, at: datetime) -> QuerySet[Roll]:
    """The rolls a board shows: all, one state, or those late in opening or closing."""
    rolls = rolls_of(session).order_by("bridge_point__unit__sort_key", "pk")
    if shown is Attention.OPEN:
        return rolls.filter(opened_at__isnull=False, closed_at=None)
    if shown is Attention.CLOSED:
        return rolls.exclude(closed_at=None)
    if shown is Attention.NEEDED:
        return rolls.filter(_needs_attention(session, at))
    return rolls


@dataclass(frozen=True)
class SessionFigures:
    points: int
    opened: int
    closed: int
    needed: int
    heads: int


def figures_of(session: ClassSession, at: datetime) -> SessionFigures:
    """What the board of a session says at its head; one query."""
    counted = Roll.objects.filter(session=session).aggregate(
        points=Count("pk"),
        opened=Count("pk", filter=Q(opened_at__isnull=False)),
        closed=Count("pk", filter=Q(closed_at__isnull=False)),
        needed=Count("pk", filter=_needs_attention(session, at)),
        heads=Coalesce(Sum("head_count"), 0),
    )
    return SessionFigures(**counted)


def _needs_attention(session: ClassSession, at: datetime) -> Q:
    # A point where nobody is enrolled, such as the studio itself, has no roll to wait for.
    if session.is_called_off:
        return Q(pk__in=[])
    expected = Q(Exists(Enrolment.objects.active().filter(bridge_point=OuterRef("bridge_point"))))
    if at >= session.ends_at:
        return expected & Q(closed_at=None)
    if at >= session.starts_at:
        return expected & Q(opened_at=None)
    return Q(pk__in=[])
