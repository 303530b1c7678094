"""Days, times and numbers in the language of the page."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from hocvu.ui.templatetags.figures import (
    clock,
    day,
    moment,
    number,
    percent,
    shown,
    since,
    until,
)

MORNING = datetime(2026, 11, 21, 1, 12, tzinfo=UTC)
LATE_EVENING = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


def test_a_day_is_written_day_first():
    assert day(date(2026, 11, 21)) == "21/11/2026"


def test_a_moment_is_told_in_the_time_of_viet_nam():
    assert clock(MORNING) == "08:12"
    assert moment(MORNING) == "08:12, 21/11/2026"


def test_what_closes_at_midnight_closes_with_the_day_before():
    midnight = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)

    assert (since(midnight), until(midnight)) == ("21/11/2026", "hết ngày 20/11/2026")


def test_what_opens_and_closes_by_day_is_told_with_its_hour():
    assert since(MORNING) == until(MORNING) == "08:12, 21/11/2026"


def test_the_day_of_a_moment_is_the_day_in_viet_nam():
    assert day(LATE_EVENING) == "21/11/2026"


def test_numbers_are_grouped_with_points_and_cut_with_commas():
    assert number(1234567) == "1.234.567"
    assert number(Decimal("1234.5")) == "1.234,5"
    assert number(Fraction(2, 3)) == "0,66"


def test_english_pages_write_numbers_the_english_way():
    with translation.override("en"):
        assert number(1234567) == "1,234,567"
        assert percent(Fraction(642, 1000)) == "64.2\u00a0%"


def test_what_is_not_known_is_a_dash():
    assert [day(None), clock(None), moment(None), number(None), percent(None), shown("")] == [
        "—"
    ] * 6


def test_a_share_just_below_the_target_never_reads_as_the_target():
    assert percent(Fraction(7996, 10000)) == "79,9\u00a0%"


@given(st.fractions(min_value=0, max_value=2, max_denominator=10**6))
def test_a_share_is_never_shown_larger_than_it_is(ratio):
    with translation.override("vi"):
        said = Fraction(percent(ratio).removesuffix("\u00a0%").replace(".", "").replace(",", "."))

    assert said / 100 <= ratio < said / 100 + Fraction(1, 1000)


def test_plain_values_are_shown_by_their_kind():
    assert shown(True) == "Có"
    assert shown(1234) == "1.234"
    assert shown(date(2026, 11, 21)) == "21/11/2026"
    assert shown("00123") == "00123"
