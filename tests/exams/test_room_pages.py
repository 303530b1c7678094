"""The pages of supervised rooms."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from exams.scenes import MINUTE, person
from hocvu.classes.models import BridgePoint
from hocvu.exams.actions import hand_in, open_rooms_at_bridge_points, start_attempt
from hocvu.exams.models import Attempt, ExamRoom, Sitting, TimeAllowance
from hocvu.kernel.ids import in_groups


@pytest.fixture
def sitting(paper, training_class):
    now = timezone.now()
    return Sitting.objects.create(
        paper=paper,
        training_class=training_class,
        opens_at=now - 60 * MINUTE,
        closes_at=now + 60 * MINUTE,
        attempts_allowed=2,
        is_supervised=True,
    )


@pytest.fixture
def supervisor(training_class):
    someone = person("Lê Giám Thị")
    BridgePoint.objects.filter(training_class=training_class).update(coordinator=someone)
    return someone


@pytest.fixture
def room(sitting, supervisor, officer):
    (opened,) = open_rooms_at_bridge_points(sitting, by=officer, at=timezone.now())
    return opened


@pytest.fixture
def attempt(room, learner):
    return start_attempt(room.sitting, by=learner, at=timezone.now() - MINUTE, room_code=room.code)


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer.account)
    return client


@pytest.fixture
def as_supervisor(client, supervisor):
    client.force_login(supervisor.account)
    return client


def page(name, thing):
    return reverse(f"exams:{name}", args=[thing.pk])


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_an_officer_opens_a_room_at_every_bridge_point(as_officer, sitting, supervisor):
    assert "1 điểm cầu chưa có phòng" in text_of(as_officer.get(page("open_rooms", sitting)))

    answer = as_officer.post(page("open_rooms", sitting))

    assert (answer.status_code, answer.url) == (303, page("rooms", sitting))
    room = ExamRoom.objects.get()
    assert in_groups(room.code, 3) in text_of(as_officer.get(answer.url))


def test_an_officer_opens_one_room_and_finds_its_supervisor_by_name(as_officer, sitting, commune):
    typed = {"name": "Phòng 2", "networks": "203.0.113.7/24\n", "find": "khong ai"}

    looked = as_officer.post(page("open_room", sitting), typed | {"act": "find"})
    assert looked.status_code == 200
    assert "Phòng 2" in looked.content.decode()
    assert not ExamRoom.objects.exists()

    as_officer.post(page("open_room", sitting), typed | {"act": "save"})
    assert ExamRoom.objects.get().networks == ["203.0.113.0/24"]


def test_a_network_that_is_none_is_said_beside_its_field(as_officer, sitting):
    answer = as_officer.post(
        page("open_room", sitting), {"name": "Phòng 2", "networks": "tầng 3", "act": "save"}
    )

    assert answer.status_code == 422
    assert "không phải là một mạng" in text_of(answer)


def test_an_officer_changes_supervisor_and_networks(as_officer, room, officer):
    fields = {"supervisor": officer.pk, "networks": "203.0.113.0/24", "act": "save"}

    assert as_officer.post(page("change_room", room), fields).status_code == 303

    room.refresh_from_db()
    assert (room.supervisor, room.networks) == (officer, ["203.0.113.0/24"])


def test_a_supervisor_finds_the_room_and_reads_its_code(as_supervisor, room):
    assert reverse("exams:my_rooms") in as_supervisor.get(reverse("exams:mine")).content.decode()
    assert page("room", room) in as_supervisor.get(reverse("exams:my_rooms")).content.decode()

    assert in_groups(room.code, 3) in text_of(as_supervisor.get(page("room", room)))


def test_the_board_shows_everybody_of_the_bridge_point(
    as_supervisor, room, attempt, learner, classmate
):
    shown = text_of(as_supervisor.get(page("room", room) + "?show=all"))

    assert learner.full_name in shown
    assert "0/3" in shown
    assert classmate.full_name in shown


def test_the_board_opens_on_whoever_needs_attention(as_supervisor, room, attempt, classmate):
    assert classmate.full_name not in text_of(as_supervisor.get(page("room", room)))


def test_extra_minutes_are_given_on_a_page_that_asks_why(as_supervisor, room, attempt):
    address = f"{page('give_minutes', room)}?row={attempt.pk}"
    fields = {"minutes": 10, "client_id": str(uuid4())}
    end = attempt.must_end_at

    assert attempt.person.full_name in text_of(as_supervisor.get(address))
    assert as_supervisor.post(address, fields | {"reason": ""}).status_code == 422
    for _ in range(2):
        assert as_supervisor.post(address, fields | {"reason": "Mất điện"}).status_code == 303

    attempt.refresh_from_db()
    assert attempt.must_end_at == end + 10 * MINUTE


def test_everybody_writing_gets_minutes_at_once(as_supervisor, room, attempt):
    end = attempt.must_end_at
    fields = {"minutes": 5, "reason": "Mất điện", "client_id": str(uuid4())}

    as_supervisor.post(page("give_minutes", room) + "?all=1", fields)

    attempt.refresh_from_db()
    assert attempt.must_end_at == end + 5 * MINUTE


@pytest.mark.parametrize("act", ["hand_in_for", "void"])
def test_handing_in_and_voiding_ask_first(as_supervisor, room, attempt, act):
    address = f"{page(act, room)}?row={attempt.pk}"

    assert as_supervisor.get(address).status_code == 200
    assert Attempt.objects.get().handed_in_at is None
    assert as_supervisor.post(address, {"reason": "Thi hộ"}).status_code == 303

    attempt.refresh_from_db()
    assert attempt.handed_in_at is not None
    assert (attempt.voided_at is not None) is (act == "void")


@pytest.mark.parametrize("act", ["give_minutes", "hand_in_for", "void"])
def test_nobody_ticked_leads_back_to_the_board(as_supervisor, room, attempt, act):
    answer = as_supervisor.get(page(act, room), follow=True)

    assert answer.redirect_chain == [(page("room", room), 303)]
    assert "Xin đánh dấu" in text_of(answer)


def test_closing_a_room_asks_first(as_supervisor, room, attempt):
    assert "1 người đang làm bài" in text_of(as_supervisor.get(page("close_room", room)))

    as_supervisor.post(page("close_room", room))

    room.refresh_from_db()
    assert room.closed_at is not None


def test_extra_time_for_a_learner(as_officer, sitting, learner, classmate):
    address = page("extra_time", sitting)
    typed = {"find": "nguyen van hoc", "minutes": 15, "reason": "Khiếm thị"}

    looked = text_of(as_officer.post(address, typed | {"act": "find"}))
    assert learner.full_name in looked
    assert classmate.full_name not in looked
    answer = as_officer.post(address, typed | {"act": "give", "person": learner.pk})

    assert answer.status_code == 303
    assert TimeAllowance.objects.get().minutes == 15
    assert "Khiếm thị" in text_of(as_officer.get(address))


def test_rooms_are_reached_from_the_results(as_officer, sitting):
    shown = as_officer.get(page("results", sitting)).content.decode()

    assert page("rooms", sitting) in shown
    assert page("extra_time", sitting) in shown


def test_a_supervised_test_is_opened_on_the_page_of_the_class(as_officer, paper, training_class):
    now = timezone.localtime()
    answer = as_officer.post(
        reverse("exams:open", args=[training_class.pk]),
        {
            "paper": paper.pk,
            "opens_at": f"{now:%Y-%m-%dT%H:%M}",
            "closes_at": f"{now + 60 * MINUTE:%Y-%m-%dT%H:%M}",
            "is_supervised": "on",
        },
    )

    assert answer.url == page("rooms", Sitting.objects.get())


ROOM_PAGES = ("room", "change_room", "close_room", "give_minutes", "hand_in_for", "void")
SITTING_PAGES = ("rooms", "open_room", "open_rooms", "extra_time")


@pytest.mark.parametrize("who", ["learner", "stranger"])
def test_for_others_rooms_do_not_exist(request, client, room, who):
    client.force_login(request.getfixturevalue(who).account)

    answers = [client.get(page(name, room)) for name in ROOM_PAGES]
    answers += [client.get(page(name, room.sitting)) for name in SITTING_PAGES]

    assert {answer.status_code for answer in answers} == {404}


def test_a_supervisor_arranges_no_rooms(as_supervisor, room):
    answers = [as_supervisor.get(page(name, room.sitting)) for name in SITTING_PAGES]
    answers += [as_supervisor.get(page("change_room", room))]

    assert {answer.status_code for answer in answers} == {404}


def test_a_voided_attempt_is_told_with_its_state(as_supervisor, room, attempt, supervisor):
    hand_in(attempt, by=attempt.person, at=timezone.now())
    as_supervisor.post(f"{page('void', room)}?row={attempt.pk}", {"reason": "Thi hộ"})

    assert "Đã hủy" in text_of(as_supervisor.get(page("room", room) + "?show=all"))
