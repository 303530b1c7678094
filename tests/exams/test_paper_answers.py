"""What is written on an answer sheet, read as an answer."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.kinds import ITEMS
from hocvu.exams.rules import letter_of, mixed
from hocvu.exams.rules.paper_answers import AnswerIsUnreadable, AnswerTrouble, lines_written
from hocvu.exams.rules.sheet_rows import (
    enrolment_meant,
    learner_code,
    moment_written,
    sheet_code,
)
from hocvu.items.content import Kind
from hocvu.kernel.time import VIETNAM

QUESTION = 7
ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("kind", "written", "lines"),
    [
        (Kind.SINGLE, "A", ("a",)),
        (Kind.SINGLE, " b ", ("b",)),
        (Kind.SITUATION, "c", ("c",)),
        (Kind.IMAGE_CHOICE, "B.", ("b",)),
        (Kind.MULTIPLE, "AC", ("a", "c")),
        (Kind.MULTIPLE, "c, a", ("c", "a")),
        (Kind.TRUE_FALSE, "1Đ 2S", ("p1=true", "p2=false")),
        (Kind.TRUE_FALSE, "1.T; 2-f", ("p1=true", "p2=false")),
        (Kind.TRUE_FALSE, "1: Đúng, 2: sai", ("p1=true", "p2=false")),
        (Kind.TRUE_FALSE, "ĐS", ("p1=true", "p2=false")),
        (Kind.TRUE_FALSE, "2s", ("p2=false",)),
        (Kind.MATCHING, "1B 2A", ("p1=b", "p2=a")),
        (Kind.MATCHING, "BA", ("p1=b", "p2=a")),
        (Kind.STATEMENTS, "1A2-", ("p1=x",)),
        (Kind.NUMERIC, "12,5", ("value=12,5",)),
        (Kind.SHORT_TEXT, "Hà Nội", ("text=Hà Nội",)),
        (Kind.CLOZE, "1: Hà Nội; 2: b; 3: 1802", ("p1=Hà Nội", "p2=b", "p3=1802")),
        (Kind.CLOZE, "1=Hà Nội\n3=1802", ("p1=Hà Nội", "p3=1802")),
        (Kind.ESSAY, "Một bài\nhai dòng.", ("text=Một bài\nhai dòng.",)),
        *((kind, blank, ()) for kind in Kind for blank in ("", "  ", "-", "–")),
    ],
)
def test_every_kind_is_read_as_the_booklet_asks_for_it(kind, written, lines):
    assert lines_written(ITEMS[kind], QUESTION, written) == lines


@pytest.mark.parametrize(
    ("kind", "written", "trouble"),
    [
        (Kind.SINGLE, "D", AnswerTrouble.UNKNOWN_LETTER),
        (Kind.SINGLE, "AB", AnswerTrouble.ONE_LETTER),
        (Kind.SINGLE, "Hà Nội", AnswerTrouble.ONE_LETTER),
        (Kind.MULTIPLE, "AA", AnswerTrouble.LETTER_TWICE),
        (Kind.MULTIPLE, "A1", AnswerTrouble.UNKNOWN_LETTER),
        (Kind.TRUE_FALSE, "1A 2S", AnswerTrouble.UNKNOWN_LETTER),
        (Kind.TRUE_FALSE, "đúng hết", AnswerTrouble.NOT_NUMBERED),
        (Kind.MATCHING, "1B 1A", AnswerTrouble.NUMBER_TWICE),
        (Kind.MATCHING, "3A", AnswerTrouble.UNKNOWN_NUMBER),
        (Kind.MATCHING, "0000000000013A", AnswerTrouble.UNKNOWN_NUMBER),
        (Kind.MATCHING, "1C", AnswerTrouble.UNKNOWN_LETTER),
        (Kind.ORDERING, "ABCA", AnswerTrouble.LETTER_TWICE),
        (Kind.ORDERING, "A-B-", AnswerTrouble.UNKNOWN_LETTER),
        (Kind.NUMERIC, "mười hai", AnswerTrouble.NOT_A_NUMBER),
        (Kind.SHORT_TEXT, "x" * 501, AnswerTrouble.TOO_LONG),
        (Kind.SHORT_TEXT, "a\x00b", AnswerTrouble.NOT_TEXT),
        (Kind.CLOZE, "Hà Nội", AnswerTrouble.NOT_NUMBERED),
        (Kind.CLOZE, "4: Huế", AnswerTrouble.UNKNOWN_NUMBER),
        (Kind.CLOZE, "3: xưa", AnswerTrouble.NOT_A_NUMBER),
        (Kind.FILE, "bai.txt", AnswerTrouble.NOT_ON_PAPER),
    ],
)
def test_what_cannot_be_an_answer_says_why(kind, written, trouble):
    with pytest.raises(AnswerIsUnreadable) as unreadable:
        lines_written(ITEMS[kind], QUESTION, written)

    assert unreadable.value.trouble is trouble


def test_letters_of_an_order_are_those_of_the_booklet():
    things = mixed(ITEMS[Kind.ORDERING].options, QUESTION, seed=None)
    written = "".join(letter_of(things.index(option)) for option in ITEMS[Kind.ORDERING].options)

    assert written != "ABC"
    assert lines_written(ITEMS[Kind.ORDERING], QUESTION, written) == ("a=1", "b=2", "c=3")
    assert lines_written(ITEMS[Kind.ORDERING], QUESTION, f"-{written[0]}") == ("a=2",)


@given(st.sampled_from(Kind), st.text(max_size=60))
def test_whatever_is_typed_is_an_answer_or_refused(kind, written):
    from hocvu.items.answers import flaw_in

    try:
        lines = lines_written(ITEMS[kind], QUESTION, written)
    except AnswerIsUnreadable:
        return

    assert flaw_in(ITEMS[kind], lines) is None


@given(st.integers(1, 10**9), st.data())
def test_a_mistyped_learner_code_is_nobody_or_is_noticed(enrolment, data):
    code = learner_code(enrolment)
    assert enrolment_meant(code.lower()) == enrolment

    at = data.draw(st.integers(len(code) - 2, len(code) - 1))
    other = data.draw(st.sampled_from("ABCDEFGH").filter(lambda letter: letter != code[at]))

    assert enrolment_meant(code[:at] + other + code[at + 1 :]) is None


def test_the_code_of_a_sheet_names_the_questions_in_their_order():
    assert sheet_code(12, [1, 2]) != sheet_code(12, [2, 1])
    assert sheet_code(12, [1, 2]).startswith("PTL12")


@pytest.mark.parametrize(
    ("written", "day", "meant"),
    [
        ("22/11/2026 08:05", None, (8, 5)),
        ("22/11/2026 8:05:00", None, (8, 5)),
        ("22-11-2026, 8h05", None, (8, 5)),
        ("2026-11-22 08:05", None, (8, 5)),
        ("2026-11-22T08:05:00", None, (8, 5)),
        ("8:05", ON, (8, 5)),
        ("8h", ON, (8, 0)),
        ("8:05", None, None),
        ("31/11/2026 08:05", None, None),
        ("22/11/2026", None, None),
        ("22/11/2026 25:00", None, None),
        ("sáng", ON, None),
        ("", ON, None),
    ],
)
def test_times_are_read_as_people_write_them(written, day, meant):
    expected = datetime(2026, 11, 22, *meant, tzinfo=VIETNAM) if meant else None

    assert moment_written(written, day) == expected
