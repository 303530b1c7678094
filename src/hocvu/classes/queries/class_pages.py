"""Questions in the shape of the pages about classes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import (
    Count,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from hocvu.classes.models import BridgePoint, ClassSession, Enrolment, Roll, TrainingClass
from hocvu.classes.queries.access import classes_open_to
from hocvu.classes.rules import Stage, nearest_point, stage_of
from hocvu.courses.queries import titles_of
from hocvu.kernel.vietnamese import fold
from hocvu.people.models import Person, Post
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.units.models import COMMUNAL_KINDS, Unit


@dataclass(frozen=True)
class SessionRow:
    """One line of a class's timetable, with how many bridge points have opened and closed."""

    pk: int
    number: int
    starts_at: datetime
    ends_at: datetime
    half: str
    topics: tuple[str, ...]
    opened: int
    closed: int
    heads: int
    called_off_because: str


@dataclass(frozen=True)
class ClassOverview:
    stage: Stage
    learners: int
    bridge_points: int
    sessions: tuple[SessionRow, ...]

    @property
    def sessions_to_hold(self) -> int:
        return sum(1 for session in self.sessions if not session.called_off_because)

    @property
    def sessions_held(self) -> int:
        return sum(1 for session in self.sessions if session.closed)

    @property
    def next_session(self) -> SessionRow | None:
        """The first session to hold that nobody has closed a roll of."""
        waiting = (
            each for each in self.sessions if not each.closed and not each.called_off_because
        )
        return min(waiting, key=lambda session: session.starts_at, default=None)


def class_list(person: Person) -> QuerySet[TrainingClass]:
    """The list of classes, with their numbers of learners and bridge points."""
    return classes_open_to(person).annotate(
        learner_count=_counted(Enrolment.objects.active(), "training_class"),
        point_count=_counted(BridgePoint.objects.all(), "training_class"),
    )


def overview_of(training_class: TrainingClass) -> ClassOverview:
    """The head of a class record: four queries, whatever the size of the class."""
    sessions = tuple(
        SessionRow(
            pk=session.pk,
            number=session.number,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            half=session.get_half_display(),
            topics=titles_of(session.topics),
            opened=session.opened,
            closed=session.closed,
            heads=session.heads,
            called_off_because=session.called_off_because,
        )
        for session in ClassSession.objects.filter(training_class=training_class)
        .select_related("topic")
        .prefetch_related("also_topics")
        .annotate(
            opened=Count("rolls", filter=Q(rolls__opened_at__isnull=False)),
            closed=Count("rolls", filter=Q(rolls__closed_at__isnull=False)),
            heads=Coalesce(Sum("rolls__head_count"), 0),
        )
        .order_by("number")
    )
    learners = training_class.enrolments.filter(withdrawn_at=None).count()
    stage = stage_of(
        is_closed=training_class.is_closed,
        learners=learners,
        sessions=sum(1 for session in sessions if not session.called_off_because),
        sessions_held=sum(1 for session in sessions if session.closed),
    )
    return ClassOverview(stage, learners, training_class.bridge_points.count(), sessions)


def bridge_points_of(training_class: TrainingClass) -> QuerySet[BridgePoint]:
    """The list of bridge points: people on duty, numbers of learners and of closed rolls."""
    return (
        BridgePoint.objects.filter(training_class=training_class)
        .select_related("unit", "chair", "coordinator", "technical_contact")
        .annotate(
            learner_count=_counted(Enrolment.objects.active(), "bridge_point"),
            closed_count=_counted(Roll.objects.exclude(closed_at=None), "bridge_point"),
        )
    )


def learners_of(training_class: TrainingClass) -> QuerySet[Enrolment]:
    """Active learners by given name, with the number of sessions they were marked present at."""
    return (
        Enrolment.objects.active()
        .filter(training_class=training_class)
        .select_related("person", "unit", "bridge_point")
        .annotate(
            attended=Subquery(
                Roll.objects.filter(
                    marks__enrolment=OuterRef("pk"),
                    marks__superseded_at=None,
                    marks__presence="present",
                    closed_at__isnull=False,
                )
                .order_by()
                .values("marks__enrolment")
                .annotate(n=Count("pk"))
                .values("n"),
                output_field=IntegerField(),
            )
        )
        .order_by("person__sort_key", "pk")
    )


def people_to_enrol(person: Person, training_class: TrainingClass, *, on: date) -> QuerySet[Person]:
    """People within reach who are not in the class, with their main post of that day."""
    held = Q(Q(posts__from_on=None) | Q(posts__from_on__lte=on)) & Q(
        Q(posts__until_on=None) | Q(posts__until_on__gt=on)
    )
    enrolled = Enrolment.objects.active().filter(training_class=training_class)
    return (
        Person.objects.annotate(
            post=FilteredRelation("posts", condition=Q(posts__is_main=True) & held)
        )
        .filter(scope_of(person).reach(Permission.SEE_PEOPLE, "post__unit"))
        .exclude(pk__in=enrolled.values("person_id"))
        .annotate(unit_name=F("post__unit__name"), post_title=F("post__title"))
    )


