"""Any file: what it is, whether it can be read, and that nothing in it is lost in silence."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.items.content import Kind
from hocvu.question_files import FileProblem, Format, Problem, Severity, format_of, read

GIFT = "::Một::Thủ đô của Việt Nam ở đâu?{=Hà Nội ~Huế ~Đà Nẵng}\n\nTrái đất phẳng.{F}\n"
AIKEN = "Thủ đô của Việt Nam ở đâu?\nA. Hà Nội\nB. Huế\nANSWER: A\n"
MOODLE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!-- xuất từ Moodle -->\n<quiz>'
    '<question type="essay"><questiontext><text>Viết.</text></questiontext></question></quiz>'
)


def packed(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (GIFT, "cau-hoi.txt", Format.GIFT),
        ("Trái đất tròn {T}", "a", Format.GIFT),
        (AIKEN, "cau-hoi.gift", Format.AIKEN),
        (MOODLE, "cau-hoi.txt", Format.MOODLE_XML),
        ("\n <quiz/>", "", Format.MOODLE_XML),
        ('<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"/>', "", Format.QTI_2),
        ("<qti-assessment-item/>", "", Format.QTI_3),
        ("<!-- <quiz> --><html><body/></html>", "a.xml", None),
        ("câu hỏi;a;b\nGì?;1;2", "a.csv", Format.XLSX),
        ("chỉ có chữ", "a.txt", None),
        ("%PDF-1.7 {", "a.pdf", None),
        (r"{\rtf1 câu hỏi}", "a.doc", None),
    ],
)
def test_what_a_file_is_its_content_says(content, name, found):
    assert format_of(content.encode(), name) is found


def test_what_a_package_is_its_files_say():
    assert format_of(packed("word/document.xml"), "a.zip") is Format.DOCX
    assert format_of(packed("xl/workbook.xml"), "a.docx") is Format.XLSX
    assert format_of(packed("imsmanifest.xml"), "a.xlsx") is Format.QTI_2
    assert format_of(packed("anh.png"), "a.zip") is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("text", [GIFT, AIKEN, MOODLE.replace(' encoding="UTF-8"', "")])
def test_every_unicode_file_is_read(text, encoding):
    content = text.encode(encoding)
    if encoding == "utf-16-be":
        content = b"\xfe\xff" + content

    reading = read(content, "a.txt")

    assert reading.problem is None
    assert reading.items == read(text.encode(), "a.txt").items


def test_windows_1258_is_read_and_said():
    written = "Thu\u0309 đô cu\u0309a Viê\u0323t Nam la\u0300 Ha\u0300 Nô\u0323i.{T}".encode(
        "cp1258"
    )

    reading = read(written, "a.txt")

    assert reading.encoding == "windows-1258"
    assert reading.items[0].item.stem == "Thủ đô của Việt Nam là Hà Nội."


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ("Thñ ®« cña ViÖt Nam lµ Hµ Néi.{T}".encode("latin-1"), "TCVN3"),
        ("Thñ ®« cña ViÖt Nam lµ Hµ Néi.{T}".encode(), "TCVN3"),
        ("Thuû ñoâ cuûa Vieät Nam laø Haø Noäi.{T}".encode("latin-1"), "VNI"),
        ("Où est né le garçon ? À Genève.{T}".encode("latin-1"), ""),
    ],
)
def test_letters_of_old_typefaces_are_refused(content, detail):
    reading = read(content, "a.txt")

    assert (reading.problem, reading.detail) == (FileProblem.LEGACY_ENCODING, detail)
    assert reading.items == ()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", FileProblem.EMPTY),
        (b" \r\n ", FileProblem.EMPTY),
        (b"\x00\x01\x02{", FileProblem.NOT_TEXT),
        (b"\xff\xfeabc", FileProblem.NOT_TEXT),
        (b"\x89PNG\r\n\x1a\n", FileProblem.UNKNOWN_FORMAT),
        (b"PK\x03\x04broken", FileProblem.BAD_ARCHIVE),
        (b"%PDF-1.7", FileProblem.UNKNOWN_FORMAT),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, problem):
    assert read(content, "a.txt").problem is problem


def errors(reading):
    return [each for each in reading.diagnostics if each.severity is Severity.ERROR]


PIECES = st.sampled_from(
    [
        "::",
        "{",
        "}",
        "=",
        "~",
        "#",
        "\\",
        "%50%",
        "->",
        "\n",
        "\n\n",
        "//",
        "$CATEGORY: a",
        "[html]",
        "####",
        "..",
        "<b>",
        "<img src=x>",
        "$x$",
        "T",
        "A. ",
        "B) ",
        "ANSWER: A",
        "5",
        "câu",
        ">2 ",
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_every_question_of_a_text_is_an_item_or_an_error(text):
    reading = read(text.encode(), "a.txt")

    assert len(reading.items) + len(errors(reading)) == reading.stated
    assert all(each.number for each in errors(reading))


TAGS = ["text", "answer", "questiontext", "feedback", "subquestion", "tolerance", "selectoption"]
KINDS = ["multichoice", "truefalse", "shortanswer", "numerical", "matching", "essay", "cloze"]
KINDS += ["gapselect", "ordering", "mtf", "description", "category", "calculated", ""]
elements = st.recursive(
    st.sampled_from(["", "a", "100", "{1:SA:=a}", "[[1]]", "&lt;script&gt;", "@@PLUGINFILE@@/a"]),
    lambda inner: st.tuples(
        st.sampled_from(TAGS),
        st.sampled_from(["", ' fraction="100"', ' format="html"']),
        inner,
        inner,
    ).map(lambda each: f"<{each[0]}{each[1]}>{each[2]}</{each[0]}>{each[3]}"),
    max_leaves=25,
)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(KINDS), elements), max_size=4))
def test_every_question_of_moodle_xml_is_an_item_or_an_error(questions):
    inside = "".join(f'<question type="{kind}">{body}</question>' for kind, body in questions)

    reading = read(f"<quiz>{inside}</quiz>".encode(), "a.xml")

    asked = [kind for kind, _ in questions if kind not in {"description", "category"}]
    assert reading.stated == len(asked)
    assert len(reading.items) + len(errors(reading)) == reading.stated


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
def test_whatever_is_sent_is_answered(content):
    read(content, "a.bin")


CLOZE = "Thủ đô là {1:SHORTANSWER:=Hà Nội#Đúng~%50%Ha Noi},\nở {1:MULTICHOICE:Nam~=Bắc}."


def test_a_text_with_embedded_answers_is_one_question():
    reading = read(CLOZE.encode(), "a.txt")

    (found,) = reading.items
    assert (format_of(CLOZE.encode(), "a.txt"), found.item.kind) == (Format.CLOZE, Kind.CLOZE)
    assert [p.accepted[0].value for p in found.item.parts if p.accepted] == ["Hà Nội"]
    assert [o.text for p in found.item.parts for o in p.options if o.right] == ["Bắc"]


def test_embedded_answers_in_a_gift_file_are_left_out_and_said():
    reading = read(f"::Một::Chọn {{=a ~b}}\n\n{CLOZE}\n".encode(), "a.gift")

    assert reading.stated == 2
    assert [(each.number, each.code) for each in reading.diagnostics] == [(2, Problem.UNKNOWN_KIND)]


def test_a_backup_of_a_course_is_no_file_of_questions():
    assert read(packed("moodle_backup.xml"), "a.mbz").problem is FileProblem.COURSE_BACKUP
    assert read(b"\x1f\x8b\x08\x00", "a.mbz").problem is FileProblem.COURSE_BACKUP
    assert read(b"\x1f\x8b\x08\x00", "a.gz").problem is FileProblem.NOT_TEXT
