import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

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
from hocvu.question_files.findings import FileProblem, Problem, Severity
from hocvu.question_files.opening import archive
from hocvu.question_files.qti.reading import read_qti as read_qti3
from hocvu.question_files.qti.writing import write_qti3

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
PICTURE = Media("ban-do.png", "image/png", PNG)
YES, NO = Fraction(1), Fraction(0)


def option(name, text, credit=NO, **rest):
    return Option(name, text, credit=credit, **rest)


AB = (option("a", "một", YES), option("b", "hai"))
ITEMS = {
    "single": Item(Kind.SINGLE, "Chọn?", options=AB),
    "single_with_credits": Item(
        Kind.SINGLE,
        "Chọn?",
        options=(*AB, option("c", "ba", Fraction(1, 3)), option("d", "tư", Fraction(-1, 4))),
        points=Decimal("2.5"),
    ),
    "single_with_reasons": Item(
        Kind.SINGLE,
        "Chọn?",
        options=(option("a", "một", YES, why="Đúng vậy"), option("b", "hai", why="Chưa đúng")),
        feedback="Xem lại bài",
        shuffle=False,
    ),
    "multiple": Item(Kind.MULTIPLE, "Chọn?", options=(*AB, option("c", "ba", YES))),
    "multiple_whole": Item(
        Kind.MULTIPLE,
        "Chọn?",
        options=(*AB, option("c", "ba", YES)),
        scoring=Scoring.ALL_OR_NOTHING,
        points=Decimal(3),
    ),
    "multiple_by_credit": Item(
        Kind.MULTIPLE,
        "Chọn?",
        options=(
            option("a", "một", Fraction(2, 3)),
            option("b", "hai", Fraction(1, 3)),
            option("c", "ba", Fraction(-1, 3)),
        ),
        scoring=Scoring.BY_CREDIT,
    ),
    "image_choice": Item(
        Kind.IMAGE_CHOICE,
        "Đâu là bản đồ?",
        markup=Markup.HTML,
        options=(
            option("a", '<img src="media:ban-do.png" alt="Bản đồ">', YES),
            option("b", '<img src="media:ban-do.png" alt="Ảnh">'),
        ),
    ),
    "situation": Item(Kind.SITUATION, "Làm gì?", situation="Bão sắp vào.", options=AB),
    "true_false": Item(
        Kind.TRUE_FALSE,
        "Xét các mệnh đề",
        parts=(Part("p1", text="Một", right="true"), Part("p2", text="Hai", right="false")),
        scoring=Scoring.STEPPED,
    ),
    "statements": Item(
        Kind.STATEMENTS,
        "Xếp loại",
        options=(option("a", "Cao"), option("b", "Vừa"), option("c", "Thấp")),
        parts=(Part("p1", text="Một", right="c"), Part("p2", text="Hai", right="a")),
    ),
    "matching": Item(
        Kind.MATCHING,
        "Ghép",
        options=(option("a", "Lào"), option("b", "Việt Nam")),
        parts=(
            Part("p1", text="Hà Nội", right="b", weight=Fraction(2)),
            Part("p2", text="Viêng Chăn", right="a"),
        ),
        points=Decimal(3),
    ),
    "ordering": Item(
        Kind.ORDERING, "Xếp", options=(option("b", "nhỏ"), option("a", "vừa"), option("c", "to"))
    ),
    "numeric": Item(
        Kind.NUMERIC,
        "Bao nhiêu?",
        parts=(
            Part(
                "value",
                kind=PartKind.NUMBER,
                accepted=(
                    Accepted("12.5", tolerance=Decimal("0.1")),
                    Accepted("12", Fraction(1, 2)),
                ),
            ),
        ),
        points=Decimal(2),
    ),
    "short_text": Item(
        Kind.SHORT_TEXT,
        "Thủ đô?",
        parts=(
            Part(
                "text",
                kind=PartKind.TEXT,
                accepted=(Accepted("Hà Nội"), Accepted("Kẻ Chợ", Fraction(1, 2))),
            ),
        ),
        case_matters=True,
        tones_matter=True,
    ),
    "cloze": Item(
        Kind.CLOZE,
        "Thủ đô là [[p1]], có [[p2]] quận, ở miền [[p3]]",
        parts=(
            Part("p1", kind=PartKind.TEXT, accepted=(Accepted("Hà Nội"),)),
            Part("p2", kind=PartKind.NUMBER, accepted=(Accepted("12", tolerance=Decimal(1)),)),
            Part("p3", options=(option("a", "Nam"), option("b", "Bắc", YES)), right="b"),
        ),
        points=Decimal(3),
    ),
    "cloze_of_words": Item(
        Kind.CLOZE,
        "Mùa [[p1]] rồi mùa [[p2]]",
        options=(option("a", "xuân"), option("b", "hè"), option("c", "thu")),
        parts=(Part("p1", right="a"), Part("p2", right="b")),
    ),
    "cloze_with_one_gap_at_the_end": Item(
        Kind.CLOZE,
        "Thủ đô là [[p1]]",
        parts=(Part("p1", kind=PartKind.TEXT, accepted=(Accepted("Hà Nội"),)),),
    ),
    "essay": Item(
        Kind.ESSAY,
        "Trình bày",
        points=Decimal(3),
        rubric=(Criterion("c1", "Đủ ý", Decimal(2)), Criterion("c2", "Rõ", Decimal(1))),
        least_words=50,
        most_words=300,
    ),
    "file": Item(Kind.FILE, "Nộp bảng tính", file_kinds=(".xlsx", ".pdf")),
    "table_and_formula": Item(
        Kind.SINGLE,
        r"<p>Tính $\frac{1}{2}$ và x<sup>2</sup></p>"
        "<table><tbody><tr><td>1 &lt; 2</td></tr></tbody></table>",
        markup=Markup.HTML,
        options=AB,
    ),
}


