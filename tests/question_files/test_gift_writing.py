"""What is written as GIFT is read again as the same questions."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from written_items import IN_GIFT, items

from hocvu.items.content import Item, Kind, Option, Part, Scoring
from hocvu.question_files.gift.reading import read_gift
from hocvu.question_files.gift.writing import write_gift


def again(*written):
    return [found.item for found in read_gift(write_gift(written).encode()).items]


@settings(deadline=None)
@given(st.lists(items(IN_GIFT), min_size=1, max_size=3))
def test_written_and_read_again_gives_equal_questions(written):
    assert again(*written) == written


def test_a_written_file_reads_well():
    item = Item(
        Kind.SINGLE,
        "Thủ đô: ở đâu?",
        options=(Option("a", "Huế"), Option("b", "Hà Nội", credit=Fraction(1), why="Đúng")),
        name="Thủ đô",
        category="Địa lý",
    )

    assert write_gift([item]) == (
        "$CATEGORY: $course$/Địa lý\n\n"
        "::Thủ đô::[markdown]Thủ đô\\: ở đâu?{\n\t~ Huế\n\t= Hà Nội# Đúng\n}\n"
    )


def test_statements_and_true_false_sets_are_written_as_matching():
    parts = (Part("p1", text="Một", right="true"), Part("p2", text="Hai", right="false"))

    [item] = again(Item(Kind.TRUE_FALSE, "Đúng hay sai?", parts=parts))

    assert item.kind is Kind.MATCHING
    assert [option.text for option in item.options] == ["Đúng", "Sai"]
    assert [part.right for part in item.parts] == ["a", "b"]


def test_a_situation_stands_before_its_question():
    options = (Option("a", "Có", credit=Fraction(1)), Option("b", "Không"))

    [item] = again(Item(Kind.SITUATION, "Làm gì?", situation="Có người gọi.", options=options))

    assert item.stem == "Có người gọi.\n\nLàm gì?"


def test_exactly_the_right_ones_are_written_so_that_ticking_everything_earns_nothing():
    options = tuple(Option(o, f"Số {o}", credit=Fraction(int(o in "ab"))) for o in "abc")

    [item] = again(Item(Kind.MULTIPLE, "?", options=options, scoring=Scoring.ALL_OR_NOTHING))

    assert item == replace(item, scoring=None, options=options)


def test_what_gift_cannot_say_is_left_out():
    assert write_gift([Item(Kind.CLOZE, "[[p1]]"), Item(Kind.FILE, "Nộp bài.")]) == ""
