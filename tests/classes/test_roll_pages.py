from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from classes.class_scene import EVERY_PAGE, MINUTE, MORNING, make_person, sign_in
from hocvu.classes.actions import appoint, check_in, close_roll, mark_presence, open_roll
from hocvu.classes.models import ClassSession, MarkMethod, Presence, RollMark
from hocvu.classes.queries import (
    class_sessions_ahead_of,
    code_for,
    duties_ahead_of,
    last_mark_in,
    marks_since,
    rows_of,
)

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def on_phone(client, coordinator):
    return sign_in(client, coordinator)


@pytest.fixture
def of_learner(learners):
    return sign_in(Client(), learners[0])


def tap(client, roll, enrolment, **changes):
    told = {"enrolment": enrolment.pk, "presence": "present", "client_id": uuid4()} | changes
    return client.post(f"/rolls/{roll.pk}/mark/", told, headers=JSON)


def test_a_coordinator_sees_the_sessions_of_their_own_points_only(on_phone, roll, training_class):
    main = training_class.bridge_points.get(is_main=True)
    page = on_phone.get("/rolls/").content.decode()

    assert f"/rolls/{roll.pk}/" in page
    assert on_phone.get(f"/rolls/{main.rolls.first().pk}/").status_code == 404
    assert on_phone.get(f"/classes/{training_class.pk}/").status_code == 404


def test_a_roll_is_opened_from_its_page(on_phone, roll):
    ClassSession.objects.update(held_on=date(2026, 1, 1))

    assert on_phone.post(f"/rolls/{roll.pk}/open/").status_code == 303
    roll.refresh_from_db()
    assert roll.opened_at


def test_the_roll_page_takes_few_queries_however_many_learners(
    on_phone, called_roll, django_assert_max_num_queries
):
    with django_assert_max_num_queries(EVERY_PAGE + 6):
        page = on_phone.get(f"/rolls/{called_roll.pk}/").content.decode()

    assert page.index("Văn Ân") < page.index("Dương Dũng") < page.index("Thu Đào")
    last = called_roll.bridge_point.enrolments.last()
    assert f'name="present" value="{last.pk}"' in page


def test_one_tap_without_scripts_marks_present_and_returns_to_the_row(
    on_phone, called_roll, enrolments
):
    answer = on_phone.post(f"/rolls/{called_roll.pk}/mark/", {"present": enrolments[0].pk})

    assert answer.status_code == 303
    assert answer["Location"] == f"/rolls/{called_roll.pk}/#e{enrolments[0].pk}"
    assert RollMark.objects.get().method == MarkMethod.TAP


def test_a_tap_from_the_outbox_is_answered_once_however_often_it_is_sent(
    on_phone, called_roll, enrolments
):
    client_id = uuid4()

    first = tap(on_phone, called_roll, enrolments[0], client_id=client_id).json()
    again = tap(on_phone, called_roll, enrolments[0], client_id=client_id).json()

    assert first == again
    assert first["presence"] == "present"
    assert RollMark.objects.count() == 1


def test_a_refused_tap_says_why_to_the_script(on_phone, called_roll, coordinator, enrolments):
    close_roll(called_roll, head_count=0, by=coordinator, at=MORNING)

    answer = tap(on_phone, called_roll, enrolments[0])

    assert answer.status_code == 409
    assert answer.json()["title"] == "Buổi này đã chốt điểm danh."


def test_a_tap_that_makes_no_sense_is_refused(on_phone, called_roll, enrolments):
    assert tap(on_phone, called_roll, enrolments[0], presence="asleep").status_code == 400
    assert tap(on_phone, called_roll, enrolments[0], client_id="7").status_code == 400


def test_an_open_page_hears_what_other_phones_marked(
    on_phone, called_roll, enrolments, learners, django_assert_max_num_queries
):
    tap(on_phone, called_roll, enrolments[0])
    known = RollMark.objects.get().pk
    check_in(code_for(called_roll, MORNING).token, client_id=uuid4(), by=learners[1], at=MORNING)

    with django_assert_max_num_queries(EVERY_PAGE + 2):
        heard = on_phone.get(f"/rolls/{called_roll.pk}/marks/", {"since": known}).json()

    assert [mark["enrolment"] for mark in heard["marks"]] == [enrolments[1].pk]
    assert heard["present"] == 2


