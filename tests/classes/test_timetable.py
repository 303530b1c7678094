from datetime import timedelta

import pytest

from classes.class_scene import MORNING, make_officer, sign_in
from hocvu.audit.models import AuditEntry
from hocvu.classes.actions import (
    CallingOffNeedsAReason,
    ClassIsClosed,
    HalfDayIsTaken,
    LastSession,
    SessionHasBegun,
    SessionIsCalledOff,
    SignedSheet,
    call_off_session,
    close_class,
    close_roll,
    enter_sheets,
    move_session,
    name_supervisor,
    open_roll,
)
from hocvu.classes.models import Presence
from hocvu.classes.queries import class_sessions_ahead_of, duties_ahead_of, overview_of
from hocvu.classes.queries.recipients import people_to_tell
from hocvu.classes.rules import Stage
from hocvu.kernel.errors import NotAllowed
from hocvu.notices.models import Notice
from hocvu.notices.queries.inbox import notices_of
from hocvu.notices.queries.letters import words_of

pytestmark = pytest.mark.django_db

NEXT_WEEK = MORNING.date() + timedelta(days=7)
THE_DAY_BEFORE = MORNING - timedelta(days=1)


@pytest.fixture
def first(training_class):
    return training_class.sessions.get(number=1)


@pytest.fixture
def second(training_class):
    return training_class.sessions.get(number=2)


def _moved(session, by, *, held_on=NEXT_WEEK, half="afternoon"):
    return move_session(session, held_on=held_on, half=half, by=by, at=THE_DAY_BEFORE)


def _called_off(session, by, reason="Bão số 12"):
    return call_off_session(session, reason=reason, by=by, at=THE_DAY_BEFORE)


def test_a_session_is_moved_with_its_hours_and_the_class_ends_with_it(second, officer):
    moved = _moved(second, officer)

    moved.refresh_from_db()
    assert (moved.held_on, moved.half) == (NEXT_WEEK, "afternoon")
    assert moved.starts_at.astimezone(MORNING.tzinfo).strftime("%d %H:%M") == "30 14:00"
    assert moved.training_class.ends_on == NEXT_WEEK
    entry = AuditEntry.objects.get(act="session_moved")
    assert entry.facts == {"session": 2, "day": "30/11/2026"}


def test_moving_twice_is_moving_once(second, officer):
    _moved(second, officer)
    _moved(second, officer)

    assert AuditEntry.objects.filter(act="session_moved").count() == 1


def test_two_sessions_do_not_share_a_half_day(first, second, officer):
    with pytest.raises(HalfDayIsTaken, match="1"):
        _moved(second, officer, held_on=first.held_on, half="morning")


def test_the_half_day_of_a_session_called_off_is_free(first, second, officer):
    _called_off(first, officer)

    moved = _moved(second, officer, held_on=first.held_on, half="morning")

    assert moved.half == "morning"


def test_a_session_that_has_begun_stays_where_it_is(called_roll, officer):
    with pytest.raises(SessionHasBegun):
        _moved(called_roll.session, officer)
    with pytest.raises(SessionHasBegun):
        _called_off(called_roll.session, officer)


def test_a_session_called_off_is_not_waited_for(first, second, officer):
    _called_off(first, officer)

    overview = overview_of(first.training_class)

    assert (overview.sessions_to_hold, overview.next_session.pk) == (1, second.pk)


@pytest.mark.usefixtures("enrolments")
def test_nobody_is_expected_at_a_session_called_off(first, coordinator, officer, learners):
    _called_off(first, officer)

    assert [each.number for each in class_sessions_ahead_of(learners[0], MORNING)] == [2]
    assert [each.number for each in duties_ahead_of(coordinator, MORNING)] == [2]


def test_no_roll_of_a_session_called_off_is_opened(first, roll, coordinator, officer, enrolments):
    _called_off(first, officer)

    with pytest.raises(SessionIsCalledOff, match="Bão số 12"):
        open_roll(roll, by=coordinator, at=MORNING)
    sheet = SignedSheet(roll.bridge_point_id, {e.pk: Presence.PRESENT for e in enrolments}, 3)
    with pytest.raises(SessionIsCalledOff):
        enter_sheets(first, [sheet], by=officer, at=MORNING)


def test_a_class_ends_without_the_session_that_was_called_off(
    first, second, training_class, officer
):
    _called_off(first, officer)
    held = second.rolls.get()
    open_roll(held, by=officer, at=MORNING)
    close_roll(held, head_count=0, by=officer, at=MORNING + timedelta(hours=9))
    assert overview_of(training_class).stage is not Stage.UNDER_WAY

    closed = close_class(training_class, by=officer, at=MORNING + timedelta(hours=10))

    assert closed.is_closed


