"""Who may go through which address, said in plain Python over a random world.

Nothing here asks the database: these are the rules of access written a second time, so that the
queries of the rooms can be held against them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from hocvu.classes.queries import code_for
from hocvu.kernel.ids import in_groups

SEES = {"training_officer", "registrar", "leader", "inspector"}
SEES_PEOPLE = {*SEES, "administrator"}
KEEPS_ROSTERS = RUNS_CLASSES = {"training_officer"}
ISSUES = {"registrar"}
GRANTS = {"administrator"}


class Eyes:
    """What one person may see and do."""

    def __init__(self, world, me):
        self.world, self.me = world, me
        self.chance = world.chance

    # Units

    def reach(self, roles):
        """Units at or below one where a role of these is held today, found by walking upwards."""
        today = self.world.today
        tops = {
            grant.unit
            for grant in self.world.grants
            if grant.person == self.me
            and grant.role in roles
            and grant.from_on <= today
            and (grant.until_on is None or grant.until_on > today)
        }
        return {unit for unit in self.world.units if tops & set(above(unit))}

    @cached_property
    def seen(self):
        return self.reach(SEES)

    @cached_property
    def seen_for_people(self):
        return self.reach(SEES_PEOPLE)

    @cached_property
    def run(self):
        return self.reach(RUNS_CLASSES)

    @cached_property
    def kept(self):
        return self.reach(KEEPS_ROSTERS)

    @cached_property
    def issued(self):
        return self.reach(ISSUES)

    @cached_property
    def granted(self):
        return self.reach(GRANTS)

    @cached_property
    def own_units(self):
        return {post.unit for post in self.world.posts if post.person == self.me}

    def opens_unit(self, unit):
        return unit in self.seen_for_people or unit in self.own_units

    # People

    def posts(self, person):
        return [post for post in self.world.posts if post.person == person]

    def posts_today(self, person):
        today = self.world.today
        return [p for p in self.posts(person) if p.until_on is None or p.until_on > today]

    def main_post(self, person):
        return next((p for p in self.posts(person) if p.until_on is None and p.is_main), None)

    def opens_person(self, person):
        return person == self.me or any(
            post.unit in self.seen_for_people for post in self.posts_today(person)
        )

    def reads_number(self, person):
        post = self.main_post(person)
        return person == self.me or (post is not None and post.unit in self.kept)

    def acts_for(self, person):
        """Somebody a training officer may enrol or appoint."""
        post = self.main_post(person)
        return post is not None and post.unit in self.seen_for_people

    # Classes

    def supervises(self, training_class):
        return training_class.supervisor == self.me

    def opens_class(self, training_class):
        return self.supervises(training_class) or training_class.host_unit in self.seen

    def runs(self, training_class):
        return self.supervises(training_class) or training_class.host_unit in self.run

    def has_duty(self, point):
        return self.me in {point.chair, point.coordinator, point.technical_contact}

    def opens_point(self, point):
        return self.opens_class(point.training_class) or self.has_duty(point)

    def opens_roll(self, roll):
        return self.opens_point(roll.bridge_point)

    def takes(self, roll):
        point = roll.bridge_point
        return self.me in {point.chair, point.coordinator} or self.runs(point.training_class)

    def shows_code(self, roll):
        return roll.bridge_point.technical_contact == self.me or self.takes(roll)

    def opens_enrolment(self, enrolment):
        return self.opens_point(enrolment.bridge_point)

    def own_enrolments(self):
        return [each for each in self.world.enrolments if each.person == self.me and active(each)]

    # Tests

    def learners(self, training_class):
        return [e for e in self.world.enrolments if e.training_class == training_class]

    def sees_all_results(self, training_class):
        return self.supervises(training_class) or training_class.host_unit in self.seen

    def opens_results(self, sitting):
        return self.sees_all_results(sitting.training_class) or any(
            each.unit in self.seen for each in self.learners(sitting.training_class)
        )

    def opens_sitting(self, sitting):
        return self.sees_all_results(sitting.training_class) or any(
            active(each) and (each.person == self.me or each.unit in self.seen)
            for each in self.learners(sitting.training_class)
        )

    def opens_result(self, attempt):
        training_class = attempt.sitting.training_class
        return (
            attempt.person == self.me
            or self.sees_all_results(training_class)
            or any(
                each.person == attempt.person and each.unit in self.seen
                for each in self.learners(training_class)
            )
        )

    # Certificates

    def opens_decision(self, decision):
        return decision.training_class.host_unit in self.seen

    def opens_certificate(self, certificate):
        entry = certificate.entry
        return entry.person == self.me or self.opens_decision(entry.decision)

    def issues(self, training_class):
        return training_class.host_unit in self.issued

    # What is told: sets of marks

    def marks(self, *texts):
        return self.world.marks_in(*(text for text in texts if text))

    def tell_units(self, units):
        return self.marks(*(unit.name for unit in units))

    def tell_path(self, unit):
        return self.tell_units(above(unit))

    def tell_line(self, person):
        """A person in a list: the name and the post held today."""
        post = self.main_post(person)
        told = self.marks(person.full_name)
        return told | self.marks(post.title, post.unit.name) if post else told

    def tell_person(self, person):
        told = self.marks(person.full_name, person.phone, person.email)
        for post in self.posts(person):
            told |= self.marks(post.title) | self.tell_path(post.unit)
        for grant in self.world.grants:
            if grant.person == person:
                told |= self.tell_units([grant.unit])
        if person == self.me or any(p.unit in self.granted for p in self.posts(person)):
            told |= self.marks(person.account.username)
        return told | (self.marks(person.identity_number) if self.reads_number(person) else set())

    def tell_names(self, *people):
        return self.marks(*(person.full_name for person in people if person))

    def tell_class(self, training_class):
        """Its name and code, and where it is held."""
        points = [p for p in self.world.points if p.training_class == training_class]
        told = self.marks(training_class.name, training_class.code)
        return told | self.tell_units([training_class.host_unit, *(p.unit for p in points)])

    def tell_point(self, point):
        told = self.marks(point.training_class.name) | self.tell_units([point.unit])
        for person in (point.chair, point.coordinator, point.technical_contact):
            if person:
                told |= self.marks(person.full_name, person.phone)
        acted = [roll for roll in self.world.rolls if roll.bridge_point == point]
        return told | self.tell_names(
            *(self.world.acted[r] for r in acted if r in self.world.acted)
        )

    def tell_learner(self, enrolment):
        return self.tell_names(enrolment.person) | self.tell_units([enrolment.unit])

    def tell_whole_class(self, training_class):
        told = self.tell_class(training_class) | self.marks(training_class.opening_decision)
        told |= self.tell_names(training_class.supervisor, self.world.acted[training_class])
        for point in self.world.points:
            if point.training_class == training_class:
                told |= self.tell_point(point)
        for enrolment in self.learners(training_class):
            told |= self.tell_learner(enrolment) if active(enrolment) else set()
        return told

    def tell_roll(self, roll):
        told = self.tell_point(roll.bridge_point) | self.marks(roll.difference_note)
        told |= self.tell_names(roll.closed_by, self.world.acted[roll])
        for enrolment in self.world.enrolments:
            if enrolment.bridge_point == roll.bridge_point:
                told |= self.tell_learner(enrolment)
        for mark in self.world.marks:
            if mark.roll == roll:
                told |= self.marks(mark.reason) | self.tell_names(mark.marked_by)
        return told

    def tell_own_classes(self):
        told = set()
        for enrolment in self.own_enrolments():
            told |= self.marks(enrolment.training_class.name)
            told |= self.tell_units([enrolment.bridge_point.unit])
        return told

    def tell_duties(self):
        told = set()
        for point in self.world.points:
            if self.has_duty(point):
                told |= self.marks(point.training_class.name) | self.tell_units([point.unit])
        return told

    def tell_results(self, sitting):
        told = self.marks(sitting.training_class.name)
        for enrolment in self.learners(sitting.training_class):
            if self.sees_all_results(sitting.training_class) or enrolment.unit in self.seen:
                told |= self.tell_learner(enrolment)
        return told

    def tell_certificate(self, certificate):
        entry = certificate.entry
        code = certificate.verification_code
        return (
            self.tell_units([entry.enrolment.unit, certificate.issuer])
            | self.marks(entry.full_name, certificate.serial_number, entry.decision.symbol)
            | self.marks(bytes(certificate.file).decode())
            | {code.casefold(), in_groups(code).casefold()}
        )

    def tell_certificates(self, certificates):
        return set().union(*(self.tell_certificate(each) for each in certificates), set())

    def tell_decision(self, decision):
        told = self.marks(decision.symbol, decision.signer_name, decision.training_class.name)
        told |= self.tell_units([decision.issuer]) | self.tell_names(decision.issued_by)
        for entry in self.world.entries:
            if entry.decision == decision:
                told |= self.tell_learner(entry.enrolment)
        of_it = [c for c in self.world.certificates if c.entry.decision == decision]
        return told | self.tell_certificates(of_it)

    def tell_roster(self, roster):
        told = self.marks(roster.file_name) | self.tell_path(roster.unit)
        told |= self.tell_names(roster.uploaded_by, roster.imported_by)
        for line in roster.lines:
            told |= self.marks(line["full_name"], line["identity_number"])
        return told

    def outside(self, things, is_inside):
        """One thing that lies outside, or nothing."""
        found = [thing for thing in things if not is_inside(thing)]
        return self.chance.choice(found) if found else None

    def inside(self, things, is_inside):
        return self.outside(things, lambda thing: not is_inside(thing))


def above(unit):
    """The unit and those it lies in."""
    found = [unit]
    while found[-1].parent is not None:
        found.append(found[-1].parent)
    return found


def active(enrolment):
    return enrolment.withdrawn_at is None


Post = tuple[dict[str, Any], bool]  # what is sent, and whether it may be done


@dataclass(frozen=True)
class Door:
    """One address: the things it may name, for whom it opens, what it then tells.

    `posts` are bodies to send, each with whether this person may do it; one that may not must be
    refused and must write nothing.
    """

    things: Callable[[Any], list[Any]] = lambda _world: [None]
    opens: Callable[[Eyes, Any], bool] = lambda _eyes, _thing: True
    tells: Callable[[Eyes, Any], set[str]] = lambda _eyes, _thing: set()
    args: Callable[[Any], list[Any]] = lambda thing: [] if thing is None else [thing.pk]
    posts: Callable[[Eyes, Any], list[Post]] = lambda _eyes, _thing: []
    is_public: bool = False
    gone: tuple[int, ...] = field(default=(403, 404, 405))


def _acts(may, body=lambda _eyes, _thing: {}):
    """One body that may be sent by those for whom `may` holds."""
    return lambda eyes, thing: [(body(eyes, thing), may(eyes, thing))]


def _unit_bodies(eyes, reached, **more):
    bodies = []
    if unit := eyes.outside(eyes.world.units, reached.__contains__):
        bodies.append(({"unit": unit.pk, **more}, False))
    if unit := eyes.inside(eyes.world.units, reached.__contains__):
        bodies.append(({"unit": unit.pk, **more}, True))
    return bodies


def _role_bodies(eyes, person):
    bodies = []
    for unit, may in (
        (eyes.outside(eyes.world.units, eyes.granted.__contains__), False),
        (eyes.inside(eyes.world.units, eyes.granted.__contains__), eyes.opens_person(person)),
    ):
        if unit:
            bodies.append(({"role": "leader", "unit": unit.code}, may))
    return bodies


def _may_manage_account(eyes, person):
    """Their unit, and every unit where they hold a role that is not over, must be governed."""
    post = eyes.main_post(person)
    units = [grant.unit for grant in eyes.world.grants
             if grant.person == person
             and (grant.until_on is None or grant.until_on > eyes.world.today)]  # fmt: skip
    return eyes.opens_person(person) and post is not None and {post.unit, *units} <= eyes.granted


def _tell_grant(eyes, grant):
    return eyes.tell_person(grant.person) if eyes.opens_person(grant.person) else set()


def _tell_slip(eyes, person):
    told = eyes.tell_line(person)
    if _may_manage_account(eyes, person):
        told |= eyes.marks(person.account.username)
    return told


def _roster_bodies(eyes, _thing):
    def body(unit):
        text = f"Họ và tên,Năm sinh\n{unit.name},1980\n"
        return {"unit": unit.pk, "file": SimpleUploadedFile("a.csv", text.encode())}

    wanted = [eyes.outside(eyes.world.units, eyes.kept.__contains__)]
    wanted += [eyes.inside(eyes.world.units, eyes.kept.__contains__)]
    return [(body(unit), unit in eyes.kept) for unit in wanted if unit]


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
        for body, may in _unit_bodies(eyes, eyes.run)
    ]


def _point_bodies(eyes, training_class):
    runs = eyes.runs(training_class)
    return [
        *((body, may and runs) for body, may in _unit_bodies(eyes, eyes.run)),
        *((body, may and runs) for body, may in _unit_bodies(eyes, eyes.run, below="1")),
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
    return [(body, may and runs) for body, may in _unit_bodies(eyes, eyes.seen_for_people)]


def _appoint_bodies(eyes, point):
    runs = eyes.runs(point.training_class)
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


def _sitting_body(eyes, _training_class):
    paper = eyes.world.sittings[0].paper_id
    return {"paper": paper, "opens_at": "2026-01-01T08:00", "closes_at": "2036-01-01T08:00"}


def _decision_body(eyes, _training_class):
    return {
        "number": 900,
        "symbol": "QĐ",
        "decided_on": eyes.world.today.isoformat(),
        "place": "Hà Nội",
        "signer_title": "Giám đốc",
        "signer_name": "Người Ký",
        "shown": "x",
    }


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


_of_people = {"things": lambda world: world.people}
_of_classes = {"things": lambda world: world.classes}
_of_points = {"things": lambda world: world.points}
_of_rolls = {"things": lambda world: world.rolls, "opens": Eyes.opens_roll}
_of_rosters = {
    "things": lambda world: world.imports,
    "opens": lambda eyes, roster: roster.unit in eyes.kept,
    "tells": Eyes.tell_roster,
}
_of_own_attempts = {
    "things": lambda world: world.attempts,
    "opens": lambda eyes, attempt: attempt.person == eyes.me,
    "tells": lambda eyes, attempt: eyes.marks(attempt.sitting.training_class.name),
}
_may_answer = _acts(
    lambda eyes, attempt: attempt.person == eyes.me,
    lambda _eyes, _attempt: {"question": 1, "sequence": 1, "client_id": uuid4(), "chosen": "a"},
)


def _tells_whole_class(eyes, training_class):
    return eyes.tell_whole_class(training_class)


def _runs_and(tells):
    """A page for those who run the class: the class, and something of theirs to choose from."""
    return {
        **_of_classes,
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


def _list_of(things, opens, tells):
    """A list tells what its rows tell, and has a row for what opens."""

    def told(eyes, _thing):
        rows = (tells(eyes, each) for each in things(eyes.world) if opens(eyes, each))
        return set().union(*rows, set())

    return told


def _tell_coverage(eyes, unit):
    below = [each for each in eyes.world.units if unit in above(each)]
    return eyes.tell_units([*below, *(each for each in above(unit) if each in eyes.seen)])


def _tell_missing(eyes, unit):
    told = eyes.tell_units([each for each in above(unit) if each in eyes.seen])
    for standing in eyes.world.standings:
        if unit in above(standing.unit) and standing.unit in eyes.seen:
            told |= eyes.tell_names(standing.person) | eyes.tell_units([standing.unit])
    return told


def _tell_candidates(eyes, training_class):
    told = eyes.tell_class(training_class)
    for enrolment in eyes.learners(training_class):
        told |= eyes.tell_learner(enrolment) if active(enrolment) else set()
    for decision in eyes.world.decisions:  # the last one of this unit is proposed again
        if decision.issuer == training_class.host_unit:
            told |= eyes.marks(decision.symbol, decision.signer_name)
    return told


def _tell_unit_record(eyes, unit):
    """Its history and place, and what lies right below it for those who reach it."""
    legacy = [old.name for old in unit.predecessors.all()]
    below = [each for each in eyes.world.units if each.parent == unit and eyes.opens_unit(each)]
    return eyes.tell_path(unit) | eyes.marks(*legacy) | eyes.tell_units(below)


def _tell_sitting(eyes, sitting):
    return eyes.marks(sitting.training_class.name) | eyes.tell_units(
        [sitting.training_class.host_unit]
    )


DOORS = {
    "set_language": Door(is_public=True, posts=_acts(lambda _e, _t: True)),
    "portal:front": Door(is_public=True),
    "portal:home": Door(tells=lambda eyes, _: eyes.tell_own_classes() | eyes.tell_duties()),
    # people
    "people:sign_in": Door(is_public=True),
    "people:sign_out": Door(),
    "people:account": Door(tells=lambda eyes, _: eyes.tell_person(eyes.me)),
    "people:change_password": Door(posts=_acts(lambda _e, _t: False, lambda _e, _t: {"new": "x"})),
    "people:list": Door(
        tells=_list_of(lambda world: world.people, Eyes.opens_person, Eyes.tell_line)
    ),
    "people:person": Door(**_of_people, opens=Eyes.opens_person, tells=Eyes.tell_person),
    "people:grant_role": Door(
        **_of_people, opens=Eyes.opens_person, tells=Eyes.tell_line, posts=_role_bodies
    ),
    "people:create_account": Door(
        **_of_people,
        opens=Eyes.opens_person,
        tells=Eyes.tell_line,
        posts=_acts(
            _may_manage_account,
            lambda _e, _t: {"username": uuid4().hex[:9], "password": "một hai ba bốn năm sáu"},
        ),
    ),
    "people:reset_password": Door(
        **_of_people,
        opens=_may_manage_account,
        tells=_tell_slip,
        posts=_acts(_may_manage_account, lambda _e, _t: {"state": "stale"}),
    ),
    "people:end_role": Door(
        things=lambda world: world.grants,
        tells=lambda e, grant: (
            e.tell_person(grant.person) if e.opens_person(grant.person) else set()
        ),
        posts=_acts(lambda e, grant: e.opens_person(grant.person) and grant.unit in e.granted),
    ),
    "people:units": Door(
        tells=_list_of(
            lambda world: world.units,
            Eyes.opens_unit,
            lambda eyes, unit: eyes.tell_units([unit, *above(unit)[1:2]]),
        )
    ),
    "people:unit": Door(
        things=lambda world: world.units, opens=Eyes.opens_unit, tells=_tell_unit_record
    ),
    "people:rosters": Door(
        tells=_list_of(
            lambda world: world.imports,
            lambda eyes, roster: roster.unit in eyes.kept,
            lambda eyes, roster: (
                eyes.marks(roster.file_name)
                | eyes.tell_units([roster.unit])
                | eyes.tell_names(roster.uploaded_by)
            ),
        )
    ),
    "people:upload_roster": Door(
        opens=lambda eyes, _: bool(eyes.kept),
        tells=lambda eyes, _: eyes.tell_units(eyes.kept),
        posts=_roster_bodies,
    ),
    "people:roster_template": Door(),
    "people:roster": Door(**_of_rosters),
    "people:import_roster": Door(**_of_rosters, posts=_acts(_of_rosters["opens"])),
    "people:tick_proposals": Door(**_of_rosters, posts=_acts(_of_rosters["opens"])),
    "people:give_up_roster": Door(**_of_rosters, posts=_acts(_of_rosters["opens"])),
    "people:roster_outcome_file": Door(**_of_rosters),
    # classes
    "classes:list": Door(
        tells=_list_of(
            lambda world: world.classes,
            Eyes.opens_class,
            lambda eyes, c: eyes.marks(c.name, c.code) | eyes.tell_units([c.host_unit]),
        )
    ),
    "classes:open": Door(tells=lambda eyes, _: eyes.tell_units(eyes.run), posts=_class_bodies),
    "classes:detail": Door(**_of_classes, opens=Eyes.opens_class, tells=_tells_whole_class),
    "classes:close": Door(
        **_of_classes, opens=Eyes.runs, tells=_tells_whole_class, posts=_acts(Eyes.runs)
    ),
    "classes:bridge_points": Door(**_of_classes, opens=Eyes.opens_class, tells=_tells_whole_class),
    "classes:add_bridge_points": Door(
        **_runs_and(_paths_within(lambda eyes: eyes.run)), posts=_point_bodies
    ),
    "classes:learners": Door(**_of_classes, opens=Eyes.opens_class, tells=_tells_whole_class),
    "classes:enrol": Door(**_runs_and(_people_within), posts=_enrol_bodies),
    "classes:enrol_unit": Door(
        **_runs_and(_paths_within(lambda eyes: eyes.seen_for_people)), posts=_enrol_unit_bodies
    ),
    "classes:print_list": Door(**_of_classes, opens=Eyes.opens_class, tells=_tells_whole_class),
    "classes:withdraw": Door(
        things=lambda world: world.enrolments,
        opens=lambda eyes, each: eyes.opens_enrolment(each) and eyes.runs(each.training_class),
        tells=lambda eyes, each: eyes.tell_learner(each) | eyes.tell_class(each.training_class),
        posts=_acts(
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
        posts=_appoint_bodies,
    ),
    "classes:session": Door(
        things=lambda world: world.sessions,
        opens=lambda eyes, session: eyes.opens_class(session.training_class),
        tells=lambda eyes, session: eyes.tell_whole_class(session.training_class),
    ),
    "classes:duties": Door(tells=lambda eyes, _: eyes.tell_duties()),
    "classes:roll": Door(**_of_rolls, tells=Eyes.tell_roll),
    "classes:open_roll": Door(**_of_rolls, tells=Eyes.tell_roll, posts=_acts(Eyes.takes)),
    "classes:mark": Door(**_of_rolls, tells=Eyes.tell_roll, posts=_mark_bodies),
    "classes:marks": Door(**_of_rolls, tells=Eyes.tell_roll),
    "classes:code": Door(
        things=lambda world: world.rolls, opens=Eyes.shows_code, tells=Eyes.tell_roll
    ),
    "classes:sheet": Door(
        things=lambda world: world.rolls,
        opens=Eyes.takes,
        tells=Eyes.tell_roll,
        posts=_acts(Eyes.takes, _sheet_body),
    ),
    "classes:close_roll": Door(
        **_of_rolls,
        tells=Eyes.tell_roll,
        posts=_acts(Eyes.takes, lambda _e, _t: {"head_count": 3, "note": "đếm lại"}),
    ),
    "classes:roll_learner": Door(
        things=_rolls_with_learners,
        args=lambda pair: [pair[0].pk, pair[1].pk],
        opens=_opens_roll_learner,
        tells=lambda eyes, pair: eyes.tell_roll(pair[0]),
        posts=_acts(
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
        posts=_acts(lambda eyes, roll: _is_learner_at(eyes, roll.bridge_point)),
    ),
    # exams
    "exams:mine": Door(tells=lambda eyes, _: eyes.tell_own_classes()),
    "exams:sittings": Door(
        tells=_list_of(
            lambda world: world.sittings,
            Eyes.opens_results,
            lambda eyes, sitting: eyes.marks(sitting.training_class.name),
        )
    ),
    "exams:sitting": Door(
        things=lambda world: world.sittings,
        opens=Eyes.opens_sitting,
        tells=_tell_sitting,
        posts=_acts(
            lambda eyes, sitting: any(
                each.training_class == sitting.training_class for each in eyes.own_enrolments()
            )
        ),
    ),
    "exams:results": Door(
        things=lambda world: world.sittings, opens=Eyes.opens_results, tells=Eyes.tell_results
    ),
    "exams:open": Door(
        **_of_classes,
        opens=Eyes.runs,
        tells=Eyes.tell_class,
        posts=_acts(Eyes.runs, _sitting_body),
    ),
    "exams:attempt": Door(**_of_own_attempts, posts=_may_answer),
    "exams:answer": Door(**_of_own_attempts, posts=_may_answer),
    "exams:hand_in": Door(**_of_own_attempts, posts=_may_answer),
    "exams:result": Door(
        things=lambda world: world.attempts,
        opens=Eyes.opens_result,
        tells=lambda eyes, attempt: (
            eyes.tell_names(attempt.person) | eyes.marks(attempt.sitting.training_class.name)
        ),
    ),
    # competency
    "competency:mine": Door(),
    # credentials
    "credentials:classes": Door(
        tells=_list_of(
            lambda world: world.classes, Eyes.issues, lambda eyes, c: eyes.marks(c.name, c.code)
        )
    ),
    "credentials:candidates": Door(**_of_classes, opens=Eyes.issues, tells=_tell_candidates),
    "credentials:decide": Door(
        **_of_classes,
        opens=Eyes.issues,
        tells=_tell_candidates,
        posts=_acts(Eyes.issues, _decision_body),
    ),
    "credentials:decision": Door(
        things=lambda world: world.decisions, opens=Eyes.opens_decision, tells=Eyes.tell_decision
    ),
    "credentials:resume": Door(
        things=lambda world: world.decisions,
        opens=Eyes.opens_decision,
        tells=Eyes.tell_decision,
        posts=_acts(lambda eyes, decision: eyes.issues(decision.training_class)),
    ),
    "credentials:register": Door(
        tells=_list_of(
            lambda world: world.certificates,
            lambda eyes, certificate: eyes.opens_decision(certificate.entry.decision),
            Eyes.tell_certificate,
        )
    ),
    "credentials:mine": Door(
        tells=_list_of(
            lambda world: world.certificates,
            lambda eyes, certificate: certificate.entry.person == eyes.me,
            Eyes.tell_certificate,
        )
    ),
    "credentials:certificate": Door(
        things=lambda world: world.certificates,
        opens=Eyes.opens_certificate,
        tells=Eyes.tell_certificate,
    ),
    "credentials:file": Door(
        things=lambda world: world.certificates,
        opens=Eyes.opens_certificate,
        tells=Eyes.tell_certificate,
    ),
    "credentials:revoke": Door(
        things=lambda world: world.certificates,
        opens=lambda eyes, certificate: eyes.opens_decision(certificate.entry.decision),
        tells=Eyes.tell_certificate,
        posts=_acts(
            lambda eyes, certificate: eyes.issues(certificate.entry.decision.training_class),
            lambda _e, _t: {"reason": "Quyết định 9/QĐ"},
        ),
    ),
    "credentials:verify": Door(is_public=True),
    "credentials:verify_code": Door(
        # Whoever holds a certificate's code is told what stands on it, and of no other.
        is_public=True,
        things=lambda world: world.certificates,
        args=lambda certificate: [certificate.verification_code],
        tells=Eyes.tell_certificate,
    ),
    # campaigns
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
