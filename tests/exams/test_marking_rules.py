import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.exams.rules import (
    GRACE,
    AnswerFlaw,
    Correction,
    Key,
    Marks,
    Reason,
    ReasonKind,
    Score,
    Verdict,
    as_stored,
    corrected,
    flaw_in,
    handed_in_at,
    is_passed,
    is_too_late,
    mark,
    marked_paper,
    must_end_at,
    shuffled,
)
from hocvu.items.content import Item, Kind, Option


def key(question_id, kind, options, right, component, *, points=1):
    choices = tuple(Option(each, each, credit=Fraction(each in right)) for each in options)
    item = Item(kind, "?", options=choices, points=Decimal(points))
    return Key(question_id, item, component)


ONE = key(1, Kind.SINGLE, "abc", "b", "1.2")
MANY = key(2, Kind.MULTIPLE, "abcde", "abc", "6.1")
ESSAY = Key(4, Item(Kind.ESSAY, "?", points=Decimal(4)), "6.1")
NINE = datetime(2026, 11, 21, 2, tzinfo=UTC)

chosen_of_many = st.sets(st.sampled_from("abcde"))


def test_a_question_with_one_right_option_is_all_or_nothing():
    assert mark(ONE, ["b"]).points == 1
    assert mark(ONE, ["a"]).points == 0


def test_two_of_three_right_options_earn_two_thirds_exactly():
    marked = mark(MANY, ["a", "b"])

    assert marked.points == Fraction(2, 3)
    assert marked.verdict is Verdict.PARTLY


def test_a_wrong_option_takes_away_what_a_right_one_gave():
    assert mark(MANY, ["a", "b", "d"]).points == Fraction(1, 3)


def test_ticking_everything_is_not_a_way_to_pass():
    assert mark(MANY, "abcde").points == Fraction(1, 3)


def test_the_reasons_name_each_option_that_counted():
    assert mark(MANY, ["a", "d"]).reasons == (
        Reason(ReasonKind.RIGHT_CHOSEN, "a"),
        Reason(ReasonKind.RIGHT_MISSED, "b"),
        Reason(ReasonKind.RIGHT_MISSED, "c"),
        Reason(ReasonKind.WRONG_CHOSEN, "d"),
    )


def test_an_unanswered_question_says_so():
    marked = mark(ONE, [])

    assert marked.verdict is Verdict.UNANSWERED
    assert marked.reasons == (Reason(ReasonKind.NOTHING_CHOSEN),)


@given(chosen_of_many)
def test_points_lie_between_nothing_and_one(chosen):
    assert 0 <= mark(MANY, chosen).points <= 1


@given(chosen_of_many)
def test_only_exactly_the_right_options_earn_the_whole_point(chosen):
    marked = mark(MANY, chosen)

    assert (marked.points == 1) == (chosen == set("abc")) == (marked.verdict is Verdict.RIGHT)


@given(chosen_of_many, st.sampled_from("de"))
def test_a_wrong_option_never_helps(chosen, wrong):
    assert mark(MANY, chosen | {wrong}).points <= mark(MANY, chosen - {wrong}).points


@given(chosen_of_many, st.sampled_from("abc"))
def test_a_right_option_never_harms(chosen, right):
    assert mark(MANY, chosen | {right}).points >= mark(MANY, chosen - {right}).points


@given(chosen_of_many, chosen_of_many)
def test_components_add_up_to_the_whole(first, second):
    other = key(3, Kind.MULTIPLE, "abcde", "abc", "1.2")
    paper = marked_paper([ONE, MANY, other], {2: first, 3: second}, Fraction(7, 10))

    assert sum(score.points for score in paper.by_component.values()) == paper.total.points
    assert sum(score.out_of for score in paper.by_component.values()) == paper.total.out_of == 3


def test_sixty_nine_point_nine_nine_percent_is_not_seventy():
    almost = Score(Fraction(6999, 100), Fraction(100))

    assert not is_passed(almost, Fraction(7, 10))
    assert is_passed(Score(Fraction(14), Fraction(20)), Fraction(7, 10))


def test_thirds_that_add_up_to_the_pass_mark_pass_though_their_decimals_would_not():
    total = Score(sum([Fraction(1, 3)] * 3, Fraction(13)), Fraction(20))

    assert is_passed(total, Fraction(7, 10))


@given(st.fractions(min_value=0, max_value=100))
def test_stored_points_are_never_more_than_were_earned(points):
    assert 0 <= points - Fraction(as_stored(points)) < Fraction(1, 1000)


def test_two_thirds_are_stored_cut_not_rounded():
    assert as_stored(Fraction(2, 3)) == Decimal("0.666")


