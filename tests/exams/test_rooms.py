"""Supervised rooms: opening them, going in, and what their supervisors do."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from exams.scenes import MINUTE, NINE, enrol, grant, person, unit
from hocvu.audit.models import AuditEntry
from hocvu.classes.models import BridgePoint
from hocvu.competency.models import Result
from hocvu.exams.actions import (
    NewRoom,
    allow_time,
    change_room,
    close_room,
    give_minutes,
    hand_in,
    hand_in_for,
    must_be_in_its_room,
    open_rooms,
    open_rooms_at_bridge_points,
    save_answer,
    start_attempt,
    void_attempts,
)
from hocvu.exams.actions.rooms import (
    NetworkIsUnknown,
    OutsideTheRoomsNetwork,
    RoomIsClosed,
    RoomIsNotEntered,
    SittingIsNotSupervised,
    SupervisorIsOutOfReach,
    TooManyRoomCodes,
)
from hocvu.exams.actions.sittings import NoAttemptsLeft
from hocvu.exams.actions.supervision import (
    NotALearnerOfThisClass,
    ReasonIsMissing,
    TooManyMinutes,
)
from hocvu.exams.models import Attempt, AttemptSeen, ExamRoom, TimeAllowance
from hocvu.exams.queries import best_marked_attempts
from hocvu.exams.queries.results import results_open_to
from hocvu.exams.queries.rooms import (
    Showing,
    figures_of,
    people_in,
    rooms_open_to,
    seats_of,
    shown_people,
)
from hocvu.exams.rules import SeatState
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.ids import in_groups

HALL = "203.0.113.7"


@pytest.fixture
def supervised(sitting):
    sitting.is_supervised = True
    sitting.save()
    return sitting


@pytest.fixture
def supervisor(training_class):
    """The coordinator of the main bridge point: no officer, no supervisor of the class."""
    someone = person("Lê Giám Thị")
    training_class.bridge_points.filter(is_main=True).update(coordinator=someone)
    return someone


@pytest.fixture
def room(supervised, supervisor, officer):
    (opened,) = open_rooms_at_bridge_points(supervised, by=officer, at=NINE)
    return opened


@pytest.fixture
def attempt(room, learner):
    return start_attempt(room.sitting, by=learner, at=NINE, room_code=room.code)


def right_answers(attempt, questions, at):
    for asked, chosen in zip(questions, (["b"], ["a", "b", "c"], ["a"]), strict=True):
        save_answer(
            attempt, asked.pk, chosen, sequence=1, client_id=uuid4(), by=attempt.person, at=at
        )


def seat_of(room, learner, at):
    return next(s for s in seats_of(list(people_in(room)), at) if s.name == learner.full_name)


# --- Opening -----------------------------------------------------------------------------------


def test_every_bridge_point_gets_a_room_with_a_code_of_its_own(
    supervised, training_class, supervisor, officer, nation
):
    for number in range(30):
        ward = unit(nation, f"9{number:03}", "ward", f"Phường {number}")
        BridgePoint.objects.create(training_class=training_class, unit=ward, name=ward.name)

    with CaptureQueriesContext(connection) as queries:
        opened = open_rooms_at_bridge_points(supervised, by=officer, at=NINE)

    assert len({room.code for room in opened}) == 31
    assert len(queries) < 20
    main = next(room for room in opened if room.bridge_point.is_main)
    assert main.supervisor == supervisor
    assert {room.supervisor for room in opened if room != main} == {officer}
    assert AuditEntry.objects.get(act="rooms_opened").facts == {"rooms": 31}


def test_opening_the_rooms_again_opens_none(room, officer):
    assert open_rooms_at_bridge_points(room.sitting, by=officer, at=NINE) == []
    assert ExamRoom.objects.count() == 1


def test_a_room_of_one_name_is_opened_once(supervised, officer):
    for _ in range(2):
        open_rooms(supervised, [NewRoom("Phòng 2", officer.pk)], by=officer, at=NINE)

    assert ExamRoom.objects.get().networks == []


def test_a_test_without_supervision_has_no_rooms(sitting, officer):
    with pytest.raises(SittingIsNotSupervised):
        open_rooms_at_bridge_points(sitting, by=officer, at=NINE)


@pytest.mark.parametrize("who", ["supervisor", "learner", "stranger"])
def test_only_whoever_runs_the_class_opens_rooms(request, supervised, supervisor, who):
    with pytest.raises(NotAllowed):
        open_rooms_at_bridge_points(supervised, by=request.getfixturevalue(who), at=NINE)


def test_a_supervisor_is_on_duty_in_the_class_or_of_ones_own_units(supervised, officer, stranger):
    with pytest.raises(SupervisorIsOutOfReach):
        open_rooms(supervised, [NewRoom("Phòng 2", stranger.pk)], by=officer, at=NINE)


def test_a_network_that_is_none_is_refused(supervised, officer):
    with pytest.raises(NetworkIsUnknown):
        open_rooms(
            supervised, [NewRoom("Phòng 2", officer.pk, None, ("tầng 3",))], by=officer, at=NINE
        )


# --- Going in ----------------------------------------------------------------------------------


def test_a_learner_goes_in_with_the_code_however_it_is_typed(room, learner):
    typed = in_groups(room.code, 3).lower().replace("0", "o").replace("1", "l")

    attempt = start_attempt(room.sitting, by=learner, at=NINE, room_code=f" {typed} ")

    assert attempt.room == room


@pytest.mark.parametrize("typed", ["", "   ", "ZZZZZZ"])
def test_without_the_code_nobody_goes_in(room, learner, typed):
    with pytest.raises(RoomIsNotEntered):
        start_attempt(room.sitting, by=learner, at=NINE, room_code=typed)


def test_the_code_of_another_test_opens_nothing(room, learner, officer, paper):
    paper.pk, paper.code = None, "bai-khac"
    paper.save()
    other = room.sitting
    other.pk, other.paper = None, paper
    other.save()

    with pytest.raises(RoomIsNotEntered):
        start_attempt(other, by=learner, at=NINE, room_code=room.code)


def test_codes_are_not_guessed(room, learner):
    for number in range(8):
        with pytest.raises(RoomIsNotEntered):
            start_attempt(room.sitting, by=learner, at=NINE, room_code=f"ZZZZZ{number}")

    with pytest.raises(TooManyRoomCodes):
        start_attempt(room.sitting, by=learner, at=NINE, room_code=room.code)
    assert start_attempt(
        room.sitting, by=learner, at=NINE + 5 * MINUTE, room_code=room.code
    ).room == (room)


def test_one_who_guesses_locks_nobody_else_out(room, learner, classmate):
    for number in range(8):
        with pytest.raises(RoomIsNotEntered):
            start_attempt(room.sitting, by=learner, at=NINE, room_code=f"ZZZZZ{number}")

    assert start_attempt(room.sitting, by=classmate, at=NINE, room_code=room.code)


def test_going_on_needs_no_code(attempt, room, learner):
    assert start_attempt(room.sitting, by=learner, at=NINE + MINUTE) == attempt


def test_a_closed_room_lets_nobody_in_and_nobody_out(attempt, room, supervisor, learner, classmate):
    close_room(room, by=supervisor, at=NINE)
    close_room(room, by=supervisor, at=NINE + MINUTE)

    with pytest.raises(RoomIsClosed):
        start_attempt(room.sitting, by=classmate, at=NINE, room_code=room.code)
    assert start_attempt(room.sitting, by=learner, at=NINE + MINUTE) == attempt
    assert AuditEntry.objects.filter(act="room_closed").count() == 1


@pytest.fixture
def locked(room, officer, supervisor):
    return change_room(
        room, supervisor_id=supervisor.pk, networks=["203.0.113.0/24"], by=officer, at=NINE
    )


def test_a_locked_room_is_entered_from_its_network_only(locked, learner, classmate):
    with pytest.raises(OutsideTheRoomsNetwork):
        start_attempt(
            locked.sitting, by=learner, at=NINE, room_code=locked.code, address="198.51.100.1"
        )

    assert start_attempt(locked.sitting, by=classmate, at=NINE, room_code=locked.code, address=HALL)


def test_the_page_of_an_attempt_stays_in_its_room(locked, learner):
    attempt = start_attempt(
        locked.sitting, by=learner, at=NINE, room_code=locked.code, address=HALL
    )

    must_be_in_its_room(attempt, address=HALL)
    with pytest.raises(OutsideTheRoomsNetwork):
        must_be_in_its_room(attempt, address="198.51.100.1")


def test_an_attempt_without_a_room_is_opened_anywhere(sitting, learner):
    must_be_in_its_room(start_attempt(sitting, by=learner, at=NINE), address="")


# --- Time --------------------------------------------------------------------------------------


def test_extra_minutes_move_the_end(attempt, room, supervisor):
    assert give_minutes(room, 10, reason="Mất điện", client_id=uuid4(), by=supervisor, at=NINE) == 1

    attempt.refresh_from_db()
    assert attempt.must_end_at == NINE + 40 * MINUTE
    entry = AuditEntry.objects.get(act="minutes_given")
    assert (entry.reason, entry.facts["attempt_ids"]) == ("Mất điện", [attempt.pk])


def test_the_same_wish_sent_twice_is_granted_once(attempt, room, supervisor):
    wish = uuid4()
    for _ in range(2):
        give_minutes(room, 10, reason="Mất điện", client_id=wish, by=supervisor, at=NINE)

    attempt.refresh_from_db()
    assert attempt.must_end_at == NINE + 40 * MINUTE


def test_minutes_given_after_the_end_still_count_while_nothing_is_handed_in(
    attempt, room, supervisor, learner, questions
):
    late = attempt.must_end_at + MINUTE
    give_minutes(room, 10, reason="Mất điện", client_id=uuid4(), by=supervisor, at=late)

    attempt.refresh_from_db()
    right_answers(attempt, questions, late)
    assert hand_in(attempt, by=learner, at=late).passed


def test_who_has_handed_in_gets_no_minutes(attempt, room, supervisor, learner):
    hand_in(attempt, by=learner, at=NINE + MINUTE)

    assert give_minutes(room, 10, reason="x", client_id=uuid4(), by=supervisor, at=NINE) == 0


def test_minutes_go_to_those_ticked_and_only_in_this_room(attempt, room, supervisor, classmate):
    other = start_attempt(room.sitting, by=classmate, at=NINE, room_code=room.code)

    given = give_minutes(
        room,
        5,
        reason="x",
        client_id=uuid4(),
        attempt_ids=[other.pk, 999_999],
        by=supervisor,
        at=NINE,
    )

    attempt.refresh_from_db()
    assert (given, attempt.must_end_at) == (1, NINE + 30 * MINUTE)


@pytest.mark.parametrize("minutes", [0, -5, 241])
def test_odd_numbers_of_minutes_are_refused(attempt, room, supervisor, minutes):
    with pytest.raises(TooManyMinutes):
        give_minutes(room, minutes, reason="x", client_id=uuid4(), by=supervisor, at=NINE)


def test_extra_time_for_a_person_counts_from_the_start(sitting, learner, officer):
    allow_time(sitting, learner, 15, reason="Khiếm thị", by=officer, at=NINE)

    assert start_attempt(sitting, by=learner, at=NINE).must_end_at == NINE + 45 * MINUTE


def test_extra_time_runs_on_after_the_closing_time(sitting, learner, officer):
    allow_time(sitting, learner, 15, reason="Khiếm thị", by=officer, at=NINE)

    attempt = start_attempt(sitting, by=learner, at=sitting.closes_at - MINUTE)

    assert attempt.must_end_at == sitting.closes_at + 15 * MINUTE


def test_extra_time_reaches_an_attempt_under_way_once(sitting, learner, officer):
    attempt = start_attempt(sitting, by=learner, at=NINE)
    for _ in range(2):
        allow_time(sitting, learner, 15, reason="Khiếm thị", by=officer, at=NINE)

    attempt.refresh_from_db()
    assert attempt.must_end_at == NINE + 45 * MINUTE


def test_extra_time_that_was_promised_is_not_taken_back(sitting, learner, officer):
    allow_time(sitting, learner, 15, reason="Khiếm thị", by=officer, at=NINE)
    attempt = start_attempt(sitting, by=learner, at=NINE)

    allow_time(sitting, learner, 5, reason="Nhầm", by=officer, at=NINE)

    attempt.refresh_from_db()
    assert attempt.must_end_at == NINE + 45 * MINUTE
    assert TimeAllowance.objects.get().minutes == 5


def test_extra_time_is_for_learners_of_the_class(sitting, stranger, officer):
    with pytest.raises(NotALearnerOfThisClass):
        allow_time(sitting, stranger, 15, reason="x", by=officer, at=NINE)


def test_only_whoever_runs_the_class_gives_extra_time(sitting, learner):
    with pytest.raises(NotAllowed):
        allow_time(sitting, learner, 15, reason="x", by=learner, at=NINE)


@pytest.mark.parametrize(
    "change",
    ["must_end_at = must_end_at - interval '1 second'", "started_at = now()", "form = '{1}'"],
)
def test_the_database_itself_takes_nothing_back(attempt, change):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE exams_attempt SET {change}")


# --- Handing in and voiding --------------------------------------------------------------------


def test_a_supervisor_hands_in_for_somebody(attempt, room, supervisor, questions):
    right_answers(attempt, questions, NINE)

    done = hand_in_for(room, [attempt.pk], reason="Ốm", by=supervisor, at=NINE + 5 * MINUTE)

    attempt.refresh_from_db()
    assert (done, attempt.handed_in_at, attempt.passed) == (1, NINE + 5 * MINUTE, True)
    assert hand_in_for(room, [attempt.pk], reason="Ốm", by=supervisor, at=NINE) == 0


def test_a_voided_attempt_counts_for_nothing(attempt, room, supervisor, questions, learner):
    right_answers(attempt, questions, NINE)
    hand_in(attempt, by=learner, at=NINE + MINUTE)

    void_attempts(room, [attempt.pk], reason="Dùng tài liệu", by=supervisor, at=NINE + 2 * MINUTE)

    attempt.refresh_from_db()
    assert attempt.void_reason == "Dùng tài liệu"
    assert best_marked_attempts(room.sitting.training_class) == {}
    assert Result.objects.count() == 1
    assert not Result.objects.standing().exists()


def test_results_of_the_class_leave_out_voided_attempts(
    attempt, room, supervisor, questions, officer
):
    right_answers(attempt, questions, NINE)
    void_attempts(room, [attempt.pk], reason="Thi hộ", by=supervisor, at=NINE + MINUTE)

    row = results_open_to(officer, room.sitting).get(person=attempt.person)
    assert (row.attempt_id, row.attempts) == (None, None)


def test_voiding_an_attempt_under_way_ends_it_and_shows_no_skill(
    attempt, room, supervisor, questions
):
    right_answers(attempt, questions, NINE)

    void_attempts(room, [attempt.pk], reason="Thi hộ", by=supervisor, at=NINE + MINUTE)

    attempt.refresh_from_db()
    assert attempt.handed_in_at == NINE + MINUTE
    assert not Result.objects.exists()


def test_voiding_twice_keeps_the_first_reason(attempt, room, supervisor):
    void_attempts(room, [attempt.pk], reason="Thi hộ", by=supervisor, at=NINE + MINUTE)

    assert void_attempts(room, [attempt.pk], reason="Khác", by=supervisor, at=NINE) == 0
    attempt.refresh_from_db()
    assert attempt.void_reason == "Thi hộ"


def test_a_voided_attempt_does_not_use_up_one_of_those_allowed(room, supervisor, learner):
    for number in range(2):
        at = NINE + number * MINUTE
        attempt = start_attempt(room.sitting, by=learner, at=at, room_code=room.code)
        hand_in(attempt, by=learner, at=at)
    with pytest.raises(NoAttemptsLeft):
        start_attempt(room.sitting, by=learner, at=NINE + 3 * MINUTE, room_code=room.code)

    void_attempts(room, [attempt.pk], reason="Mất điện", by=supervisor, at=NINE + 3 * MINUTE)

    third = start_attempt(room.sitting, by=learner, at=NINE + 4 * MINUTE, room_code=room.code)
    assert third.number == 3


ACTS = {
    "minutes": lambda room, ids, by, reason: give_minutes(
        room, 5, reason=reason, client_id=uuid4(), attempt_ids=ids, by=by, at=NINE
    ),
    "hand in": lambda room, ids, by, reason: hand_in_for(
        room, ids, reason=reason, by=by, at=NINE + MINUTE
    ),
    "void": lambda room, ids, by, reason: void_attempts(
        room, ids, reason=reason, by=by, at=NINE + MINUTE
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["learner", "classmate", "stranger"])
def test_nobody_else_acts_on_the_people_of_a_room(request, attempt, room, act, who):
    with pytest.raises(NotAllowed):
        ACTS[act](room, [attempt.pk], request.getfixturevalue(who), "x")


@pytest.mark.parametrize("act", ACTS)
def test_every_act_on_somebody_elses_attempt_says_why(attempt, room, supervisor, act):
    with pytest.raises(ReasonIsMissing):
        ACTS[act](room, [attempt.pk], supervisor, "  ")


def test_attempts_of_another_room_are_out_of_reach(attempt, room, officer, supervisor):
    (other,) = open_rooms(room.sitting, [NewRoom("Phòng 2", officer.pk)], by=officer, at=NINE)

    assert void_attempts(other, [attempt.pk], reason="x", by=officer, at=NINE) == 0
    assert Attempt.objects.get().voided_at is None


# --- The board ---------------------------------------------------------------------------------


def test_the_board_shows_who_is_in_and_how_far(attempt, room, learner, classmate, questions):
    save_answer(
        attempt, questions[0].pk, ["b"], sequence=1, client_id=uuid4(), by=learner, at=NINE + MINUTE
    )
    AttemptSeen.objects.update_or_create(attempt=attempt, defaults={"seen_at": NINE + MINUTE})

    now = NINE + 2 * MINUTE
    seat = seat_of(room, learner, now)

    assert (seat.state, seat.answered, seat.last_answer_at) == (
        SeatState.WRITING,
        1,
        NINE + MINUTE,
    )
    assert seat.minutes_left == 28
    assert seat_of(room, classmate, now).state is SeatState.NOT_ENTERED


def test_a_device_that_falls_silent_needs_attention(attempt, room, learner):
    AttemptSeen.objects.update_or_create(attempt=attempt, defaults={"seen_at": NINE})

    now = NINE + 2 * MINUTE
    figures = figures_of(people_in(room), now)

    assert (figures.entered, figures.silent) == (1, 1)
    assert list(shown_people(people_in(room), Showing.NEEDED, now)) == [learner]


def test_an_answer_taken_back_is_not_counted(attempt, room, learner, questions):
    for sequence, chosen in ((1, ["b"]), (2, [])):
        save_answer(
            attempt,
            questions[0].pk,
            chosen,
            sequence=sequence,
            client_id=uuid4(),
            by=learner,
            at=NINE,
        )

    assert seat_of(room, learner, NINE).answered == 0


def test_somebody_who_sits_in_another_room_is_not_expected_here(room, learner, officer):
    (other,) = open_rooms(room.sitting, [NewRoom("Phòng 2", officer.pk)], by=officer, at=NINE)
    start_attempt(room.sitting, by=learner, at=NINE, room_code=other.code)

    assert learner not in people_in(room)
    assert learner in people_in(other)


def test_the_figures_add_up(attempt, room, classmate, supervisor, commune):
    enrol(room.sitting.training_class, person("Vũ Vắng Mặt"), commune)
    done = start_attempt(room.sitting, by=classmate, at=NINE, room_code=room.code)
    void_attempts(room, [done.pk], reason="x", by=supervisor, at=NINE)

    figures = figures_of(people_in(room), NINE)

    assert [figures.of(showing) for showing in Showing] == [
        len(shown_people(people_in(room), showing, NINE)) for showing in Showing
    ]
    assert (figures.expected, figures.entered, figures.writing, figures.voided) == (3, 2, 1, 1)


def test_the_board_of_a_large_room_costs_as_much_as_that_of_a_small_one(
    attempt, room, training_class, commune
):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            people = people_in(room)
            figures_of(people, NINE)
            seats_of(list(shown_people(people, Showing.ALL, NINE)[:60]), NINE)
        return len(queries)

    small = cost()
    for number in range(40):
        someone = person(f"Học viên {number}")
        enrol(training_class, someone, commune)
        start_attempt(room.sitting, by=someone, at=NINE, room_code=room.code)

    assert cost() == small <= 3


def test_rooms_are_open_to_their_supervisors_and_whoever_runs_the_class(
    room, supervisor, officer, learner, stranger
):
    host = room.sitting.training_class.host_unit
    leader = grant(person("Vũ Lãnh Đạo"), "leader", host)

    for someone in (supervisor, officer):
        assert room in rooms_open_to(someone)
    for someone in (learner, stranger, leader):
        assert room not in rooms_open_to(someone)
