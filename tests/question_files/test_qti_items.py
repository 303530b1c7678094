from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hocvu.items.content import Kind, Markup, PartKind, Scoring
from hocvu.items.flaws import item_flaws
from hocvu.question_files.findings import FileProblem, Problem, Severity
from hocvu.question_files.qti.reading import read_qti as read_qti2
from hocvu.question_files.qti.reading import read_qti as read_qti3

NAMESPACE_2 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
NAMESPACE_3 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
MAP = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>'


def qti2(inside, identifier="cau-1", title="Một câu hỏi"):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<assessmentItem xmlns="{NAMESPACE_2}" identifier="{identifier}" title="{title}" '
        f'adaptive="false" timeDependent="false">{inside}</assessmentItem>'
    ).encode()


def qti3(inside, identifier="cau-1", title="Một câu hỏi"):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<qti-assessment-item xmlns="{NAMESPACE_3}" identifier="{identifier}" title="{title}" '
        f'time-dependent="false">{inside}</qti-assessment-item>'
    ).encode()


def declared(*correct, cardinality="single", base="identifier", mapping=""):
    values = "".join(f"<value>{each}</value>" for each in correct)
    stated = f"<correctResponse>{values}</correctResponse>" if correct else ""
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" '
        f'baseType="{base}">{stated}{mapping}</responseDeclaration>'
    )


def mapped(**points):
    entries = "".join(
        f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in points.items()
    )
    return f'<mapping defaultValue="0">{entries}</mapping>'


def choices(*texts, most=1, shuffle="false"):
    listed = "".join(
        f'<simpleChoice identifier="{text[0]}">{text}</simpleChoice>' for text in texts
    )
    return (
        f'<itemBody><p>Chọn đi</p><choiceInteraction responseIdentifier="RESPONSE" '
        f'shuffle="{shuffle}" maxChoices="{most}">{listed}</choiceInteraction></itemBody>'
    )


def only_item(content):
    reading = read_qti2(content)
    assert reading.problem is None
    [found] = reading.items
    return found.item


def errors(reading):
    return [
        (each.code, each.about) for each in reading.diagnostics if each.severity is Severity.ERROR
    ]


def warnings(reading):
    return [each.code for each in reading.diagnostics if each.severity is Severity.WARNING]


def test_a_choice_of_one_is_read_with_its_key():
    item = only_item(qti2(declared("B") + choices("A một", "B hai") + MATCH))

    assert (item.kind, item.stem, item.markup) == (Kind.SINGLE, "Chọn đi", Markup.PLAIN)
    assert [(each.id, each.text, each.credit) for each in item.options] == [
        ("a", "A một", 0),
        ("b", "B hai", 1),
    ]
    assert (item.foreign_id, item.name, item.points) == ("cau-1", "Một câu hỏi", 1)
    assert not item.shuffle
    assert not list(item_flaws(item))


def test_version_3_says_the_same_under_other_names():
    two = only_item(qti2(declared("B") + choices("A một", "B hai", shuffle="true")))
    three = read_qti3(
        qti3(
            '<qti-response-declaration identifier="RESPONSE" cardinality="single" '
            'base-type="identifier"><qti-correct-response><qti-value>B</qti-value>'
            "</qti-correct-response></qti-response-declaration><qti-item-body><p>Chọn đi</p>"
            '<qti-choice-interaction response-identifier="RESPONSE" shuffle="true" '
            'max-choices="1"><qti-simple-choice identifier="A">A một</qti-simple-choice>'
            '<qti-simple-choice identifier="B">B hai</qti-simple-choice>'
            "</qti-choice-interaction></qti-item-body>"
        )
    )

    assert three.items[0].item == two


def test_several_right_ones_matched_as_a_whole_count_whole_or_not_at_all():
    content = qti2(
        declared("A", "C", cardinality="multiple") + choices("A", "B", "C", most=0) + MATCH
    )

    item = only_item(content)

    assert (item.kind, item.scoring) == (Kind.MULTIPLE, Scoring.ALL_OR_NOTHING)
    assert [option.right for option in item.options] == [True, False, True]


def test_mapped_points_become_credits():
    content = qti2(
        declared("A", cardinality="multiple", mapping=mapped(A=2, B=1, C=-1))
        + choices("A", "B", "C", most=0)
        + MAP
    )

    item = only_item(content)

    assert (item.scoring, item.points) == (Scoring.BY_CREDIT, 3)
    assert [each.credit for each in item.options] == [
        Fraction(2, 3),
        Fraction(1, 3),
        Fraction(-1, 3),
    ]


