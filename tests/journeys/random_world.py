"""A random country with everything in it, written as direct rows.

Every name, code and serial carries a mark of its own (`zqxkvbnmtr`), so that a page can be asked
whose marks it shows.
"""

import re
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from django.utils import timezone

from hocvu.audit.models import AuditEntry
from hocvu.campaigns.models import Campaign, CoverageSummary, Standing, Target
from hocvu.classes.models import (
    BridgePoint,
    ClassSession,
    Enrolment,
    Roll,
    RollMark,
    TrainingClass,
)
from hocvu.competency.models import Component, Framework
from hocvu.courses.models import Programme, TimetableSlot, Topic
from hocvu.credentials.models import (
    Certificate,
    DecisionEntry,
    RecognitionDecision,
    RegisterEntry,
)
from hocvu.exams.models import Attempt, Paper, PaperQuestion, Sitting
from hocvu.kernel.ids import in_groups
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import fold, given_name_sort_key, text_sort_key
from hocvu.people.models import Account, Person, Post, RoleGrant, RosterImport
from hocvu.questions.models import Question
from hocvu.units.models import LegacyUnit, Unit, UnitName, path_below

ROLES = ("training_officer", "registrar", "leader", "inspector", "administrator")
_KINDS = {0: "province", 1: "ward", 2: "department"}
_LEAST_UNITS, _MOST_UNITS = 8, 13


@dataclass
class World:
    chance: Random
    now: datetime = field(default_factory=timezone.now)
    units: list[Unit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    grants: list[RoleGrant] = field(default_factory=list)
    classes: list[TrainingClass] = field(default_factory=list)
    sessions: list[ClassSession] = field(default_factory=list)
    points: list[BridgePoint] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    rolls: list[Roll] = field(default_factory=list)
    marks: list[RollMark] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    decisions: list[RecognitionDecision] = field(default_factory=list)
    entries: list[DecisionEntry] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    imports: list[RosterImport] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)
    acted: dict[object, Person] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)  # of certificates, as typed and as printed

    @property
    def today(self):
        return day_of(self.now)

    def mark(self):
        """A word nobody else has."""
        return self._given("zq" + "".join(self.chance.choices("bcdfghjklmnpqrstvwxz", k=8)))

    def number(self, begins, length):
        """A telephone or identity number nobody else has."""
        rest = length - len(begins)
        return self._given(begins + "".join(self.chance.choices(string.digits, k=rest)))

    def digits(self, length):
        return "".join(self.chance.choices(string.digits, k=length))

    def _given(self, text):
        self.given.add(text)
        return text

    def marks_in(self, *texts):
        """The marks of this world that stand in these texts, each taken whole."""
        text = " ".join(texts).casefold()
        found = self.given.intersection(re.findall(r"zq[a-z]+|\d{10,12}", text))
        return found | {code for code in self.codes if code in text}


def random_world(seed):
    world = World(Random(seed))
    _tree(world)
    _people(world)
    _grants(world)
    _classes(world)
    _roll_calls(world)
    _tests(world)
    _decisions(world)
    _rosters(world)
    _coverage(world)
    return world


def _unit(world, parent, kind, code):
    name = f"Đơn vị {world.mark().upper()}"
    unit = Unit.objects.create(
        code=code,
        kind=kind,
        parent=parent,
        path=path_below(parent, code),
        name=name,
        search_key=fold(name),
        sort_key=text_sort_key(name),
        longitude=100 + world.chance.random() * 9,
        latitude=8 + world.chance.random() * 15,
    )
    UnitName.objects.create(unit=unit, name=name, kind=kind, valid_from=world.today)
    world.units.append(unit)
    return unit


def _tree(world):
    """Codes are often the beginning of their neighbour's code: 3, 31, 311."""
    chance = world.chance
    nation = _unit(world, None, "nation", "VN")
    depth_of = {nation.pk: 0}
    codes = {"VN"}
    for _number in range(chance.randint(_LEAST_UNITS, _MOST_UNITS)):
        parent = chance.choice([unit for unit in world.units if depth_of[unit.pk] <= 2])
        base = chance.choice([*codes - {"VN"}, "3", "4"])
        code = next(code for n in range(100) if (code := f"{base}{n or ''}") not in codes)
        codes.add(code)
        unit = _unit(world, parent, _KINDS[depth_of[parent.pk]], code[:35])
        depth_of[unit.pk] = depth_of[parent.pk] + 1
    for unit in world.units:
        old = f"Xã {world.mark()}"
        LegacyUnit.objects.create(
            ward_code=world.digits(5),
            name=old,
            district="",
            province="",
            name_key=fold(old),
            district_key="",
            province_key="",
            successor=unit,
            share="whole",
        )


