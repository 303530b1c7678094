import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from hocvu.courses.models import Topic
from hocvu.situations.actions import mark_disposition, start_run
from hocvu.situations.models import Disposition, DispositionMark, Exercise, Run, Step
from situations.situation_scene import (
    MINUTE,
    SECOND,
    enrol,
    grant,
    offer,
    open_roll_with,
    person,
    remote_point,
)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def exercise(framework, training_class, now):
    return offer(framework, training_class, opens_at=now - 60 * MINUTE)


@pytest.fixture
def run(exercise, learner, now):
    return start_run(exercise, by=learner, at=now)


@pytest.fixture
def as_learner(client, learner):
    client.force_login(learner.account)
    return client


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer.account)
    return client


def page(name, thing):
    return reverse(f"situations:{name}", args=[thing.pk])


def shown(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def delivery(node, decision, /, **changes):
    return {"node": node, "decision": decision, "client_id": str(uuid4())} | changes


# --- Running -----------------------------------------------------------------------------------


def test_a_learner_finds_the_exercise_and_starts_it_with_one_button(as_learner, exercise):
    assert page("exercise", exercise) in shown(as_learner, reverse("situations:mine"))

    answer = as_learner.post(page("exercise", exercise))

    assert (answer.status_code, answer.url) == (303, page("run", Run.objects.get()))


def test_one_node_is_shown_at_a_time_with_its_table_and_its_chart(as_learner, run):
    html = shown(as_learner, page("run", run))

    assert "Việc half" in html
    assert "Nước lên" not in html
    assert "<table" in html
    assert "<svg" in html


def test_a_case_cannot_carry_a_script(as_learner, run):
    html = shown(as_learner, page("run", run))

    assert "<strong>việc</strong>" in html
    assert "alert(1)" not in html


def test_without_scripts_a_decision_goes_on_to_the_next_node(as_learner, run):
    answer = as_learner.post(page("run", run), delivery("desk", "good"))

    assert (answer.status_code, answer.url) == (303, page("run", run))
    assert "Kể good" in shown(as_learner, page("run", run))


def test_the_form_sent_twice_decides_once(as_learner, run):
    twice = delivery("desk", "good")
    as_learner.post(page("run", run), twice)

    answer = as_learner.post(page("run", run), twice, follow=True)

    assert Step.objects.count() == 1
    assert "quyết định trước được giữ nguyên" not in answer.content.decode()


def test_another_decision_from_another_tab_is_told_that_the_first_stands(as_learner, run):
    as_learner.post(page("run", run), delivery("desk", "good"))

    answer = as_learner.post(page("run", run), delivery("desk", "bad"), follow=True)

    assert "quyết định trước được giữ nguyên" in answer.content.decode()


def test_deciding_nothing_shows_the_page_again(as_learner, run):
    answer = as_learner.post(page("run", run), delivery("desk", ""))

    assert answer.status_code == 422
    assert "Xin chọn một phương án" in answer.content.decode()


def test_an_enquiry_tells_something_and_is_offered_no_more(as_learner, run):
    as_learner.post(page("run", run), delivery("desk", "ask"))

    html = shown(as_learner, page("run", run))

    assert "Kể ask" in html
    assert 'value="ask"' not in html


def test_what_is_under_time_pressure_stays_closed_until_it_is_opened(as_learner, run):
    as_learner.post(page("run", run), delivery("desk", "good"))

    before = shown(as_learner, page("run", run))
    as_learner.post(page("run", run), {"act": "open", "node": "flood"})
    after = shown(as_learner, page("run", run))

    assert "Việc bad" not in before
    assert "60 giây" in before
    assert "Việc bad" in after
    assert 'role="timer"' in after


def test_a_node_whose_time_is_over_is_left_when_the_page_is_loaded(as_learner, run, now):
    as_learner.post(page("run", run), delivery("desk", "good"))
    Run.objects.update(node_opened_at=now - 90 * SECOND)

    answer = as_learner.get(page("run", run))

    assert answer.url == page("debrief", run)
    assert "Hết giờ khi chưa có quyết định nào" in shown(as_learner, page("debrief", run))


def test_a_text_is_saved_and_stays_in_its_field(as_learner, run, at_the_note, now):
    at_the_note(run, at=now)
    text = {"node": "note", "text": "Giao đồng chí A", "client_id": str(uuid4()), "act": "save"}

    answer = as_learner.post(page("run", run), text, follow=True)

    assert "Nội dung đã được lưu" in answer.content.decode()
    assert "Giao đồng chí A</textarea>" in answer.content.decode()


def test_a_text_handed_in_ends_the_case(as_learner, run, at_the_note, now):
    at_the_note(run, at=now)
    text = {"node": "note", "text": "Giao A", "client_id": str(uuid4()), "act": "hand_in"}

    answer = as_learner.post(page("run", run), text, follow=True)

    assert answer.redirect_chain[-1][0] == page("debrief", run)


def test_an_empty_text_is_not_handed_in_and_the_page_says_so(as_learner, run, at_the_note, now):
    at_the_note(run, at=now)
    text = {"node": "note", "text": "  ", "client_id": str(uuid4()), "act": "hand_in"}

    answer = as_learner.post(page("run", run), text)

    assert answer.status_code == 422
    assert "Xin viết ý kiến xử lý" in answer.content.decode()


def test_breaking_off_asks_first(as_learner, run):
    assert "Kết thúc ngay" in shown(as_learner, page("end", run))

    answer = as_learner.post(page("end", run))

    assert answer.url == page("debrief", run)
    assert Run.objects.get().finished_at


# --- Devices -----------------------------------------------------------------------------------


def deliver(client, run, **fields):
    return client.post(page("decide", run), fields, headers={"Accept": "application/json"})


def test_a_device_delivers_a_decision_and_is_told_where_to_go_on(as_learner, run):
    answer = deliver(as_learner, run, **delivery("desk", "good"))

    assert answer.json() == {
        "decision": "good",
        "timed_out": False,
        "stood_before": False,
        "next": page("run", run),
    }


def test_a_second_decision_is_told_which_stands(as_learner, run):
    deliver(as_learner, run, **delivery("desk", "good"))

    told = deliver(as_learner, run, **delivery("desk", "bad")).json()

    assert (told["decision"], told["stood_before"]) == ("good", True)


def test_a_refused_decision_is_answered_in_words(as_learner, run):
    answer = deliver(as_learner, run, **delivery("desk", "wonder"))

    assert answer.status_code == 409
    assert "Không thể chọn quyết định này" in answer.json()["title"]


@pytest.mark.parametrize("broken", [{"client_id": "7"}, {"decision": ""}, {"node": ""}])
def test_a_broken_delivery_is_refused(as_learner, run, broken):
    assert deliver(as_learner, run, **delivery("desk", "good", **broken)).status_code == 400
    assert not Step.objects.exists()


def test_a_draft_is_saved_without_leaving_the_page(as_learner, run, at_the_note, now):
    at_the_note(run, at=now)
    draft = {"node": "note", "text": "Nháp", "client_id": str(uuid4())}

    assert as_learner.post(page("save", run), draft).json() == {"version": 1}
    assert as_learner.post(page("save", run), draft | {"client_id": "x"}).status_code == 400


@pytest.mark.parametrize("name", ["run", "decide", "save", "end"])
def test_another_learner_does_not_find_the_run(client, run, classmate, name):
    client.force_login(classmate.account)

    assert client.post(page(name, run), delivery("desk", "good")).status_code == 404


# --- The debrief -------------------------------------------------------------------------------


def test_the_debrief_tells_the_way_taken_and_what_an_expert_would_have_done(
    as_learner, run, choose, now
):
    choose(run, "desk", "bad", at=now)

    html = shown(as_learner, page("debrief", run))

    assert "Chuyên gia sẽ làm gì" in html
    assert "Việc good" in html
    assert "Vì bad" in html
    assert re.search(r"0 trên\s+6 điểm", html)
    assert '<svg class="situation-map"' in html


def test_a_run_under_way_has_no_debrief(as_learner, run):
    assert as_learner.get(page("debrief", run)).url == page("run", run)


def test_a_debrief_kept_until_closing_does_not_give_the_key_away(
    as_learner, run, choose, exercise, now
):
    Exercise.objects.update(debrief="closed")
    choose(run, "desk", "bad", at=now)

    html = shown(as_learner, page("debrief", run))

    assert "Việc good" not in html
    assert "khi bài tập đã đóng" in html


def test_a_classmate_does_not_find_the_debrief(client, run, choose, classmate, now):
    choose(run, "desk", "bad", at=now)
    client.force_login(classmate.account)

    assert client.get(page("debrief", run)).status_code == 404


def test_an_officer_who_still_has_the_case_to_answer_does_not_read_the_debrief_of_another(
    as_officer, run, choose, officer, commune
):
    choose(run, "desk", "bad", at=timezone.now())
    enrol(run.exercise.training_class, officer, commune)

    refused = as_officer.get(page("debrief", run))

    assert refused.status_code == 403
    assert "còn phải làm" in refused.content.decode()
    assert "Vì good" not in refused.content.decode()


def test_an_officer_does_not_read_in_the_debrief_what_may_yet_be_marked(
    as_officer, run, finished_with_text, markers, now
):
    disposition = finished_with_text(run, "Câu rất riêng", at=now)

    before = shown(as_officer, page("debrief", run))
    for marker in markers[:2]:
        mark_disposition(disposition, {"who": 2, "when": 2}, by=marker, at=now)

    assert "Câu rất riêng" not in before
    assert "Câu rất riêng" in shown(as_officer, page("debrief", run))


# --- Officers ----------------------------------------------------------------------------------


def test_an_officer_opens_an_exercise_for_a_class(as_officer, exercise, training_class):
    Exercise.objects.all().delete()
    address = page("open", training_class)
    assert "Tình huống thử" in shown(as_officer, address)

    answer = as_officer.post(
        address,
        {
            "case": exercise.case_id,
            "mode": "individual",
            "debrief": "finished",
            "opens_at": "2026-11-22T08:00",
            "closes_at": "2026-11-29T08:00",
        },
    )

    assert answer.url == page("results", Exercise.objects.get())


def test_times_that_make_no_sense_come_back_with_the_form(as_officer, exercise, training_class):
    answer = as_officer.post(
        page("open", training_class),
        {
            "case": exercise.case_id,
            "mode": "individual",
            "debrief": "finished",
            "opens_at": "2026-11-22T08:00",
            "closes_at": "2026-11-22T07:00",
        },
    )

    assert answer.status_code == 422


def test_an_officer_elsewhere_does_not_find_the_class(client, stranger, training_class):
    client.force_login(stranger.account)

    assert client.get(page("open", training_class)).status_code == 404


@pytest.mark.usefixtures("classmate")
def test_the_results_name_each_learner_and_count_them(as_officer, run, choose, exercise):
    choose(run, "desk", "bad", at=timezone.now())

    html = shown(as_officer, page("results", exercise))

    assert "Nguyễn Văn Học" in html
    assert "Trần Thị Bạn" in html
    assert page("debrief", run) in html


def test_an_officer_of_another_province_sees_only_their_own_learner(
    client, stranger, run, exercise, classmate
):
    client.force_login(stranger.account)

    html = shown(client, page("results", exercise))

    assert "Trần Thị Bạn" in html
    assert "Nguyễn Văn Học" not in html


@pytest.fixture
def coordinator():
    return person("Bùi Thị Điều Phối")


@pytest.fixture
def point(training_class, other_commune, coordinator):
    return remote_point(training_class, other_commune, coordinator)


@pytest.fixture
def member(training_class, other_commune, point, officer, now):
    """Present at the bridge point today."""
    enrolment = enrol(training_class, person("Hà Có Mặt"), other_commune, point)
    topic = Topic.objects.get()
    open_roll_with(point, [enrolment], topic=topic, at=now - MINUTE, by=officer)
    return enrolment.person


@pytest.fixture
def for_groups(framework, training_class, member, now):
    return offer(framework, training_class, mode="bridge_point", opens_at=now - MINUTE)


def test_results_of_groups_are_listed_by_bridge_point(as_officer, for_groups, point, coordinator):
    start_run(for_groups, bridge_point=point, by=coordinator, at=timezone.now())

    html = shown(as_officer, page("results", for_groups))

    assert "Phường Hải Châu" in html
    assert "Đang làm" in html


def test_a_coordinator_starts_the_run_of_their_group(client, for_groups, point, coordinator):
    client.force_login(coordinator.account)
    assert "Bắt đầu cùng nhóm" in shown(client, page("exercise", for_groups))

    answer = client.post(page("exercise", for_groups), {"bridge_point": point.pk})

    assert answer.url == page("run", Run.objects.get())


def test_a_member_of_a_group_reads_who_enters_what_it_decides(client, for_groups, member):
    client.force_login(member.account)

    assert "Cán bộ điểm cầu là người nhập" in shown(client, page("exercise", for_groups))


def test_the_catalogue_shows_a_case_with_its_key_and_its_range(as_officer, exercise):
    assert "Tình huống thử" in shown(as_officer, reverse("situations:cases"))

    html = shown(as_officer, page("case", exercise.case))

    assert "Bài mẫu" in html
    assert re.search(r"7 hướng đi; hướng tốt nhất đạt\s+100,0", html)


def test_a_learner_does_not_find_the_key(as_learner, exercise):
    assert as_learner.get(page("case", exercise.case)).status_code == 404
    assert "Tình huống thử" not in shown(as_learner, reverse("situations:cases"))


def test_an_officer_who_still_has_the_case_to_answer_does_not_find_its_key(
    as_learner, learner, commune, exercise
):
    grant(learner, "training_officer", commune)

    assert as_learner.get(page("case", exercise.case)).status_code == 404


# --- Marking -----------------------------------------------------------------------------------


@pytest.fixture
def disposition(run, finished_with_text, now):
    return finished_with_text(run, "Giao đồng chí A trước 17 giờ", at=now)


def test_a_marker_sees_the_text_but_not_whose_it_is(as_officer, disposition):
    html = shown(as_officer, page("mark", disposition))

    assert "Giao đồng chí A trước 17 giờ" in html
    assert "Nguyễn Văn Học" not in html
    assert "Nguyễn Văn Học" not in shown(as_officer, reverse("situations:marking"))


def test_a_marker_sees_nothing_of_another_mark(as_officer, disposition, markers, now):
    mark_disposition(
        disposition, {"who": 2, "when": 0}, remark="Nhận xét kín", by=markers[1], at=now
    )

    assert "Nhận xét kín" not in shown(as_officer, page("mark", disposition))


def test_a_mark_is_saved_and_sent_twice_it_is_one(as_officer, disposition):
    points = {"points-who": "1.5", "points-when": "2", "remark": "Rõ"}

    for _ in range(2):
        answer = as_officer.post(page("mark", disposition), points)
        assert answer.url == reverse("situations:marking")

    assert DispositionMark.objects.get().points == {"who": "3/2", "when": "2"}


@pytest.mark.parametrize("given", ["", "9", "-1", "0.3"])
def test_points_that_cannot_be_given_come_back_with_the_form(as_officer, disposition, given):
    answer = as_officer.post(
        page("mark", disposition), {"points-who": given, "points-when": "2", "remark": "Rõ"}
    )

    assert answer.status_code == 422
    assert "Rõ</textarea>" in answer.content.decode()
    assert not DispositionMark.objects.exists()


def test_an_officer_elsewhere_finds_nothing_to_mark(client, stranger, disposition):
    client.force_login(stranger.account)

    assert client.get(page("mark", disposition)).status_code == 404


def test_the_list_of_exercises_says_how_much_waits_for_a_mark(as_officer, disposition):
    html = shown(as_officer, reverse("situations:exercises"))

    assert "1 ý kiến xử lý đang chờ chấm" in html
    assert Disposition.objects.count() == 1
