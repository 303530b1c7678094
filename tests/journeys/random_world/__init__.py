"""A random country with everything in it, written as direct rows.

Every name, code and serial carries a mark of its own (`zqxkvbnmtr`), so that a page can be asked
whose marks it shows. A new room adds a module with what it keeps, and its maker to `_MAKERS`.
"""

from random import Random

from journeys.random_world.classes import make_classes, make_rolls
from journeys.random_world.country import (
    ROLES,
    make_coverage,
    make_grants,
    make_people,
    make_rosters,
    make_units,
)
from journeys.random_world.credentials import make_certificates
from journeys.random_world.exams import make_framework, make_tests
from journeys.random_world.marking import make_marking
from journeys.random_world.measurement import make_measurement
from journeys.random_world.notices import make_notices
from journeys.random_world.questions import make_questions
from journeys.random_world.recognition import make_decisions
from journeys.random_world.situations import make_situations
from journeys.random_world.stationery import make_stationery
from journeys.random_world.verification import make_access_keys
from journeys.random_world.wallet import make_wallets
from journeys.random_world.world import World

__all__ = ["ROLES", "random_world"]

_MAKERS = (
    make_units,
    make_people,
    make_grants,
    make_framework,
    make_classes,
    make_rolls,
    make_questions,
    make_tests,
    make_marking,
    make_situations,
    make_measurement,
    make_decisions,
    make_certificates,
    make_rosters,
    make_coverage,
    make_stationery,
    make_access_keys,
    make_wallets,
    make_notices,
)


def random_world(seed):
    world = World(Random(seed))
    for make in _MAKERS:
        make(world)
    return world