def _people(world):
    chance = world.chance
    for unit in world.units:
        for _number in range(chance.randint(1, 3)):
            _person(world, unit)
    _person(world, None)
    Person.objects.bulk_create(world.people)
    Post.objects.bulk_create(world.posts)
    Account.objects.bulk_create(
        Account(person=person, username=world.mark(), password="!") for person in world.people
    )


def _person(world, unit):
    chance = world.chance
    name = f"Trần Thị {world.mark().capitalize()}"
    person = Person(
        full_name=name,
        search_key=fold(name),
        sort_key=given_name_sort_key(name),
        birth_year=chance.randint(1960, 2000),
        identity_number=world.number("9", 12),
        phone=world.number("09", 10),
        email=f"{world.mark()}@example.vn",
    )
    world.people.append(person)
    if unit is None:
        return
    long_ago = world.today - timedelta(days=400)
    post = {"person": person, "category": "civil_servant", "from_on": long_ago}
    world.posts.append(Post(unit=unit, title=f"Chức {world.mark()}", **post))
    if chance.random() < 0.25:
        left = world.today - timedelta(days=chance.randint(0, 90))
        where = chance.choice(world.units)
        world.posts.append(Post(unit=where, title=f"Chức {world.mark()}", until_on=left, **post))
    if chance.random() < 0.15:
        where = chance.choice(world.units)
        world.posts.append(Post(unit=where, title=f"Chức {world.mark()}", is_main=False, **post))


