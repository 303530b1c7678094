"""QTI 1.2 as Canvas, Blackboard and their kin write it."""

import io
import zipfile
from decimal import Decimal
from fractions import Fraction

import pytest
from PIL import Image

from hocvu.items.content import Kind, Scoring
from hocvu.question_files import FileProblem, Format, Problem, format_of, read


def material(text, kind="text/html"):
    return f'<material><mattext texttype="{kind}">{text}</mattext></material>'


def labels(*pairs):
    return "".join(
        f'<response_label ident="{name}">{material(text, "text/plain")}</response_label>'
        for name, text in pairs
    )


def chosen(*pairs, ident="response1", many="Single", before=""):
    return (
        f'<response_lid ident="{ident}" rcardinality="{many}">{before}'
        f"<render_choice>{labels(*pairs)}</render_choice></response_lid>"
    )


def to_write(ident="response1", kind=""):
    return (
        f'<response_str ident="{ident}"><render_fib {kind}>'
        '<response_label ident="a1"/></render_fib></response_str>'
    )


def rule(condition, score="100", action="Set"):
    return (
        f"<respcondition><conditionvar>{condition}</conditionvar>"
        f'<setvar varname="SCORE" action="{action}">{score}</setvar></respcondition>'
    )


def equal(value, ident="response1"):
    return f'<varequal respident="{ident}">{value}</varequal>'


def written(shown, rules="", *, kind="", stem="&lt;p&gt;Hỏi gì?&lt;/p&gt;", more="", points="2.5"):
    said = {"question_type": kind, "points_possible": points}
    fields = "".join(
        f"<qtimetadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{value}</fieldentry>"
        "</qtimetadatafield>"
        for name, value in said.items()
        if value
    )
    return (
        '<item ident="q1" title="Question"><itemmetadata><qtimetadata>'
        f"{fields}</qtimetadata></itemmetadata><presentation>{material(stem)}{shown}</presentation>"
        f"<resprocessing><outcomes><decvar maxvalue='100'/></outcomes>{rules}</resprocessing>"
        f"{more}</item>"
    )


def document(*items):
    return (
        '<?xml version="1.0"?><questestinterop '
        'xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment title="Tuần 1">'
        f'<section ident="root">{"".join(items)}</section></assessment></questestinterop>'
    ).encode()


def only(*arguments, **named):
    reading = read(document(written(*arguments, **named)), "a.xml")
    assert [each.code for each in reading.diagnostics] == []
    return reading.items[0].item