def test_right_minus_wrong_is_recognised_as_the_usual_rule():
    content = qti2(
        declared("A", "B", cardinality="multiple", mapping=mapped(A=0.5, B=0.5, C=-0.5))
        + choices("A", "B", "C", most=0)
        + MAP
    )

    item = only_item(content)

    assert item.scoring is None
    assert [each.credit for each in item.options] == [1, 1, 0]


def test_points_come_from_the_largest_score():
    scored = (
        '<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float">'
        "<defaultValue><value>2.5</value></defaultValue></outcomeDeclaration>"
    )

    item = only_item(qti2(declared("A") + scored + choices("A", "B") + MATCH))

    assert item.points == Decimal("2.5")


def test_feedback_about_an_option_belongs_to_it_and_other_feedback_to_the_question():
    body = choices("A", "B").replace(
        "A</simpleChoice>",
        'A<feedbackInline outcomeIdentifier="F" identifier="A">Vì thế</feedbackInline>'
        "</simpleChoice>",
    )
    modal = '<modalFeedback outcomeIdentifier="F" identifier="done">Xem bài 2</modalFeedback>'

    item = only_item(qti2(declared("A") + body + MATCH + modal))

    assert [option.why for option in item.options] == ["Vì thế", ""]
    assert [option.text for option in item.options] == ["A", "B"]
    assert item.feedback == "Xem bài 2"


def test_an_order_keeps_the_names_of_the_shown_order_and_stands_in_the_right_one():
    body = (
        '<itemBody><orderInteraction responseIdentifier="RESPONSE" shuffle="true">'
        "<prompt>Xếp lại</prompt>"
        '<simpleChoice identifier="X">hai</simpleChoice>'
        '<simpleChoice identifier="Y">một</simpleChoice></orderInteraction></itemBody>'
    )

    item = only_item(qti2(declared("Y", "X", cardinality="ordered") + body + MATCH))

    assert item.kind is Kind.ORDERING
    assert [(option.id, option.text) for option in item.options] == [("b", "một"), ("a", "hai")]
    assert item.scoring is Scoring.ALL_OR_NOTHING


def match(left, right, pairs, most_right, *, css="", mapping=""):
    def side(texts, most):
        listed = "".join(
            f'<simpleAssociableChoice identifier="{name}" matchMax="{most}">{text}'
            "</simpleAssociableChoice>"
            for name, text in texts.items()
        )
        return f"<simpleMatchSet>{listed}</simpleMatchSet>"

    return qti2(
        declared(*pairs, cardinality="multiple", base="directedPair", mapping=mapping)
        + f'<itemBody><matchInteraction class="{css}" responseIdentifier="RESPONSE" '
        f'maxAssociations="0"><prompt>Ghép</prompt>{side(left, 1)}{side(right, most_right)}'
        "</matchInteraction></itemBody>"
    )


LEFT = {"P": "Hà Nội", "Q": "Viêng Chăn"}
RIGHT = {"X": "Lào", "Y": "Việt Nam"}


def test_pairs_become_matching():
    item = only_item(match(LEFT, RIGHT, ["P Y", "Q X"], 1))

    assert item.kind is Kind.MATCHING
    assert [(part.id, part.text, part.right) for part in item.parts] == [
        ("p1", "Hà Nội", "b"),
        ("p2", "Viêng Chăn", "a"),
    ]
    assert [option.text for option in item.options] == ["Lào", "Việt Nam"]


def test_columns_that_serve_every_row_make_a_table_of_statements():
    item = only_item(match(LEFT, RIGHT, ["P Y", "Q X"], 0))

    assert item.kind is Kind.STATEMENTS


def test_columns_that_say_true_and_false_make_statements_to_judge():
    columns = {"T": "Đúng", "F": "Sai"}

    item = only_item(match(LEFT, columns, ["P T", "Q F"], 0, css="qti-match-tabular"))

    assert (item.kind, item.options) == (Kind.TRUE_FALSE, ())
    assert [(part.text, part.right) for part in item.parts] == [
        ("Hà Nội", "true"),
        ("Viêng Chăn", "false"),
    ]


