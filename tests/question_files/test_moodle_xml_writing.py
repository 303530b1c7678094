"""What is written as Moodle XML is read again as the same questions."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from written_items import IN_GIFT, guided_essays, items

from hocvu.items.content import (
    Accepted,
    Criterion,
    Item,
    Kind,
    Markup,
    Media,
    Option,
    Part,
    PartKind,
    Scoring,
)
from hocvu.question_files.moodle.reading import read_moodle_xml
from hocvu.question_files.moodle.writing import write_moodle_xml

DOT = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
RIGHT = Fraction(1)


def again(*written, media=None):
    reading = read_moodle_xml(write_moodle_xml(written, media or {}))
    assert reading.problem is None, reading
    return [found.item for found in reading.items]


@settings(deadline=None)
@given(st.lists(items((*IN_GIFT, guided_essays)), min_size=1, max_size=3))
def test_written_and_read_again_gives_equal_questions(written):
    assert again(*written) == written


def test_gaps_with_answers_of_every_sort_come_back():
    item = Item(
        Kind.CLOZE,
        "<b>Thủ đô</b> [[p1]], số [[p2]], chọn [[p3]].",
        markup=Markup.HTML,
        parts=(
            Part(
                "p1",
                PartKind.TEXT,
                accepted=(
                    Accepted("Hà Nội } ~ #"),
                    Accepted("<a>", Fraction(1, 2), why="<i>x</i>"),
                ),
            ),
            Part(
                "p2",
                PartKind.NUMBER,
                accepted=(Accepted("3.5", tolerance=Decimal("0.1")),),
                weight=Fraction(2),
            ),
            Part(
                "p3",
                right="b",
                options=(Option("a", "x &amp; y"), Option("b", "z", credit=RIGHT, why="Đúng")),
            ),
        ),
        points=Decimal(3),
        case_matters=True,
        shuffle=False,
    )

    assert again(item) == [item]


def test_gaps_filled_from_one_list_come_back():
    item = Item(
        Kind.CLOZE,
        "Con [[p1]] và con [[p2]].",
        markup=Markup.PLAIN,
        options=(Option("a", "mèo"), Option("b", "chó"), Option("c", "gà")),
        parts=(Part("p1", right="c"), Part("p2", right="a")),
    )

    assert again(item) == [item]


def test_pictures_travel_in_the_file_once_for_each_text():
    media = {"a.gif": Media("a.gif", "image/gif", DOT)}
    picture = '<img src="media:a.gif" alt="Chấm">'
    item = Item(
        Kind.SINGLE,
        f"Hình nào? {picture}",
        markup=Markup.HTML,
        options=(Option("a", picture, credit=RIGHT), Option("b", "Không")),
    )

    reading = read_moodle_xml(write_moodle_xml([item], media))

    assert [found.item for found in reading.items] == [item]
    assert reading.media == media


def test_options_that_are_pictures_make_a_choice_of_pictures():
    media = {"a.gif": Media("a.gif", "image/gif", DOT)}
    options = (
        Option("a", '<img src="media:a.gif" alt="Chấm">', credit=RIGHT),
        Option("b", '<img src="media:a.gif" alt="Chấm khác">'),
    )
    item = Item(Kind.IMAGE_CHOICE, "Hình nào?", markup=Markup.HTML, options=options)

    assert again(item, media=media) == [item]


def test_a_rubric_of_several_lines_is_written_with_its_points():
    rubric = (Criterion("c1", "Rõ", Decimal(1)), Criterion("c2", "Đủ", Decimal("1.5")))

    [item] = again(Item(Kind.ESSAY, "Viết.", points=Decimal("2.5"), rubric=rubric))

    assert item.rubric == (Criterion("r1", "Rõ (1)\n\nĐủ (1.5)", Decimal("2.5")),)


def test_options_of_a_second_way_of_marking_are_written_as_moodle_marks_them():
    options = (Option("a", "x", credit=RIGHT), Option("b", "y", credit=RIGHT), Option("c", "z"))
    item = Item(Kind.MULTIPLE, "?", options=options, scoring=Scoring.ALL_OR_NOTHING)

    root = etree.fromstring(write_moodle_xml([item], {}))

    assert [each.get("fraction") for each in root.iter("answer")] == ["50", "50", "-50"]


def test_characters_that_xml_cannot_hold_are_left_out():
    [item] = again(Item(Kind.ESSAY, "a\x0bb\ufffec"))

    assert item.stem == "abc"