def plain(item, name):
    """A question that another file would say in the same way."""
    markup = item.markup if item.markup is Markup.HTML else Markup.PLAIN
    return replace(item, markup=markup, foreign_id=f"q-{name}", category="Chương 1", tags=("dễ",))


def zipped(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for path, inside in files.items():
            package.writestr(path, inside)
    return content.getvalue()


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("name", ITEMS)
def test_a_question_comes_back_as_it_was_written(name):
    item = plain(ITEMS[name], name)

    reading = read_qti3(write_qti3([item], {"ban-do.png": PICTURE}))

    assert [each for each in reading.diagnostics if each.severity is not Severity.NOTE] == []
    assert [found.item for found in reading.items] == [item]


def test_markdown_is_written_as_html_and_stays_the_same_from_then_on():
    item = Item(Kind.SINGLE, "**Chọn** $x^2$:\n\n| a | b |\n|---|---|\n| 1 | 2 |", options=AB)

    once = [found.item for found in read_qti3(write_qti3([item], {})).items]
    twice = [found.item for found in read_qti3(write_qti3(once, {})).items]

    assert "<strong>Chọn</strong> $x^2$" in once[0].stem
    assert "<table>" in once[0].stem
    assert once == twice


WORDS = st.text(
    st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="[]$\\"), min_size=1
)


@settings(max_examples=40, deadline=None)
@given(stem=WORDS, first=WORDS, second=WORDS, points=st.decimals("0.25", 10, places=2))
def test_whatever_is_typed_comes_back_the_same_the_second_time(stem, first, second, points):
    item = Item(
        Kind.SINGLE,
        stem,
        markup=Markup.PLAIN,
        options=(option("a", first, YES), option("b", second)),
        points=points,
    )

    once = [found.item for found in read_qti3(write_qti3([item], {})).items]
    twice = [found.item for found in read_qti3(write_qti3(once, {})).items]

    assert once == twice


def test_the_package_has_the_shape_of_the_standard():
    items = [plain(each, name) for name, each in ITEMS.items()]

    files = members(write_qti3(items, {"ban-do.png": PICTURE, "unused.png": PICTURE}))

    manifest = etree.fromstring(files["imsmanifest.xml"])
    assert manifest.tag == f"{{{PACKAGE}}}manifest"
    resources = list(manifest.iter(f"{{{PACKAGE}}}resource"))
    kinds = [each.get("type") for each in resources]
    assert kinds.count("imsqti_item_xmlv3p0") == len(items)
    assert kinds.count("imsqti_test_xmlv3p0") == 1
    assert kinds.count("imsqti_stimulus_xmlv3p0") == 1
    assert "pictures/unused.png" not in files
    assert {each.get("href") for each in resources} == set(files) - {"imsmanifest.xml"}
    named = {each.get("identifier") for each in resources}
    refers = {each.get("identifierref") for each in manifest.iter(f"{{{PACKAGE}}}dependency")}
    assert refers <= named


