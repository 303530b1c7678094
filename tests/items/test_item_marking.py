"""What an answer earns, kind by kind, and why."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.items.content import Accepted, Item, Kind, Option, Part, PartKind, Scoring
from hocvu.items.marking import Reason, ReasonKind, Verdict, mark

ONE, HALF = Fraction(1), Fraction(1, 2)


def options(**earning):
    return tuple(Option(o, f"Option {o}", credit=Fraction(credit)) for o, credit in earning.items())


ONE_OPTION = Item(Kind.SINGLE, "Which?", options=options(a=0, b=1, c=0))
SEVERAL = Item(Kind.MULTIPLE, "Which?", options=options(a=1, b=1, c=1, d=0, e=0))
STATEMENTS = Item(
    Kind.TRUE_FALSE,
    "True or false?",
    parts=tuple(
        Part(f"p{at}", text=f"Statement {at}", right=right)
        for at, right in enumerate(["true", "false", "true", "false"], 1)
    ),
)
ALL_FOUR = ["p1=true", "p2=false", "p3=true", "p4=false"]
ORDER = Item(Kind.ORDERING, "In which order?", options=options(a=0, b=0, c=0, d=0))
CAPITAL = Item(
    Kind.SHORT_TEXT,
    "The capital?",
    parts=(Part("text", PartKind.TEXT, accepted=(Accepted("Hà Nội"),)),),
)


def number(*accepted):
    return Item(
        Kind.NUMERIC, "How much?", parts=(Part("value", PartKind.NUMBER, accepted=accepted),)
    )


@given(st.sets(st.sampled_from("abcx"), min_size=1))
def test_one_option_is_all_or_nothing(chosen):
    marked = mark(ONE_OPTION, chosen)

    assert marked.points == int(chosen == {"b"})
    assert marked.verdict is (Verdict.RIGHT if chosen == {"b"} else Verdict.WRONG)
    assert (Reason(ReasonKind.RIGHT_MISSED, "b") in marked.reasons) is ("b" not in chosen)


@given(st.sets(st.sampled_from("abcdex"), min_size=1))
def test_several_options_earn_the_right_ones_less_the_wrong_ones(chosen):
    right = len(chosen & set("abc"))

    assert mark(SEVERAL, chosen).points == Fraction(max(0, right - len(chosen) + right), 3)


def test_the_reasons_name_each_option_that_counted():
    assert mark(SEVERAL, ["a", "d"]).reasons == (
        Reason(ReasonKind.RIGHT_CHOSEN, "a"),
        Reason(ReasonKind.RIGHT_MISSED, "b"),
        Reason(ReasonKind.RIGHT_MISSED, "c"),
        Reason(ReasonKind.WRONG_CHOSEN, "d"),
    )


def test_points_are_a_share_of_what_the_question_is_worth():
    marked = mark(replace(SEVERAL, points=Decimal("1.5")), ["a", "b"])

    assert marked.points == 1
    assert marked.out_of == Fraction(3, 2)


def test_a_half_right_option_earns_half_and_says_what_would_have_been_right():
    item = Item(Kind.SITUATION, "What now?", options=options(a=1, b="1/2", c="-1/2"))

    marked = mark(item, ["b"])

    assert marked.points == HALF
    assert marked.verdict is Verdict.PARTLY
    assert marked.reasons == (
        Reason(ReasonKind.RIGHT_MISSED, "a"),
        Reason(ReasonKind.RIGHT_CHOSEN, "b"),
    )


def test_an_option_below_nothing_earns_nothing():
    assert mark(Item(Kind.SINGLE, "?", options=options(a=1, b=-1)), ["b"]).points == 0


def test_credits_below_nothing_take_away_from_the_others():
    item = replace(SEVERAL, scoring=Scoring.BY_CREDIT, options=options(a="1/2", b="1/2", c="-1/3"))

    assert mark(item, ["a", "b"]).points == 1
    assert mark(item, ["a", "b", "c"]).points == Fraction(2, 3)
    assert mark(item, ["c"]).points == 0


def test_all_or_nothing_means_exactly_the_right_ones():
    item = replace(SEVERAL, scoring=Scoring.ALL_OR_NOTHING)

    assert mark(item, ["a", "b", "c"]).points == 1
    assert mark(item, ["a", "b"]).points == 0
    assert mark(item, ["a", "b", "c", "d"]).points == 0


@pytest.mark.parametrize(
    ("right", "share"),
    [(0, 0), (1, Fraction(1, 10)), (2, Fraction(1, 4)), (3, HALF), (4, ONE)],
)
def test_four_statements_earn_by_steps(right, share):
    item = replace(STATEMENTS, scoring=Scoring.STEPPED)
    wrong = ["p1=false", "p2=true", "p3=false", "p4=true"]

    assert mark(item, ALL_FOUR[:right] + wrong[right:]).points == share


def test_an_empty_statement_is_not_right_and_says_so():
    marked = mark(STATEMENTS, ["p1=true", "p2=true", "p3="])

    assert marked.points == Fraction(1, 4)
    assert [(r.part, r.kind) for r in marked.reasons] == [
        ("p1", ReasonKind.PART_RIGHT),
        ("p2", ReasonKind.PART_WRONG),
        ("p3", ReasonKind.PART_EMPTY),
        ("p4", ReasonKind.PART_EMPTY),
    ]


def test_guessing_statements_can_be_made_not_to_pay():
    item = replace(STATEMENTS, scoring=Scoring.RIGHT_MINUS_WRONG)

    assert mark(item, ["p1=true", "p2=false", "p3=false"]).points == Fraction(1, 4)
    assert mark(item, ["p1=false"]).points == 0


def test_parts_weigh_what_they_are_said_to_weigh():
    first, *others = STATEMENTS.parts
    item = replace(STATEMENTS, parts=(replace(first, weight=Fraction(5)), *others))

    assert mark(item, ["p1=true"]).points == Fraction(5, 8)


def test_rows_and_left_sides_are_matched_with_options():
    parts = (Part("p1", text="Một", right="a"), Part("p2", text="Hai", right="b"))
    for kind in (Kind.MATCHING, Kind.STATEMENTS):
        item = Item(kind, "Match", options=options(a=0, b=0, c=0), parts=parts)

        marked = mark(item, ["p1=a", "p2=c"])

        assert marked.points == HALF
        assert marked.reasons[1] == Reason(ReasonKind.PART_WRONG, option="c", part="p2")


def test_ordering_counts_each_place_that_is_right():
    marked = mark(ORDER, ["a=1", "b=3", "c=2", "d=4"])

    assert marked.points == HALF
    assert marked.verdict is Verdict.PARTLY
    assert [r.kind for r in marked.reasons] == [
        ReasonKind.PART_RIGHT,
        ReasonKind.PART_WRONG,
        ReasonKind.PART_WRONG,
        ReasonKind.PART_RIGHT,
    ]


@pytest.mark.parametrize(
    "typed",
    ["Hà Nội", "ha noi", "HÀ  NỘI", "Ha\u0300 No\u0302\u0323i", " Hà Nội. ", "\u200bHà Nội"],
)
def test_a_short_text_is_right_however_it_is_typed(typed):
    assert mark(CAPITAL, [f"text={typed}"]).verdict is Verdict.RIGHT


def test_tones_and_case_count_only_where_they_matter():
    strict = replace(CAPITAL, tones_matter=True)

    assert mark(strict, ["text=ha noi"]).points == 0
    assert mark(strict, ["text=hà nội"]).points == 1
    assert mark(replace(CAPITAL, case_matters=True), ["text=ha noi"]).points == 0
    assert mark(replace(CAPITAL, case_matters=True), ["text=Ha Noi"]).points == 1
    assert mark(replace(strict, case_matters=True), ["text=hà nội"]).points == 0


def test_both_places_of_a_tone_mark_are_one_word_even_where_tones_matter():
    item = replace(
        CAPITAL,
        tones_matter=True,
        parts=(Part("text", PartKind.TEXT, accepted=(Accepted("hoà thuý"),)),),
    )

    assert mark(item, ["text=Hòa Thúy"]).points == 1
    assert mark(item, ["text=Hóa Thúy"]).points == 0


@pytest.mark.parametrize(
    ("pattern", "typed", "met"),
    [
        ("*mật khẩu*", "Đổi mật khẩu ngay", True),
        ("*mật khẩu*", "Đổi tên", False),
        ("a*b*c", "a1b2c", True),
        ("a*b*c", "acb", False),
        ("a*a", "a", False),
        (r"5 \* 3", "5 * 3", True),
        (r"5 \* 3", "5 x 3", False),
        ("*", "gì cũng được", True),
    ],
)
def test_a_star_stands_for_anything(pattern, typed, met):
    part = Part("text", PartKind.TEXT, accepted=(Accepted(pattern),))

    marked = mark(replace(CAPITAL, parts=(part,)), [f"text={typed}"])

    assert marked.points == int(met)


def test_an_exact_answer_comes_before_one_with_a_star():
    accepted = (
        Accepted("*nội*", credit=HALF),
        Accepted("Hà Nội"),
        Accepted("*không*", credit=Fraction(0)),
    )
    item = replace(CAPITAL, parts=(Part("text", PartKind.TEXT, accepted=accepted),))

    assert mark(item, ["text=hà nội"]).points == 1
    assert mark(item, ["text=Nội Bài"]).reasons == (
        Reason(ReasonKind.PART_PARTLY, part="text", accepted="*nội*"),
    )


@pytest.mark.parametrize(
    "typed", ["1234,5", "1.234,5", "1234.5", "1,234.5", "1 234,5", "1,2345.10^3", "1.2345e3"]
)
def test_a_number_is_read_however_it_is_typed(typed):
    assert mark(number(Accepted("1234.5")), [f"value={typed}"]).points == 1


@pytest.mark.parametrize("meant", ["1234", "1.234"])
def test_a_point_that_may_mean_thousands_or_decimals_may_mean_both(meant):
    assert mark(number(Accepted(meant)), ["value=1.234"]).points == 1


def test_a_number_within_its_tolerance_is_right_and_one_just_outside_is_not():
    item = number(Accepted("10", tolerance=Decimal("0.1")), Accepted("10", HALF, Decimal(1)))

    assert mark(item, ["value=10,1"]).points == 1
    assert mark(item, ["value=10,1000001"]).points == HALF
    assert mark(item, ["value=11.01"]).points == 0
    assert mark(item, ["value=mười"]).points == 0


def test_gaps_take_words_numbers_and_choices():
    item = Item(
        Kind.CLOZE,
        "[[p1]] has [[p2]] and [[p3]].",
        parts=(
            Part("p1", PartKind.TEXT, accepted=(Accepted("Hà Nội"),)),
            Part("p2", PartKind.NUMBER, accepted=(Accepted("30"),), weight=Fraction(2)),
            Part("p3", options=options(x=1, y="1/2", z=0)),
        ),
    )

    assert mark(item, ["p1=ha noi", "p2=30", "p3=x"]).points == 1
    assert mark(item, ["p1=ha noi", "p2=31", "p3=y"]).points == Fraction(3, 8)


@pytest.mark.parametrize(
    ("kind", "line"), [(Kind.ESSAY, "text=Theo tôi …"), (Kind.FILE, f"file={'a' * 64}")]
)
def test_what_people_judge_waits_for_them(kind, line):
    marked = mark(Item(kind, "Write.", points=Decimal(5)), [line])

    assert marked.points is None
    assert marked.out_of == 5
    assert marked.verdict is Verdict.WAITING
    assert marked.reasons == (Reason(ReasonKind.NEEDS_PEOPLE),)


@pytest.mark.parametrize(
    ("item", "lines"),
    [
        (ONE_OPTION, []),
        (STATEMENTS, ["p1=", "p2= "]),
        (CAPITAL, ["text=  "]),
        (Item(Kind.ESSAY, "Write."), ["text=\n"]),
        (ORDER, []),
    ],
)
def test_an_empty_answer_is_none(item, lines):
    marked = mark(item, lines)

    assert marked.points == 0
    assert marked.verdict is Verdict.UNANSWERED
    assert marked.reasons == (Reason(ReasonKind.NOTHING_CHOSEN),)


def test_a_part_that_was_given_twice_earns_nothing_in_either_order():
    assert mark(STATEMENTS, ["p1=true", "p1=false"]).points == 0
    assert mark(STATEMENTS, ["p1=false", "p1=true"]).points == 0


@given(st.lists(st.sampled_from([*ALL_FOUR, "p1=false", "p2=true", "p9=x", "nonsense"])), st.data())
def test_the_order_of_the_lines_never_counts(lines, data):
    for scoring in Scoring:
        item = replace(STATEMENTS, scoring=scoring)
        turned = data.draw(st.permutations(lines))

        assert mark(item, lines) == mark(item, turned)
        assert 0 <= mark(item, lines).points <= 1
