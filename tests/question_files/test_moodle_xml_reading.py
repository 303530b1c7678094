"""Moodle XML as Moodle and others write it."""

import base64
from decimal import Decimal
from fractions import Fraction
from html import escape

import pytest

from hocvu.items.content import Accepted, Criterion, Kind, Markup, Part, PartKind, Scoring
from hocvu.question_files.findings import FileProblem, Problem, Severity
from hocvu.question_files.moodle.reading import read_moodle_xml

HALF = Fraction(1, 2)
DOT = base64.b64decode("R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=")
DOT_IN_XML = base64.b64encode(DOT).decode()


def question(kind, body="", text="Câu hỏi?", written="html"):
    return (
        f'<question type="{kind}"><name><text>Tên</text></name>'
        f'<questiontext format="{written}"><text><![CDATA[{text}]]></text></questiontext>'
        f"{body}</question>"
    )


def answers(*pairs, extra=""):
    return "".join(
        f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>'
        f"<feedback><text>về {escape(text[:1])}</text></feedback>{extra}</answer>"
        for fraction, text in pairs
    )


def read(*questions):
    quiz = "".join(questions)
    return read_moodle_xml(f'<?xml version="1.0" encoding="UTF-8"?><quiz>{quiz}</quiz>'.encode())


def only(*questions):
    reading = read(*questions)
    assert len(reading.items) == 1, reading.diagnostics
    return reading.items[0].item


def codes(reading):
    return [each.code for each in reading.diagnostics]


def test_one_right_option_in_plain_words():
    item = only(
        question(
            "multichoice",
            "<single>true</single><shuffleanswers>false</shuffleanswers>"
            "<defaultgrade>2.5000000</defaultgrade><idnumber>m-1</idnumber>"
            "<generalfeedback><text>Xem bài 2</text></generalfeedback>"
            "<tags><tag><text>dễ</text></tag></tags>"
            + answers((0, "<p>Huế</p>"), (100, '<p dir="ltr">Hà Nội<br></p>')),
            "<p>Thủ đô?</p>",
        )
    )

    assert (item.kind, item.stem, item.markup) == (Kind.SINGLE, "Thủ đô?", Markup.PLAIN)
    assert [(o.text, o.credit) for o in item.options] == [("Huế", 0), ("Hà Nội", 1)]
    assert (item.points, item.shuffle, item.foreign_id) == (Decimal("2.5"), False, "m-1")
    assert (item.name, item.tags, item.feedback) == ("Tên", ("dễ",), "Xem bài 2")


def test_several_right_options_keep_their_credits():
    item = only(
        question(
            "multichoice",
            "<single>false</single>"
            + answers((33.33333, "a"), (33.33333, "b"), (33.33333, "c"), (-100, "d"), (0, "e")),
        )
    )

    third = Fraction(1, 3)
    assert (item.kind, item.scoring) == (Kind.MULTIPLE, Scoring.BY_CREDIT)
    assert [option.credit for option in item.options] == [third, third, third, -1, 0]


def test_true_or_false_with_its_feedback():
    item = only(question("truefalse", answers((0, "true"), (100, "false"))))

    assert [(o.id, o.credit, o.why) for o in item.options] == [
        ("true", 0, "về t"),
        ("false", 1, "về f"),
    ]


def test_short_answers_with_case():
    item = only(
        question("shortanswer", "<usecase>1</usecase>" + answers((100, "Word"), (50, "w*")))
    )

    assert item.case_matters
    assert item.parts[0].accepted == (
        Accepted("Word", why="về W"),
        Accepted("w*", HALF, why="về w"),
    )


def test_numbers_with_tolerance_whose_units_are_lost():
    units = "<units><unit><multiplier>1</multiplier><unit_name>km</unit_name></unit></units>"
    tolerance = "<tolerance>0.05</tolerance>"

    reading = read(question("numerical", answers((100, "3,14"), extra=tolerance) + units))

    assert reading.items[0].item.parts[0].accepted == (
        Accepted("3.14", tolerance=Decimal("0.05"), why="về 3"),
    )
    assert [(d.severity, d.code, d.about) for d in reading.diagnostics] == [
        (Severity.WARNING, Problem.FEATURE_LOST, "unit km")
    ]


def pair(left, right):
    return (
        f'<subquestion format="html"><text>{left}</text><answer><text>{right}</text></answer>'
        "</subquestion>"
    )


def test_matching_joins_equal_answers_and_keeps_the_one_too_many():
    item = only(
        question(
            "matching", pair("ếch", "x") + pair("mèo", "y") + pair("nhái", "x") + pair("", "z")
        )
    )

    assert [option.text for option in item.options] == ["x", "y", "z"]
    assert [(part.text, part.right) for part in item.parts] == [
        ("ếch", "a"),
        ("mèo", "b"),
        ("nhái", "a"),
    ]