def test_a_mark_that_came_in_after_a_page_was_read_is_still_asked_for(
    on_phone, called_roll, enrolments
):
    tap(on_phone, called_roll, enrolments[0])
    rows = rows_of(called_roll)
    tap(on_phone, called_roll, enrolments[1])

    later = marks_since(called_roll, last_mark_in(rows))

    assert [mark.enrolment_id for mark in later] == [enrolments[1].pk]


def test_an_absence_is_marked_with_its_reason_and_a_correction_shows_the_old_mark(
    on_phone, called_roll, enrolments
):
    path = f"/rolls/{called_roll.pk}/learners/{enrolments[0].pk}/"
    tap(on_phone, called_roll, enrolments[0])

    missing = on_phone.post(path, {"presence": "excused", "reason": "", "client_id": uuid4()})
    done = on_phone.post(path, {"presence": "excused", "reason": "Nghỉ ốm", "client_id": uuid4()})

    assert (missing.status_code, done.status_code) == (422, 303)
    page = on_phone.get(path).content.decode()
    assert "<s>có mặt</s>" in page
    assert "Nghỉ ốm" in page


def test_a_learner_of_another_point_is_not_on_this_page(on_phone, called_roll):
    assert on_phone.get(f"/rolls/{called_roll.pk}/learners/999/").status_code == 404


def test_closing_asks_for_an_explanation_when_heads_and_names_differ(
    on_phone, called_roll, enrolments
):
    path = f"/rolls/{called_roll.pk}/close/"
    assert "0 trên 3" in on_phone.get(path).content.decode()

    unexplained = on_phone.post(path, {"head_count": 2, "note": ""})
    explained = on_phone.post(path, {"head_count": 2, "note": "Hai đại biểu dự thính"})

    assert (unexplained.status_code, explained.status_code) == (422, 303)
    page = on_phone.get(f"/rolls/{called_roll.pk}/").content.decode()
    assert "Hai đại biểu dự thính" in page
    assert "đếm được 2 người" in page


def test_the_screen_shows_the_code_of_the_moment_and_refreshes_a_part_of_itself(
    on_phone, called_roll, django_assert_max_num_queries
):
    path = f"/rolls/{called_roll.pk}/code/"
    codes = [code_for(called_roll, timezone.now()).typed]
    with django_assert_max_num_queries(EVERY_PAGE + 2):
        page = on_phone.get(path).content.decode()
    part = on_phone.get(path, headers={"hx-request": "true"}).content.decode()
    codes.append(code_for(called_roll, timezone.now()).typed)

    assert any(f"{code[:3]} {code[3:]}" in page for code in codes)
    assert "<svg" in page
    assert 'style="' not in page
    assert 'http-equiv="refresh"' in page
    assert "<html" not in part
    assert "0/3" in part


def test_a_closed_roll_shows_no_code(on_phone, called_roll, coordinator):
    close_roll(called_roll, head_count=0, by=coordinator, at=MORNING)

    page = on_phone.get(f"/rolls/{called_roll.pk}/code/").content.decode()

    assert '<svg class="qr"' not in page
    assert "Đã chốt điểm danh" in page


def test_the_code_is_shown_by_the_people_on_duty_not_by_a_leader(
    client, leader, called_roll, officer, ward
):
    technician = make_person("Đỗ Kỹ Thuật", ward)
    appoint(called_roll.bridge_point, technical_contact=technician, by=officer, at=MORNING)
    path = f"/rolls/{called_roll.pk}/code/"

    assert sign_in(client, leader).get(path).status_code == 403
    assert sign_in(client, technician).get(path).status_code == 200
    assert tap(client, called_roll, called_roll.bridge_point.enrolments.first()).status_code == 403


# --- a learner on their own phone


def now_code(roll):
    return code_for(roll, timezone.now())