def packed(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


AB = (("i1", "Huế"), ("i2", "Hà Nội"), ("i3", "Vinh"))


def test_one_choice_with_feedback_and_points():
    reasons = (
        f'<itemfeedback ident="i2_fb">{material("Đúng rồi")}</itemfeedback>'
        f'<itemfeedback ident="general_fb">{material("Xem bài 1")}</itemfeedback>'
    )

    item = only(chosen(*AB), rule(equal("i2")), more=reasons)

    assert format_of(document(), "a.xml") is Format.QTI_1
    assert (item.kind, item.stem, item.points) == (Kind.SINGLE, "Hỏi gì?", Decimal("2.5"))
    assert [(o.text, o.right, o.why) for o in item.options] == [
        ("Huế", False, ""),
        ("Hà Nội", True, "Đúng rồi"),
        ("Vinh", False, ""),
    ]
    assert (item.feedback, item.category, item.foreign_id) == ("Xem bài 1", "Tuần 1", "q1")


def test_all_of_them_and_no_others_is_all_or_nothing():
    condition = f"<and>{equal('i1')}<not>{equal('i2')}</not>{equal('i3')}</and>"

    item = only(chosen(*AB, many="Multiple"), rule(condition))

    assert (item.kind, item.scoring) == (Kind.MULTIPLE, Scoring.ALL_OR_NOTHING)
    assert [o.right for o in item.options] == [True, False, True]


def test_points_that_are_added_are_shares():
    rules = rule(equal("i1"), "50", "Add") + rule(equal("i3"), "50", "Add")

    item = only(chosen(*AB, many="Multiple"), rules)

    assert (item.kind, item.scoring) == (Kind.MULTIPLE, Scoring.BY_CREDIT)
    assert [o.credit for o in item.options] == [Fraction(1, 2), 0, Fraction(1, 2)]


def test_words_that_are_accepted():
    item = only(to_write(), rule(equal("Hà Nội") + equal("Ha Noi")), kind="short_answer_question")

    assert item.kind is Kind.SHORT_TEXT
    assert [each.value for each in item.parts[0].accepted] == ["Hà Nội", "Ha Noi"]


def test_a_number_with_what_may_be_missed():
    ends = (
        '<vargte respident="response1">1.4141</vargte><varlte respident="response1">1.4143</varlte>'
    )

    item = only(
        to_write(), rule(f"<or>{equal('1.4142')}<and>{ends}</and></or>"), kind="numerical_question"
    )

    (accepted,) = item.parts[0].accepted
    assert (item.kind, accepted.value, accepted.tolerance) == (
        Kind.NUMERIC,
        "1.4142",
        Decimal("0.0001"),
    )


def test_a_range_means_its_middle():
    ends = '<vargte respident="response1">3</vargte><varlte respident="response1">5</varlte>'

    (accepted,) = only(to_write(kind='fibtype="Decimal"'), rule(ends)).parts[0].accepted

    assert (accepted.value, accepted.tolerance) == ("4", Decimal(1))


def test_matching_reads_the_key_from_the_conditions():
    rights = (("r1", "gâu"), ("r2", "meo"), ("r3", "cục tác"))
    shown = chosen(*rights, ident="x1", before=material("chó")) + chosen(
        *rights, ident="x2", before=material("mèo")
    )
    rules = rule(equal("r1", "x1"), "50", "Add") + rule(equal("r2", "x2"), "50", "Add")

    item = only(shown, rules, kind="matching_question")

    assert item.kind is Kind.MATCHING
    named = {o.id: o.text for o in item.options}
    assert [(p.text, named[p.right]) for p in item.parts] == [("chó", "gâu"), ("mèo", "meo")]
    assert len(item.options) == 3


def test_lists_that_stand_in_the_text():
    shown = chosen(*AB, ident="response_ten") + chosen(
        ("n1", "1945"), ("n2", "1975"), ident="response_nam"
    )
    rules = rule(equal("i2", "response_ten"), "50", "Add")
    rules += rule(equal("n1", "response_nam"), "50", "Add")

    item = only(shown, rules, kind="multiple_dropdowns_question", stem="Thủ đô [ten] năm [nam].")

    assert (item.kind, item.stem) == (Kind.CLOZE, "Thủ đô [[p1]] năm [[p2]].")
    assert [[o.text for o in p.options if o.right] for p in item.parts] == [["Hà Nội"], ["1945"]]


def test_blanks_accept_every_label():
    shown = chosen(("b1", "tím"), ("b2", "tím than"), ident="response_mau")

    item = only(shown, kind="fill_in_multiple_blanks_question", stem="Hoa [mau].")

    assert item.kind is Kind.CLOZE
    assert [each.value for each in item.parts[0].accepted] == ["tím", "tím than"]


def test_blanks_named_otherwise_stand_in_their_order():
    shown = chosen(("b1", "tím"), ident="response_1") + chosen(("c1", "vàng"), ident="response_2")

    item = only(shown, kind="fill_in_multiple_blanks_question", stem="Hoa [a] và [b].")

    assert item.stem == "Hoa [[p1]] và [[p2]]."


def test_several_fields_stand_where_they_stood():
    shown = to_write("f1") + material("và", "text/plain") + to_write("f2")

    item = only(shown, rule(equal("một", "f1")) + rule(equal("hai", "f2")), stem="Đếm:")

    assert item.kind is Kind.CLOZE
    assert "[[p1]]" in item.stem
    assert item.stem.index("[[p1]]") < item.stem.index("và") < item.stem.index("[[p2]]")


@pytest.mark.parametrize(
    ("kind", "shown", "expected"),
    [
        ("essay_question", to_write(), Kind.ESSAY),
        ("file_upload_question", "", Kind.FILE),
    ],
)
def test_what_people_mark(kind, shown, expected):
    assert only(shown, kind=kind).kind is expected


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        (written(chosen(*AB)), Problem.NO_KEY),
        (written(chosen(("i1", "Huế")), rule(equal("i1"))), Problem.NO_OPTIONS),
        (written(to_write(), kind="short_answer_question"), Problem.NO_KEY),
        (written(to_write(), kind="calculated_question"), Problem.UNKNOWN_KIND),
        (written('<response_xy ident="r"/>'), Problem.UNKNOWN_KIND),
        (
            written(chosen(*AB, ident="response_x"), kind="multiple_dropdowns_question").replace(
                "response_lid", "response_grp"
            ),
            Problem.SYNTAX,
        ),
    ],
)
def test_what_cannot_be_taken_is_said(item, problem):
    reading = read(document(item, written(chosen(*AB), rule(equal("i1")))), "a.xml")

    assert reading.stated == 2
    assert [(each.number, each.code) for each in reading.diagnostics] == [(1, problem)]