def test_an_essay_has_its_guide_as_rubric():
    guide = "<graderinfo format='html'><text>Rõ ràng</text></graderinfo>"
    limits = "<minwordlimit>50</minwordlimit><maxwordlimit>200</maxwordlimit>"

    item = only(question("essay", f"<defaultgrade>4</defaultgrade>{guide}{limits}"))

    assert item.kind is Kind.ESSAY
    assert item.rubric == (Criterion("r1", "Rõ ràng", Decimal(4)),)
    assert (item.least_words, item.most_words) == (50, 200)


def test_an_essay_without_room_to_write_takes_a_file():
    item = only(
        question(
            "essay",
            "<responseformat>noinline</responseformat><attachments>1</attachments>"
            "<filetypeslist>document,.txt</filetypeslist>",
        )
    )

    assert item.kind is Kind.FILE
    assert item.file_kinds == (".doc", ".docx", ".odt", ".pdf", ".rtf", ".txt")


def test_ordering_follows_the_numbers_of_its_answers():
    item = only(
        question(
            "ordering",
            "<gradingtype>ALL_OR_NOTHING</gradingtype>"
            + answers(("2.0", "hai"), ("10.0", "mười"), ("1.0", "một")),
        )
    )

    assert (item.kind, item.scoring) == (Kind.ORDERING, Scoring.ALL_OR_NOTHING)
    assert [option.text for option in item.options] == ["một", "hai", "mười"]


def table(columns, rights):
    said = "".join(
        f'<column number="{at}"><responsetext><text>{word}</text></responsetext></column>'
        for at, word in enumerate(columns, 1)
    )
    for row, right in enumerate(rights, 1):
        said += f'<row number="{row}"><optiontext><text>Câu {row}</text></optiontext></row>'
        for column in range(1, len(columns) + 1):
            value = "1.000" if column == right else "0.000"
            said += (
                f'<weight rownumber="{row}" columnnumber="{column}"><value>{value}</value></weight>'
            )
    return said


def test_a_table_of_true_and_false_is_a_set_of_statements():
    method = "<scoringmethod><text>mtfonezero</text></scoringmethod>"

    item = only(question("mtf", method + table(["Wahr", "Falsch"], [2, 1])))

    assert (item.kind, item.scoring) == (Kind.TRUE_FALSE, Scoring.ALL_OR_NOTHING)
    assert [(part.text, part.right) for part in item.parts] == [
        ("Câu 1", "false"),
        ("Câu 2", "true"),
    ]


def test_a_table_of_other_words_keeps_them_as_columns():
    item = only(question("kprime", table(["Nên", "Không nên"], [1, 2])))

    assert item.kind is Kind.STATEMENTS
    assert [option.text for option in item.options] == ["Nên", "Không nên"]
    assert [part.right for part in item.parts] == ["a", "b"]


def test_words_to_place_become_gaps_with_one_list():
    words = "".join(
        f"<selectoption><text>{word}</text><group>1</group></selectoption>"
        for word in ("mèo", "ngồi", "chó")
    )

    item = only(question("gapselect", words, "Con [[1]] [[2]], con [[1]]."))

    assert item.kind is Kind.CLOZE
    assert item.stem == "Con [[p1]] [[p2]], con [[p3]]."
    assert [option.text for option in item.options] == ["mèo", "ngồi", "chó"]
    assert [part.right for part in item.parts] == ["a", "b", "a"]


def test_words_in_groups_give_each_gap_its_own_list():
    words = "".join(
        f"<dragbox><text>{word}</text><group>{group}</group></dragbox>"
        for word, group in (("mèo", 1), ("ngồi", 2), ("chó", 1), ("nằm", 2))
    )

    item = only(question("ddwtos", words, "Con [[1]] [[2]]."))

    assert [[o.text for o in part.options] for part in item.parts] == [
        ["mèo", "chó"],
        ["ngồi", "nằm"],
    ]
    assert [part.right for part in item.parts] == ["a", "b"]


