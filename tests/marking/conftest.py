"""The scene of the tests of `exams`, with three people who mark."""

import pytest

from exams.conftest import (  # noqa: F401 — the fixtures themselves
    chief,
    classmate,
    commune,
    essay,
    framework,
    learner,
    learning_officer,
    nation,
    officer,
    other_commune,
    paper,
    phone,
    questions,
    sitting,
    stranger,
    supervisor,
    training_class,
    waiting,
)
from exams.scenes import NINE, grant, person
from hocvu.marking.actions import appoint_marker


@pytest.fixture
def markers(sitting, officer, commune):  # noqa: F811 — fixtures, asked for by name
    """Three teachers of the commune, appointed."""
    names = "Vũ Chấm Một", "Vũ Chấm Hai", "Vũ Chấm Ba"
    people = [grant(person(name), "teacher", commune) for name in names]
    for each in people:
        appoint_marker(sitting, each, by=officer, at=NINE)
    return people
