"""Which written answers wait for a mark."""

from typing import Any

from django.db.models import (
    Aggregate,
    BooleanField,
    Count,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from hocvu.exams.models import Answer, KeyCorrection, Sitting
from hocvu.exams.queries.access import learns_in
from hocvu.exams.queries.keys import corrections_of
from hocvu.items.content import MARKED_BY_PEOPLE
from hocvu.marking.models import FreshMarking, Marker, Marking
from hocvu.marking.rules.double_marking import LARGEST_DIFFERENCE, MARKERS, MARKERS_AT_MOST
from hocvu.people.models import Person

_IS_WRITTEN = 'jsonb_path_exists(%(expressions)s, \'$[*] ? (@ like_regex "=.*\\\\S" flag "s")\')'


def answers_waiting() -> QuerySet[Answer]:
    """Written answers of attempts that were handed in, not settled, each with its `marks` so far.

    What counts is the latest marking from the beginning. Blank answers earn nothing, and those to
    withdrawn questions everything, without anybody's mark. The rule is that of
    `hocvu.marking.rules.double_marking`, said in SQL.
    """
    return (
        Answer.objects.filter(
            Func(F("chosen"), template=_IS_WRITTEN, output_field=BooleanField()),
            question__kind__in=[kind.value for kind in MARKED_BY_PEOPLE],
            attempt__handed_in_at__isnull=False,
            attempt__voided_at=None,
        )
        .exclude(question__in=_withdrawn())
        .annotate(before=_counted_fresh() * MARKERS_AT_MOST)
        .annotate(
            marks=Coalesce(Subquery(_given(Count("pk")), output_field=IntegerField()), 0),
            apart=Subquery(_given(Max("points") - Min("points")), output_field=_POINTS),
            all_points=Subquery(_given(Max("out_of")), output_field=_POINTS),
        )
        .filter(Q(marks__lt=MARKERS) | _they_differ())
    )


_POINTS = DecimalField(max_digits=6, decimal_places=2)


def answers_to_mark_by(person: Person) -> QuerySet[Answer]:
    """What this person may mark now: of the sittings they are a marker of.

    Never their own, nor of a class they supervise or learn in: as `policies.can_mark` says.
    """
    sittings = Marker.objects.filter(person=person, released_at=None).values("sitting")
    given = Marking.objects.filter(
        attempt=OuterRef("attempt"), question=OuterRef("question"), marker=person
    )
    return (
        answers_waiting()
        .filter(
            ~learns_in(person, "attempt__sitting__training_class"), attempt__sitting__in=sittings
        )
        .exclude(attempt__person=person)
        .exclude(attempt__sitting__training_class__supervisor=person)
        .exclude(Exists(given))
        .select_related("question", "attempt__sitting__paper", "attempt__sitting__training_class")
    )


def answers_marked_by(person: Person) -> QuerySet[Answer]:
    given = Marking.objects.filter(
        attempt=OuterRef("attempt"), question=OuterRef("question"), marker=person
    )
    return Answer.objects.filter(Exists(given))


def is_a_marker(person: Person) -> bool:
    return Marker.objects.filter(person=person, released_at=None).exists()


def answers_waiting_in(sitting: Sitting) -> int:
    return answers_waiting().filter(attempt__sitting=sitting).count()


def markers_of(sitting: Sitting) -> QuerySet[Marker]:
    """Those who mark this sitting now, with `given`: how many marks they have given."""
    given = (
        Marking.objects.filter(attempt__sitting=sitting, marker=OuterRef("person"))
        .order_by()
        .values("marker")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        Marker.objects.filter(sitting=sitting, released_at=None)
        .select_related("person", "appointed_by")
        .annotate(given=Coalesce(Subquery(given, output_field=IntegerField()), 0))
        .order_by("person__sort_key", "pk")
    )


def _they_differ() -> Q:
    """By more than the largest difference; compared in whole numbers."""
    apart = F("apart") * LARGEST_DIFFERENCE.denominator
    return Q(marks=MARKERS) & Q(all_points__lt=apart / LARGEST_DIFFERENCE.numerator)


def _given(counted: Aggregate | CombinedExpression) -> Any:
    """Of the marks that count, this one figure."""
    marks = Marking.objects.filter(
        attempt=OuterRef("attempt"), question=OuterRef("question"), round__gt=OuterRef("before")
    )
    return marks.order_by().values("attempt").annotate(figure=counted).values("figure")


def _counted_fresh() -> Coalesce:
    fresh = FreshMarking.objects.filter(attempt=OuterRef("attempt"), question=OuterRef("question"))
    counted = fresh.order_by().values("attempt").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _withdrawn() -> list[int]:
    """Written questions whose points everybody got."""
    kinds = [kind.value for kind in MARKED_BY_PEOPLE]
    corrected = KeyCorrection.objects.filter(question__kind__in=kinds)
    decided = corrections_of(corrected.values_list("question", flat=True))
    return [pk for pk, correction in decided.items() if correction.everybody]
