from datetime import date
from io import BytesIO

import pytest
from django.conf import settings
from python_calamine import load_workbook

from classes.class_scene import EVERY_PAGE, MORNING, make_officer, make_person, sign_in
from hocvu.classes.actions import add_bridge_points, close_roll, open_class, open_roll
from hocvu.classes.models import TrainingClass

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_desk(client, officer):
    return sign_in(client, officer)


@pytest.fixture
def far_class(programme, far_ward):
    """A class of another province."""
    stranger = make_officer("Cán Bộ Xa", far_ward.parent)
    return open_class(
        programme,
        code="NA-1",
        name="Lớp tỉnh khác",
        host_unit=far_ward,
        starts_on=MORNING.date(),
        by=stranger,
        at=MORNING,
    )


def test_every_page_needs_somebody_signed_in(client, roll):
    for path in ("/classes/", f"/rolls/{roll.pk}/", "/check-in/", "/rolls/"):
        assert client.get(path).headers["Location"].startswith("/sign-in/")


def test_the_list_holds_the_classes_of_ones_own_units_only(at_desk, training_class, far_class):
    page = at_desk.get("/classes/").content.decode()

    assert training_class.name in page
    assert far_class.name not in page


def test_the_list_finds_without_tone_marks_and_by_state(at_desk, training_class):
    def found(**asked):
        return training_class.name in at_desk.get("/classes/", asked).content.decode()

    assert found(q="lanh dao")
    assert found(q="hp-2026", state="open", starts_from="2026-11-01")
    assert not found(q="khong co")
    assert not found(state="closed")
    assert not found(starts_from="2026-12-31")