def test_the_side_on_which_each_has_one_partner_makes_the_rows():
    left = {"V": "Rau", "M": "Thịt"}
    right = {"A": "cải", "B": "bò", "C": "cà rốt"}

    item = only_item(match(left, right, ["V A", "M B", "V C"], 1))

    assert [(part.text, part.right) for part in item.parts] == [
        ("cải", "a"),
        ("bò", "b"),
        ("cà rốt", "a"),
    ]


def test_a_row_without_a_partner_has_no_key():
    reading = read_qti2(match(LEFT, RIGHT, ["P X"], 0))

    assert errors(reading) == [(Problem.NO_KEY, "matchInteraction")]


def test_rows_with_two_partners_on_both_sides_cannot_be_expressed():
    reading = read_qti2(match(LEFT, RIGHT, ["P X", "P Y", "Q X", "Q Y"], 0))

    assert errors(reading) == [(Problem.UNKNOWN_KIND, "matchInteraction")]
    assert reading.stated == 1


def test_words_to_drag_become_a_cloze_with_common_options():
    body = (
        '<itemBody><gapMatchInteraction responseIdentifier="RESPONSE" shuffle="true">'
        '<gapText identifier="W" matchMax="1">đông</gapText>'
        '<gapText identifier="S" matchMax="1">hè</gapText>'
        '<p>Mùa <gap identifier="G1"/> rồi <gap identifier="G2"/>.</p>'
        "</gapMatchInteraction></itemBody>"
    )

    item = only_item(
        qti2(declared("W G1", "S G2", cardinality="multiple", base="directedPair") + body)
    )

    assert (item.kind, item.stem) == (Kind.CLOZE, "Mùa [[p1]] rồi [[p2]].")
    assert [(part.id, part.right, part.options) for part in item.parts] == [
        ("p1", "a", ()),
        ("p2", "b", ()),
    ]
    assert not list(item_flaws(item))


def test_a_list_in_a_text_becomes_a_gap_with_its_own_options():
    body = (
        '<itemBody><p>Thủ đô là <inlineChoiceInteraction responseIdentifier="RESPONSE">'
        '<inlineChoice identifier="X">Huế</inlineChoice>'
        '<inlineChoice identifier="Y">Hà Nội</inlineChoice>'
        "</inlineChoiceInteraction>.</p></itemBody>"
    )

    item = only_item(qti2(declared("Y") + body + MATCH))

    assert (item.kind, item.stem) == (Kind.CLOZE, "Thủ đô là [[p1]].")
    assert item.parts[0].right == "b"
    assert [option.text for option in item.parts[0].options] == ["Huế", "Hà Nội"]


def entry(words="Thủ đô?", after=""):
    return (
        f"<itemBody><p>{words}</p>"
        f'<p><textEntryInteraction responseIdentifier="RESPONSE"/>{after}</p></itemBody>'
    )


def test_a_gap_that_ends_the_text_is_a_short_answer():
    content = qti2(declared("Hà Nội", base="string", mapping=mapped(HN=0.5)) + entry() + MAP)

    item = only_item(content)

    assert (item.kind, item.stem) == (Kind.SHORT_TEXT, "Thủ đô?")
    assert [(each.value, each.credit) for each in item.parts[0].accepted] == [("HN", 1)]
    assert item.parts[0].id == "text"


def test_a_gap_inside_a_text_is_a_cloze():
    item = only_item(qti2(declared("Hà Nội", base="string") + entry(after=" là thủ đô") + MATCH))

    assert (item.kind, item.stem) == (Kind.CLOZE, "<p>Thủ đô?</p><p>[[p1]] là thủ đô</p>")


def test_a_star_in_a_foreign_key_is_a_star():
    item = only_item(qti2(declared("a*b", base="string") + entry() + MATCH))

    assert item.parts[0].accepted[0].value == r"a\*b"


def test_exact_matching_makes_case_matter():
    exact = only_item(qti2(declared("Hà Nội", base="string") + entry() + MATCH))
    unsaid = only_item(qti2(declared("Hà Nội", base="string") + entry()))

    assert (exact.case_matters, unsaid.case_matters) == (True, False)


def compared(how):
    return (
        "<responseProcessing><responseCondition><responseIf>"
        f"<equal {how}><variable identifier='RESPONSE'/><correct identifier='RESPONSE'/></equal>"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>2</baseValue>"
        "</setOutcomeValue></responseIf></responseCondition></responseProcessing>"
    )