ORDER = ["response-declaration", "outcome-declaration", "assessment-stimulus-ref", "item-body",
         "response-processing", "modal-feedback"]  # fmt: skip


@pytest.mark.parametrize("name", ITEMS)
def test_the_parts_of_an_item_stand_in_the_order_of_the_schema(name):
    files = members(write_qti3([plain(ITEMS[name], name)], {"ban-do.png": PICTURE}))

    root = etree.fromstring(files[f"items/q-{name}.xml"])

    assert root.tag == f"{{{QTI}}}qti-assessment-item"
    assert {"identifier", "title", "time-dependent"} <= set(root.keys())
    places = [ORDER.index(each.tag.removeprefix(f"{{{QTI}}}qti-")) for each in root]
    assert places == sorted(places)
    body = root.find(f"{{{QTI}}}qti-item-body")
    assert not (body.text or "").strip()
    assert not any((each.tail or "").strip() for each in body)
    declared = {each.get("identifier") for each in root.iter(f"{{{QTI}}}qti-response-declaration")}
    asked = {
        each.get("response-identifier") for each in body.iter() if each.get("response-identifier")
    }
    assert asked == declared


def test_the_same_questions_give_the_same_bytes():
    items = [plain(ITEMS["single"], "single")]

    assert write_qti3(items, {}) == write_qti3(items, {})


def test_questions_about_one_situation_share_it():
    item = ITEMS["situation"]
    files = members(write_qti3([item, replace(item, stem="Rồi sao nữa?")], {}))

    assert len([path for path in files if path.startswith("stimuli/")]) == 1


# --- Packages of others ------------------------------------------------------------------------


def foreign_item(identifier, *, picture="", extra=""):
    shown = f'<img src="{picture}" alt="hình"/>' if picture else ""
    return (
        f'<qti-assessment-item xmlns="{QTI}" identifier="{identifier}" title="{identifier}" '
        'time-dependent="false"><qti-response-declaration identifier="RESPONSE" '
        'cardinality="single" base-type="identifier"><qti-correct-response><qti-value>X</qti-value>'
        f"</qti-correct-response></qti-response-declaration>{extra}<qti-item-body>"
        f"<p>Câu {identifier}{shown}</p><qti-choice-interaction "
        'response-identifier="RESPONSE" max-choices="1"><qti-simple-choice identifier="X">x'
        '</qti-simple-choice><qti-simple-choice identifier="Y">y</qti-simple-choice>'
        "</qti-choice-interaction></qti-item-body></qti-assessment-item>"
    )


def manifest(*resources):
    listed = "".join(
        f'<resource identifier="{path}" type="{kind}" href="{path}"/>' for path, kind in resources
    )
    return f'<manifest xmlns="{PACKAGE}"><resources>{listed}</resources></manifest>'


ITEM_TYPE = "imsqti_item_xmlv2p1"


def stems(reading):
    return [found.item.foreign_id for found in reading.items]


def test_the_test_gives_the_order_and_the_sections():
    test = (
        '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="t">'
        '<testPart identifier="p"><assessmentSection identifier="s" title="Phần A">'
        '<assessmentItemRef identifier="2" href="items/two.xml"/>'
        '<assessmentItemRef identifier="1" href="items/one.xml"/></assessmentSection></testPart>'
        "</assessmentTest>"
    )
    files = {
        "imsmanifest.xml": manifest(
            ("items/one.xml", ITEM_TYPE),
            ("items/two.xml", ITEM_TYPE),
            ("items/three.xml", ITEM_TYPE),
            ("test.xml", "imsqti_test_xmlv2p1"),
        ),
        "items/one.xml": foreign_item("one"),
        "items/two.xml": foreign_item("two"),
        "items/three.xml": foreign_item("three"),
        "test.xml": test,
    }

    reading = read_qti3(zipped(files))

    assert stems(reading) == ["two", "one", "three"]
    assert [found.item.category for found in reading.items] == ["Phần A", "Phần A", ""]
    assert [found.number for found in reading.items] == [1, 2, 3]


