"""Before and after: what changed between two sittings of a class on one scale."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from django.db.models import Count, F, Q, QuerySet

from hocvu.classes.models import TrainingClass
from hocvu.measurement.models import AdaptiveRun, AdaptiveSitting, Purpose
from hocvu.measurement.rules.measuring import Estimate
from hocvu.people.models import Person
from hocvu.psychometrics.ability import Abilities
from hocvu.psychometrics.errors import TooFewPeople
from hocvu.psychometrics.growth import Change, GroupGrowth, change, group_growth


@dataclass(frozen=True)
class Pair:
    """Two sittings of a class on one scale: one before it, one after it."""

    before: AdaptiveSitting
    after: AdaptiveSitting


def pair_of(training_class: TrainingClass | int) -> Pair | None:
    """The latest two that belong together; none if the class was not measured twice."""
    found = AdaptiveSitting.objects.filter(
        training_class=training_class, purpose__in=[Purpose.BEFORE, Purpose.AFTER]
    )
    sittings = list(found.select_related("test__scale").order_by("-opens_at", "-pk"))
    for after in sittings:
        for before in sittings:
            belong = before.test.scale_id == after.test.scale_id
            if belong and (before.purpose, after.purpose) == (Purpose.BEFORE, Purpose.AFTER):
                return Pair(before, after)
    return None


def measured_runs(sittings: Iterable[AdaptiveSitting]) -> QuerySet[AdaptiveRun]:
    """Ended runs with at least as many answers as their test asks."""
    return (
        AdaptiveRun.objects.filter(sitting__in=list(sittings), ended_at__isnull=False)
        .alias(given=Count("steps", filter=Q(steps__answered_at__isnull=False)))
        .filter(given__gte=F("sitting__test__least_questions"))
    )


def growth_of_class(pair: Pair, people: QuerySet[Person] | Iterable[int]) -> GroupGrowth | None:
    """What these people of a class gained; none for fewer than three measured twice. Two queries.

    With estimates that do not lean towards the mean: those that do make growth look smaller.
    """
    wanted = sorted({each if isinstance(each, int) else each.pk for each in people})
    before, after = _estimates(pair.before), _estimates(pair.after)
    try:
        return group_growth(_abilities(wanted, before), _abilities(wanted, after))
    except TooFewPeople:
        return None


def growth_of_person(pair: Pair, person: Person) -> Change | None:
    """What one person gained; none if they were not measured twice."""
    before = _estimates(pair.before, person).get(person.pk)
    after = _estimates(pair.after, person).get(person.pk)
    return change_between(before, after)


def change_between(before: Estimate | None, after: Estimate | None) -> Change | None:
    if before is None or after is None:
        return None
    return change((before.theta, before.se), (after.theta, after.se))


def _estimates(sitting: AdaptiveSitting, person: Person | None = None) -> dict[int, Estimate]:
    """By person, without the lean; the last measured run stands."""
    runs = measured_runs([sitting]).filter(plain_theta__isnull=False)
    if person is not None:
        runs = runs.filter(person=person)
    rows = runs.order_by("number").values_list("person_id", "plain_theta", "plain_se")
    # An estimate of answers that were given is never empty.
    return {person_id: Estimate(theta or 0.0, se or 0.0) for person_id, theta, se in rows}


def _abilities(people: Iterable[int], known: Mapping[int, Estimate]) -> Abilities:
    """In the order of the people; not a number for whoever was not measured."""
    unknown = Estimate(np.nan, np.nan)
    found = [known.get(person_id, unknown) for person_id in people]
    return Abilities(
        np.array([each.theta for each in found], dtype=float),
        np.array([each.se for each in found], dtype=float),
    )
