"""A page set once, its texts written later, looks the same as the page set whole."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.typesetting import (
    Box,
    CannotTypeset,
    Compositor,
    Page,
    Sheet,
    TextIsMissing,
    TextIsTooLong,
    UnprintableText,
    set_page,
    set_sheet,
)
from hocvu.typesetting.slots import sheet_of
from typesetting.printing import drawn, printed, read, share_that_differs

AT = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
MM = 72 / 25.4
SOURCE = """
#let page-of() = {
  set document(title: "Mẫu")
  set page(width: 200mm, height: 120mm, margin: 10mm)
  set text(size: 11pt)
  text-of("agency")
  slot("name", "{name}", height: 18mm, sizes: (34pt, 28pt, 22pt, 16pt), weight: "semibold", leading: 0.6, fill: rgb("#21408E"))
  slot("unit", "{unit}", height: 14mm, sizes: (12pt, 11pt, 10pt, 9pt), fill: rgb("#1C2431"))
  slot("result", "Kết quả: *{result}* / {english}", height: 7mm, sizes: (12pt, 10pt), style: "italic")
  grid(columns: (1fr, 1fr), slot("left", "{serial}", align: "left"), slot("right", "*{serial}*", align: "right"))
  place-of("qr", 20mm, 20mm, [])
}
"""  # noqa: E501 — typst
COMMON = {"agency": "TRƯỜNG CHÍNH TRỊ MẪU"}
OWN = {
    "name": "Nguyễn Thị Hoài Mẫu",
    "unit": "Ủy ban nhân dân phường Mẫu, thành phố Hải Phòng",
    "result": "Hoàn thành, xếp loại Giỏi",
    "english": "Distinction; first office",
    "serial": "TCT-2026-000127",
}
LONG = {
    "name": "Công Tằng Tôn Nữ Thị Nguyệt Hằng H'Hen Niê Kđăm Êban Quỳnh Trâm Ẵm Ỹ",
    "unit": "Phó Chủ tịch Hội đồng nhân dân kiêm Trưởng Ban Kinh tế – Ngân sách, Trung tâm Hỗ trợ "
    "doanh nghiệp nhỏ và vừa, đổi mới sáng tạo và chuyển đổi số thuộc Ban Quản lý các khu kinh tế "
    "và khu công nghiệp thành phố Hải Phòng, đặc khu Bạch Long Vĩ",
}


@pytest.fixture(scope="module")
def sheet():
    return set_sheet(Page(SOURCE, COMMON), at=AT)


@pytest.fixture(scope="module")
def compositor(sheet):
    return Compositor(sheet)


@pytest.fixture(scope="module")
def fonts(compositor):
    return compositor.fonts


def test_the_sheet_says_where_its_slots_are(sheet):
    assert (sheet.width, sheet.height) == pytest.approx((200 * MM, 120 * MM), abs=0.01)
    assert sheet.fields == {"name", "unit", "result", "english", "serial"}
    name = next(slot for slot in sheet.slots if slot.name == "name")
    assert (name.face, name.sizes, name.align) == ("SemiBold", (34, 28, 22, 16), "center")
    assert (name.box.width, name.box.height) == pytest.approx((180 * MM, 18 * MM), abs=0.01)
    assert set(sheet.boxes) == {"qr"}
    assert sheet.boxes["qr"].width == pytest.approx(20 * MM, abs=0.01)


def test_the_same_page_gives_the_same_bytes(sheet):
    assert set_sheet(Page(SOURCE, COMMON), at=AT) == sheet


def test_what_differs_is_not_on_the_sheet(sheet):
    assert read(sheet.pdf) == "TRƯỜNG CHÍNH TRỊ MẪU"


@pytest.mark.parametrize(
    "other",
    [
        {},
        LONG,
        {"name": "Y Bhiŏ Ŭ Niê Kĕ"},  # letters set from parts
        {"name": "AV To LT Vỹ Ty f'", "serial": "WA-7471"},  # pairs that are kerned
        {"unit": "", "result": ""},
        {"name": "Lê *Văn* {unit} \\ #emph[c]"},
    ],
)
def test_texts_written_later_look_like_the_page_set_whole(sheet, compositor, fonts, other):
    texts = OWN | other

    later = printed(sheet, fonts, compositor.compose(texts))

    whole = set_page(Page(SOURCE, COMMON | texts), at=AT)
    assert share_that_differs(drawn(later), drawn(whole)) < 0.0001
    for text in (texts["name"], texts["result"], texts["serial"]):
        assert text in read(later)


def test_a_long_text_is_set_smaller_and_broken_and_never_cut(sheet, compositor, fonts):
    said = read(printed(sheet, fonts, compositor.compose(OWN | LONG)))

    assert set(LONG["unit"].split()) <= set(said.split())
    assert b" 34 Tf" not in compositor.compose(OWN | LONG)


def test_composed_and_decomposed_names_are_written_alike(compositor):
    decomposed = {name: unicodedata.normalize("NFD", text) for name, text in OWN.items()}

    assert compositor.compose(decomposed) == compositor.compose(OWN)


def test_a_text_that_does_not_fit_is_refused_by_the_name_of_its_slot(compositor):
    with pytest.raises(TextIsTooLong) as refused:
        compositor.compose(OWN | {"unit": "Rất dài " * 100})

    assert refused.value.slot == "unit"


def test_a_single_word_wider_than_its_slot_is_refused(compositor):
    with pytest.raises(TextIsTooLong):
        compositor.compose(OWN | {"name": "Nguyễn" * 12})


@pytest.mark.parametrize("name", ["阮 Văn Mẫu", "Nguyễn \U0001f600", "Nguyễn\u0007"])
def test_what_would_print_as_a_box_is_refused_by_name(compositor, name):
    with pytest.raises(UnprintableText) as refused:
        compositor.compose(OWN | {"name": name})

    assert refused.value.characters <= set(name)


def test_a_missing_text_is_refused_by_name(compositor):
    with pytest.raises(TextIsMissing) as refused:
        compositor.compose({"name": "Nguyễn Văn Mẫu"})

    assert refused.value.fields == {"unit", "result", "english", "serial"}


def test_all_troubles_of_a_certificate_are_told_at_once(compositor):
    texts = OWN | {"name": "阮", "unit": "Rất dài " * 100}

    troubles = compositor.troubles(texts)

    assert {type(each) for each in troubles} == {UnprintableText, TextIsTooLong}
    assert compositor.troubles(OWN) == ()


@given(
    st.lists(
        st.sampled_from(
            ["Nguyễn", "Thị", "Ánh", "Hoài", "Kđăm", "Ẵm", "Ŭ", "Vỹ", "0127", "A-B", "/", "–"]
        ),
        max_size=9,
    )
)
def test_the_operators_show_exactly_the_words_given(compositor, fonts, words):
    """Glyph by glyph, through the map every reader of PDF files copies text with."""
    content = compositor.compose(OWN | {"name": " ".join(words)}).decode()

    block = content.split("BT\n")[1] if words else ""
    shown = "".join(_characters(line, fonts) for line in block.splitlines())
    expected = unicodedata.normalize("NFD", "".join(words))
    assert unicodedata.normalize("NFD", shown).replace(" ", "") == expected


def _characters(line, fonts):
    maps = {f"/{font.name}": font.unicode for font in fonts}
    if line.endswith(" Tf"):
        _characters.current = maps[line.split()[0]]
    if not line.endswith("TJ"):
        return ""
    codes = "".join(part.split("<")[1] for part in line.split(">")[:-1])
    return "".join(
        _characters.current[int(codes[at : at + 4], 16)] for at in range(0, len(codes), 4)
    )


def test_a_kept_sheet_composes_the_same(sheet, compositor):
    kept = Sheet.from_json(sheet.to_json(), sheet.pdf)

    assert kept == sheet
    assert Compositor(kept).compose(OWN) == compositor.compose(OWN)


def test_the_fonts_are_small_and_embedded_whole(sheet, compositor, fonts):
    from io import BytesIO

    from fontTools.ttLib import TTFont

    for font in fonts:
        program = TTFont(BytesIO(font.program))
        widths = {
            program.getGlyphID(name): width for name, (width, _) in program["hmtx"].metrics.items()
        }
        assert all(widths[glyph] == width for glyph, width in font.widths.items())
        assert sum(map(len, font.objects(10))) < 32_000
        assert set("Ẵẵỹđ₫–Ŵ") <= set(font.unicode.values())


def test_objects_refer_to_each_other_by_their_numbers(fonts):
    bodies = fonts[0].objects(70)

    assert b"/DescendantFonts [71 0 R] /ToUnicode 74 0 R" in bodies[0]
    assert b"/FontDescriptor 72 0 R" in bodies[1]
    assert b"/FontFile2 73 0 R" in bodies[2]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"face": "Wingdings"}, "face"),
        ({"sizes": []}, "how large"),
        ({"align": "upside-down"}, "how to align"),
        ({"x": "left"}, "as it should be"),
        ({"sheet": {"width": 10, "height": 10, "pages": 2}}, "one sheet"),
    ],
)
def test_a_page_that_lies_about_its_slots_is_refused(change, why):
    told = {
        "kind": "slot", "sheet": {"width": 100, "height": 100, "pages": 1}, "name": "a",
        "x": 1, "y": 1, "width": 10, "height": 10, "pattern": "{a}", "face": "Regular",
        "strong_face": "Bold", "sizes": [9], "leading": 0.5, "align": "left", "colour": [0, 0, 0],
    }  # fmt: skip

    assert sheet_of(b"", [told]).slots[0].box == Box(1, 89, 10, 10)
    with pytest.raises(CannotTypeset, match=why):
        sheet_of(b"", [told | change])


def test_two_places_of_one_name_and_none_at_all_are_refused(sheet):
    with pytest.raises(CannotTypeset, match="same name"):
        set_sheet(Page(SOURCE.replace('slot("right"', 'slot("left"'), COMMON), at=AT)
    with pytest.raises(CannotTypeset, match="at least one slot"):
        set_sheet(Page('#let page-of() = text-of("agency")', COMMON), at=AT)
