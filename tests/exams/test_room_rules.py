"""Networks, addresses, and the seats of a room."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.exams import rules
from hocvu.exams.rules import SeatState

NINE = datetime(2026, 11, 21, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "network"),
    [
        ("203.0.113.0/24", "203.0.113.0/24"),
        (" 203.0.113.7/24 ", "203.0.113.0/24"),
        ("203.0.113.7", "203.0.113.7/32"),
        ("2001:db8::/32", "2001:db8::/32"),
    ],
)
def test_a_network_is_written_in_one_way(written, network):
    assert rules.as_network(written) == network


@pytest.mark.parametrize("written", ["", "phòng 3", "203.0.113.0/33", "0.0.0.0/0", "::/0", "1.2.3"])
def test_what_is_no_network_or_locks_nothing_is_not_taken(written):
    with pytest.raises(rules.NotANetwork):
        rules.as_network(written)


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("203.0.113.200", True),
        ("::ffff:203.0.113.200", True),
        ("2001:db8::7", True),
        ("203.0.114.1", False),
        ("2001:db9::7", False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_a_device_is_inside_one_of_the_networks_or_not(address, inside):
    assert rules.is_inside(address, ["203.0.113.0/24", "2001:db8::/32"]) is inside


def test_a_room_without_networks_is_open_to_every_device():
    assert rules.is_inside("", [])


SEAT = {"entered": True, "handed_in_at": None, "voided_at": None, "seen_at": NINE, "at": NINE}


@pytest.mark.parametrize(
    ("known", "state"),
    [
        ({"entered": False}, SeatState.NOT_ENTERED),
        ({}, SeatState.WRITING),
        ({"seen_at": NINE - timedelta(seconds=60)}, SeatState.WRITING),
        ({"seen_at": NINE - timedelta(seconds=61)}, SeatState.SILENT),
        ({"seen_at": None}, SeatState.SILENT),
        ({"handed_in_at": NINE}, SeatState.HANDED_IN),
        ({"handed_in_at": NINE, "voided_at": NINE}, SeatState.VOIDED),
    ],
)
def test_how_far_somebody_in_the_room_is(known, state):
    assert rules.seat_state(**SEAT | known) is state


def test_an_attempt_follows_the_one_before_even_when_the_clock_was_set_back():
    assert rules.started_at(NINE, NINE + timedelta(minutes=5)) == NINE + timedelta(minutes=5)
    assert rules.started_at(NINE, None) == NINE


def test_extra_minutes_count_in_full_beyond_the_closing_time():
    closes_at = NINE + timedelta(minutes=20)

    assert rules.must_end_at(NINE, 30, closes_at, extra=10) == closes_at + timedelta(minutes=10)


@given(st.integers(-10_000, 10_000))
def test_an_attempt_is_handed_in_within_itself(seconds):
    end = NINE + timedelta(minutes=30)

    assert NINE <= rules.handed_in_at(NINE, end, NINE + timedelta(seconds=seconds)) <= end
