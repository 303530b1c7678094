"""What measurements have in common: people, officers, classes, and browsers signed in as them."""

import secrets
from datetime import datetime, timedelta
from functools import cache
from random import Random

from django.db import connection
from django.test import Client
from django.utils import timezone

from hocvu.classes.actions import enter_sheets, open_class
from hocvu.classes.models import ClassSession, Enrolment, TrainingClass
from hocvu.config.installation import set_up
from hocvu.config.rehearsal.answers import answer_sheets
from hocvu.config.rehearsal.fiction import Fiction
from hocvu.config.rehearsal.sheets import signed_sheets
from hocvu.courses.queries import programme_in_force
from hocvu.exams.actions import AnswerSheet, open_sitting
from hocvu.exams.models import Sitting
from hocvu.kernel.time import day_of
from hocvu.papers.models import PaperQuestion
from hocvu.papers.queries.papers import latest_papers
from hocvu.people.actions import add_people, create_account, grant_role
from hocvu.people.models import Category, Person, Role
from hocvu.units.models import COMMUNAL_KINDS, Unit
from hocvu.units.queries import unit_with_code

SEED = 1945
NATION, CITY = "VN", "31"


def prepared() -> datetime:
    """An installation as after set-up: units, questions, programmes, keys, no people."""
    at = timezone.now()
    set_up(at=at)
    return at


@cache
def fiction() -> Fiction:
    return Fiction(SEED)


def chance() -> Random:
    return Random(SEED)


def officer(role: Role, unit_code: str = NATION) -> Person:
    """Somebody with an account who holds this role on this unit."""
    at, unit = timezone.now(), unit_with_code(unit_code)
    invented = fiction().person(unit, "Chuyên viên", Category.CIVIL_SERVANT)
    person = Person.objects.get(pk=add_people([invented], by=None, at=at)[0])
    grant_role(person, role, unit, by=None, at=at)
    with_account(person)
    return person


def with_account(person: Person) -> None:
    username = f"{secrets.token_hex(6)}"
    create_account(person, username, secrets.token_hex(12), by=None, at=timezone.now())


def browser() -> Client:
    """A client that goes through the whole stack of the site, without a socket."""
    return Client(SERVER_NAME="127.0.0.1")


def browser_of(person: Person) -> Client:
    """The same, signed in as this person."""
    client = browser()
    client.force_login(person.account)
    return client


def communes() -> list[Unit]:
    return list(Unit.objects.filter(kind__in=COMMUNAL_KINDS).order_by("path"))


def people_of_communes(per_commune: int) -> list[int]:
    """So many people in each of the communes, wards and special zones; their ids."""
    rows = [
        fiction().person(unit, "Chuyên viên", Category.CIVIL_SERVANT)
        for unit in communes()
        for _ in range(per_commune)
    ]
    return add_people(rows, by=None, at=timezone.now())


def class_held(programme: str, code: str, by: Person, *, days_ago: int = 20) -> TrainingClass:
    """A class that began some days ago at the unit on which the officer holds the role."""
    starts_on = day_of(timezone.now()) - timedelta(days=days_ago)
    chosen = programme_in_force(programme, starts_on)
    return open_class(
        chosen,
        code=code,
        name=chosen.name,
        host_unit=unit_with_code(CITY),
        starts_on=starts_on,
        supervisor=by,
        by=by,
        at=timezone.now(),
    )


def places_of(training_class: TrainingClass) -> list[tuple[int, int]]:
    """(bridge point, enrolment) of every learner."""
    return list(
        Enrolment.objects.active()
        .filter(training_class=training_class)
        .order_by("bridge_point_id", "pk")
        .values_list("bridge_point_id", "pk")
    )


def hold_everything(training_class: TrainingClass, by: Person, *, present: float) -> None:
    places = places_of(training_class)
    for session in ClassSession.objects.filter(training_class=training_class).order_by("number"):
        sheets = signed_sheets(places, present=present, chance=chance())
        enter_sheets(session, sheets, by=by, at=session.ends_at)


def test_offered(training_class: TrainingClass, by: Person) -> Sitting:
    at = timezone.now()
    return open_sitting(
        latest_papers().get(code=training_class.programme.paper_code),
        training_class,
        opens_at=at - timedelta(days=3),
        closes_at=at + timedelta(days=3),
        by=by,
        at=at,
    )


def sheets_of_everybody(sitting: Sitting, *, ability: float) -> list[AnswerSheet]:
    """One filled-in answer sheet for every learner of the class."""
    return answer_sheets(
        sitting, ability=ability, share=2.0, only=None, chance=chance(), at=timezone.now()
    )


def faultless_sheets(sitting: Sitting) -> list[AnswerSheet]:
    """Every learner of the class has answered every question right."""
    paper = PaperQuestion.objects.filter(paper=sitting.paper).select_related("question")
    right = {
        asked.question_id: tuple(each["id"] for each in asked.question.options if each["right"])
        for asked in paper
    }
    now = timezone.now()
    learners = Enrolment.objects.active().filter(training_class=sitting.training_class)
    return [
        AnswerSheet(person_id, now - timedelta(minutes=20), now, right)
        for person_id in learners.order_by("pk").values_list("person_id", flat=True)
    ]


def settle() -> None:
    """Let the database know its tables, as its own upkeep does within a minute."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