def test_embedded_answers_of_every_sort():
    text = (
        "<p>Thủ đô: {1:SHORTANSWER:=Hà Nội#Đúng~%50%H\\~N~*#Sai}. "
        "Số: {2:NUMERICAL:=32:0,5~%50%30:5}. "
        "Chọn: {:MCS:=a &#38; b#t\\}t~c~%25%d}.</p>"
    )

    item = only(question("cloze", "", text))

    first, second, third = item.parts
    assert item.stem == "Thủ đô: [[p1]]. Số: [[p2]]. Chọn: [[p3]]."
    assert first == Part(
        "p1",
        PartKind.TEXT,
        accepted=(
            Accepted("Hà Nội", why="Đúng"),
            Accepted("H~N", HALF),
            Accepted("*", Fraction(0), why="Sai"),
        ),
    )
    assert second.weight == 2
    assert second.accepted[0] == Accepted("32", tolerance=Decimal("0.5"))
    assert [(o.text, o.credit, o.why) for o in third.options] == [
        ("a & b", 1, "t}t"),
        ("c", 0, ""),
        ("d", Fraction(1, 4), ""),
    ]
    assert third.right == "a"
    assert (item.points, item.shuffle) == (4, True)


@pytest.mark.parametrize(
    ("kind", "body", "text", "problem"),
    [
        ("calculated", "", "{a} + {b}", Problem.UNKNOWN_KIND),
        ("ddimageortext", "", "?", Problem.UNKNOWN_KIND),
        ("multichoice", answers((0, "a"), (0, "b")), "?", Problem.NO_KEY),
        ("multichoice", answers((100, "a")), "?", Problem.NO_OPTIONS),
        ("multichoice", answers(("all", "a"), (0, "b")), "?", Problem.CREDIT_ODD),
        ("truefalse", answers((100, "true"), (100, "false")), "?", Problem.TOO_MANY_KEYS),
        ("truefalse", answers((100, "yes")), "?", Problem.NO_OPTIONS),
        ("shortanswer", answers((0, "a")), "?", Problem.NO_KEY),
        ("numerical", answers((100, "ba")), "?", Problem.SYNTAX),
        ("matching", pair("a", "x") + pair("b", "x"), "?", Problem.NO_OPTIONS),
        ("ordering", answers((1, "a")), "?", Problem.NO_OPTIONS),
        ("mtf", table(["Đúng", "Sai"], [3]), "?", Problem.NO_KEY),
        ("mtf", table(["Đúng"], [1]), "?", Problem.NO_OPTIONS),
        ("gapselect", "", "[[1]]", Problem.NO_OPTIONS),
        ("gapselect", "<selectoption><text>a</text></selectoption>", "[[2]]", Problem.SYNTAX),
        ("cloze", "", "không có chỗ trống", Problem.SYNTAX),
        ("cloze", "", "{1:MULTICHOICE:=a}", Problem.NO_OPTIONS),
        ("cloze", "", "{1:MULTICHOICE:a~b}", Problem.NO_KEY),
        ("cloze", "", "{1:NUMERICAL:=không}", Problem.SYNTAX),
        ("cloze", "", "{1:MULTIRESPONSE:=a~b}", Problem.UNKNOWN_KIND),
    ],
)
def test_a_question_that_cannot_be_taken_is_said(kind, body, text, problem):
    reading = read(question(kind, body, text), question("essay", "", "Tốt"))

    assert [found.number for found in reading.items] == [2]
    assert [(d.number, d.severity, d.code) for d in reading.diagnostics] == [
        (1, Severity.ERROR, problem)
    ]
    assert reading.stated == 2


def test_categories_are_kept_and_descriptions_passed_over():
    category = (
        '<question type="category"><category><text>$course$/top/An toàn/Mật khẩu</text></category>'
        "<info><text>Về mật khẩu</text></info></question>"
    )

    reading = read(category, question("description"), question("essay"))

    assert reading.items[0].item.category == "An toàn/Mật khẩu"
    assert codes(reading) == [Problem.NOT_A_QUESTION]
    assert reading.stated == 1


@pytest.mark.parametrize(
    ("written", "text", "stem", "markup"),
    [
        ("html", "a &lt; b", "a < b", Markup.PLAIN),
        ("html", "<b>a</b> &lt; b", "<b>a</b> &lt; b", Markup.HTML),
        ("html", "a<br>b", "a<br>b", Markup.HTML),
        ("plain_text", "a <b> c", "a <b> c", Markup.PLAIN),
        ("markdown", "a **b**", "a **b**", Markup.MARKDOWN),
        ("moodle_auto_format", "một\nhai", "một\nhai", Markup.PLAIN),
        ("moodle_auto_format", "<i>một</i>\nhai", "<i>một</i><br>hai", Markup.HTML),
    ],
)
def test_each_way_of_writing_is_understood(written, text, stem, markup):
    item = only(question("essay", "", text, written))

    assert (item.stem, item.markup) == (stem, markup)


def test_tags_that_were_not_escaped_are_kept():
    xml = question("essay").replace("<![CDATA[Câu hỏi?]]>", "<p>Câu <b>hỏi</b>?</p>")

    assert only(xml).stem == "Câu <b>hỏi</b>?"