def people_of_unit(person: Person, unit: Unit, *, on: date) -> dict[int, str]:
    """Everybody within reach whose main post is at or below a unit: their own unit's path."""
    return dict(
        Post.objects.held_on(on)
        .filter(
            scope_of(person).reach(Permission.SEE_PEOPLE),
            is_main=True,
            unit__path__startswith=unit.path,
        )
        .values_list("person_id", "unit__path")
    )


def paths_of_people(person: Person, person_ids: list[int], *, on: date) -> dict[int, str]:
    """The path of each person's own unit, for those of them within reach."""
    return dict(
        Post.objects.held_on(on)
        .filter(
            scope_of(person).reach(Permission.SEE_PEOPLE), is_main=True, person_id__in=person_ids
        )
        .values_list("person_id", "unit__path")
    )


def nearest_points(training_class: TrainingClass, path_of: dict[int, str]) -> dict[int, int | None]:
    """Where each person follows the class: at the bridge point closest above their own unit."""
    point_at = dict(
        BridgePoint.objects.filter(training_class=training_class).values_list("unit__path", "pk")
    )
    return {person_id: nearest_point(path, point_at) for person_id, path in path_of.items()}


def units_to_choose(person: Person, may: Permission, text: str) -> QuerySet[Unit]:
    """Units within reach whose name holds every word typed, the widest first."""
    units = Unit.objects.filter(scope_of(person).reach(may, ""), closed_on=None)
    return _holding(units, "search_key", text).order_by("path")


def people_called(person: Person, text: str, *, on: date, first: Unit) -> QuerySet[Post]:
    """Main posts within reach, by name; of the people of one unit when no name is typed."""
    posts = (
        Post.objects.held_on(on)
        .filter(scope_of(person).reach(Permission.SEE_PEOPLE), is_main=True)
        .select_related("person", "unit")
        .order_by("person__sort_key", "pk")
    )
    if not text.strip():
        return posts.filter(unit__path__startswith=first.path)
    return _holding(posts, "person__search_key", text)


def _holding(rows: QuerySet, key: str, text: str) -> QuerySet:  # type: ignore[type-arg]
    for word in fold(text).split():
        rows = rows.filter(**{f"{key}__contains": word})
    return rows


def _counted(rows: QuerySet, to: str) -> Coalesce:  # type: ignore[type-arg]
    """How many of these rows point at the row of the outer query."""
    counted = (
        rows.filter(**{to: OuterRef("pk")})
        .order_by()
        .values(to)
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


_MANY_UNITS = 400


def units_to_host(person: Person | None) -> QuerySet[Unit]:
    """Units where this person may open classes; of a wide scope, all but the communes."""
    if person is None:
        return Unit.objects.none()
    units = units_to_choose(person, Permission.RUN_CLASSES, "")
    if units.count() > _MANY_UNITS:
        return units.exclude(kind__in=COMMUNAL_KINDS)
    return units


def filtered_classes(
    classes: QuerySet[TrainingClass], *, text: str, state: str, starts_from: date | None
) -> QuerySet[TrainingClass]:
    """The classes a filter asks for; names are found without tone marks."""
    if starts_from:
        classes = classes.filter(starts_on__gte=starts_from)
    if state:
        classes = classes.filter(closed_at__isnull=state == "open")
    words = fold(text).split()
    if words:
        named = [
            pk
            for pk, name, code in classes.order_by().values_list("pk", "name", "code")
            if all(word in fold(f"{name} {code}") for word in words)
        ]
        classes = classes.filter(pk__in=named)
    return classes


def filtered_points(points: QuerySet[BridgePoint], text: str) -> QuerySet[BridgePoint]:
    return _holding(points, "unit__search_key", text)


def filtered_learners(
    learners: QuerySet[Enrolment], *, text: str, unit: str
) -> QuerySet[Enrolment]:
    found: QuerySet[Enrolment] = _holding(learners, "person__search_key", text)
    return _holding(found, "unit__search_key", unit)


def filtered_people(people: QuerySet[Person], *, text: str, unit: str) -> QuerySet[Person]:
    found: QuerySet[Person] = _holding(people, "search_key", text)
    return _holding(found, "post__unit__search_key", unit)


@dataclass(frozen=True)
class UnitWithPeople:
    """A unit to choose, with everybody whose main post is at or below it."""

    pk: int
    name: str
    above: str
    people: int


def with_head_counts(units: QuerySet[Unit], *, on: date) -> list[UnitWithPeople]:
    people = (
        Post.objects.held_on(on)
        .filter(is_main=True, unit__path__startswith=OuterRef("path"))
        .order_by()
        .values(everybody=Value(1))
        .annotate(n=Count("pk"))
        .values("n")
    )
    counted = units.select_related("parent").annotate(people=Coalesce(Subquery(people), 0))
    return [
        UnitWithPeople(unit.pk, unit.name, unit.parent.name if unit.parent else "", unit.people)
        for unit in counted
    ]


def placements_of_newcomers(
    training_class: TrainingClass, path_of: dict[int, str]
) -> dict[int, int | None]:
    """Places for those who are not in the class yet, each at the bridge point nearest to them."""
    enrolled = set(
        Enrolment.objects.active()
        .filter(training_class=training_class)
        .values_list("person_id", flat=True)
    )
    newcomers = {person: path for person, path in path_of.items() if person not in enrolled}
    return nearest_points(training_class, newcomers)
