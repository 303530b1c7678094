from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hocvu.campaigns.rules import distance_to_target

FOUR_FIFTHS = Fraction(4, 5)


def test_79_96_per_cent_is_not_80_per_cent():
    found = distance_to_target(7_996, 10_000, FOUR_FIFTHS)

    assert not found.is_reached
    assert found.missing == 4


def test_80_per_cent_is():
    found = distance_to_target(8_000, 10_000, FOUR_FIFTHS)

    assert found.is_reached
    assert found.missing == 0


def test_one_person_less_than_the_target_among_two_million_is_missed():
    assert distance_to_target(1_599_999, 2_000_000, FOUR_FIFTHS).missing == 1


def test_people_are_whole_so_what_is_missing_is_rounded_up():
    assert distance_to_target(0, 3, FOUR_FIFTHS).missing == 3


def test_nobody_in_scope_reaches_nothing_and_misses_nobody():
    found = distance_to_target(0, 0, Fraction(1))

    assert (found.share, found.missing, found.is_reached) == (None, 0, False)


@given(st.integers(1, 10**7), st.data(), st.fractions(0, 1, max_denominator=1000))
def test_the_missing_people_reach_the_target_and_one_fewer_does_not(in_scope, data, target):
    proficient = data.draw(st.integers(0, in_scope))
    found = distance_to_target(proficient, in_scope, target)

    assert found.is_reached == (found.missing == 0)
    assert Fraction(proficient + found.missing, in_scope) >= target
    if found.missing:
        assert Fraction(proficient + found.missing - 1, in_scope) < target