@pytest.mark.parametrize(
    ("how", "value", "tolerance"),
    [
        ('toleranceMode="exact"', "50", "0"),
        ('toleranceMode="absolute" tolerance="0.5 0.5"', "50", "0.5"),
        ('toleranceMode="absolute" tolerance="0 1"', "50.5", "0.5"),
        ('toleranceMode="relative" tolerance="10 10"', "50", "5"),
    ],
)
def test_a_number_keeps_its_tolerance(how, value, tolerance):
    item = only_item(qti2(declared("50", base="float") + entry("Bao nhiêu?") + compared(how)))

    [part] = item.parts
    assert (item.kind, part.kind, part.id) == (Kind.NUMERIC, PartKind.NUMBER, "value")
    assert Decimal(part.accepted[0].value) == Decimal(value)
    assert part.accepted[0].tolerance == Decimal(tolerance)
    assert item.points == 2


def test_an_essay_keeps_its_rubric():
    body = (
        '<itemBody><p>Trình bày</p><extendedTextInteraction responseIdentifier="RESPONSE"/>'
        '<rubricBlock view="scorer"><ul><li>Đúng ý (2 điểm)</li><li>Rõ ràng (1 điểm)</li></ul>'
        "</rubricBlock></itemBody>"
    )
    scored = (
        '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" '
        'normalMaximum="3"/>'
    )

    item = only_item(qti2(declared(base="string") + scored + body))

    assert (item.kind, item.points) == (Kind.ESSAY, 3)
    assert [(line.text, line.points) for line in item.rubric] == [
        ("Đúng ý (2 điểm)", 2),
        ("Rõ ràng (1 điểm)", 1),
    ]
    assert not list(item_flaws(item))


def test_a_file_to_hand_in_keeps_its_kinds():
    body = (
        '<itemBody><p>Nộp bài</p><uploadInteraction responseIdentifier="RESPONSE" '
        'type="application/pdf image/png"/></itemBody>'
    )

    item = only_item(qti2(declared(base="file") + body))

    assert (item.kind, item.file_kinds) == (Kind.FILE, (".pdf", ".png"))


def test_a_formula_becomes_latex_in_the_text():
    body = choices("A", "B").replace(
        "Chọn đi",
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mn>1</mn><msup><mi>x</mi>'
        "<mn>2</mn></msup></mfrac></math> là gì?",
    )

    item = only_item(qti2(declared("A") + body))

    assert item.stem == r"$\frac{1}{x^2}$ là gì?"


@pytest.mark.parametrize(
    ("mathml", "latex"),
    [
        ("<mi>sin</mi><mi>x</mi>", r"$\sin x$"),
        ("<msqrt><mn>2</mn></msqrt>", r"$\sqrt{2}$"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", r"$\sqrt[3]{x}$"),
        ("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>", "$x_1^2$"),
        ("<mover><mi>a</mi><mo>\u2192</mo></mover>", r"$\vec{a}$"),
        ("<mn>5</mn><mo>%</mo>", r"$5\%$"),
        ("<mtext>nếu</mtext>", r"$\text{nếu}$"),
        ("<mfenced open='[' close=']'><mn>1</mn><mn>2</mn></mfenced>", r"$\left[1,2\right]$"),
    ],
)
def test_formulas_of_many_shapes_become_latex(mathml, latex):
    drawn = f'<math xmlns="http://www.w3.org/1998/Math/MathML">{mathml}</math>'

    item = only_item(qti2(declared("A") + choices("A", "B").replace("Chọn đi", drawn)))

    assert item.stem == latex


def test_a_formula_that_cannot_be_said_is_a_warning():
    drawn = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><mlongdiv><mn>1</mn></mlongdiv></math>'
    )

    reading = read_qti2(qti2(declared("A") + choices("A", "B").replace("Chọn đi", drawn)))

    assert warnings(reading) == [Problem.FEATURE_LOST]


def test_tables_and_marks_stay_html():
    body = choices("A", "B").replace(
        "<p>Chọn đi</p>", "<table><tr><td colspan='2'>H<sub>2</sub>O &lt; 3</td></tr></table>"
    )

    item = only_item(qti2(declared("A") + body))

    assert item.markup is Markup.HTML
    assert item.stem == '<table><tr><td colspan="2">H<sub>2</sub>O &lt; 3</td></tr></table>'


def test_a_script_is_taken_out_and_said():
    body = choices("A", "B").replace(
        "Chọn đi", 'Chọn <script>alert(1)</script><b onclick="x">đi</b>'
    )

    reading = read_qti2(qti2(declared("A") + body))

    assert reading.items[0].item.stem == "Chọn <b>đi</b>"
    assert warnings(reading) == [Problem.SCRIPT_REMOVED]