def _grants(world):
    chance, day = world.chance, timedelta(days=1)
    seen = set()
    for _number in range(max(6, len(world.people) // 2)):
        person, unit = chance.choice(world.people), chance.choice(world.units)
        role = chance.choice(ROLES)
        if (person.pk, unit.pk, role) in seen:
            continue
        seen.add((person.pk, unit.pk, role))
        begins, ends = chance.choice(
            [(-9, None), (-9, None), (-9, None), (0, 30), (-9, 0), (-9, -1), (1, None)]
        )
        until_on = None if ends is None else world.today + ends * day
        grant = RoleGrant(
            person=person, role=role, unit=unit, from_on=world.today + begins * day,
            until_on=until_on,
        )  # fmt: skip
        world.grants.append(grant)
    for role in ROLES:  # in the first province somebody holds each
        person, unit = chance.choice(world.people), world.units[1]
        if (person.pk, unit.pk, role) not in seen:
            since = world.today - 9 * day
            world.grants.append(RoleGrant(person=person, role=role, unit=unit, from_on=since))
    RoleGrant.objects.bulk_create(world.grants)


def _classes(world):
    chance = world.chance
    programme = Programme.objects.create(
        code=f"ct-{world.digits(6)}",
        version=1,
        name="Chương trình",
        name_en="Programme",
        mode="blended",
        target_group="",
        days=1,
        valid_from=world.today - timedelta(days=100),
        min_attendance="4/5",
        paper_code=f"bai-{world.digits(6)}",
    )
    topic = Topic.objects.create(
        programme=programme, code="T", position=1, title="Chuyên đề", title_en="Topic",
        kind="lecture", periods=4,
    )  # fmt: skip
    TimetableSlot.objects.create(programme=programme, day=1, half="morning", topic=topic)
    someone = [*world.people, None]
    for number in range(chance.randint(3, 4)):
        training_class = TrainingClass.objects.create(
            programme=programme,
            code=f"L-{world.mark().upper()}",
            name=f"Lớp {world.mark()}",
            host_unit=world.units[1] if number == 1 else chance.choice(world.units),
            mode="blended",
            starts_on=world.today,
            ends_on=world.today,
            supervisor=chance.choice(someone),
            opening_decision=f"1/QĐ-{world.mark()}",
            opened_at=world.now,
            closed_at=world.now if number % 2 else None,
        )
        world.classes.append(training_class)
        noon = datetime.combine(world.today, datetime.min.time(), UTC) + timedelta(hours=12)
        world.sessions.append(
            ClassSession.objects.create(
                training_class=training_class,
                number=1,
                held_on=world.today,
                half="morning",
                starts_at=noon,
                ends_at=max(noon, world.now) + timedelta(hours=3),
                topic=topic,
            )
        )
        hosts = {training_class.host_unit.pk: training_class.host_unit}
        for unit in chance.sample(world.units, 2):
            hosts.setdefault(unit.pk, unit)
        for unit in hosts.values():
            point = BridgePoint(
                training_class=training_class,
                unit=unit,
                name=unit.name,
                is_main=unit == training_class.host_unit,
                chair=chance.choice(someone),
                coordinator=chance.choice(someone),
                technical_contact=chance.choice(someone),
            )
            point.save()
            world.points.append(point)
        _enrol(world, training_class)
    Enrolment.objects.bulk_create(world.enrolments)
    _audit(world, "class_opened", world.classes)


def _enrol(world, training_class):
    chance = world.chance
    own = [point for point in world.points if point.training_class == training_class]
    employed = {post.person_id: post.unit for post in world.posts if post.until_on is None}
    employed |= {post.person_id: post.unit for post in world.posts if _is_main_today(post)}
    learners = [person for person in world.people if person.pk in employed]
    for person in chance.sample(learners, min(7, len(learners))):
        world.enrolments.append(
            Enrolment(
                training_class=training_class,
                person=person,
                unit=employed[person.pk],
                bridge_point=chance.choice(own),
                enrolled_at=world.now,
                withdrawn_at=world.now if chance.random() < 0.15 else None,
            )
        )


def _is_main_today(post):
    return post.until_on is None and post.is_main


def _roll_calls(world):
    chance = world.chance
    for session in world.sessions:
        for point in world.points:
            if point.training_class != session.training_class:
                continue
            closed = session.training_class.is_closed
            opened = closed or chance.random() < 0.7
            roll = Roll(
                session=session,
                bridge_point=point,
                opened_at=world.now if opened else None,
                closed_at=world.now if closed else None,
                closed_by=chance.choice(world.people) if closed else None,
                head_count=1 if closed else None,
                difference_note=f"Chênh {world.mark()}" if closed else "",
            )
            world.rolls.append(roll)
            if opened:
                world.marks += [
                    RollMark(
                        roll=roll,
                        enrolment=enrolment,
                        presence=chance.choice(("present", "excused")),
                        method="tap",
                        marked_by=chance.choice(world.people),
                        marked_at=world.now,
                        client_id=UUID(int=chance.getrandbits(128)),
                        reason=f"Lý do {world.mark()}",
                    )
                    for enrolment in world.enrolments
                    if enrolment.bridge_point == point and chance.random() < 0.5
                ]
    Roll.objects.bulk_create(world.rolls)
    RollMark.objects.bulk_create(world.marks)
    _audit(world, "roll_opened", world.rolls)


def _audit(world, act, subjects):
    """Anybody may have acted: their name stands in the history of what they touched."""
    rows = []
    for subject in subjects:
        actor = world.chance.choice(world.people)
        world.acted[subject] = actor
        label = f"{subject._meta.label_lower}:{subject.pk}"
        rows.append(AuditEntry(at=world.now, actor_id=actor.pk, act=act, subject=label))
    AuditEntry.objects.bulk_create(rows)


def _tests(world):
    chance = world.chance
    framework = Framework.objects.create(
        code=f"khung-{world.digits(6)}", version="1", name="Khung", name_en="Framework",
        issued_by="", effective_from=world.today - timedelta(days=100),
        levels=[{"code": "CB2", "name_vi": "Cơ bản", "name_en": "Basic"}],
    )  # fmt: skip
    world.framework = framework
    Component.objects.create(
        framework=framework, code="1.1", domain="M", domain_en="D", name="T", name_en="C"
    )
    paper = Paper.objects.create(
        code=world.classes[0].programme.paper_code, version=1, title="Bài", title_en="Test",
        minutes=30, pass_mark="7/10", framework=framework, level="CB2",
    )  # fmt: skip
    options = [{"id": each, "text": each, "right": each == "a"} for each in "abc"]
    question = Question.objects.create(
        code=f"Q{world.digits(6)}", version=1, kind="single", stem="Hỏi", options=options,
        component_code="1.1", level="CB2", topic="T", target_group="", source="",
    )  # fmt: skip
    PaperQuestion.objects.create(paper=paper, question=question, position=1)
    hour = timedelta(hours=1)
    for training_class in world.classes:
        sitting = Sitting.objects.create(
            paper=paper, training_class=training_class,
            opens_at=world.now - hour, closes_at=world.now + hour, attempts_allowed=2,
        )  # fmt: skip
        world.sittings.append(sitting)
        for enrolment in world.enrolments:
            if enrolment.training_class != training_class or chance.random() < 0.3:
                continue
            handed_in = world.now if chance.random() < 0.6 else None
            attempt = Attempt(
                sitting=sitting, person=enrolment.person, number=1, seed=1,
                started_at=world.now - hour / 4, must_end_at=world.now + hour / 4,
            )  # fmt: skip
            if handed_in:
                attempt.handed_in_at = attempt.marked_at = handed_in
                attempt.points, attempt.out_of, attempt.passed = 1, 1, True
            world.attempts.append(attempt)
    Attempt.objects.bulk_create(world.attempts)


def _decisions(world):
    chance = world.chance
    for training_class in world.classes:
        if not training_class.is_closed:
            continue
        learners = [
            each
            for each in world.enrolments
            if each.training_class == training_class and each.withdrawn_at is None
        ]
        if not learners:
            continue
        decision = RecognitionDecision.objects.create(
            training_class=training_class,
            issuer=training_class.host_unit,
            year=world.today.year,
            number=len(world.decisions) + 1,
            symbol=f"QĐ-{world.mark()}",
            decided_on=world.today,
            issued_at=world.now,
            issued_by=chance.choice(world.people),
            place="Hà Nội",
            signer_title="Giám đốc",
            signer_name=f"Ký {world.mark()}",
            programme_name="Chương trình",
            starts_on=world.today,
            ends_on=world.today,
            mode="blended",
            learner_count=len(learners),
        )
        world.decisions.append(decision)
        for position, enrolment in enumerate(learners, start=1):
            world.entries.append(_recognised(world, decision, position, enrolment))


def _recognised(world, decision, position, enrolment):
    entry = DecisionEntry.objects.create(
        decision=decision,
        position=position,
        enrolment=enrolment,
        person=enrolment.person,
        full_name=enrolment.person.full_name,
        unit_name=enrolment.unit.name,
    )
    if world.chance.random() < 0.7:
        certificate = Certificate.objects.create(
            entry=entry,
            serial_number=f"{world.mark().upper()}-2026-{position:06d}",
            register_year=decision.year,
            register_number=len(world.certificates) + 1,
            issuer=decision.issuer,
            verification_code="".join(world.chance.choices("23456789ABCDEFGHJKMNPQRST", k=16)),
            issued_at=world.now,
            file=f"%PDF-1.7 {world.mark()}".encode(),
            file_sha256=f"{world.chance.getrandbits(256):064x}",
        )
        RegisterEntry.objects.create(
            leaf_index=10**6 + len(world.certificates),
            event="issue",
            certificate=certificate,
            at=world.now,
            by=world.chance.choice(world.people),
            salt=b"s",
            leaf_hash=b"h",
        )
        world.certificates.append(certificate)
        code = certificate.verification_code
        world.codes |= {code.casefold(), in_groups(code).casefold()}
    return entry


def _rosters(world):
    chance = world.chance
    for number in range(5):
        unit = chance.choice(world.units)
        line = {
            "row": 2,
            "full_name": f"Lê Văn {world.mark()}",
            "unit_id": unit.pk,
            "unit_name": unit.name,
            "identity_number": world.number("9", 12),
        }
        imported = world.now if number == 0 else None
        world.imports.append(
            RosterImport.objects.create(
                unit=unit,
                file_name=f"{world.mark()}.xlsx",
                file_sha256=f"{chance.getrandbits(256):064x}",
                uploaded_by=chance.choice(world.people),
                uploaded_at=world.now,
                lines=[{**line, "outcome": "added"} if imported else line],
                imported_at=imported,
                imported_by=chance.choice(world.people) if imported else None,
            )
        )


def _coverage(world):
    campaign = Campaign.objects.create(
        code=f"ct-{world.digits(8)}", name="Phong trào", name_en="Movement",
        framework=world.framework, categories=["civil_servant"], programme_codes=[],
    )  # fmt: skip
    Target.objects.create(campaign=campaign, share="4/5", from_on=world.today, until_on=world.today)
    for post in world.posts:
        if _is_main_today(post):
            world.standings.append(Standing(campaign=campaign, person=post.person, unit=post.unit))
    Standing.objects.bulk_create(world.standings)
    CoverageSummary.objects.bulk_create(
        CoverageSummary(campaign=campaign, unit=unit, in_scope=2, as_of=world.now)
        for unit in world.units
    )
