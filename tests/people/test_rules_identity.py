import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.people.rules.birth_date import PartialDate
from hocvu.people.rules.identity import (
    LEGACY_PROVINCES,
    IdentityCheck,
    IdentityProblem,
    birth_year_in,
    check_identity_number,
    masked,
    sex_in,
)
from hocvu.people.rules.persons import Sex

BORN_1990 = PartialDate(1990)


def check(text, sex=Sex.MALE, birth=BORN_1990):
    return check_identity_number(text, sex=sex, birth=birth)


@pytest.mark.parametrize(
    "written",
    [
        "031090000001",
        " 031 090 000 001 ",
        "031.090.000.001",
        "031-090-000-001",
        "'031090000001",
        "CCCD: 031090000001",
        "031\u00a0090\u200b000001",
        "０３１０９００００００１",
    ],
)
def test_twelve_digits_are_read_however_they_are_spaced(written):
    assert check(written) == IdentityCheck("031090000001")


def test_an_empty_cell_is_no_problem_here():
    assert check("  ") == IdentityCheck(None)


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        ("31090000001", "031090000001"),
        ("31090000001.0", "031090000001"),
        ("1090000001", "001090000001"),
        ("3.1090000001E+10", "031090000001"),
        ("3,1090000001E+10", "031090000001"),
    ],
)
def test_lost_zeros_are_proposed_never_put_back(written, proposed):
    assert check(written) == IdentityCheck(None, (proposed,), (IdentityProblem.ZEROS_LOST,))


@pytest.mark.parametrize(
    ("written", "sex", "birth"),
    [
        ("31090000001", Sex.FEMALE, BORN_1990),
        ("31090000001", Sex.MALE, PartialDate(1991)),
        ("31090000001", Sex.MALE, None),
        ("99090000001", Sex.MALE, BORN_1990),
        ("3090000001", Sex.MALE, BORN_1990),
        ("0912345678", Sex.MALE, BORN_1990),
        ("31090", Sex.MALE, BORN_1990),
        ("0310900000012", Sex.MALE, BORN_1990),
    ],
)
def test_nothing_is_proposed_where_province_sex_or_year_do_not_agree(written, sex, birth):
    assert check(written, sex, birth) == IdentityCheck(None, (), (IdentityProblem.WRONG_LENGTH,))


def test_nine_digits_are_an_old_card_and_never_padded():
    assert check("031234567") == IdentityCheck(None, (), (IdentityProblem.OLD_IDENTITY_CARD,))


def test_digits_lost_to_an_exponent_are_told():
    assert check("3.1E+10").problems == (IdentityProblem.DIGITS_LOST,)


@pytest.mark.parametrize("written", ["O31090000001", "031090000001 (cấp năm 2021)"])
def test_a_number_inside_other_text_is_proposed(written):
    assert check(written) == IdentityCheck(None, ("031090000001",), (IdentityProblem.NOT_A_NUMBER,))


@pytest.mark.parametrize("written", ["không có", "Chưa có", "-", "chưa cấp", "đang làm lại", "N/A"])
def test_words_that_say_there_is_no_number_are_no_number_and_no_mistake(written):
    assert check(written) == IdentityCheck(None)


@pytest.mark.parametrize("written", ["có rồi", "?", "031090000001 / 031090000002"])
def test_what_is_not_one_number_is_refused(written):
    assert check(written) == IdentityCheck(None, (), (IdentityProblem.NOT_A_NUMBER,))


@pytest.mark.parametrize(
    ("written", "sex", "birth", "problem"),
    [
        ("031090000001", Sex.FEMALE, BORN_1990, IdentityProblem.SEX_DISAGREES),
        ("031090000001", Sex.MALE, PartialDate(1989, 5, 3), IdentityProblem.BIRTH_YEAR_DISAGREES),
        ("031290000001", Sex.MALE, BORN_1990, IdentityProblem.BIRTH_YEAR_DISAGREES),
        ("003090000001", Sex.MALE, BORN_1990, IdentityProblem.UNKNOWN_PROVINCE),
        ("031490000001", None, None, IdentityProblem.UNKNOWN_CENTURY),
    ],
)
def test_contradictions_are_told_and_the_number_is_left_as_it_is(written, sex, birth, problem):
    assert check(written, sex, birth) == IdentityCheck(written, (), (problem,))


def test_the_list_of_provinces_is_the_one_of_sixty_three():
    assert len(LEGACY_PROVINCES) == 63
    assert LEGACY_PROVINCES["031"] == "Hải Phòng"


def test_a_shown_number_keeps_only_its_end():
    assert masked("031090001234") == "••••••••1234"
    assert masked("031234567") == "•••••••67"


@given(
    st.sampled_from(sorted(LEGACY_PROVINCES)),
    st.sampled_from(Sex),
    st.integers(1921, 2008),
    st.integers(0, 999_999),
)
def test_a_number_made_by_the_rule_agrees_with_its_person(province, sex, year, serial):
    century = 2 * ((year - 1900) // 100) + (sex is Sex.FEMALE)
    number = f"{province}{century}{year % 100:02d}{serial:06d}"

    assert check(number, sex, PartialDate(year)) == IdentityCheck(number)
    assert check(str(int(number)), sex, PartialDate(year)).proposals == (number,)
    assert (sex_in(number), birth_year_in(number)) == (sex, year)


@given(st.text(max_size=20), st.sampled_from([None, *Sex]), st.dates(dt.date(1930, 1, 1)))
def test_any_text_gives_twelve_digits_or_a_reason(text, sex, born):
    checked = check(text, sex, PartialDate(born.year, born.month, born.day))

    for number in (checked.number, *checked.proposals):
        assert number is None or (len(number) == 12 and number.isdecimal())
