"""Coverage."""

from journeys.doors.door import Door
from journeys.doors.eyes import above


def _tell_coverage(eyes, unit):
    below = [each for each in eyes.world.units if unit in above(each)]
    return eyes.tell_units([*below, *(each for each in above(unit) if each in eyes.seen)])


def _tell_missing(eyes, unit):
    told = eyes.tell_units([each for each in above(unit) if each in eyes.seen])
    for standing in eyes.world.standings:
        if unit in above(standing.unit) and standing.unit in eyes.seen:
            told |= eyes.tell_names(standing.person) | eyes.tell_units([standing.unit])
    return told


DOORS = {
    "campaigns:start": Door(tells=lambda eyes, _: eyes.tell_units(eyes.seen)),
    "campaigns:unit": Door(
        things=lambda world: world.units,
        opens=lambda eyes, unit: unit in eyes.seen,
        tells=_tell_coverage,
    ),
    "campaigns:missing": Door(
        things=lambda world: world.units,
        opens=lambda eyes, unit: unit in eyes.seen,
        tells=_tell_missing,
    ),
}
