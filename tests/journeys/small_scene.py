"""A city, a ward with a bridge point, one class of one session, and everybody with an account."""

from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from hocvu.classes.actions import (
    add_bridge_points,
    appoint,
    close_class,
    close_roll,
    enrol_learners,
    mark_presence,
    open_class,
    open_roll,
)
from hocvu.classes.models import Enrolment, MarkMethod, Presence
from hocvu.competency.models import Component, Framework
from hocvu.courses.models import Programme, TimetableSlot, Topic
from hocvu.credentials.actions import issue_certificates
from hocvu.credentials.models import Certificate
from hocvu.exams.actions import hand_in, open_sitting, save_answer, start_attempt
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import fold, text_sort_key
from hocvu.papers.models import Paper, PaperQuestion
from hocvu.people.actions import NewPerson, add_people, create_account, grant_role
from hocvu.people.models import Person
from hocvu.questions.models import Question
from hocvu.recognition.actions import approve_proposal, approve_results, propose_decision
from hocvu.recognition.models import DecisionEntry
from hocvu.recognition.rules.decision_text import DecisionText
from hocvu.units.models import Unit, UnitName, path_below

PASSWORD = "con thuyền nhỏ trên sông lớn"
_STAFF = {
    "officer": ("Trần Văn Quản", "city", "daotao", "training_officer"),
    "registrar": ("Đỗ Thị Ký", "city", "vanthu", "registrar"),
    "leader": ("Phạm Thị Lãnh", "city", "lanhdao", "leader"),
    "admin": ("Vũ Văn Trị", "city", "quantri", "administrator"),
    "coordinator": ("Lê Thị Điều", "ward", "dieuphoi", ""),
    "learner": ("Nguyễn Thị Hạnh", "ward", "hocvien", ""),
    "newcomer": ("Phan Văn Mới", "ward", "", ""),
}


def _unit(parent, code, kind, name):
    unit = Unit.objects.create(
        code=code,
        kind=kind,
        parent=parent,
        path=path_below(parent, code),
        name=name,
        search_key=fold(name),
        sort_key=text_sort_key(name),
    )
    today = day_of(timezone.now())
    UnitName.objects.create(unit=unit, name=name, kind=kind, valid_from=today)
    return unit


class Stage(SimpleNamespace):
    """Everything by its part; the methods go on from there."""

    def __init__(self, **parts: Any) -> None:
        SimpleNamespace.__init__(self, **parts)
        self._sitting = None

    @property
    def roll(self):
        return self.point.rolls.select_related("session__training_class", "bridge_point").get()

    @property
    def main_roll(self):
        main = self.training_class.bridge_points.get(is_main=True)
        return main.rolls.select_related("session__training_class", "bridge_point").get()

    def sitting(self):
        now = timezone.now()
        self._sitting = self._sitting or open_sitting(
            self.paper,
            self.training_class,
            opens_at=now - timedelta(hours=1),
            closes_at=now + timedelta(hours=1),
            attempts_allowed=2,
            by=self.officer,
            at=now,
        )
        return self._sitting

    def attempt(self, person=None):
        return start_attempt(self.sitting(), by=person or self.learner, at=timezone.now())

    def finish(self):
        """Everybody attends and passes, and the class is closed."""
        now = timezone.now()
        roll = open_roll(self.roll, by=self.coordinator, at=now)
        enrolments = list(Enrolment.objects.active().filter(bridge_point=self.point))
        for enrolment in enrolments:
            mark_presence(
                roll, enrolment.pk, Presence.PRESENT, method=MarkMethod.TAP,
                client_id=uuid4(), by=self.coordinator, at=now,
            )  # fmt: skip
        close_roll(roll, head_count=len(enrolments), by=self.coordinator, at=now)
        for enrolment in enrolments:
            self.pass_test(enrolment.person)
        self.training_class = close_class(self.training_class, by=self.officer, at=now)

    def pass_test(self, person):
        now = timezone.now()
        attempt = self.attempt(person)
        save_answer(
            attempt, self.question.pk, ["a"], sequence=1, client_id=uuid4(), by=person, at=now
        )
        hand_in(attempt, by=person, at=now)

    def certificate(self):
        self.enrol_newcomer()
        self.finish()
        now = timezone.now()
        text = DecisionText(
            number=1,
            symbol="QĐ-UBND",
            decided_on=day_of(now),
            place="Hải Phòng",
            capacity="",
            signer_title="Phó Chủ tịch",
            signer_name="Lương Khánh Bách",
        )
        approve_results(self.training_class, by=self.registrar, at=now)
        proposal = propose_decision(self.training_class, text, by=self.registrar, at=now)
        self.decision = approve_proposal(proposal, by=self.leader, at=now)
        issue_certificates(self.decision, by=self.registrar, at=now)
        return Certificate.objects.get(entry__person=self.learner)

    def enrol_newcomer(self):
        enrol_learners(
            self.training_class,
            {self.newcomer.pk: self.point.pk},
            by=self.officer,
            at=timezone.now(),
        )

    def entry_without_certificate(self):
        """A line somebody wrote into the annex behind everybody's back."""
        enrolment = Enrolment.objects.create(
            training_class=self.training_class,
            person=self.coordinator,
            unit=self.ward,
            bridge_point=self.point,
            enrolled_at=timezone.now(),
        )
        with _past_the_triggers():
            return DecisionEntry.objects.create(
                decision=self.decision,
                position=99,
                enrolment=enrolment,
                person=self.coordinator,
                full_name=self.coordinator.full_name,
                unit_name=self.ward.name,
            )


