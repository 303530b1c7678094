import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.people.rules.birth_date import (
    BirthProblem,
    BirthReading,
    PartialDate,
    Precision,
    read_birth_date,
)

TODAY = dt.date(2026, 11, 21)
THIRD_OF_MAY = PartialDate(1970, 5, 3)


def read(text):
    return read_birth_date(text, reading_on=TODAY)


@pytest.mark.parametrize(
    "written",
    [
        "3/5/1970", "03/05/1970", "03-05-1970", "3.5.1970", "03 / 05 / 1970", "'03/05/1970",
        "1970-05-03", "1970/05/03", "1970-05-03T00:00:00", "1970-05-03 00:00:00", "25691",
        "25691.0", "03051970", "19700503", "Ngày 03 tháng 5 năm 1970", "3-May-1970", "May 3, 1970",
        "03/05/1970.", "03/05/1970 00:00", "sinh ngày 03/05/1970", "03,05,1970",
    ],
)  # fmt: skip
def test_a_full_date_is_read_however_it_is_written(written):
    assert read(written) == BirthReading(THIRD_OF_MAY)


@pytest.mark.parametrize(
    "written",
    ["5/1970", "05-1970", "00/05/1970", "…/5/1970", "../05/1970", "--/05/1970", "?/5/1970",
     "tháng 5/1970", "1970-05"],
)  # fmt: skip
def test_a_missing_day_leaves_the_month(written):
    assert read(written) == BirthReading(PartialDate(1970, 5))


@pytest.mark.parametrize("written", ["1970", "00/00/1970", "../../1970", "1970.0", "SN 1970",
                                     "sinh năm 1970", "0/0/1970"])  # fmt: skip
def test_a_missing_month_leaves_the_year(written):
    assert read(written) == BirthReading(PartialDate(1970))


def test_nothing_written_is_nothing_wrong():
    assert read("  ") == BirthReading(None)


@pytest.mark.parametrize("written", ["31/02/1970", "29/02/1971", "32/01/1970", "00/13/1970"])
def test_a_day_that_never_was_is_refused(written):
    assert read(written) == BirthReading(None, (BirthProblem.IMPOSSIBLE,))


def test_month_before_day_is_only_proposed():
    assert read("12/25/1970") == BirthReading(
        None, (BirthProblem.IMPOSSIBLE,), PartialDate(1970, 12, 25)
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [("3/5/70", PartialDate(1970, 5, 3)), ("3/5/05", PartialDate(2005, 5, 3)),
     ("3/5/15", PartialDate(1915, 5, 3))],
)  # fmt: skip
def test_a_year_of_two_digits_is_only_proposed(written, meant):
    assert read(written) == BirthReading(None, (BirthProblem.TWO_DIGIT_YEAR,), meant)


def test_a_year_typed_into_a_date_cell_is_recognised():
    assert read("23/05/1905") == BirthReading(
        None, (BirthProblem.YEAR_BECAME_A_DATE,), PartialDate(1970)
    )


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("22/11/2026", BirthProblem.IN_FUTURE),
        ("2027", BirthProblem.IN_FUTURE),
        ("22/11/2010", BirthProblem.TOO_YOUNG),
        ("2011", BirthProblem.TOO_YOUNG),
        ("20/11/1935", BirthProblem.TOO_OLD),
        ("1934", BirthProblem.TOO_OLD),
    ],
)
def test_unlikely_ages_are_told(written, problem):
    assert read(written).problems == (problem,)


@pytest.mark.parametrize("written", ["21/11/2010", "2010", "22/11/1935", "1936"])
def test_the_edges_of_working_age_are_no_problem(written):
    assert read(written).problems == ()


@pytest.mark.parametrize("written", ["abc", "x", "//", "03/05", "1970-1975", "12345678901"])
def test_what_is_no_date_is_refused(written):
    assert read(written) == BirthReading(None, (BirthProblem.UNREADABLE,))


def test_a_year_with_a_thousands_dot_is_only_proposed():
    assert read("1.970") == BirthReading(None, (BirthProblem.UNREADABLE,), PartialDate(1970))


def test_a_partial_date_knows_its_span_and_prints_it():
    month = PartialDate(1972, 2)

    assert month.precision is Precision.MONTH
    assert (month.earliest, month.latest) == (dt.date(1972, 2, 1), dt.date(1972, 2, 29))
    assert [str(PartialDate(1970)), str(month), str(THIRD_OF_MAY)] == [
        "1970", "02/1972", "03/05/1970",
    ]  # fmt: skip
    assert PartialDate(1972).could_be(month)
    assert not month.could_be(THIRD_OF_MAY)


@given(st.dates(dt.date(1937, 1, 1), dt.date(2010, 1, 1)), st.sampled_from("/-. "))
def test_every_date_of_a_working_life_is_read_back(born, separator):
    written = separator.join([str(born.day), str(born.month), str(born.year)])

    assert read(written) == BirthReading(PartialDate(born.year, born.month, born.day))


@given(st.dates(dt.date(1937, 1, 1), dt.date(2010, 1, 1)))
def test_every_serial_number_is_read_as_its_day(born):
    serial = (born - dt.date(1899, 12, 30)).days

    assert read(str(serial)).date == PartialDate(born.year, born.month, born.day)


@given(st.text(max_size=15))
def test_any_text_gives_a_date_or_a_reason(text):
    reading = read(text)

    assert reading.date or reading.problems or not text.strip() or not read(text).problems
