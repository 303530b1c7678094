"""Whatever a person asks for, by whatever address, they never meet what lies out of their reach."""

import shutil
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from hocvu.people.actions import grant_role
from hocvu.people.models import RoleGrant
from journeys.doors import DOORS, Eyes
from journeys.doors.verification import administers_everything
from journeys.random_world import ROLES, random_world
from journeys.small_scene import scene

WORLDS = len(ROLES)  # one world after the other is seen with each role
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EVERYTHING_MARKED = "q=zq&name=zq&unit=zq&search=zq&size=100&show=all"
ENDS_THE_WALK = {"people:sign_out"}
ONCE_PUBLISHED = {  # nothing is published during the walk; tests/verification reads what is
    "verification:log",
    "verification:status",
    "verification:snapshot",
    "verification:issuers",
    "verification:did",
    "wallet:open_file",
}
# What counts requests, of whomever they are, is no act of this one.
WRITES = """
SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables
WHERE relname NOT IN ('django_session', 'classes_codeattempt', 'verification_spentallowance',
                      'verification_checkcount')
"""


def addresses(patterns=None, prefix=""):
    """The name of every address the project has."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            space = f"{prefix}{each.namespace}:" if each.namespace else prefix
            yield from addresses(each.url_patterns, space)
        else:
            assert isinstance(each, URLPattern)
            yield f"{prefix}{each.name}"


def test_every_address_is_walked_here():
    strangers = sorted(set(addresses()) - DOORS.keys())
    gone = sorted(DOORS.keys() - set(addresses()))

    assert not strangers, (
        f"These addresses are new: {', '.join(strangers)}. Please add each to DOORS of its room in "
        "tests/journeys/doors: which things it names, for whom it opens, what it then tells."
    )
    assert not gone, (
        f"These addresses are gone: {', '.join(gone)}. Please take them out of "
        "tests/journeys/doors."
    )


@pytest.mark.django_db
def test_without_signing_in_only_the_public_addresses_answer(trust):
    world = random_world(1)
    client = Client()

    for name, door in DOORS.items():
        for thing in door.things(world)[:1]:
            address = reverse(name, args=door.args(thing))
            for answer in (client.get(address), client.post(address)):
                if door.is_public or name == "classes:scan":
                    continue
                assert answer.status_code == 302, f"{address} answers a stranger"
                assert answer.headers["Location"].startswith(reverse("people:sign_in")), address
                assert not world.marks_in(answer.content.decode()), address


@pytest.mark.django_db
def test_nothing_outside_the_granted_subtree_is_ever_reachable(trust):
    met, findings = Counter(), []

    for seed in range(WORLDS):
        with taken_back():
            cache.clear()
            world = random_world(seed)
            for person in walkers(world, seed):
                walk = Walk(seed, world, person)
                with taken_back():  # who looked is told to whom they looked at
                    walk.through_every_door(met)
                findings += walk.findings

    assert not findings, "\n".join([f"{len(findings)} findings", *findings[:40]])
    never_open = [name for name in DOORS if not met[name, "open"] and name not in ONCE_PUBLISHED]
    never_shut = [name for name in DOORS if can_be_shut(name) and not met[name, "shut"]]
    assert not never_open, f"Nobody ever went through {never_open}: this test looks at nothing."
    assert not never_shut, f"Nobody was ever refused at {never_shut}: this test looks at nothing."


def can_be_shut(name):
    """Whether it opens for some and not for others."""
    return DOORS[name].opens is not DOORS["portal:home"].opens


def walkers(world, seed):
    """Somebody with a role, somebody without, who may learn or have a duty; once who may most."""
    role = ROLES[seed]
    with_role = {grant.person for grant in world.grants}
    without = [person for person in world.people if person not in with_role]
    marked = [mark.enrolment.person for mark in world.marks if mark.presence == "present"]
    learners = [person for person in without if person in marked]
    chosen = [most_busy_with(role, world), world.chance.choice(learners or without)]
    if role == "teacher":  # and who writes for the whole nation
        chosen += [person for person in world.people if Eyes(world, person).writes_for_everybody][
            :1
        ]
    if role == "administrator":  # and of the whole installation
        chosen += [
            person for person in world.people if administers_everything(Eyes(world, person))
        ][:1]
    return chosen


def most_busy_with(role, world):
    """Who has most to look at with this role, if possible not the whole country."""
    classes = [training_class.host_unit for training_class in world.classes]
    rosters = [roster.unit for roster in world.imports]

    def reached_by(person):
        units = Eyes(world, person).reach({role})
        has_class = any(unit in units for unit in classes)
        things = sum(unit in units for unit in [*classes, *rosters, *world.units])
        return has_class, len(units) < len(world.units), things

    return max(world.people, key=reached_by)


@pytest.mark.django_db
def test_a_roster_does_not_tell_what_is_known_of_somebody_out_of_reach(trust):
    world = random_world(3)
    stranger = next(person for person in world.people if Eyes(world, person).main_post(person))
    keeper, unit = keeper_elsewhere(world, stranger)
    client = Client()
    client.force_login(keeper.account)
    row = f"{stranger.search_key.title()},1/1/1955,{stranger.identity_number},{unit.name}"
    roster = f"Họ và tên,Ngày sinh,Số CCCD,Đơn vị\n{row}\n"

    file = SimpleUploadedFile("a.csv", roster.encode())
    page = client.post("/rosters/upload/", {"unit": unit.pk, "file": file}, follow=True)

    text = page.content.decode()
    assert page.status_code == 200
    assert stranger.full_name not in text
    assert str(stranger.birth_year) not in text
    assert stranger.phone not in text


@pytest.mark.django_db
def test_no_password_is_issued_to_somebody_with_a_role_elsewhere_even_one_that_will_end(trust):
    stage = scene()
    grant_role(stage.admin, "administrator", stage.ward, by=None, at=timezone.now())
    RoleGrant.objects.filter(person=stage.admin, unit=stage.city).delete()
    today = timezone.localdate()
    RoleGrant.objects.create(
        person=stage.learner,
        role="registrar",
        unit=stage.far,
        from_on=today,
        until_on=today + timedelta(days=30),
    )
    client = Client()
    client.force_login(stage.admin.account)

    answer = client.post(f"/people/{stage.learner.pk}/password/", {"state": ""})

    assert answer.status_code in {403, 404}


def keeper_elsewhere(world, stranger):
    """A training officer of a unit in which this person has no post."""
    own = {post.unit for post in world.posts if post.person == stranger}
    for person in world.people:
        eyes = Eyes(world, person)
        if person != stranger and eyes.kept and not own & eyes.kept:
            return person, min(eyes.kept, key=lambda unit: unit.pk)
    raise AssertionError("Nobody keeps a roster elsewhere: choose another seed.")


class Walk:
    """One person tries every address, with things in reach and out of it."""

    def __init__(self, seed, world, person):
        self.world, self.eyes = world, Eyes(world, person)
        self.client = Client()
        self.client.force_login(person.account)
        self.own = self.eyes.tell_person(person) | self.eyes.tell_own_classes()
        self.own |= self.eyes.tell_units(self.eyes.seen_for_people)
        roles = ", ".join(
            f"{grant.role} at {grant.unit.path}" for grant in world.grants if grant.person == person
        )
        self.who = f"World {seed}: person {person.pk} ({roles or 'no role'})"
        self.findings = []

    def through_every_door(self, met):
        for name, door in DOORS.items():
            for thing in self.chosen(door):
                self.try_door(name, door, thing)
                met[name, "open" if door.opens(self.eyes, thing) else "shut"] += 1

    def chosen(self, door):
        things = list(door.things(self.world))
        self.world.chance.shuffle(things)
        inside = [thing for thing in things if door.opens(self.eyes, thing)]
        outside = [thing for thing in things if not door.opens(self.eyes, thing)]
        return [*inside[:1], *outside[:1]]

    def try_door(self, name, door, thing):
        address = reverse(name, args=door.args(thing))
        opens = door.opens(self.eyes, thing)
        asked = f"{address}?{door.query}" if door.query else address
        answer = self.ask(asked, door, thing, may_write=opens)
        self.expect_status(address, answer, opens=opens)
        if opens and b"format=xlsx" in answer.content:
            for query in ("format=xlsx", f"format=xlsx&{EVERYTHING_MARKED}"):
                self.ask(f"{address}?{query}", door, thing)
            self.ask(address, door, thing, headers={"HX-Request": "true"})
        if name in ENDS_THE_WALK:
            return
        bodies = door.posts(self.eyes, thing) or [({}, False)]
        for body, may in bodies if opens else [self.world.chance.choice(bodies)]:
            self.send(address, door, thing, body, may=may)

    def ask(self, address, door, thing, *, may_write=True, headers=None):
        before = writes()
        answer = self.client.get(address, headers=headers)
        if not may_write and writes() != before:
            self.find(address, "wrote something though it does not open")
        self.look(f"GET {address}", answer, door, thing)
        return answer

    def send(self, address, door, thing, body, *, may):
        """What may be done is done and taken back; what may not must have written nothing."""
        with taken_back():
            before = writes()
            # Choices are narrowed by what was searched for.
            asked = f"{address}?{EVERYTHING_MARKED}&{door.query}"
            answer = self.client.post(asked, body, headers={"Accept": accepted(body)})
            if not may and writes() != before:
                self.find(f"POST {address} {body}", f"wrote something ({answer.status_code})")
            if may and answer.status_code in {403, 404}:
                self.find(f"POST {address} {body}", f"is refused ({answer.status_code})")
            self.look(f"POST {address} {body}", answer, door, thing)
        self.client.cookies.pop("messages", None)  # what was done is taken back, unsaid

    def expect_status(self, address, answer, *, opens):
        status = answer.status_code
        if opens and status not in {200, 302, 303, 405}:
            self.find(address, f"should open, but answers {status}")
        if not opens and status not in {403, 404, 405}:
            self.find(address, f"should be shut, but answers {status}")

    def look(self, address, answer, door, thing):
        """No mark of anything else stands in the answer: body, cells, headers."""
        if answer.status_code >= 500:
            self.find(address, f"breaks ({answer.status_code})")
        shown = self.world.marks_in(*texts_of(answer))
        allowed = set(self.own)
        if door.opens(self.eyes, thing):
            allowed |= door.tells(self.eyes, thing)
        if leaked := shown - allowed:
            self.find(address, f"({answer.status_code}) shows {self.names(leaked)}")

    def names(self, marks):
        """What the marks belong to, for whoever reads the finding."""
        world, found = self.world, []
        for things in (world.people, world.units, world.classes, world.certificates, world.imports):
            for thing in things:
                texts = (str(value) for value in vars(thing).values())
                if marks & world.marks_in(*texts):
                    found.append(f"{type(thing).__name__} {thing.pk}")
        return ", ".join(found) or ", ".join(sorted(marks))

    def find(self, where, what):
        self.findings.append(f"{self.who}: {where} {what}.")


def accepted(body):
    return "application/json" if "client_id" in body else "text/html"


def texts_of(answer):
    headers = [f"{name}: {value}" for name, value in answer.headers.items()]
    if answer.headers.get("Content-Type") == XLSX:
        sheets = CalamineWorkbook.from_filelike(BytesIO(answer.content))
        cells = [
            str(cell)
            for name in sheets.sheet_names
            for row in sheets.get_sheet_by_name(name).to_python()
            for cell in row
        ]
        return [*headers, *cells]
    return [*headers, answer.content.decode(errors="replace")]


@contextmanager
def taken_back():
    """What is done inside never was; acts that insist on being outermost may run."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)
    shutil.rmtree(settings.REGISTER_FOLDER, ignore_errors=True)  # what was published never was


def writes():
    """Rows written in this transaction so far."""
    with connection.cursor() as cursor:
        cursor.execute(WRITES)
        return cursor.fetchone()[0]