def test_items_zipped_without_a_manifest_are_read_in_natural_order():
    files = {f"q{at}.xml": foreign_item(f"q{at}") for at in (10, 2, 1)} | {"notes.xml": "<a/>"}

    assert stems(read_qti3(zipped(files))) == ["q1", "q2", "q10"]


def test_a_folder_that_was_zipped_whole_is_read():
    files = {
        "bai/imsmanifest.xml": manifest(("items/one.xml", ITEM_TYPE)),
        "bai/items/one.xml": foreign_item("one", picture="../hinh/a%20b.png"),
        "bai/hinh/a b.png": PNG,
    }

    reading = read_qti3(zipped(files))

    assert [found.item.stem for found in reading.items] == [
        'Câu one<img src="media:a-b.png" alt="hình">'
    ]
    assert reading.media["a-b.png"].content_type == "image/png"


def test_a_shared_stimulus_makes_a_situation():
    reference = '<qti-assessment-stimulus-ref identifier="s" href="../passages/s.xml"/>'
    files = {
        "items/one.xml": foreign_item("one", extra=reference),
        "passages/s.xml": f'<qti-assessment-stimulus xmlns="{QTI}" identifier="s" title="s">'
        "<qti-stimulus-body><p>Đọc đoạn này.</p></qti-stimulus-body></qti-assessment-stimulus>",
    }

    [found] = read_qti3(zipped(files)).items

    assert (found.item.kind, found.item.situation) == (Kind.SITUATION, "Đọc đoạn này.")


def test_a_broken_item_is_reported_and_the_others_are_read():
    files = {
        "imsmanifest.xml": manifest(
            ("one.xml", ITEM_TYPE), ("broken.xml", ITEM_TYPE), ("missing.xml", ITEM_TYPE)
        ),
        "one.xml": foreign_item("one"),
        "broken.xml": "<qti-assessment-item>",
    }

    reading = read_qti3(zipped(files))

    assert stems(reading) == ["one"]
    assert [(each.code, each.about) for each in reading.diagnostics] == [
        (Problem.SYNTAX, "broken.xml"),
        (Problem.SYNTAX, "missing.xml"),
    ]
    assert reading.stated == 3


def test_what_only_pretends_to_be_a_picture_is_unfit():
    files = {"one.xml": foreign_item("one", picture="a.png"), "a.png": b"<svg onload='x'/>"}

    reading = read_qti3(zipped(files))

    assert reading.media == {}
    assert [each.code for each in reading.diagnostics] == [Problem.MEDIA_UNFIT]


def test_a_picture_outside_of_the_package_is_not_looked_for():
    files = {"a/one.xml": foreign_item("one", picture="../../../etc/passwd")}

    reading = read_qti3(zipped(files))

    assert [each.code for each in reading.diagnostics] == [Problem.MEDIA_MISSING]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"../one.xml": foreign_item("one")}, FileProblem.BAD_ARCHIVE),
        ({"/one.xml": foreign_item("one")}, FileProblem.BAD_ARCHIVE),
        ({"one.xml": b" " * 5_000_000}, FileProblem.BAD_ARCHIVE),
        ({"one.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, FileProblem.FORBIDDEN_XML),
        ({"readme.txt": "xin chào"}, FileProblem.UNKNOWN_FORMAT),
        ({"test.xml": "<assessmentTest/>"}, FileProblem.EMPTY),
    ],
)
def test_a_dangerous_or_foreign_zip_is_refused(files, problem):
    assert read_qti3(zipped(files)).problem is problem


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(archive, "_MOST_MEMBERS", 2)

    reading = read_qti3(zipped({f"{at}.xml": foreign_item(f"q{at}") for at in range(3)}))

    assert reading.problem is FileProblem.TOO_LARGE


def test_a_cut_zip_is_refused():
    content = zipped({"one.xml": foreign_item("one")})

    assert read_qti3(content[: len(content) // 2]).problem is FileProblem.BAD_ARCHIVE
