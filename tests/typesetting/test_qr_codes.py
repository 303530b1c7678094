"""Codes drawn by XOR are the codes the standard's own procedure gives."""

import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from segno import consts

from hocvu.typesetting import QrMaker
from hocvu.typesetting.qr import TextTooLong, _plan

ADDRESS = "https://hocvu.example.vn/v/7KQ2M9XD4TRA2P6Z"
STATEMENT = f"{ADDRESS}#{'314159265358979323846264338327' * 10}"


def modules(code):
    """The rows as lists of 0 and 1."""
    octets = (code.size + 7) // 8
    rows = [code.rows[at : at + octets] for at in range(0, len(code.rows), octets)]
    return [[row[x // 8] >> (7 - x % 8) & 1 for x in range(code.size)] for row in rows]


def read(code):
    """What a scanner reads off the code on paper, four pixels a module."""
    image = Image.frombytes("1", (code.size, code.size), code.rows).convert("L")
    paper = ImageOps.invert(image).resize((code.size * 4, code.size * 4), 0)
    return [each.text for each in zxingcpp.read_barcodes(ImageOps.expand(paper, 16, 255))]


def as_segno_draws_it(letters, digits, level):
    """The same segments in all eight masks, drawn step by step as the standard describes."""
    parts = [(letters, consts.MODE_BYTE), (digits, consts.MODE_NUMERIC)]
    segments = [part for part in parts if part[0]]
    drawn = [
        segno.make_qr(segments, error=level, boost_error=False, mask=mask) for mask in range(8)
    ]
    return [[[module & 1 for module in row] for row in each.matrix] for each in drawn]


@pytest.mark.parametrize("level", "lmqh")
@pytest.mark.parametrize("length", [30, 131, 299, 530])
def test_a_code_is_module_by_module_what_the_standard_says(level, length):
    """At lengths that end within an octet: where they end with one, segno puts in an empty one."""
    letters, digits = f"{ADDRESS}#", "2718281828459045" * 40
    maker = QrMaker(level)
    maker.code(f"{letters}{'1' * (length - 1)}")  # another text of the version came first

    code = maker.code(letters + digits[:length])

    assert modules(code) in as_segno_draws_it(letters, digits[:length], level)


@pytest.mark.parametrize(("level", "fills"), [("l", 106), ("m", 84), ("q", 86), ("h", 84)])
def test_so_is_one_of_letters_alone_that_fills_its_version(level, fills):
    text = (f"{ADDRESS}?" * 3)[:fills]

    assert modules(QrMaker(level).code(text)) in as_segno_draws_it(text, "", level)


def test_wherever_a_text_ends_within_an_octet_it_is_read_back():
    texts = [f"{ADDRESS}#{('2718281828459045' * 4)[:length]}" for length in range(12, 64)]

    assert [read(QrMaker().code(text)) for text in texts] == [[text] for text in texts]


def test_codes_of_many_lengths_share_the_plan_of_their_version():
    made = _plan.cache_info().misses
    for length in range(160, 190):
        QrMaker("q").code(f"{ADDRESS}#{('2718281828459045' * 12)[:length]}")

    assert _plan.cache_info().misses - made <= 2


def test_a_longer_text_than_any_code_holds_is_refused():
    with pytest.raises(TextTooLong):
        QrMaker("h").code("x" * 1300)


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60))
def test_any_text_is_read_back_as_it_was(text):
    assert read(QrMaker().code(text)) == [text]


def test_a_statement_beside_its_address_fits_what_a_phone_reads():
    code = QrMaker().code(STATEMENT)

    assert code.size <= 65  # version 12: 0.46 mm a module in 30 mm
    assert read(code) == [STATEMENT]


def test_the_same_text_gives_the_same_code_whatever_was_drawn_before():
    first = QrMaker().code(STATEMENT)
    QrMaker().code(STATEMENT.replace("3", "7"))

    assert QrMaker().code(STATEMENT) == first
    assert QrMaker().code(STATEMENT.replace("3", "7")) != first


def test_what_is_not_ascii_is_refused():
    with pytest.raises(UnicodeEncodeError):
        QrMaker().code("https://học-vụ.vn/")
