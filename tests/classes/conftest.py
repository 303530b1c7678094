"""A small country: a city with two wards, another province, a class in the city."""

from datetime import date, timedelta

import pytest
from django.db import connection

from classes.class_scene import MORNING, make_officer, make_person, make_unit
from hocvu.classes.actions import add_bridge_points, appoint, enrol_learners, open_class, open_roll
from hocvu.classes.models import BridgePoint, Enrolment, Roll, RollMark
from hocvu.courses.models import Programme, TimetableSlot, Topic
from hocvu.people.models import Person
from hocvu.units.models import Unit


@pytest.fixture
def nation(db):
    """The root. Ids begin high, as in a country: a page must not write 12345 as 12.345."""
    with connection.cursor() as cursor:
        for model in (Unit, Person, BridgePoint, Enrolment, Roll, RollMark):
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), 12345)",
                [model._meta.db_table],
            )
    return make_unit(None, "VN", "Việt Nam", "nation")


@pytest.fixture
def city(nation):
    return make_unit(nation, "31", "Thành phố Hải Phòng", "city")


@pytest.fixture
def ward(city):
    return make_unit(city, "11473", "Phường Thủy Nguyên")


@pytest.fixture
def island(city):
    return make_unit(city, "11948", "Đặc khu Bạch Long Vĩ", "special_zone")


@pytest.fixture
def far_ward(nation):
    province = make_unit(nation, "40", "Tỉnh Nghệ An", "province")
    return make_unit(province, "16681", "Phường Trường Vinh")


@pytest.fixture
def officer(city):
    return make_officer("Trần Văn Quản", city)


@pytest.fixture
def leader(city):
    return make_officer("Phạm Thị Lãnh", city, role="leader")


@pytest.fixture
def coordinator(ward):
    return make_person("Lê Thị Điều", ward)


@pytest.fixture
def learners(ward):
    """By given name: Dương Dũng, Đặng Thu Đào, Phạm Văn Ân comes first of all."""
    names = ("Đặng Thu Đào", "Dương Dũng", "Phạm Văn Ân")
    return [make_person(name, ward) for name in names]


@pytest.fixture
def programme(db):
    programme = Programme.objects.create(
        code="leadership",
        version=1,
        name="Kỹ năng lãnh đạo, quản lý 4.0",
        name_en="Leadership and management skills 4.0",
        mode="blended",
        target_group="Lãnh đạo",
        days=1,
        valid_from=date(2025, 10, 1),
        min_attendance="4/5",
    )
    topics = [
        Topic.objects.create(
            programme=programme,
            code=code,
            position=at,
            title=f"Chuyên đề {at}",
            title_en=f"Topic {at}",
            kind="lecture",
            periods=4,
        )
        for at, code in enumerate(("T1", "T2"), start=1)
    ]
    TimetableSlot.objects.create(programme=programme, day=1, half="afternoon", topic=topics[1])
    TimetableSlot.objects.create(programme=programme, day=1, half="morning", topic=topics[0])
    return programme


@pytest.fixture
def training_class(programme, city, officer):
    return open_class(
        programme,
        code="HP-2026-01",
        name="Lớp kỹ năng lãnh đạo 4.0",
        host_unit=city,
        starts_on=MORNING.date(),
        opening_decision="152/QĐ-TCT",
        by=officer,
        at=MORNING - timedelta(days=7),
    )


@pytest.fixture
def point(training_class, ward, officer, coordinator):
    """The ward's bridge point with its coordinator."""
    add_bridge_points(training_class, [ward], by=officer, at=MORNING - timedelta(days=6))
    point = training_class.bridge_points.get(unit=ward)
    return appoint(point, coordinator=coordinator, by=officer, at=MORNING - timedelta(days=6))


@pytest.fixture
def enrolments(training_class, point, learners, officer):
    """The three learners' enrolments at the ward, in the order of `learners`."""
    enrol_learners(
        training_class,
        {learner.pk: point.pk for learner in learners},
        by=officer,
        at=MORNING - timedelta(days=5),
    )
    by_person = {each.person_id: each for each in training_class.enrolments.all()}
    return [by_person[learner.pk] for learner in learners]


@pytest.fixture
def roll(point, enrolments):
    """The ward's roll of session 1, not opened yet."""
    return point.rolls.select_related("session").get(session__number=1)


@pytest.fixture
def called_roll(roll, coordinator):
    return open_roll(roll, by=coordinator, at=MORNING)
