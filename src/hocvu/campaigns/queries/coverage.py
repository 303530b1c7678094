"""Coverage as pages show it."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest

from hocvu.campaigns.models import Campaign, CoverageSummary, Standing, Target, WhyMissing
from hocvu.campaigns.rules import Distance, distance_to_target
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.units.models import COMMUNAL_KINDS, PROVINCIAL_KINDS, Unit, UnitKind


@dataclass(frozen=True)
class Coverage:
    """The figures of one unit and everything below it."""

    in_scope: int
    trained: int
    assessed: int
    proficient: int
    as_of: datetime | None
    distance: Distance


@dataclass(frozen=True)
class Lamp:
    """A commune on the map: where it is, and how far it has come."""

    unit_id: int
    name: str
    path: str
    longitude: float
    latitude: float
    share: Fraction | None


def current_campaign() -> Campaign | None:
    """The movement whose coverage is shown: the latest one loaded."""
    return Campaign.objects.order_by("-pk").first()


@dataclass(frozen=True)
class Yardstick:
    """The target every unit is held against, and the nation's own coverage under it."""

    target: Target
    share: Fraction
    nation: Unit
    coverage: Coverage
    targets: tuple[Target, ...]


def yardstick_of(campaign: Campaign) -> Yardstick:
    """The earliest target the nation has not reached.

    A target whose period has passed unreached is still owed, so it stays the yardstick; once
    every target is reached, the last one does.
    """
    root = with_coverage(Unit.objects.all(), campaign).get(kind=UnitKind.NATION)
    targets = tuple(campaign.targets.order_by("from_on"))
    for target in targets:
        share = target.exact_share
        found = Yardstick(target, share, root, coverage_shown_by(root, share), targets)
        if not found.coverage.distance.is_reached:
            break
    return found


def units_covered_for(person: Person) -> QuerySet[Unit]:
    """The units whose coverage this person may see."""
    return Unit.objects.filter(scope_of(person).reach(Permission.SEE_COVERAGE, ""))


def top_units_for(person: Person) -> QuerySet[Unit]:
    """The highest units this person may see: where their coverage pages begin."""
    paths = scope_of(person).paths(Permission.SEE_COVERAGE)
    return Unit.objects.filter(path__in=paths).order_by("path")


def units_with_results_for(person: Person) -> QuerySet[Unit]:
    """The units where this person may see who has passed and who has not."""
    return Unit.objects.filter(scope_of(person).reach(Permission.SEE_RESULTS, ""))


def ancestors_covered_for(person: Person, unit: Unit) -> list[Unit]:
    """The units above, from the top down, as far as this person may see their coverage."""
    held = scope_of(person).paths(Permission.SEE_COVERAGE)
    above = [path for path in unit.ancestor_paths[:-1] if path.startswith(held)]
    return list(Unit.objects.filter(path__in=above).order_by("path")) if above else []


def with_coverage(units: QuerySet[Unit], campaign: Campaign) -> QuerySet[Unit]:
    """Units, each with `in_scope, trained, assessed, proficient` and `as_of`."""
    summary = CoverageSummary.objects.filter(campaign=campaign, unit=OuterRef("pk"))
    figures = {
        name: Coalesce(Subquery(summary.values(name)[:1], output_field=IntegerField()), 0)
        for name in ("in_scope", "trained", "assessed", "proficient")
    }
    return units.annotate(**figures, as_of=Subquery(summary.values("as_of")[:1]))


def coverage_shown_by(unit: Any, target: Fraction) -> Coverage:
    """The figures of a unit of `with_coverage`, held against a target."""
    return Coverage(
        unit.in_scope,
        unit.trained,
        unit.assessed,
        unit.proficient,
        unit.as_of,
        distance_of(unit, target),
    )


def children_with_coverage(campaign: Campaign, unit: Unit, target: Fraction) -> QuerySet[Unit]:
    """The units right below, each with its figures and how many people are `missing`."""
    children = with_coverage(Unit.objects.filter(parent=unit, closed_on=None), campaign)
    times = Cast("in_scope", BigIntegerField()) * target.numerator
    needed = (times + target.denominator - 1) / target.denominator  # whole people, rounded up
    nobody = Case(When(in_scope=0, then=1), default=0)  # lists end with units that have nobody
    return children.annotate(missing=Greatest(needed - F("proficient"), 0), nobody=nobody)


def distance_of(unit: Any, target: Fraction) -> Distance:
    """How far a unit of `with_coverage` is from a target."""
    return distance_to_target(unit.proficient, unit.in_scope, target)


_LAMPS = """
SELECT u.id, u.name, u.path, u.longitude, u.latitude,
       coalesce(c.proficient, 0), coalesce(c.in_scope, 0)
FROM units_unit u
LEFT JOIN campaigns_coveragesummary c ON c.unit_id = u.id AND c.campaign_id = %s
WHERE u.path LIKE %s AND u.kind = ANY(%s) AND u.longitude IS NOT NULL AND u.closed_on IS NULL
ORDER BY u.path
"""


def lamps_under(campaign: Campaign, path: str) -> list[Lamp]:
    """Every commune, ward and special zone below a path, in one query of plain values."""
    with connection.cursor() as cursor:
        cursor.execute(_LAMPS, [campaign.pk, f"{path}%", list(COMMUNAL_KINDS)])
        return [
            Lamp(
                unit_id, name, where, longitude, latitude, Fraction(done, scope) if scope else None
            )
            for unit_id, name, where, longitude, latitude, done, scope in cursor.fetchall()
        ]


@dataclass(frozen=True)
class ProvinceOnTheMap:
    """A province as one area of the national map."""

    unit_id: int
    name: str
    path: str
    share: Fraction | None


def provinces_on_the_map(campaign: Campaign) -> list[ProvinceOnTheMap]:
    rows = (
        CoverageSummary.objects.filter(campaign=campaign, unit__kind__in=PROVINCIAL_KINDS)
        .order_by("unit__sort_key")
        .values_list("unit_id", "unit__name", "unit__path", "proficient", "in_scope")
    )
    return [
        ProvinceOnTheMap(unit_id, name, path, Fraction(done, scope) if scope else None)
        for unit_id, name, path, done, scope in rows
    ]


def lit_units(campaign: Campaign, target: Fraction) -> int:
    """How many communes, wards and special zones have reached the target; compared exactly."""
    return (
        CoverageSummary.objects.filter(
            campaign=campaign, unit__kind__in=COMMUNAL_KINDS, in_scope__gt=0
        )
        .alias(have=F("proficient") * target.denominator, need=F("in_scope") * target.numerator)
        .filter(have__gte=F("need"))
        .count()
    )


def why_they_are_missing(standings: QuerySet[Standing]) -> list[tuple[WhyMissing, int]]:
    """How many are missing for each reason, the most frequent first; one statement."""
    counts = {why.value: Count("pk", filter=why.condition) for why in WhyMissing}
    found = standings.order_by().aggregate(**counts)
    reasons = [(why, found[why.value]) for why in WhyMissing if found[why.value]]
    return sorted(reasons, key=lambda each: -each[1])


def people_missing_in(campaign: Campaign, person: Person, unit: Unit) -> QuerySet[Standing]:
    """Who in this unit is not proficient yet: only for those who may see results there."""
    reach = scope_of(person).reach(Permission.SEE_RESULTS, "unit")
    return (
        Standing.objects.filter(reach, campaign=campaign, proficient=False)
        .filter(unit__path__startswith=unit.path)
        .select_related("person", "unit")
    )
