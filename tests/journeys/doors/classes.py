"""Classes, bridge points, rolls."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from hocvu.classes.queries import code_for
from journeys.doors.door import OF_CLASSES, Door, acts, list_of, unit_bodies
from journeys.doors.eyes import Eyes, active


def _class_bodies(eyes, _thing):
    programme = eyes.world.classes[0].programme_id
    return [
        (
            {
                "programme": programme,
                "name": "Lớp mới",
                "code": f"L-{uuid4().hex[:8]}",
                "host_unit": body["unit"],
                "starts_on": eyes.world.today.isoformat(),
            },
            may,
        )
        for body, may in unit_bodies(eyes, eyes.run)
    ]


def _point_bodies(eyes, training_class):
    runs = eyes.runs(training_class)
    return [
        *((body, may and runs) for body, may in unit_bodies(eyes, eyes.run)),
        *((body, may and runs) for body, may in unit_bodies(eyes, eyes.run, below="1")),
    ]


def _enrol_bodies(eyes, training_class):
    enrolled = {e.person for e in eyes.learners(training_class) if active(e)}
    newcomers = [person for person in eyes.world.people if person not in enrolled]
    runs = eyes.runs(training_class)
    bodies = []
    if person := eyes.outside(newcomers, eyes.acts_for):
        bodies.append(({"row": [person.pk]}, False))
    if person := eyes.inside(newcomers, eyes.acts_for):
        bodies.append(({"row": [person.pk]}, runs))
    return bodies


def _enrol_unit_bodies(eyes, training_class):
    runs = eyes.runs(training_class)
    return [(body, may and runs) for body, may in unit_bodies(eyes, eyes.seen_for_people)]


def _person_bodies(eyes, training_class):
    """Somebody out of reach, and somebody within it."""
    runs = eyes.runs(training_class)
    bodies = []
    if person := eyes.outside(eyes.world.people, eyes.acts_for):
        bodies.append(({"person": person.pk}, False))
    if person := eyes.inside(eyes.world.people, eyes.acts_for):
        bodies.append(({"person": person.pk}, runs))
    return bodies


def _mark_bodies(eyes, roll):
    """A learner of this roll, and one of another."""
    own = [e for e in eyes.world.enrolments if e.bridge_point == roll.bridge_point]
    others = [e for e in eyes.world.enrolments if e.bridge_point != roll.bridge_point]
    bodies = []
    for enrolments, may in ((own, eyes.takes(roll)), (others, False)):
        if enrolments:
            chosen = eyes.chance.choice(enrolments)
            body = {"enrolment": chosen.pk, "presence": "present", "client_id": uuid4()}
            bodies.append((body, may))
    return bodies


def _sheet_body(eyes, roll):
    own = [e for e in eyes.world.enrolments if e.bridge_point == roll.bridge_point]
    return {f"e{each.pk}": "present" for each in own} | {"head_count": len(own), "note": "đếm"}


def _scanned(roll):
    return [code_for(roll, timezone.now()).token]


def _is_learner_at(eyes, point):
    return any(active(e) and e.person == eyes.me for e in eyes.world.enrolments
               if e.bridge_point == point)  # fmt: skip


def _own_present_mark(eyes, roll):
    return any(
        mark.roll == roll and mark.enrolment.person == eyes.me and mark.presence == "present"
        for mark in eyes.world.marks
    )


def _rolls_with_learners(world):
    """Each roll with a learner of its own and one of another bridge point."""
    return [
        (roll, enrolment)
        for roll in world.rolls
        for enrolment in world.enrolments
        if enrolment.training_class == roll.bridge_point.training_class
    ]


def _opens_roll_learner(eyes, pair):
    roll, enrolment = pair
    return eyes.opens_roll(roll) and enrolment.bridge_point == roll.bridge_point


def _takes_roll_learner(eyes, pair):
    return _opens_roll_learner(eyes, pair) and eyes.takes(pair[0])


_of_points = {"things": lambda world: world.points}
_of_rolls = {"things": lambda world: world.rolls, "opens": Eyes.opens_roll}


def _changes(eyes, session):
    return eyes.runs(session.training_class)


def _another_day(_eyes, session):
    return {"held_on": (session.held_on + timedelta(days=9)).isoformat(), "half": "morning"}


_of_sessions = {
    "things": lambda world: world.sessions,
    "opens": _changes,
    "tells": lambda eyes, session: eyes.tell_class(session.training_class),
}


def _tells_whole_class(eyes, training_class):
    return eyes.tell_whole_class(training_class)


def _runs_and(tells):
    """A page for those who run the class: the class, and something of theirs to choose from."""
    return {
        **OF_CLASSES,
        "opens": Eyes.runs,
        "tells": lambda eyes, c: eyes.tell_whole_class(c) | tells(eyes),
    }


def _people_within(eyes):
    told = set()
    for person in eyes.world.people:
        told |= eyes.tell_line(person) if eyes.acts_for(person) else set()
    return told


def _paths_within(units):
    def tells(eyes):
        return set().union(*(eyes.tell_path(unit) for unit in units(eyes)), set())

    return tells


DOORS = {
    "classes:list": Door(
        tells=list_of(
            lambda world: world.classes,
            Eyes.opens_class,
            lambda eyes, c: eyes.marks(c.name, c.code) | eyes.tell_units([c.host_unit]),
        )
    ),
    "classes:open": Door(tells=lambda eyes, _: eyes.tell_units(eyes.run), posts=_class_bodies),
    "classes:detail": Door(**OF_CLASSES, opens=Eyes.opens_class, tells=_tells_whole_class),
    "classes:close": Door(
        **OF_CLASSES, opens=Eyes.runs, tells=_tells_whole_class, posts=acts(Eyes.runs)
    ),
    "classes:bridge_points": Door(**OF_CLASSES, opens=Eyes.opens_class, tells=_tells_whole_class),
    "classes:add_bridge_points": Door(
        **_runs_and(_paths_within(lambda eyes: eyes.run)), posts=_point_bodies
    ),
    "classes:learners": Door(**OF_CLASSES, opens=Eyes.opens_class, tells=_tells_whole_class),
    "classes:enrol": Door(**_runs_and(_people_within), posts=_enrol_bodies),
    "classes:enrol_unit": Door(
        **_runs_and(_paths_within(lambda eyes: eyes.seen_for_people)), posts=_enrol_unit_bodies
    ),
    "classes:print_list": Door(**OF_CLASSES, opens=Eyes.opens_class, tells=_tells_whole_class),
    "classes:withdraw": Door(
        things=lambda world: world.enrolments,
        opens=lambda eyes, each: eyes.opens_enrolment(each) and eyes.runs(each.training_class),
        tells=lambda eyes, each: eyes.tell_learner(each) | eyes.tell_class(each.training_class),
        posts=acts(
            lambda eyes, each: eyes.opens_enrolment(each) and eyes.runs(each.training_class),
            lambda _e, _t: {"reason": "chuyển công tác"},
        ),
    ),
    "classes:bridge_point": Door(**_of_points, opens=Eyes.opens_point, tells=Eyes.tell_point),
    "classes:appoint": Door(
        **_of_points,
        args=lambda point: [point.pk, "coordinator"],
        opens=lambda eyes, point: eyes.runs(point.training_class),
        tells=lambda eyes, point: eyes.tell_point(point) | _people_within(eyes),
        posts=lambda eyes, point: _person_bodies(eyes, point.training_class),
    ),
    "classes:session": Door(
        things=lambda world: world.sessions,
        opens=lambda eyes, session: eyes.opens_class(session.training_class),
        tells=lambda eyes, session: eyes.tell_whole_class(session.training_class),
    ),
    "classes:move": Door(**_of_sessions, posts=acts(_changes, _another_day)),
    "classes:call_off": Door(
        **_of_sessions, posts=acts(_changes, lambda _eyes, _session: {"reason": "bão"})
    ),
    "classes:supervisor": Door(**_runs_and(_people_within), posts=_person_bodies),
    "classes:duties": Door(tells=lambda eyes, _: eyes.tell_duties()),
    "classes:roll": Door(**_of_rolls, tells=Eyes.tell_roll),
    "classes:open_roll": Door(**_of_rolls, tells=Eyes.tell_roll, posts=acts(Eyes.takes)),
    "classes:mark": Door(**_of_rolls, tells=Eyes.tell_roll, posts=_mark_bodies),
    "classes:marks": Door(**_of_rolls, tells=Eyes.tell_roll),
    "classes:code": Door(
        things=lambda world: world.rolls, opens=Eyes.shows_code, tells=Eyes.tell_roll
    ),
    "classes:sheet": Door(
        things=lambda world: world.rolls,
        opens=Eyes.takes,
        tells=Eyes.tell_roll,
        posts=acts(Eyes.takes, _sheet_body),
    ),
    "classes:close_roll": Door(
        **_of_rolls,
        tells=Eyes.tell_roll,
        posts=acts(Eyes.takes, lambda _e, _t: {"head_count": 3, "note": "đếm lại"}),
    ),
    "classes:roll_learner": Door(
        things=_rolls_with_learners,
        args=lambda pair: [pair[0].pk, pair[1].pk],
        opens=_opens_roll_learner,
        tells=lambda eyes, pair: eyes.tell_roll(pair[0]),
        posts=acts(
            _takes_roll_learner,
            lambda _e, _t: {"presence": "absent", "reason": "vắng", "client_id": uuid4()},
        ),
    ),
    "classes:check_in": Door(tells=lambda eyes, _: eyes.tell_own_classes()),
    "classes:checked_in": Door(
        things=lambda world: world.rolls,
        opens=_own_present_mark,
        tells=lambda eyes, roll: eyes.tell_class(roll.bridge_point.training_class),
    ),
    "classes:scan": Door(
        things=lambda world: world.rolls,
        args=_scanned,
        tells=lambda eyes, roll: (
            eyes.tell_own_classes()
            | (
                eyes.tell_class(roll.bridge_point.training_class)
                if _is_learner_at(eyes, roll.bridge_point)
                else set()
            )
        ),
        posts=acts(lambda eyes, roll: _is_learner_at(eyes, roll.bridge_point)),
    ),
}
