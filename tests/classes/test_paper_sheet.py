"""The signed paper sheet of one bridge point, entered by hand without scripts."""

from datetime import date, timedelta

import pytest
from django.test import Client

from classes.class_scene import MORNING, make_person, sign_in
from hocvu.classes.actions import (
    SessionIsAhead,
    appoint,
    close_roll,
    enrol_learners,
    enter_sheet,
    mark_presence,
    withdraw_learner,
)
from hocvu.classes.events import RollClosed
from hocvu.classes.models import ClassSession, MarkMethod, Presence, RollMark
from hocvu.classes.queries import history_of
from hocvu.kernel.events import _reactions

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(roll):
    """The ward's roll of session 1, on a day that is over; never opened."""
    ClassSession.objects.update(held_on=date(2026, 1, 1))
    return roll


@pytest.fixture
def on_phone(client, coordinator):
    return sign_in(client, coordinator)


def sheet_of(enrolments, *, heads, note="", **absent):
    said = {f"e{each.pk}": "present" for each in enrolments}
    return {**said, "head_count": heads, "note": note} | absent


def test_everybody_stands_as_present_before_anything_is_typed(on_phone, held, enrolments):
    page = on_phone.get(f"/rolls/{held.pk}/sheet/").content.decode()

    assert page.count('value="present"') == page.count(" checked") == 3
    assert page.index("Văn Ân") < page.index("Dương Dũng") < page.index("Thu Đào")
    assert f"/rolls/{held.pk}/sheet/" in on_phone.get(f"/rolls/{held.pk}/").content.decode()


def test_a_sheet_marks_everybody_and_closes_the_roll_once(on_phone, held, enrolments, coordinator):
    excused = {f"e{enrolments[0].pk}": "excused"}
    told = sheet_of(enrolments, heads=2, **excused)
    heard = []
    _reactions[RollClosed].append(heard.append)
    try:
        first = on_phone.post(f"/rolls/{held.pk}/sheet/", told)
        again = on_phone.post(f"/rolls/{held.pk}/sheet/", told)
    finally:
        _reactions[RollClosed].remove(heard.append)

    held.refresh_from_db()
    marks = dict(RollMark.objects.values_list("enrolment_id", "presence"))
    assert {(each.status_code, each["Location"]) for each in (first, again)} == {
        (303, f"/rolls/{held.pk}/")
    }
    assert marks == {
        enrolments[0].pk: Presence.EXCUSED,
        enrolments[1].pk: Presence.PRESENT,
        enrolments[2].pk: Presence.PRESENT,
    }
    assert (held.head_count, held.closed_by) == (2, coordinator)
    assert set(RollMark.objects.values_list("method", flat=True)) == {MarkMethod.SHEET}
    assert len(heard) == 1


def test_a_difference_of_heads_and_names_needs_its_note(on_phone, held, enrolments):
    refused = on_phone.post(f"/rolls/{held.pk}/sheet/", sheet_of(enrolments, heads=4))
    explained = on_phone.post(
        f"/rolls/{held.pk}/sheet/", sheet_of(enrolments, heads=4, note="Một khách mời")
    )

    assert refused.status_code == 422
    assert "4" in refused.content.decode()
    assert f'name="e{enrolments[0].pk}"' in refused.content.decode()
    assert explained.status_code == 303
    held.refresh_from_db()
    assert held.difference_note == "Một khách mời"


def test_a_name_that_came_later_is_asked_for(on_phone, held, enrolments, ward, officer):
    told = sheet_of(enrolments, heads=3)
    late = make_person("Vũ Thị Muộn", ward)
    enrol_learners(
        held.session.training_class, {late.pk: held.bridge_point_id}, by=officer, at=MORNING
    )

    answer = on_phone.post(f"/rolls/{held.pk}/sheet/", told)

    assert answer.status_code == 422
    assert "Vũ Thị Muộn" in answer.content.decode()
    assert not RollMark.objects.exists()


def test_who_left_the_class_is_not_on_the_sheet(
    on_phone, called_roll, enrolments, coordinator, officer
):
    tap = {"method": MarkMethod.TAP, "by": coordinator, "at": MORNING}
    for at, presence in enumerate((Presence.PRESENT, Presence.ABSENT)):
        mark_presence(called_roll, enrolments[at].pk, presence, client_id=f"{at + 1:032d}", **tap)
    withdraw_learner(enrolments[0], reason="Chuyển công tác", by=officer, at=MORNING)

    ClassSession.objects.update(held_on=date(2026, 1, 1))

    form = on_phone.get(f"/rolls/{called_roll.pk}/sheet/").context["form"]

    assert {name.name: name.value() for name in form.names} == {
        f"e{enrolments[1].pk}": Presence.ABSENT,
        f"e{enrolments[2].pk}": Presence.PRESENT,
    }


def test_a_closed_roll_takes_no_other_sheet(on_phone, held, enrolments, officer):
    on_phone.post(f"/rolls/{held.pk}/sheet/", sheet_of(enrolments, heads=3))

    other = on_phone.post(f"/rolls/{held.pk}/sheet/", sheet_of(enrolments, heads=5, note="đếm lại"))

    assert other.status_code == 409
    assert "<form" not in on_phone.get(f"/rolls/{held.pk}/sheet/").content.decode().split("task")[1]


def test_a_sheet_is_not_entered_before_its_session(roll, coordinator, on_phone):
    with pytest.raises(SessionIsAhead):
        enter_sheet(roll, {}, head_count=0, by=coordinator, at=MORNING - timedelta(days=1))
    ClassSession.objects.update(held_on=date(2126, 1, 1))
    assert "chưa diễn ra" in on_phone.get(f"/rolls/{roll.pk}/sheet/").content.decode()


def test_only_people_on_duty_and_officers_enter_a_sheet(
    held, enrolments, learners, officer, leader
):
    point = held.bridge_point
    address = f"/rolls/{held.pk}/sheet/"
    told = sheet_of(enrolments, heads=3)

    assert sign_in(Client(), learners[0]).post(address, told).status_code == 404
    assert sign_in(Client(), leader).get(address).status_code == 403
    appoint(point, technical_contact=learners[1], by=officer, at=MORNING)
    assert sign_in(Client(), learners[1]).post(address, told).status_code == 403
    assert not RollMark.objects.exists()
    assert sign_in(Client(), officer).post(address, told).status_code == 303


def test_the_history_of_a_roll_tells_of_its_sheet(on_phone, held, enrolments, coordinator):
    on_phone.post(f"/rolls/{held.pk}/sheet/", sheet_of(enrolments, heads=3))

    told = [entry.sentence for entry in history_of(held)]

    expected = (
        f"{coordinator.full_name} đã nhập phiếu điểm danh có chữ ký của buổi 1:"
        " 3 người có tên có mặt, đếm được 3 người."
    )
    assert told == [expected]


def test_a_point_without_learners_enters_its_heads_alone(training_class, officer, client):
    ClassSession.objects.update(held_on=date(2026, 1, 1))
    main = training_class.bridge_points.get(is_main=True)
    roll = main.rolls.get(session__number=1)
    desk = sign_in(client, officer)

    answer = desk.post(f"/rolls/{roll.pk}/sheet/", {"head_count": 2, "note": "Khách mời"})

    assert answer.status_code == 303
    assert close_roll(roll, head_count=2, by=officer, at=MORNING).head_count == 2