def test_the_list_can_be_taken_away_as_a_spreadsheet(at_desk, training_class):
    answer = at_desk.get("/classes/?format=xlsx")

    rows = load_workbook(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert any(training_class.code in row for row in rows)


def test_nothing_of_a_class_outside_ones_units_can_be_reached(at_desk, far_class):
    point = far_class.bridge_points.get()
    roll = point.rolls.first()
    paths = [
        f"/classes/{far_class.pk}/{rest}"
        for rest in (
            "",
            "close/",
            "bridge-points/",
            "bridge-points/add/",
            "learners/",
            "learners/enrol/",
            "learners/enrol-unit/",
            "learners/print/",
        )
    ]
    paths += [f"/bridge-points/{point.pk}/", f"/bridge-points/{point.pk}/appoint/chair/"]
    paths += [f"/sessions/{roll.session_id}/", f"/rolls/{roll.pk}/", f"/rolls/{roll.pk}/code/"]
    paths += [f"/rolls/{roll.pk}/marks/", f"/rolls/{roll.pk}/close/"]

    assert {at_desk.get(path).status_code for path in paths} == {404}
    assert at_desk.post(f"/rolls/{roll.pk}/open/").status_code == 404
    assert at_desk.post(f"/rolls/{roll.pk}/mark/", {"present": 1}).status_code == 404


def test_a_leader_sees_a_class_but_is_offered_no_act(client, leader, training_class):
    page = sign_in(client, leader).get(f"/classes/{training_class.pk}/").content.decode()

    assert training_class.name in page
    assert f"/classes/{training_class.pk}/learners/enrol/" not in page
    assert client.get(f"/classes/{training_class.pk}/learners/enrol/").status_code == 404


def opening(programme, city, **changes):
    return {
        "programme": programme.pk,
        "name": "Lớp mới",
        "code": "HP-2026-02",
        "host_unit": city.pk,
        "starts_on": "2026-12-01",
        "opening_decision": "153/QĐ-TCT",
        "supervised_by_me": "on",
    } | changes


def test_a_class_is_opened_from_a_programme_and_a_double_click_opens_one(
    at_desk, programme, city, officer
):
    first = at_desk.post("/classes/open/", opening(programme, city))
    second = at_desk.post("/classes/open/", opening(programme, city))

    opened = TrainingClass.objects.get()
    assert (first.status_code, first["Location"]) == (303, f"/classes/{opened.pk}/")
    assert second["Location"] == first["Location"]
    assert (opened.supervisor, opened.opening_decision) == (officer, "153/QĐ-TCT")


def test_a_code_already_taken_is_said_beside_its_field(at_desk, programme, city, training_class):
    answer = at_desk.post("/classes/open/", opening(programme, city, code=training_class.code))

    assert answer.status_code == 422
    assert training_class.code in answer.content.decode()
    assert "153/QĐ-TCT" in answer.content.decode()  # nothing typed is lost


def test_a_host_unit_outside_ones_scope_is_no_choice(at_desk, programme, far_ward):
    answer = at_desk.post("/classes/open/", opening(programme, far_ward))

    assert answer.status_code == 422
    assert not TrainingClass.objects.exists()


def test_the_class_page_takes_few_queries_and_tells_its_story(
    at_desk, training_class, enrolments, django_assert_max_num_queries
):
    with django_assert_max_num_queries(EVERY_PAGE + 10):
        page = at_desk.get(f"/classes/{training_class.pk}/").content.decode()

    assert "152/QĐ-TCT" in page
    assert "Chuyên đề 1" in page
    assert "Trần Văn Quản đã ghi danh 3 học viên." in page


def test_an_english_page_shows_english_topics(at_desk, training_class):
    at_desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    page = at_desk.get(f"/classes/{training_class.pk}/")

    assert "Topic 1" in page.content.decode()


def test_a_class_is_closed_from_its_page_once_its_sessions_were_held(
    at_desk, training_class, officer
):
    for session in training_class.sessions.all():
        main = session.rolls.get()
        open_roll(main, by=officer, at=session.starts_at)
        close_roll(main, head_count=0, by=officer, at=session.ends_at)
    path = f"/classes/{training_class.pk}/close/"
    assert at_desk.get(path).status_code == 200

    assert at_desk.post(path).status_code == 303
    training_class.refresh_from_db()
    assert training_class.is_closed


def test_closing_too_early_is_refused_on_a_page_that_says_why(at_desk, training_class):
    answer = at_desk.post(f"/classes/{training_class.pk}/close/")

    assert answer.status_code == 409
    assert "Lớp chỉ kết thúc sau buổi học cuối cùng." in answer.content.decode()


def test_every_commune_below_a_unit_becomes_a_bridge_point_in_one_act(
    at_desk, training_class, city, ward, island
):
    path = f"/classes/{training_class.pk}/bridge-points/add/"
    assert "Hải Phòng" in at_desk.get(path).content.decode()
    assert island.name in at_desk.get(path, {"q": "bach long"}).content.decode()

    assert at_desk.post(path, {"unit": city.pk, "below": "1"}).status_code == 303
    assert training_class.bridge_points.count() == 3
    at_desk.post(path, {"unit": ward.pk})
    assert training_class.bridge_points.count() == 3


def test_a_unit_outside_ones_scope_cannot_be_added_by_hand(at_desk, training_class, far_ward):
    path = f"/classes/{training_class.pk}/bridge-points/add/"

    assert at_desk.post(path, {"unit": far_ward.pk}).status_code == 404
    assert at_desk.post(path, {"unit": "x"}).status_code == 404


def test_bridge_points_are_listed_with_their_people_on_duty(
    at_desk, training_class, point, coordinator, django_assert_max_num_queries
):
    path = f"/classes/{training_class.pk}/bridge-points/"
    with django_assert_max_num_queries(EVERY_PAGE + 3):
        page = at_desk.get(path, {"q": "thuy nguyen"}).content.decode()

    assert coordinator.full_name in page
    assert point.name not in at_desk.get(path, {"q": "khong co"}).content.decode()


def test_somebody_is_named_to_a_duty_from_the_page_of_the_point(at_desk, point, learners, far_ward):
    stranger = make_person("Người Xa", far_ward)
    path = f"/bridge-points/{point.pk}/appoint/chair/"
    assert learners[0].full_name in at_desk.get(path).content.decode()
    assert learners[0].full_name in at_desk.get(path, {"q": "thu dao"}).content.decode()
    assert stranger.full_name not in at_desk.get(path, {"q": "nguoi"}).content.decode()

    assert at_desk.post(path, {"person": learners[0].pk}).status_code == 303
    assert at_desk.post(path, {"person": stranger.pk}).status_code == 404
    assert at_desk.get(f"/bridge-points/{point.pk}/appoint/king/").status_code == 404
    point.refresh_from_db()
    assert point.chair == learners[0]


def test_a_coordinator_does_not_appoint(client, coordinator, point):
    path = f"/bridge-points/{point.pk}/appoint/chair/"

    assert sign_in(client, coordinator).get(path).status_code == 404


def test_people_are_found_without_tone_marks_ticked_and_enrolled_near_their_unit(
    at_desk, training_class, point, learners, far_ward
):
    stranger = make_person("Đào Xa Lạ", far_ward)
    path = f"/classes/{training_class.pk}/learners/enrol/"
    page = at_desk.get(path, {"q": "dao", "unit": "thuy nguyen"}).content.decode()
    assert learners[0].full_name in page
    assert stranger.full_name not in page

    answer = at_desk.post(path, {"row": [learners[0].pk, learners[1].pk], "point": ""})

    assert answer["Location"] == f"/classes/{training_class.pk}/learners/"
    assert set(training_class.enrolments.values_list("bridge_point", flat=True)) == {point.pk}
    assert learners[0].full_name not in at_desk.get(path).content.decode()


def test_ticked_people_can_be_enrolled_at_a_chosen_point(at_desk, training_class, learners):
    main = training_class.bridge_points.get()

    at_desk.post(
        f"/classes/{training_class.pk}/learners/enrol/",
        {"row": [learners[0].pk], "point": main.pk},
    )

    assert training_class.enrolments.get().bridge_point == main


def test_a_person_out_of_scope_is_refused_by_hand_as_well(at_desk, training_class, far_ward):
    stranger = make_person("Người Xa", far_ward)
    path = f"/classes/{training_class.pk}/learners/enrol/"

    assert at_desk.post(path, {"row": [stranger.pk], "point": ""}).status_code == 403
    assert not training_class.enrolments.exists()


def test_everybody_of_a_unit_is_enrolled_each_at_the_nearest_point(
    at_desk, point, island, learners, officer
):
    training_class, ward = point.training_class, point.unit
    add_bridge_points(training_class, [island], by=officer, at=MORNING)
    islander = make_person("Người Đảo", island)
    path = f"/classes/{training_class.pk}/learners/enrol-unit/"
    assert "4 người" in at_desk.get(path, {"q": "thuy nguyen"}).content.decode()

    at_desk.post(path, {"unit": ward.parent_id})
    at_desk.post(path, {"unit": ward.parent_id})

    placed = dict(training_class.enrolments.values_list("person_id", "bridge_point__unit_id"))
    assert placed[islander.pk] == island.pk
    assert placed[learners[0].pk] == ward.pk
    assert placed[officer.pk] == ward.parent_id  # works at the city itself: the main point


def test_learners_are_listed_by_given_name_and_exported(
    at_desk, training_class, enrolments, django_assert_max_num_queries
):
    path = f"/classes/{training_class.pk}/learners/"
    with django_assert_max_num_queries(EVERY_PAGE + 3):
        page = at_desk.get(path).content.decode()
    sheet = load_workbook(BytesIO(at_desk.get(f"{path}?format=xlsx").content))

    assert page.index("Văn Ân") < page.index("Dương Dũng") < page.index("Thu Đào")
    assert "Dương Dũng" not in at_desk.get(path, {"q": "dao"}).content.decode()
    names = [cell for row in sheet.get_sheet_by_index(0).to_python() for cell in row]
    assert "Đặng Thu Đào" in names
    assert "Rút tên" not in names


def test_a_learner_is_withdrawn_with_a_reason(at_desk, training_class, enrolments):
    path = f"/enrolments/{enrolments[0].pk}/withdraw/"
    assert at_desk.get(path).status_code == 200

    assert at_desk.post(path, {"reason": ""}).status_code == 422
    assert at_desk.post(path, {"reason": "Chuyển công tác"}).status_code == 303
    page = at_desk.get(f"/classes/{training_class.pk}/").content.decode()
    assert "Lý do: Chuyển công tác" in page


def test_a_coordinator_does_not_withdraw_a_learner(client, coordinator, enrolments):
    path = f"/enrolments/{enrolments[0].pk}/withdraw/"

    assert sign_in(client, coordinator).post(path, {"reason": "x"}).status_code == 404


def test_the_printed_list_has_a_sheet_for_every_point_with_a_column_to_sign(
    at_desk, training_class, enrolments, point, django_assert_max_num_queries
):
    with django_assert_max_num_queries(EVERY_PAGE + 3):
        page = at_desk.get(f"/classes/{training_class.pk}/learners/print/").content.decode()
    one = at_desk.get(
        f"/classes/{training_class.pk}/learners/print/", {"point": point.pk}
    ).content.decode()

    assert "Ký tên" in page
    assert "Danh sách này có 3 người." in one
    assert page.index("Văn Ân") < page.index("Dương Dũng") < page.index("Thu Đào")


def test_the_board_of_a_session_shows_first_what_needs_attention(
    at_desk, training_class, called_roll, django_assert_max_num_queries
):
    session = called_roll.session
    session.starts_at = session.starts_at.replace(year=2025)
    session.ends_at = session.ends_at.replace(year=2025)
    session.held_on = date(2025, 11, 23)
    session.save()
    path = f"/sessions/{session.pk}/"

    with django_assert_max_num_queries(EVERY_PAGE + 4):
        needed = at_desk.get(path).content.decode()
    assert f"/rolls/{called_roll.pk}/" in needed
    assert f"/rolls/{called_roll.pk}/" in at_desk.get(path, {"show": "open"}).content.decode()
    assert f"/rolls/{called_roll.pk}/" not in at_desk.get(path, {"show": "closed"}).content.decode()
    assert f"/rolls/{called_roll.pk}/" in at_desk.get(path, {"show": "all"}).content.decode()


def test_ids_on_a_page_are_written_as_they_are_sent_back(at_desk, training_class, point, learners):
    enrol = at_desk.get(f"/classes/{training_class.pk}/learners/enrol/").content.decode()
    appoint = at_desk.get(f"/bridge-points/{point.pk}/appoint/chair/").content.decode()
    record = at_desk.get(f"/bridge-points/{point.pk}/").content.decode()

    assert point.pk > 999
    assert f'value="{point.pk}"' in enrol
    assert f'value="{learners[0].pk}"' in appoint
    assert f"?point={point.pk}" in record
