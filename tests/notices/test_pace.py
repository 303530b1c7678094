from datetime import datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hocvu.kernel.time import VIETNAM
from hocvu.notices.rules.pace import pace

moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=VIETNAM) + timedelta(minutes=minutes)
)


def at(hour, minute=0, day=20):
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def test_quiet_hours_are_from_nine_in_the_evening_until_half_past_six():
    assert (pace().quiet_from, pace().quiet_until) == (time(21), time(6, 30))
    assert not pace().is_quiet(at(20, 59))
    assert pace().is_quiet(at(21))
    assert pace().is_quiet(at(6, 29))
    assert not pace().is_quiet(at(6, 30))


def test_what_is_told_in_the_evening_goes_out_in_the_morning():
    assert pace().due_at(at(20, 55), is_urgent=False) == at(6, 30, day=21)
    assert pace().due_at(at(3), is_urgent=False) == at(6, 30)


def test_what_is_urgent_knows_no_quiet_hours():
    assert pace().due_at(at(23), is_urgent=True) == at(23, 1)


@given(moments, st.booleans())
def test_nothing_is_due_before_it_was_told_and_everything_within_half_a_day(moment, is_urgent):
    due = pace().due_at(moment, is_urgent=is_urgent)

    assert moment < due < moment + timedelta(hours=12)
    assert is_urgent or not pace().is_quiet(due)


@given(moments, st.integers(1, 6))
def test_waits_grow_until_it_is_given_up(moment, tries):
    first = pace().next_try(tries, moment, is_urgent=True)
    second = pace().next_try(tries + 1, moment, is_urgent=True)

    assert moment < first
    assert second is None if tries == 6 else first < second
    assert pace().next_try(7, moment, is_urgent=False) is None


@given(moments, st.integers(1, 6))
def test_nobody_is_written_to_again_in_quiet_hours(moment, tries):
    assert not pace().is_quiet(pace().next_try(tries, moment, is_urgent=False))
