"""The entrance, and what belongs to no room."""

from journeys.doors.door import Door, acts
from journeys.doors.exams import tell_own_tests
from journeys.doors.situations import tell_own_exercises
from journeys.doors.verification import administers_everything


def _is_told(eyes, notice):
    return notice.recipient_id == eyes.me.pk


def _tell_notice(eyes, notice):
    return eyes.marks(*(str(value) for value in notice.facts.values()))


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
    "portal:notices": Door(),
    "portal:notice": Door(things=lambda world: world.notices, opens=_is_told, tells=_tell_notice),
    "portal:notice_language": Door(
        posts=acts(lambda _e, _t: True, lambda _e, _t: {"language": "en"})
    ),
    "portal:deliveries": Door(
        opens=administers_everything,
        tells=lambda eyes, _: eyes.tell_names(*eyes.world.unreached),
    ),
}
