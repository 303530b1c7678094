"""What may be answered, and which questions can be asked."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.items.content import Accepted, Criterion, Item, Kind, Option, Part, PartKind, Scoring
from hocvu.items.marking import AnswerFlaw, FlawKind, ItemFlaw, flaw_in, item_flaws
from hocvu.items.typed import numbers_meant, text_key, text_matches

RIGHT = Fraction(1)
AB = (Option("a", "One", credit=RIGHT), Option("b", "Two"))
CHOICE = Item(Kind.SINGLE, "Which?", options=AB)
ROWS = Item(Kind.STATEMENTS, "Rows", options=AB, parts=(Part("p1", text="Row", right="a"),))
TRUTHS = Item(Kind.TRUE_FALSE, "?", parts=(Part("p1", text="Statement", right="true"),))
ORDER = Item(Kind.ORDERING, "Order", options=AB)
NUMBER = Item(
    Kind.NUMERIC, "How many?", parts=(Part("value", PartKind.NUMBER, accepted=(Accepted("3"),)),)
)
TEXT = Item(
    Kind.SHORT_TEXT, "Who?", parts=(Part("text", PartKind.TEXT, accepted=(Accepted("An"),)),)
)
GAPS = Item(
    Kind.CLOZE,
    "A [[g1]] and [[g2]].",
    parts=(
        Part("g1", PartKind.TEXT, accepted=(Accepted("cat"),)),
        Part("g2", right="b", options=AB),
    ),
)
ESSAY = Item(
    Kind.ESSAY, "Write.", points=Decimal(4), rubric=(Criterion("r1", "Clear", Decimal(4)),)
)
PICTURES = Item(
    Kind.IMAGE_CHOICE,
    "Which sign?",
    options=(
        Option("a", "![Cấm đi ngược chiều](media:a.png)", credit=RIGHT),
        Option("b", "![Đường một chiều](media:b.png)"),
    ),
)
SITUATION = replace(CHOICE, kind=Kind.SITUATION, situation="Somebody calls.")
THREE = (*AB, Option("c", "Three", credit=RIGHT))
SEVERAL = Item(Kind.MULTIPLE, "Which?", options=THREE)
BY_CREDIT = replace(
    SEVERAL,
    scoring=Scoring.BY_CREDIT,
    options=tuple(replace(each, credit=each.credit / 2) for each in THREE),
)
SOUND = [
    CHOICE,
    SEVERAL,
    BY_CREDIT,
    SITUATION,
    ROWS,
    TRUTHS,
    ORDER,
    NUMBER,
    TEXT,
    GAPS,
    ESSAY,
    PICTURES,
]


@pytest.mark.parametrize(
    ("item", "lines"),
    [
        (CHOICE, ["b"]),
        (CHOICE, []),
        (replace(CHOICE, kind=Kind.MULTIPLE), ["a", "b"]),
        (ROWS, ["p1=b"]),
        (TRUTHS, ["p1=false"]),
        (TRUTHS, ["p1="]),
        (ORDER, ["a=2", "b=1"]),
        (ORDER, ["a=2"]),
        (NUMBER, ["value=1.234,5"]),
        (TEXT, ["text=a=b"]),
        (GAPS, ["g1=dog", "g2=a"]),
        (ESSAY, ["text=" + "word " * 5000]),
        (Item(Kind.FILE, "Hand in."), ["file=" + "0f" * 32]),
    ],
)
def test_an_answer_in_the_form_of_its_question_is_taken(item, lines):
    assert flaw_in(item, lines) is None


@pytest.mark.parametrize(
    ("item", "lines", "flaw"),
    [
        (CHOICE, ["x"], AnswerFlaw.UNKNOWN_OPTION),
        (CHOICE, ["a", "a"], AnswerFlaw.UNKNOWN_OPTION),
        (CHOICE, ["a", "b"], AnswerFlaw.TOO_MANY_OPTIONS),
        (ROWS, ["p1=c"], AnswerFlaw.UNKNOWN_OPTION),
        (ROWS, ["a"], AnswerFlaw.UNKNOWN_PART),
        (TRUTHS, ["p2=true"], AnswerFlaw.UNKNOWN_PART),
        (TRUTHS, ["p1=yes"], AnswerFlaw.UNKNOWN_OPTION),
        (TRUTHS, ["p1=true", "p1=false"], AnswerFlaw.PART_TWICE),
        (ORDER, ["a=3"], AnswerFlaw.NOT_A_PLACE),
        (ORDER, ["a=0"], AnswerFlaw.NOT_A_PLACE),
        (ORDER, ["a=1", "b=1"], AnswerFlaw.PLACE_TWICE),
        (NUMBER, ["value=12 kg"], AnswerFlaw.NOT_A_NUMBER),
        (NUMBER, ["value=" + "9" * 600], AnswerFlaw.TOO_LONG),
        (TEXT, ["text=" + "a" * 501], AnswerFlaw.TOO_LONG),
        (GAPS, ["g2=c"], AnswerFlaw.UNKNOWN_OPTION),
        (ESSAY, ["text=" + "a" * 60_001], AnswerFlaw.TOO_LONG),
        (TEXT, ["text=a\x00b"], AnswerFlaw.NOT_TEXT),
        (CHOICE, ["\ud800"], AnswerFlaw.NOT_TEXT),
        (Item(Kind.FILE, "Hand in."), ["file=../../etc"], AnswerFlaw.NOT_A_FILE),
    ],
)
def test_what_is_no_answer_is_refused(item, lines, flaw):
    assert flaw_in(item, lines) is flaw


@pytest.mark.parametrize("item", SOUND)
def test_a_sound_question_has_no_flaw(item):
    assert list(item_flaws(item)) == []


@pytest.mark.parametrize(
    ("item", "flaw"),
    [
        (replace(CHOICE, stem=" "), ItemFlaw(FlawKind.NO_STEM)),
        (replace(SITUATION, situation=""), ItemFlaw(FlawKind.NO_SITUATION)),
        (replace(CHOICE, points=Decimal(0)), ItemFlaw(FlawKind.NO_POINTS)),
        (replace(CHOICE, scoring=Scoring.STEPPED), ItemFlaw(FlawKind.SCORING_UNFIT)),
        (replace(CHOICE, options=AB[:1]), ItemFlaw(FlawKind.TOO_FEW_OPTIONS)),
        (replace(CHOICE, options=(*AB, AB[1])), ItemFlaw(FlawKind.IDS_UNFIT, "b")),
        (replace(CHOICE, options=(*AB, Option("c=", "Three"))), ItemFlaw(FlawKind.IDS_UNFIT, "c=")),
        (replace(CHOICE, options=(*AB, Option("c", ""))), ItemFlaw(FlawKind.OPTION_EMPTY, "c")),
        (
            replace(CHOICE, options=(*AB, Option("c", " Two"))),
            ItemFlaw(FlawKind.OPTIONS_REPEAT, "c"),
        ),
        (
            replace(CHOICE, options=(Option("a", "One"), AB[1])),
            ItemFlaw(FlawKind.NOTHING_IS_RIGHT),
        ),
        (
            replace(CHOICE, options=(*AB, Option("c", "Three", credit=RIGHT))),
            ItemFlaw(FlawKind.MORE_THAN_ONE_IS_RIGHT),
        ),
        (
            replace(CHOICE, kind=Kind.MULTIPLE, options=(AB[0], replace(AB[1], credit=RIGHT))),
            ItemFlaw(FlawKind.NOTHING_IS_WRONG),
        ),
        (
            replace(CHOICE, options=(replace(AB[0], credit=Fraction(1, 2)), AB[1])),
            ItemFlaw(FlawKind.FULL_POINTS_OUT_OF_REACH),
        ),
        (
            replace(BY_CREDIT, options=BY_CREDIT.options[:2]),
            ItemFlaw(FlawKind.FULL_POINTS_OUT_OF_REACH),
        ),
        (replace(ROWS, parts=()), ItemFlaw(FlawKind.NO_PARTS)),
        (replace(ROWS, parts=(Part("p1", right="a"),)), ItemFlaw(FlawKind.PART_EMPTY, "p1")),
        (
            replace(ROWS, parts=(Part("p1", text="Row", right="x"),)),
            ItemFlaw(FlawKind.PART_WITHOUT_KEY, "p1"),
        ),
        (
            replace(TRUTHS, parts=(Part("p1", text="S", right="yes"),)),
            ItemFlaw(FlawKind.PART_WITHOUT_KEY, "p1"),
        ),
        (
            replace(ROWS, parts=(replace(ROWS.parts[0], weight=Fraction(0)),)),
            ItemFlaw(FlawKind.WEIGHT_UNFIT, "p1"),
        ),
        (replace(ORDER, options=AB[:1]), ItemFlaw(FlawKind.TOO_FEW_OPTIONS)),
        (
            replace(NUMBER, parts=(Part("value", PartKind.NUMBER, accepted=(Accepted("three"),)),)),
            ItemFlaw(FlawKind.KEY_IS_NO_NUMBER, "value"),
        ),
        (replace(TEXT, parts=NUMBER.parts), ItemFlaw(FlawKind.NO_PARTS)),
        (
            replace(TEXT, parts=(Part("text", PartKind.TEXT),)),
            ItemFlaw(FlawKind.PART_WITHOUT_KEY, "text"),
        ),
        (replace(GAPS, stem="A [[g1]]."), ItemFlaw(FlawKind.PART_WITHOUT_GAP, "g2")),
        (
            replace(GAPS, stem="A [[g1]] [[g2]] [[g3]]."),
            ItemFlaw(FlawKind.GAP_WITHOUT_PART, "g3"),
        ),
        (replace(ESSAY, points=Decimal(5)), ItemFlaw(FlawKind.RUBRIC_UNFIT)),
        (
            replace(ESSAY, rubric=(Criterion("r1", "", Decimal(4)),)),
            ItemFlaw(FlawKind.RUBRIC_UNFIT, "r1"),
        ),
        (replace(ESSAY, least_words=100, most_words=50), ItemFlaw(FlawKind.WORDS_UNFIT)),
        (
            replace(PICTURES, options=(PICTURES.options[0], Option("b", "a word"))),
            ItemFlaw(FlawKind.PICTURE_MISSING, "b"),
        ),
        (
            replace(PICTURES, options=(PICTURES.options[0], Option("b", "![](media:b.png)"))),
            ItemFlaw(FlawKind.PICTURE_NOT_DESCRIBED, "b"),
        ),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(item, flaw):
    assert flaw in set(item_flaws(item))


@pytest.mark.parametrize(
    "text", ["", "mười hai", "1.2.3", "1,23,4", "1e999", "٣", "1/0", "--1", "."]
)
def test_what_is_no_number_means_none(text):
    assert numbers_meant(text) == ()


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-999, max_value=999))
def test_a_number_means_itself_with_a_point_or_a_comma(value):
    assert Fraction(value) in numbers_meant(str(value))
    assert Fraction(value) in numbers_meant(str(value).replace(".", ","))


@given(st.text(max_size=50), st.booleans(), st.booleans())
def test_a_text_matches_itself(text, case, tones):
    pattern = text.replace("\\", "").replace("*", r"\*")
    typed = text.replace("\\", "")

    assert text_matches(typed, pattern, case_matters=case, tones_matter=tones)
    assert text_key(text_key(typed)) == text_key(typed)


def test_many_stars_do_not_take_long():
    assert not text_matches("a" * 500, "*a" * 400 + "b")
