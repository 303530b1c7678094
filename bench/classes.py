"""A class with a bridge point in every commune: made, enrolled, its sheets entered, its pages."""

from functools import partial
from http import HTTPStatus
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench import scenes
from bench.measuring import Measurement, expect, milliseconds, seconds
from hocvu.classes.actions import add_bridge_points, enrol_learners, enter_sheets, open_roll
from hocvu.classes.models import BridgePoint, ClassSession, Enrolment, Roll, RollMark, TrainingClass
from hocvu.classes.queries import attendance_of
from hocvu.config.rehearsal.sheets import signed_sheets
from hocvu.people.models import Person, Post, Role

_LEARNERS_EACH = 5
_TIMES = 33


def measure() -> list[Measurement]:
    scenes.prepared()
    officer = scenes.officer(Role.TRAINING_OFFICER)
    people = scenes.people_of_communes(_LEARNERS_EACH)
    training_class = scenes.class_held("commune-leaders-refresher", "BENCH-1", officer)
    communes = scenes.communes()

    def points() -> None:
        add_bridge_points(training_class, communes, by=officer, at=timezone.now())

    pointed = seconds(points)
    placements = _placements(training_class, people)

    def enrol() -> None:
        enrol_learners(training_class, placements, by=officer, at=timezone.now())

    enrolled = seconds(enrol)
    expect(
        "enrolments", Enrolment.objects.filter(training_class=training_class).count(), len(people)
    )
    scenes.settle()
    entered = _enter_all_sheets(training_class, officer)
    scenes.settle()
    counted = tuple(seconds(lambda: attendance_of(training_class)) for _ in range(5))
    client = scenes.browser_of(officer)
    return [
        Measurement(
            f"{len(communes):,} bridge points added to a class, with their rolls", (pointed,)
        ),
        Measurement(f"{len(people):,} learners enrolled at them", (enrolled,)),
        Measurement(
            f"signed sheets of {len(communes):,} bridge points entered for one session",
            entered,
            against=1.5,
        ),
        Measurement(f"attendance of {len(people):,} learners over all sessions", counted),
        *_pages(client, training_class),
        *_roll_call(client, officer),
    ]


def _placements(training_class: TrainingClass, people: list[int]) -> dict[int, int | None]:
    points = dict(
        BridgePoint.objects.filter(training_class=training_class).values_list("unit", "pk")
    )
    posts = Post.objects.filter(person__in=people).values_list("person_id", "unit_id")
    return {person_id: points[unit_id] for person_id, unit_id in posts}


def _enter_all_sheets(training_class: TrainingClass, officer: Person) -> tuple[float, ...]:
    """Seconds for every session of the class."""
    places, taken = scenes.places_of(training_class), []
    for session in ClassSession.objects.filter(training_class=training_class).order_by("number"):
        sheets = signed_sheets(places, present=0.93, chance=scenes.chance())

        enter = partial(enter_sheets, session, sheets, by=officer, at=session.ends_at)
        taken.append(seconds(enter))
        marks = RollMark.objects.filter(roll__session=session).count()
        expect("marks of a session", marks, len(places))
    return tuple(taken)


def _pages(client: Client, training_class: TrainingClass) -> list[Measurement]:
    session = ClassSession.objects.filter(training_class=training_class).earliest("number")
    roll = Roll.objects.filter(session=session, bridge_point__is_main=False).earliest("pk")
    addresses = {
        "roll page of a bridge point: server time": reverse("classes:roll", args=[roll.pk]),
        "board of a session with all its bridge points: server time": reverse(
            "classes:session", args=[session.pk]
        ),
        "page of the class: server time": reverse("classes:detail", args=[training_class.pk]),
        "list of its learners: server time": reverse("classes:learners", args=[training_class.pk]),
    }
    return [
        Measurement(claim, _server_time(client, address), "ms")
        for claim, address in addresses.items()
    ]


def _server_time(client: Client, address: str) -> tuple[float, ...]:
    expect(address, client.get(address).status_code, HTTPStatus.OK)
    return milliseconds(partial(client.get, address) for _ in range(_TIMES))


def _roll_call(client: Client, officer: Person) -> list[Measurement]:
    """Taps on the roll of one hall that is full."""
    hall = scenes.class_held("leadership-skills-4-0", "BENCH-2", officer, days_ago=5)
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True)[:120])
    enrol_learners(hall, dict.fromkeys(people), by=officer, at=timezone.now())
    roll = Roll.objects.filter(session__training_class=hall).earliest("session__number")
    open_roll(roll, by=officer, at=timezone.now())
    address = reverse("classes:mark", args=[roll.pk])
    taps = [
        {"enrolment": str(pk), "presence": "present", "client_id": str(uuid4())}
        for pk in Enrolment.objects.filter(training_class=hall).values_list("pk", flat=True)
    ]
    accept = {"accept": "application/json"}
    taken = milliseconds(partial(client.post, address, tap, headers=accept) for tap in taps)
    expect("marks by tapping", RollMark.objects.filter(roll=roll).count(), len(taps))
    page = reverse("classes:roll", args=[roll.pk])
    return [
        Measurement("one tap on the roll: server time", taken, "ms"),
        Measurement(
            f"roll page of a hall of {len(taps)}: server time", _server_time(client, page), "ms"
        ),
    ]