def test_a_picture_that_is_not_there_leaves_its_description():
    body = choices("A", "B").replace("Chọn đi", '<img src="ban-do.png" alt="Bản đồ"/> Ở đâu?')

    reading = read_qti2(qti2(declared("A") + body))

    assert reading.items[0].item.stem == "Bản đồ Ở đâu?"
    assert warnings(reading) == [Problem.MEDIA_MISSING]


def test_rules_of_its_own_are_said_to_be_lost():
    rules = (
        "<responseProcessing><responseCondition><responseIf><gt><variable identifier='duration'/>"
        "<baseValue baseType='float'>3</baseValue></gt><setOutcomeValue identifier='SCORE'>"
        "<baseValue baseType='float'>1</baseValue></setOutcomeValue></responseIf>"
        "</responseCondition></responseProcessing>"
    )

    reading = read_qti2(qti2(declared("A") + choices("A", "B") + rules))

    assert reading.items[0].item.options[0].right
    assert warnings(reading) == [Problem.FEATURE_LOST]


@pytest.mark.parametrize(
    ("inside", "problem"),
    [
        (declared() + choices("A", "B"), Problem.NO_KEY),
        (declared("Z") + choices("A", "B"), Problem.NO_KEY),
        (declared("A", "B") + choices("A", "B") + MATCH, Problem.TOO_MANY_KEYS),
        (declared("A") + choices("A"), Problem.NO_OPTIONS),
        (
            declared("A")
            + '<itemBody><hotspotInteraction responseIdentifier="RESPONSE"/></itemBody>',
            Problem.UNKNOWN_KIND,
        ),
        (
            declared("A") + "<templateDeclaration/>" + choices("A", "B"),
            Problem.UNKNOWN_KIND,
        ),
    ],
)
def test_what_cannot_be_asked_is_left_out_with_its_reason(inside, problem):
    reading = read_qti2(qti2(inside))

    assert reading.items == ()
    assert [code for code, _ in errors(reading)] == [problem]
    assert reading.stated == 1


def test_an_item_without_anything_to_answer_is_no_question():
    reading = read_qti2(qti2("<itemBody><p>Chào bạn</p></itemBody>"))

    assert (reading.items, reading.stated) == ((), 0)
    assert [(each.severity, each.code) for each in reading.diagnostics] == [
        (Severity.NOTE, Problem.NOT_A_QUESTION)
    ]


def test_letters_come_composed():
    item = only_item(
        qti2(declared("A") + choices("A", "B").replace("Chọn đi", "Hoa\u0300 bi\u0300nh"))
    )

    assert item.stem == "Hoà bình"


WHOLE = match(LEFT, RIGHT, ["P Y", "Q X"], 1, mapping=mapped(A=1))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_an_item_with_something_missing_is_taken_or_reported(data):
    root = etree.fromstring(
        data.draw(st.sampled_from([WHOLE, qti2(declared("A", "C") + choices("A", "B") + MAP)]))
    )
    gone = data.draw(st.sampled_from(list(root.iterdescendants())))
    gone.getparent().remove(gone)

    reading = read_qti2(etree.tostring(root))

    assert reading.problem in {None, FileProblem.NOTHING_ASKED}
    assert len(reading.items) + len(errors(reading)) == reading.stated


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            b'<!DOCTYPE a [<!ENTITY x "y">]><assessmentItem>&x;</assessmentItem>',
            FileProblem.FORBIDDEN_XML,
        ),
        (
            '<?xml version="1.0" encoding="UTF-16"?><!-- a --><!DOCTYPE a SYSTEM "b"><a/>'.encode(
                "utf-16"
            ),
            FileProblem.FORBIDDEN_XML,
        ),
        (b"<assessmentItem><p></assessmentItem>", FileProblem.BAD_XML),
        (b"<assessmentItem>&nothing;</assessmentItem>", FileProblem.BAD_XML),
        (b"<questestinterop/>", FileProblem.EMPTY),
        (b"<assessmentTest/>", FileProblem.NOTHING_ASKED),
        (b"not xml", FileProblem.BAD_XML),
        (b"<a>" * 5000, FileProblem.BAD_XML),
    ],
)
def test_forbidden_and_foreign_xml_is_refused(content, problem):
    assert read_qti2(content).problem is problem
