"""What the scenes of these tests are made of."""

from datetime import date, datetime, timedelta
from itertools import count

from django.db import connection

from hocvu.classes.actions import SignedSheet, close_class, enrol_learners, enter_sheets, open_class
from hocvu.classes.models import Enrolment, Presence
from hocvu.courses.models import Programme, TimetableSlot, Topic
from hocvu.credentials.actions import issue_certificates
from hocvu.credentials.models import Certificate
from hocvu.kernel.time import VIETNAM
from hocvu.kernel.vietnamese import fold, given_name_sort_key, text_sort_key
from hocvu.people.models import Account, Person, Post, RoleGrant
from hocvu.recognition.actions import approve_proposal, approve_results, propose_decision
from hocvu.recognition.rules.decision_text import DecisionText
from hocvu.units.models import Unit, path_below

MONDAY = date(2026, 11, 16)
NOON = datetime(2026, 11, 20, 12, tzinfo=VIETNAM)
TEXT = DecisionText(
    number=7,
    symbol="QĐ-TCT",
    decided_on=date(2026, 11, 20),
    place="Hải Phòng",
    capacity="KT. HIỆU TRƯỞNG",
    signer_title="Phó Hiệu trưởng",
    signer_name="Lương Khánh Bách",
)
_usernames = count(1)


def make_unit(parent, code, name, kind="ward"):
    return Unit.objects.create(
        code=code,
        kind=kind,
        parent=parent,
        path=path_below(parent, code),
        name=name,
        search_key=fold(name),
        sort_key=text_sort_key(name),
    )


def make_person(name, unit, *, title="Chuyên viên", role=None):
    person = Person.objects.create(
        full_name=name,
        search_key=fold(name),
        sort_key=given_name_sort_key(name),
        sex="female",
        birth_year=1980,
        birth_month=2,
        birth_day=5,
    )
    Post.objects.create(person=person, unit=unit, title=title, category="civil_servant")
    if role:
        RoleGrant.objects.create(person=person, role=role, unit=unit, from_on=date(2026, 1, 1))
    return person


def sign_in(client, person):
    account = Account.objects.filter(person=person).first() or Account.objects.create(
        person=person, username=f"recognised{next(_usernames)}"
    )
    client.force_login(account)
    return client


def make_programme(*, half_days=2, min_attendance="4/5", paper_code=""):
    programme = Programme.objects.create(
        code=f"leadership-{half_days}",
        version=1,
        name="Kỹ năng lãnh đạo, quản lý 4.0",
        name_en="Leadership and management skills 4.0",
        mode="blended",
        target_group="Lãnh đạo",
        days=(half_days + 1) // 2,
        valid_from=date(2025, 10, 1),
        min_attendance=min_attendance,
        paper_code=paper_code,
    )
    for at in range(half_days):
        topic = Topic.objects.create(
            programme=programme,
            code=f"T{at}",
            position=at + 1,
            title=f"Chuyên đề {at + 1}",
            title_en=f"Topic {at + 1}",
            kind="lecture",
            periods=4,
        )
        half = ("morning", "afternoon")[at % 2]
        TimetableSlot.objects.create(programme=programme, day=at // 2 + 1, half=half, topic=topic)
    return programme


def hold_class(programme, host, officer, present, absent=(), *, code="K1", close=True):
    """A class, from its opening to its last roll: some came to everything, some to nothing."""
    training_class = open_class(
        programme,
        code=code,
        name=f"Lớp {code}",
        host_unit=host,
        starts_on=MONDAY,
        by=officer,
        at=NOON - timedelta(days=9),
    )
    everybody = dict.fromkeys(each.pk for each in (*present, *absent))
    enrol_learners(training_class, everybody, by=officer, at=NOON - timedelta(days=8))
    came = {each.pk for each in present}
    enrolments = Enrolment.objects.filter(training_class=training_class)
    presences = {
        pk: Presence.PRESENT if person_id in came else Presence.ABSENT
        for pk, person_id in enrolments.values_list("pk", "person_id")
    }
    hall = training_class.bridge_points.get(is_main=True)
    for session in training_class.sessions.all():
        sheet = SignedSheet(hall.pk, presences, head_count=len(came))
        enter_sheets(session, [sheet], by=officer, at=session.ends_at)
    return close_class(training_class, by=officer, at=NOON) if close else training_class


def approver_of(training_class):
    """A leader of the unit that ran the class."""
    name, unit = "Trịnh Thị Duyệt", training_class.host_unit
    known = Person.objects.filter(full_name=name, role_grants__unit=unit).first()
    return known or make_person(name, unit, title="Hiệu trưởng", role="leader")


def propose(training_class, registrar, text=TEXT, *, at=NOON, **more):
    """The results approved and the decision proposed."""
    approve_results(training_class, by=registrar, at=at)
    return propose_decision(training_class, text, by=registrar, at=at, **more)


def decide(training_class, registrar, text=TEXT, *, at=NOON, **more):
    """A decision proposed by one and approved by another."""
    proposal = propose(training_class, registrar, text, at=at, **more)
    return approve_proposal(proposal, by=approver_of(training_class), at=at)


def certify(training_class, registrar, text=TEXT, *, at=NOON):
    """Decide and sign; the certificates in the order of the annexed list."""
    decision = decide(training_class, registrar, text, at=at)
    issue_certificates(decision, by=registrar, at=at)
    return list(Certificate.objects.filter(entry__decision=decision).order_by("entry__position"))


def tamper(statement, values=()):
    """Do what an administrator with the database's own password can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = origin")