def test_a_learner_types_the_code_and_sees_that_it_is_done(of_learner, called_roll):
    assert "Nhập mã trên màn hình" in of_learner.get("/check-in/").content.decode()

    answer = of_learner.post(
        "/check-in/", {"code": now_code(called_roll).typed, "client_id": uuid4()}
    )

    assert (answer.status_code, answer["Location"]) == (303, f"/check-in/{called_roll.pk}/")
    assert "Đã điểm danh lúc" in of_learner.get(answer["Location"]).content.decode()


def test_a_wrong_code_is_said_beside_the_field_and_too_many_end_it(of_learner, called_roll):
    code = f"{(int(now_code(called_roll).typed) + 1) % 10**6:06d}"

    answers = [
        of_learner.post("/check-in/", {"code": code, "client_id": uuid4()}) for _ in range(11)
    ]

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "nhập lại" in answers[0].content.decode()
    assert of_learner.post("/check-in/", {"code": ""}).status_code == 422


def test_a_scanned_code_leads_through_signing_in_to_one_button(client, learners, called_roll):
    path = f"/c/{now_code(called_roll).token}/"
    at_the_door = client.get(path)
    assert at_the_door["Location"] == f"/sign-in/?next={path}"

    sign_in(client, learners[0])
    assert "Tôi có mặt" in client.get(path).content.decode()
    answer = client.post(path, {"client_id": uuid4()})

    assert answer["Location"] == f"/check-in/{called_roll.pk}/"
    assert RollMark.objects.get().method == MarkMethod.QR


def test_a_code_scanned_in_time_is_remembered_for_the_browser_that_scanned_it(
    client, learners, called_roll
):
    old = code_for(called_roll, timezone.now() - 5 * MINUTE).token
    sign_in(client, learners[0])
    session = client.session
    session["code_read"] = [old, (timezone.now() - 5 * MINUTE).isoformat()]
    session.save()

    assert client.post(f"/c/{old}/", {"client_id": uuid4()}).status_code == 303
    elsewhere = sign_in(Client(), learners[1]).post(f"/c/{old}/", {"client_id": uuid4()})
    assert elsewhere.status_code == 422
    assert "hết hạn" in elsewhere.content.decode()


def test_a_forged_code_shows_a_sentence_and_the_way_to_type(of_learner, called_roll):
    answer = of_learner.post("/c/nonsense/", {"client_id": uuid4()})

    assert answer.status_code == 422
    assert "/check-in/" in answer.content.decode()
    assert of_learner.get("/c/nonsense/").status_code == 200


def test_nobody_sees_that_another_person_checked_in(
    of_learner, called_roll, enrolments, coordinator
):
    mark_presence(
        called_roll,
        enrolments[1].pk,
        Presence.PRESENT,
        method=MarkMethod.TAP,
        client_id=uuid4(),
        by=coordinator,
        at=MORNING,
    )

    assert of_learner.get(f"/check-in/{called_roll.pk}/").status_code == 404
    assert of_learner.get(f"/rolls/{called_roll.pk}/").status_code == 404


# --- what is ahead


def test_sessions_ahead_are_told_in_order_with_what_is_done(
    called_roll, learners, coordinator, django_assert_num_queries
):
    check_in(code_for(called_roll, MORNING).token, client_id=uuid4(), by=learners[0], at=MORNING)

    with django_assert_num_queries(2):
        ahead = class_sessions_ahead_of(learners[0], MORNING)

    assert [(each.number, each.roll_is_open, each.is_checked_in) for each in ahead] == [
        (1, True, True),
        (2, False, False),
    ]
    assert [each.roll_id for each in duties_ahead_of(coordinator, MORNING)] == [
        each.roll_id for each in ahead
    ]
    assert class_sessions_ahead_of(coordinator, MORNING) == []
    assert len(class_sessions_ahead_of(learners[0], ahead[1].ends_at)) == 1


def test_a_roll_can_be_opened_again_after_a_lost_reply(on_phone, called_roll, coordinator):
    assert open_roll(called_roll, by=coordinator, at=MORNING + MINUTE).opened_at == MORNING
    assert on_phone.post(f"/rolls/{called_roll.pk}/open/").status_code == 303