def test_calling_off_needs_a_reason_and_never_takes_the_last_session(first, second, officer):
    with pytest.raises(CallingOffNeedsAReason):
        _called_off(first, officer, reason="  ")
    _called_off(first, officer)

    with pytest.raises(LastSession):
        _called_off(second, officer)


def test_a_session_called_off_is_held_after_all_when_it_gets_a_day(first, officer, roll):
    _called_off(first, officer)

    moved = _moved(first, officer, held_on=first.held_on, half="morning")

    assert not moved.is_called_off
    assert open_roll(roll, by=officer, at=MORNING).opened_at == MORNING


# --- told ---


@pytest.mark.usefixtures("enrolments")
def test_learners_and_whoever_is_on_duty_are_told_of_a_moved_session(
    second, officer, learners, coordinator
):
    _moved(second, officer)
    _moved(second, officer)

    for person in (*learners, coordinator):
        [notice] = notices_of(person.pk)
        assert words_of(notice).happened.endswith("bắt đầu lúc 14:00, 30/11/2026.")


@pytest.mark.usefixtures("enrolments")
def test_they_are_told_of_a_session_called_off_and_strangers_are_not(
    first, officer, learners, far_ward
):
    stranger = make_officer("Hồ Thị Xa", far_ward)

    _called_off(first, officer)

    assert [each.kind for each in notices_of(learners[0].pk)] == ["session_called_off"]
    assert not notices_of(stranger.pk).exists()


def test_a_refused_change_is_told_to_nobody(first, second, officer, enrolments):
    with pytest.raises(HalfDayIsTaken):
        _moved(second, officer, held_on=first.held_on, half="morning")

    assert not Notice.objects.exists()


def test_telling_does_not_ask_once_for_each_learner(
    second, officer, enrolments, django_assert_max_num_queries
):
    with django_assert_max_num_queries(2):
        people_to_tell(second.training_class)


def test_another_supervisor_may_run_the_class(training_class, officer, far_ward):
    newcomer = make_officer("Vũ Thị Chủ", far_ward)

    name_supervisor(training_class, newcomer, by=officer, at=MORNING)

    moved = _moved(training_class.sessions.get(number=2), newcomer)
    assert moved.held_on == NEXT_WEEK


def test_strangers_and_closed_classes_are_refused(training_class, leader, second, officer):
    with pytest.raises(NotAllowed):
        _moved(second, leader)
    with pytest.raises(NotAllowed):
        _called_off(second, leader)
    with pytest.raises(NotAllowed):
        name_supervisor(training_class, leader, by=leader, at=MORNING)
    training_class.closed_at = MORNING
    training_class.save()
    with pytest.raises(ClassIsClosed):
        _moved(second, officer)


def test_an_officer_moves_a_session_on_its_page(client, officer, second, first):
    sign_in(client, officer)

    taken = client.post(
        f"/sessions/{second.pk}/move/", {"held_on": first.held_on, "half": "morning"}
    )
    moved = client.post(f"/sessions/{second.pk}/move/", {"held_on": NEXT_WEEK, "half": "morning"})

    assert taken.status_code == 422
    assert "Buổi 1 đã được xếp" in taken.text
    assert moved.url == f"/sessions/{second.pk}/"
    assert "30/11/2026" in client.get(moved.url).text


def test_an_officer_calls_a_session_off_and_everybody_reads_why(client, officer, first):
    sign_in(client, officer)

    asked = client.post(f"/sessions/{first.pk}/call-off/", {"reason": ""})
    done = client.post(f"/sessions/{first.pk}/call-off/", {"reason": "Bão số 12"})

    assert asked.status_code == 422
    assert "Bão số 12" in client.get(done.url).text
    assert "Bão số 12" in client.get(f"/classes/{first.training_class_id}/").text


def test_an_officer_names_the_supervisor_by_name(client, officer, training_class):
    newcomer = make_officer("Vũ Thị Chủ", training_class.host_unit)
    sign_in(client, officer)
    address = f"/classes/{training_class.pk}/supervisor/"

    page = client.get(address, {"q": "vu thi chu"})
    client.post(f"{address}?q=vu+thi+chu", {"person": newcomer.pk})

    training_class.refresh_from_db()
    assert "Vũ Thị Chủ" in page.text
    assert training_class.supervisor == newcomer