@contextmanager
def _past_the_triggers():
    """What an administrator with the database's own password can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")


def scene():
    now = timezone.now()
    nation = _unit(None, "VN", "nation", "Việt Nam")
    units = {"city": _unit(nation, "31", "city", "Thành phố Hải Phòng")}
    units["ward"] = _unit(units["city"], "11560", "ward", "Phường Thủy Nguyên")
    units["island"] = _unit(units["city"], "11948", "special_zone", "Đặc khu Bạch Long Vĩ")
    province = _unit(nation, "40", "province", "Tỉnh Nghệ An")
    units["far"] = _unit(province, "16681", "ward", "Phường Trường Vinh")
    stage = Stage(**units)
    _engage(stage, units, now)
    _teach(stage)
    stage.training_class = open_class(
        stage.programme, code="HP-1", name="Lớp một", host_unit=stage.city,
        starts_on=day_of(now), by=stage.officer, at=now,
    )  # fmt: skip
    add_bridge_points(stage.training_class, [stage.ward], by=stage.officer, at=now)
    stage.point = stage.training_class.bridge_points.get(unit=stage.ward)
    appoint(stage.point, coordinator=stage.coordinator, by=stage.officer, at=now)
    enrol_learners(
        stage.training_class, {stage.learner.pk: stage.point.pk}, by=stage.officer, at=now
    )
    stage.enrolment = Enrolment.objects.get()
    return stage


def _engage(stage, units, now):
    rows = [
        NewPerson(
            full_name=name,
            unit_id=units[unit].pk,
            category="civil_servant",
            birth_year=1985,
            identity_number=f"03118500000{at}",
        )
        for at, (name, unit, _username, _role) in enumerate(_STAFF.values())
    ]
    people = Person.objects.in_bulk(add_people(rows, by=None, at=now))
    for part, (name, unit, username, role) in _STAFF.items():
        person = next(each for each in people.values() if each.full_name == name)
        setattr(stage, part, person)
        if username:
            create_account(person, username, PASSWORD, by=None, at=now)
        if role:
            grant_role(person, role, units[unit], by=None, at=now)


def _teach(stage):
    since = day_of(timezone.now()) - timedelta(days=100)
    stage.programme = Programme.objects.create(
        code="ct", version=1, name="Chương trình", name_en="Programme", mode="blended",
        target_group="", days=1, valid_from=since, min_attendance="4/5", paper_code="bai",
    )  # fmt: skip
    topic = Topic.objects.create(
        programme=stage.programme, code="T", position=1, title="Chuyên đề", title_en="Topic",
        kind="lecture", periods=4,
    )  # fmt: skip
    TimetableSlot.objects.create(programme=stage.programme, day=1, half="morning", topic=topic)
    framework = Framework.objects.create(
        code="khung", version="1", name="Khung", name_en="Framework", issued_by="",
        effective_from=since, levels=[{"code": "CB2", "name_vi": "Cơ bản", "name_en": "Basic"}],
    )  # fmt: skip
    Component.objects.create(
        framework=framework, code="1.1", domain="M", domain_en="D", name="T", name_en="C"
    )
    stage.paper = Paper.objects.create(
        code="bai", version=1, title="Bài kiểm tra", title_en="Test", minutes=30,
        pass_mark="7/10", framework=framework, level="CB2",
    )  # fmt: skip
    stage.question = Question.objects.create(
        code="Q1", version=1, kind="single", stem="Hỏi",
        options=[{"id": each, "text": each, "right": each == "a"} for each in "abc"],
        component_code="1.1", level="CB2", topic="T", target_group="", source="",
    )  # fmt: skip
    PaperQuestion.objects.create(paper=stage.paper, question=stage.question, position=1)