def test_a_text_without_a_question_is_noted():
    reading = read(document(written("", kind="text_only_question")), "a.xml")

    assert reading.problem is FileProblem.NOTHING_ASKED
    assert [each.code for each in reading.diagnostics] == [Problem.NOT_A_QUESTION]


def test_a_package_of_canvas_brings_its_pictures_and_is_read_once():
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    image = "&lt;img src='%24IMS-CC-FILEBASE%24/anh/co%20do.png?canvas_=1' alt='cờ'&gt;"
    whole = document(written(chosen(*AB), rule(equal("i2")), stem=f"Cờ gì? {image}"))
    manifest = (
        '<manifest><resources><resource type="imsqti_xmlv1p2/imscc_xmlv1p1/assessment">'
        '<file href="g1/assessment_qti.xml"/></resource></resources></manifest>'
    )

    reading = read(
        packed(
            {
                "imsmanifest.xml": manifest,
                "g1/assessment_qti.xml": document(written(chosen(*AB), rule(equal("i2")))),
                "non_cc_assessments/g1.xml.qti": whole,
                "web_resources/anh/co do.png": picture.getvalue(),
            }
        ),
        "khoa-hoc.imscc",
    )

    (found,) = reading.items
    assert reading.diagnostics == ()
    assert found.item.stem == "Cờ gì? <img src=\"media:co-do.png\" alt='cờ'>"
    assert list(reading.media) == ["co-do.png"]


BLACKBOARD = """\
<questestinterop><assessment title="Pool"><section>
<item><itemmetadata><bbmd_questiontype>Multiple Choice</bbmd_questiontype>
<qmd_absolutescore_max>5</qmd_absolutescore_max></itemmetadata>
<presentation><flow class="Block"><flow class="QUESTION_BLOCK"><flow><material><mat_extension>
<mat_formattedtext type="HTML">&lt;b&gt;2 + 2&lt;/b&gt; = ?</mat_formattedtext></mat_extension>
</material></flow></flow><flow class="RESPONSE_BLOCK"><response_lid ident="response">
<render_choice><flow_label><response_label ident="a1"><flow_mat><material><mat_extension>
<mat_formattedtext type="HTML">3</mat_formattedtext></mat_extension></material></flow_mat>
</response_label></flow_label><flow_label><response_label ident="a2"><flow_mat><material>
<mattext>4</mattext></material></flow_mat></response_label></flow_label></render_choice>
</response_lid></flow></flow></presentation><resprocessing><respcondition title="correct">
<conditionvar><varequal respident="response">a2</varequal></conditionvar>
<setvar action="Set" variablename="SCORE">SCORE.max</setvar></respcondition></resprocessing></item>
<item><itemmetadata><bbmd_questiontype>Matching</bbmd_questiontype></itemmetadata>
<presentation><flow class="Block"><flow class="QUESTION_BLOCK"><material><mattext>Ghép.</mattext>
</material></flow><flow class="RESPONSE_BLOCK">
<flow><material><mattext>chó</mattext></material><response_lid ident="m1"><render_choice>
<response_label ident="x1"/><response_label ident="x2"/></render_choice></response_lid></flow>
<flow><material><mattext>mèo</mattext></material><response_lid ident="m2"><render_choice>
<response_label ident="y1"/><response_label ident="y2"/></render_choice></response_lid></flow>
</flow><flow class="RIGHT_MATCH_BLOCK"><flow><material><mattext>meo</mattext></material></flow>
<flow><material><mattext>gâu</mattext></material></flow></flow></flow></presentation>
<resprocessing><respcondition><conditionvar><varequal respident="m1">x2</varequal></conditionvar>
<setvar>50</setvar></respcondition><respcondition><conditionvar>
<varequal respident="m2">y1</varequal></conditionvar><setvar>50</setvar></respcondition>
</resprocessing></item></section></assessment></questestinterop>
"""


def test_a_pool_of_blackboard():
    reading = read(packed({"imsmanifest.xml": "<manifest/>", "res00001.dat": BLACKBOARD}), "a.zip")

    first, second = (found.item for found in reading.items)
    assert (first.kind, first.points) == (Kind.SINGLE, Decimal(5))
    assert [(o.text, o.right) for o in first.options] == [("3", False), ("4", True)]
    named = {o.id: o.text for o in second.options}
    assert second.stem == "Ghép."
    assert [(p.text, named[p.right]) for p in second.parts] == [("chó", "gâu"), ("mèo", "meo")]
