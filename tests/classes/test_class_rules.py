from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.classes.rules import (
    CODE_SECONDS,
    Attendance,
    Stage,
    attendance_rate,
    check_in_code,
    held_on,
    hours_of,
    nearest_point,
    read_token,
    read_typed,
    shows_a_typed_code,
    stage_of,
    unexplained_difference,
)

SECRET = b"a secret of these tests"
moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001
    max_value=datetime(2036, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
ids = st.integers(min_value=1, max_value=2**40)


@given(moments, ids, ids, st.floats(min_value=0, max_value=CODE_SECONDS - 0.001))
def test_a_code_counts_for_at_least_one_step_after_it_was_shown(at, session, point, later):
    shown = check_in_code(SECRET, session, point, at)

    scanned = read_token(SECRET, shown.token, at + timedelta(seconds=later))
    typed = read_typed(SECRET, shown.typed, [(session, point)], [], at + timedelta(seconds=later))

    assert scanned.is_in_time
    assert typed.is_in_time
    assert (scanned.session_id, scanned.bridge_point_id) == (session, point)


@given(moments, ids, ids, st.floats(min_value=0, max_value=CODE_SECONDS - 0.001))
def test_a_code_counts_on_a_server_whose_clock_is_up_to_one_step_behind(at, session, point, behind):
    shown = check_in_code(SECRET, session, point, at)

    assert read_token(SECRET, shown.token, at - timedelta(seconds=behind)).is_in_time


@given(moments, ids, ids, st.integers(min_value=2 * CODE_SECONDS, max_value=10**6))
def test_a_code_has_expired_two_steps_later_and_says_when(at, session, point, later):
    shown = check_in_code(SECRET, session, point, at)

    read = read_token(SECRET, shown.token, at + timedelta(seconds=later))

    assert not read.is_in_time
    assert at < read.expired_at <= at + timedelta(seconds=2 * CODE_SECONDS)


@given(moments, ids, ids, ids)
def test_a_typed_code_is_bound_to_its_roll(at, session, point, other):
    shown = check_in_code(SECRET, session, point, at)

    read = read_typed(SECRET, shown.typed, [(session, other)], [], at)

    # One in a million coincides by chance; then the roll read is still the reader's own.
    assert read is None or read.bridge_point_id == other


@given(moments, ids, ids, st.integers(min_value=0, max_value=41))
def test_a_token_with_one_letter_changed_is_nobodys(at, session, point, place):
    token = check_in_code(SECRET, session, point, at).token
    place %= len(token)
    forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]

    assert read_token(SECRET, forged, at) is None


@given(st.text(max_size=60))
def test_any_text_at_all_can_be_read_as_a_token_without_trouble(text):
    assert read_token(SECRET, text, datetime(2026, 11, 23, tzinfo=UTC)) is None


def test_a_code_made_with_another_secret_is_nobodys():
    at = datetime(2026, 11, 23, tzinfo=UTC)
    shown = check_in_code(b"another secret", 1, 2, at)

    assert read_token(SECRET, shown.token, at) is None
    assert read_typed(SECRET, shown.typed, [(1, 2)], [], at) is None


def test_a_typed_code_that_expired_a_moment_ago_is_recognised_as_such():
    at = datetime(2026, 11, 23, tzinfo=UTC)
    shown = check_in_code(SECRET, 1, 2, at)

    soon = read_typed(SECRET, shown.typed, [(1, 2)], [], at + timedelta(minutes=5))
    much_later = read_typed(SECRET, shown.typed, [(1, 2)], [], at + timedelta(hours=1))

    assert not soon.is_in_time
    assert much_later is None


def test_a_typed_code_of_another_bridge_point_is_recognised_only_while_it_counts():
    at = datetime(2026, 11, 23, tzinfo=UTC)
    shown = check_in_code(SECRET, 1, 3, at)

    now = read_typed(SECRET, shown.typed, [(1, 2)], [(1, 3)], at)
    later = read_typed(SECRET, shown.typed, [(1, 2)], [(1, 3)], at + timedelta(minutes=5))

    assert now.bridge_point_id == 3
    assert later is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("482916", True),
        ("48291", False),
        ("4829160", False),
        ("48291a", False),
        ("４８２９１６", False),
    ],
)
def test_six_plain_digits_are_a_typed_code(text, is_one):
    assert shows_a_typed_code(text) is is_one


@given(st.integers(0, 40), st.integers(1, 40))
def test_attendance_is_an_exact_share(attended, held):
    assert attendance_rate(attended, held) * held == attended
    assert Attendance(attended, held).rate == Fraction(attended, held)


def test_where_nothing_was_held_nothing_was_attended():
    assert attendance_rate(0, 0) == 0


def test_a_note_explains_a_difference_and_silence_does_not():
    assert unexplained_difference(58, 60, "  ") == -2
    assert unexplained_difference(58, 60, "Hai người ra ngoài") == 0
    assert unexplained_difference(60, 60, "") == 0


@pytest.mark.parametrize(
    ("starts_on", "day", "held"),
    [
        (date(2025, 10, 29), 3, date(2025, 10, 31)),  # Wednesday to Friday
        (date(2026, 11, 20), 2, date(2026, 11, 23)),  # Friday, then Monday
        (date(2025, 9, 6), 3, date(2025, 9, 8)),  # begins on a Saturday: straight on
    ],
)
def test_days_of_a_class_are_working_days_unless_it_begins_at_a_weekend(starts_on, day, held):
    assert held_on(starts_on, day) == held


def test_a_morning_is_over_before_the_afternoon_begins():
    day = date(2026, 11, 23)

    assert hours_of(day, "morning").ends_at < hours_of(day, "afternoon").starts_at


@pytest.mark.parametrize(
    ("learners", "held", "is_closed", "stage"),
    [
        (0, 0, False, Stage.EMPTY),
        (5, 0, False, Stage.READY),
        (5, 1, False, Stage.UNDER_WAY),
        (5, 2, False, Stage.HELD),
        (5, 2, True, Stage.CLOSED),
    ],
)
def test_a_class_goes_through_its_stages(learners, held, is_closed, stage):
    assert stage_of(is_closed=is_closed, learners=learners, sessions=2, sessions_held=held) is stage


def test_the_nearest_point_is_the_closest_unit_above_and_never_a_neighbour():
    point_at = {"VN.": 1, "VN.31.": 2, "VN.31.114.": 3}

    assert nearest_point("VN.31.114.", point_at) == 3
    assert nearest_point("VN.31.1145.", point_at) == 2
    assert nearest_point("VN.40.", point_at) == 1
    assert nearest_point("LA.1.", point_at) is None