def test_pictures_come_along_and_missing_ones_are_said():
    text = (
        '<img src="@@PLUGINFILE@@/bi%E1%BB%83n%20b%C3%A1o.gif" alt="Biển"> '
        '<img src="@@PLUGINFILE@@/mat.png"> <a href="@@PLUGINFILE@@/bai.pdf">bài</a>'
    )
    files = (
        f'<file name="biển báo.gif" path="/" encoding="base64">{DOT_IN_XML}</file>'
        '<file name="bai.pdf" path="/" encoding="base64">JVBERg==</file>'
    )
    xml = question("essay", "", text).replace("</questiontext>", f"{files}</questiontext>")

    reading = read(xml)

    [name] = reading.media
    assert reading.media[name].content == DOT
    assert f'<img src="media:{name}" alt="Biển">' in reading.items[0].item.stem
    assert [(d.code, d.about) for d in reading.diagnostics] == [
        (Problem.MEDIA_MISSING, "mat.png"),
        (Problem.MEDIA_UNFIT, "bai.pdf"),
    ]


def test_the_same_name_in_two_questions_may_be_two_pictures():
    other = base64.b64encode(DOT + b"\x00").decode()
    text = '<img src="@@PLUGINFILE@@/a.gif">'

    reading = read(
        *(
            question("essay", "", f"{text}{number}").replace(
                "</questiontext>",
                f'<file name="a.gif" encoding="base64">{content}</file></questiontext>',
            )
            for number, content in enumerate([DOT_IN_XML, other])
        )
    )

    assert sorted(media.content for media in reading.media.values()) == [DOT, DOT + b"\x00"]


def test_what_has_no_place_here_is_said_as_a_note():
    hint = "<hint><text>Gợi ý</text></hint>"
    said = "<correctfeedback><text>Hay lắm</text></correctfeedback>"

    reading = read(question("essay", hint + said))

    assert [(d.severity, d.about) for d in reading.diagnostics] == [
        (Severity.NOTE, "hint"),
        (Severity.NOTE, "correctfeedback"),
    ]


def test_a_script_is_taken_out_and_said():
    reading = read(question("essay", "", "<p>Câu</p><script>alert(1)</script>"))

    assert reading.items[0].item.stem == "Câu"
    assert codes(reading) == [Problem.SCRIPT_REMOVED]


BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]><quiz>&lol2;</quiz>"""
OUTSIDE = '<!-- x --><!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>'


@pytest.mark.parametrize("xml", [BOMB, OUTSIDE, "<!DOCTYPE quiz><quiz/>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_with_a_dtd_is_refused(xml, encoding):
    reading = read_moodle_xml(xml.encode(encoding))

    assert reading.problem is FileProblem.FORBIDDEN_XML
    assert reading.items == ()


@pytest.mark.parametrize(
    ("xml", "problem"),
    [
        ("<quiz><question", FileProblem.BAD_XML),
        ("<quiz><question type='essay'></quiz>", FileProblem.BAD_XML),
        ("<quiz>&nbsp;</quiz>", FileProblem.BAD_XML),
        ("<quiz>" + "<a>" * 200, FileProblem.BAD_XML),
        ("<quiz><question>" + "<a/>" * 6_000 + "</question></quiz>", FileProblem.BAD_XML),
        ("<html><body/></html>", FileProblem.UNKNOWN_FORMAT),
        ("<quiz/>", FileProblem.EMPTY),
        ("", FileProblem.BAD_XML),
    ],
)
def test_a_file_that_cannot_be_read_says_why(xml, problem):
    assert read_moodle_xml(xml.encode()).problem is problem


def test_a_declared_encoding_cannot_hide_a_dtd():
    hidden = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE quiz+AD4-<quiz/>'

    assert read_moodle_xml(hidden).problem is FileProblem.BAD_XML


def test_a_file_that_is_too_large_is_refused():
    assert read_moodle_xml(b" " * (64 * 1024**2 + 1)).problem is FileProblem.TOO_LARGE


def test_a_large_file_is_read_question_by_question():
    many = [question("shortanswer", answers((100, str(n))), f"Câu {n}") for n in range(3000)]

    reading = read(*many)

    assert (len(reading.items), reading.diagnostics) == (3000, ())
    assert reading.items[-1].item.stem == "Câu 2999"


def test_windows_1258_in_a_file_that_says_so():
    text = "Thu\u0309 đô cu\u0309a Viê\u0323t Nam?"
    asked = question("essay", "", text).replace("Tên", "Hà")
    xml = f'<?xml version="1.0" encoding="windows-1258"?><quiz>{asked}</quiz>'

    reading = read_moodle_xml(xml.encode("cp1258"))

    assert reading.encoding == "windows-1258"
    assert reading.items[0].item.stem == "Thủ đô của Việt Nam?"
