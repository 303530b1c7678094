"""People, units, roles, rosters."""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from journeys.doors.door import Door, acts, list_of
from journeys.doors.eyes import Eyes, above


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


def _tell_unit_record(eyes, unit):
    """Its history and place, and what lies right below it for those who reach it."""
    legacy = [old.name for old in unit.predecessors.all()]
    below = [each for each in eyes.world.units if each.parent == unit and eyes.opens_unit(each)]
    return eyes.tell_path(unit) | eyes.marks(*legacy) | eyes.tell_units(below)


_of_people = {"things": lambda world: world.people}
_of_rosters = {
    "things": lambda world: world.imports,
    "opens": lambda eyes, roster: roster.unit in eyes.kept,
    "tells": Eyes.tell_roster,
}

DOORS = {
    "people:sign_in": Door(is_public=True),
    "people:sign_out": Door(),
    "people:account": Door(tells=lambda eyes, _: eyes.tell_person(eyes.me)),
    "people:change_password": Door(posts=acts(lambda _e, _t: False, lambda _e, _t: {"new": "x"})),
    "people:list": Door(
        tells=list_of(lambda world: world.people, Eyes.opens_person, Eyes.tell_line)
    ),
    "people:person": Door(**_of_people, opens=Eyes.opens_person, tells=Eyes.tell_person),
    "people:grant_role": Door(
        **_of_people, opens=Eyes.opens_person, tells=Eyes.tell_line, posts=_role_bodies
    ),
    "people:create_account": Door(
        **_of_people,
        opens=Eyes.opens_person,
        tells=Eyes.tell_line,
        posts=acts(
            _may_manage_account,
            lambda _e, _t: {"username": uuid4().hex[:9], "password": "một hai ba bốn năm sáu"},
        ),
    ),
    "people:reset_password": Door(
        **_of_people,
        opens=_may_manage_account,
        tells=_tell_slip,
        posts=acts(_may_manage_account, lambda _e, _t: {"state": "stale"}),
    ),
    "people:end_role": Door(
        things=lambda world: world.grants,
        tells=lambda e, grant: (
            e.tell_person(grant.person) if e.opens_person(grant.person) else set()
        ),
        posts=acts(lambda e, grant: e.opens_person(grant.person) and grant.unit in e.granted),
    ),
    "people:units": Door(
        tells=list_of(
            lambda world: world.units,
            Eyes.opens_unit,
            lambda eyes, unit: eyes.tell_units([unit, *above(unit)[1:2]]),
        )
    ),
    "people:unit": Door(
        things=lambda world: world.units, opens=Eyes.opens_unit, tells=_tell_unit_record
    ),
    "people:rosters": Door(
        tells=list_of(
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
    "people:import_roster": Door(**_of_rosters, posts=acts(_of_rosters["opens"])),
    "people:tick_proposals": Door(**_of_rosters, posts=acts(_of_rosters["opens"])),
    "people:give_up_roster": Door(**_of_rosters, posts=acts(_of_rosters["opens"])),
    "people:roster_outcome_file": Door(**_of_rosters),
}
