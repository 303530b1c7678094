from datetime import date
from fractions import Fraction
from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from hocvu.recognition.rules.completion import Evidence, Reason, Requirements, reasons_to_withhold
from hocvu.recognition.rules.decision_text import DecisionText

FOUR_FIFTHS = Requirements(Fraction(4, 5), paper=False)
TEST_ONLY = Requirements(Fraction(0), paper=True)
BOTH = Requirements(Fraction(4, 5), paper=True)


def reasons(evidence, required):
    return list(reasons_to_withhold(evidence, required))


def test_four_of_five_half_days_are_enough():
    assert reasons(Evidence(4, 5, passed=None), FOUR_FIFTHS) == []


def test_79_9_per_cent_is_not_four_fifths():
    assert reasons(Evidence(799, 1000, passed=None), FOUR_FIFTHS) == [Reason.LOW_ATTENDANCE]


def test_80_per_cent_less_one_in_a_million_million_is_not_four_fifths():
    almost = Evidence(8 * 10**11 - 1, 10**12, passed=None)

    assert reasons(almost, FOUR_FIFTHS) == [Reason.LOW_ATTENDANCE]


def test_nothing_is_earned_where_no_roll_was_closed():
    assert reasons(Evidence(0, 0, passed=None), FOUR_FIFTHS) == [Reason.NO_ROLL]


def test_an_online_programme_asks_for_no_half_days():
    assert reasons(Evidence(0, 0, passed=True), TEST_ONLY) == []


def test_a_test_that_was_not_taken_and_one_that_was_not_passed_are_two_reasons():
    assert reasons(Evidence(0, 0, passed=None), TEST_ONLY) == [Reason.NOT_ASSESSED]
    assert reasons(Evidence(0, 0, passed=False), TEST_ONLY) == [Reason.NOT_PASSED]


def test_every_reason_is_given_at_once():
    assert reasons(Evidence(1, 6, passed=False), BOTH) == [Reason.LOW_ATTENDANCE, Reason.NOT_PASSED]


def test_a_passed_test_does_not_make_up_for_absence():
    assert reasons(Evidence(3, 6, passed=True), BOTH) == [Reason.LOW_ATTENDANCE]


@given(st.integers(1, 400), st.data(), st.fractions(0, 1, max_denominator=50))
def test_attendance_is_earned_exactly_when_the_share_is_reached(held, data, share):
    attended = data.draw(st.integers(0, held))

    earned = not reasons(Evidence(attended, held, passed=None), Requirements(share, paper=False))

    assert earned == (attended * share.denominator >= share.numerator * held)


def test_a_decision_typed_in_decomposed_letters_is_the_same_decision():
    words = ("Hải Phòng", "KT. HIỆU TRƯỞNG", "Phó Hiệu trưởng", "Lương Khánh Bách")
    composed = DecisionText(7, "QĐ-TCT", date(2026, 11, 20), *words)
    decomposed = DecisionText(
        7, " QĐ-TCT", date(2026, 11, 20), *(normalize("NFD", word) for word in words)
    )

    assert decomposed != composed
    assert decomposed.composed() == composed