@pytest.mark.parametrize(
    ("asked", "chosen", "flaw"),
    [
        (ONE, ["b"], None),
        (ONE, [], None),
        (MANY, ["a", "e"], None),
        (ONE, ["a", "b"], AnswerFlaw.TOO_MANY_OPTIONS),
        (ONE, ["z"], AnswerFlaw.UNKNOWN_OPTION),
        (MANY, ["a", "a"], AnswerFlaw.UNKNOWN_OPTION),
    ],
)
def test_an_answer_fits_its_question_or_says_why_not(asked, chosen, flaw):
    assert flaw_in(asked, chosen) is flaw


def test_a_question_of_four_points_counts_four_times():
    heavy = key(5, Kind.SINGLE, "abc", "b", "1.2", points=4)

    marked = marked_paper([heavy, MANY], {5: ["b"]}, Fraction(7, 10))

    assert marked.total == Score(Fraction(4), Fraction(5))
    assert marked.passed


def test_what_people_mark_waits_and_leaves_the_rest_certain():
    marked = marked_paper([ONE, ESSAY], {1: ["b"], 4: ["text=Một bài"]}, Fraction(1, 5))

    assert marked.is_waiting
    assert marked.total == Score(Fraction(1), Fraction(5))


def test_an_essay_nobody_wrote_waits_for_nobody():
    marked = marked_paper([ONE, ESSAY], {1: ["b"]}, Fraction(1, 5))

    assert not marked.is_waiting
    assert marked.marks[1].verdict is Verdict.UNANSWERED


@pytest.mark.parametrize(
    ("given", "verdict"),
    [(0, Verdict.WRONG), (Fraction(5, 2), Verdict.PARTLY), (4, Verdict.RIGHT)],
)
def test_the_points_people_gave_settle_what_waited(given, verdict):
    answers = {1: ["b"], 4: ["text=Một bài"]}

    marked = marked_paper([ONE, ESSAY], answers, Fraction(7, 10), by_people={4: Fraction(given)})

    assert not marked.is_waiting
    assert marked.marks[1].verdict is verdict
    assert marked.total.points == 1 + given
    assert marked.passed == (1 + given >= Fraction(35, 10))


def test_people_give_nothing_for_an_essay_that_was_not_written():
    marked = marked_paper([ESSAY], {}, Fraction(1, 2), by_people={4: Fraction(4)})

    assert marked.total.points == 0


def test_a_corrected_key_makes_other_options_right():
    now = corrected(ONE, Correction(right=frozenset("bc")))

    assert [mark(now, [each]).points for each in "abc"] == [0, 1, 1]


def test_a_withdrawn_question_gives_everybody_its_points():
    now = corrected(MANY, Correction(everybody=True))

    assert mark(now, []).points == mark(now, ["d", "e"]).points == mark(now, "abc").points == 1


@given(st.lists(chosen_of_many, min_size=1, max_size=20))
def test_marking_each_different_answer_once_changes_no_mark(chosen_by_each):
    marks = Marks()

    for chosen in chosen_by_each:
        assert marks.of(MANY, sorted(chosen)) == mark(MANY, chosen)


def test_an_attempt_ends_when_its_minutes_are_over_or_when_the_sitting_closes():
    assert must_end_at(NINE, 30, NINE + timedelta(hours=2)) == NINE + timedelta(minutes=30)
    assert must_end_at(NINE, 30, NINE + timedelta(minutes=5)) == NINE + timedelta(minutes=5)


def test_an_answer_on_its_way_when_time_ran_out_still_counts():
    assert not is_too_late(NINE, NINE + GRACE)
    assert is_too_late(NINE, NINE + GRACE + timedelta(milliseconds=1))


def test_the_order_of_an_attempt_is_the_same_after_every_reload():
    assert shuffled("abcdefgh", range(8), seed=7) == shuffled("abcdefgh", range(8), seed=7)
    assert shuffled("abcdefgh", range(8), seed=7) != shuffled("abcdefgh", range(8), seed=8)


def test_the_order_is_the_same_in_another_process():
    code = "from hocvu.exams.rules import shuffled; print(*shuffled('abcdefgh', range(8), seed=7))"
    other = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": "4711", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert other.stdout.split() == shuffled("abcdefgh", range(8), seed=7)


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_shuffling_loses_and_doubles_nothing(seed):
    assert sorted(shuffled(range(20), range(20), seed=seed)) == list(range(20))


def test_an_attempt_counts_as_handed_in_between_its_start_and_its_end():
    end = NINE + timedelta(minutes=30)

    assert handed_in_at(NINE, end, NINE + timedelta(minutes=5)) == NINE + timedelta(minutes=5)
    assert handed_in_at(NINE, end, NINE + timedelta(minutes=50)) == end
    assert handed_in_at(NINE, end, NINE - timedelta(minutes=5)) == NINE
