"""The entrance, and what belongs to no room."""

from journeys.doors.door import Door, acts
from journeys.doors.exams import tell_own_tests
from journeys.doors.situations import tell_own_exercises

DOORS = {
    "set_language": Door(is_public=True, posts=acts(lambda _e, _t: True)),
    "portal:front": Door(is_public=True),
    "portal:home": Door(
        tells=lambda eyes, _: (
            eyes.tell_own_classes()
            | eyes.tell_duties()
            | tell_own_tests(eyes)
            | tell_own_exercises(eyes)
        )
    ),
}
