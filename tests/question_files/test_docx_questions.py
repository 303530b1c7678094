import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from word_files import formula, heading, numbered, picture, table, text_box, word

from hocvu.items.content import Kind, Markup, PartKind
from hocvu.items.flaws import FlawKind, item_flaws
from hocvu.question_files.docx.reading import read_docx
from hocvu.question_files.findings import FileProblem, Problem, Severity


def png(color="red"):
    content = io.BytesIO()
    Image.new("RGB", (4, 4), color).save(content, "PNG")
    return content.getvalue()


def items(*blocks):
    return [found.item for found in read_docx(word(*blocks)).items]


def stems(*blocks):
    return [item.stem for item in items(*blocks)]


def said(reading, severity):
    return [each.code for each in reading.diagnostics if each.severity is severity]


TWO = ["*A. một", "B. hai"]


@pytest.mark.parametrize(
    "start",
    [
        "Câu 1. Hỏi gì?", "Câu 1: Hỏi gì?", "CÂU 1 - Hỏi gì?", "Câu 1) Hỏi gì?",
        "Câu hỏi 1: Hỏi gì?", "Bài 1. Hỏi gì?", "Question 1. Hỏi gì?", "1. Hỏi gì?", "1) Hỏi gì?",
        "[Câu 1] Hỏi gì?",
        "Câu 1 Hỏi gì?", "Ca\u0302u 1. Ho\u0309i gi\u0300?",
    ],
)  # fmt: skip
def test_a_question_starts_in_many_ways(start):
    assert stems(start, *TWO) == ["Hỏi gì?"]


@pytest.mark.parametrize(
    "options",
    [
        ["A. Huế", "*B. Hà Nội", "C. Đà Nẵng"],
        ["A) Huế", "*B) Hà Nội", "C) Đà Nẵng"],
        ["A/ Huế", "*B/ Hà Nội", "C/ Đà Nẵng"],
        ["a. Huế", "*b. Hà Nội", "c. Đà Nẵng"],
        ["A.Huế\t*B.Hà Nội\tC.Đà Nẵng"],
        ["A. Huế    *B. Hà Nội    C. Đà Nẵng"],
        ["A. Huế\t*B. Hà Nội", "C. Đà Nẵng"],
        ["A. Huế\n*B. Hà Nội\nC. Đà Nẵng"],
        [table(["A. Huế", "*B. Hà Nội", "C. Đà Nẵng"])],
        [table(["A. Huế", "*B. Hà Nội"], ["C. Đà Nẵng", ""])],
        [text_box("A. Huế", "*B. Hà Nội", "C. Đà Nẵng")],
    ],
)
def test_options_stand_in_many_ways(options):
    [item] = items("Câu 1. Thủ đô?", *options)

    assert [(option.text, option.right) for option in item.options] == [
        ("Huế", False),
        ("Hà Nội", True),
        ("Đà Nẵng", False),
    ]


def test_question_and_options_on_one_line():
    [item] = items("Câu 1: 1 + 1 = ? A. 1 *B. 2 C. 3 D. 4")

    assert item.stem == "1 + 1 = ?"
    assert [option.text for option in item.options] == ["1", "2", "3", "4"]


def test_a_question_with_a_bare_number_may_begin_with_a_number():
    assert stems("1. 5 + 3 = ?", *TWO, "2. 1.5 là gì?", *TWO) == ["5 + 3 = ?", "1.5 là gì?"]


def test_a_sentence_about_a_part_is_no_heading():
    [item] = items("Câu 1. Hỏi?", *TWO, "Giải thích:", "Phần II của luật nói rõ.")

    assert item.feedback == "Phần II của luật nói rõ."


def test_a_minus_at_the_start_stays():
    [item] = items("Câu 1. -3 + 1 = ?", "*A. -2", "B. - 4", "C. 2")

    assert (item.stem, item.options[0].text, item.options[1].text) == ("-3 + 1 = ?", "-2", "- 4")


def test_the_key_may_stand_above_the_options():
    [item] = items("Câu 1. Hỏi?", "Đáp án: B", "A. một", "B. hai", "C. ba")

    assert [option.right for option in item.options] == [False, True, False]


def test_a_single_letter_in_a_sentence_is_no_option():
    [item] = items("Câu 1. Vitamin A. có trong gì?", *TWO)

    assert item.stem == "Vitamin A. có trong gì?"


def test_automatic_numbers_are_read_as_people_see_them():
    reading = read_docx(
        word(
            numbered(["Một?"], "decimal", "Câu %1.", list_id=70),
            numbered(["a", "b", [("c", "bold")]], "upperLetter", "%1.", list_id=71),
            lambda document: _again(document, "Hai?", 70),
            numbered([[("x", "bold")], "y"], "upperLetter", "%1.", list_id=71, restart=72),
        )
    )

    assert [found.item.stem for found in reading.items] == ["Một?", "Hai?"]
    assert [[o.right for o in found.item.options] for found in reading.items] == [
        [False, False, True],
        [True, False],
    ]


def _again(document, text, number):
    from word_files import automatic

    automatic(document.add_paragraph(), text, number)


def test_a_question_may_run_over_several_paragraphs():
    [item] = items("Câu 1. Đọc kỹ:", "dòng hai", "dòng ba", "*A. một", "vẫn là một", "B. hai")

    assert item.stem == "Đọc kỹ:\ndòng hai\ndòng ba"
    assert item.options[0].text == "một\nvẫn là một"
    assert item.markup is Markup.PLAIN


def test_headings_become_the_category_and_are_noted():
    reading = read_docx(
        word("ĐỀ THI THỬ", "PHẦN I. KIẾN THỨC CHUNG", "Câu 1. Hỏi?", *TWO, heading("Chương hai"),
             "Câu 2. Nữa?", *TWO)
    )  # fmt: skip

    assert [found.item.category for found in reading.items] == [
        "PHẦN I. KIẾN THỨC CHUNG",
        "Chương hai",
    ]
    assert said(reading, Severity.NOTE) == [Problem.NOT_A_QUESTION] * 2


def test_numbers_may_begin_anew_in_every_part():
    reading = read_docx(
        word("PHẦN I. TRẮC NGHIỆM", "Câu 1. Hỏi?", "A. a", "B. b", "PHẦN II. TRẢ LỜI NGẮN",
             "Câu 1. Bao nhiêu?", "ĐÁP ÁN", "PHẦN I", table(["Câu", "1"], ["Đáp án", "B"]),
             "PHẦN II", table(["Câu", "1"], ["Đáp án", "12,5"]))
    )  # fmt: skip

    assert [found.item.kind for found in reading.items] == [Kind.SINGLE, Kind.NUMERIC]
    assert reading.items[1].item.parts[0].accepted[0].value == "12.5"


@pytest.mark.parametrize(
    ("key", "value"), [("12,5", "12.5"), ("-3", "-3"), ("1.234,5", "1234.5"), ("3.14", "3.14")]
)
def test_a_short_answer_that_is_a_number(key, value):
    [item] = items("Câu 1. Bao nhiêu?", f"Đáp án: {key}")

    [part] = item.parts
    assert (item.kind, part.kind, part.accepted[0].value) == (Kind.NUMERIC, PartKind.NUMBER, value)
    assert not list(item_flaws(item))


def test_a_number_that_may_mean_two_things_is_guessed():
    reading = read_docx(word("Câu 1. Bao nhiêu?", "Đáp án: 1.234"))

    assert reading.items[0].item.parts[0].accepted[0].value == "1234"
    assert said(reading, Severity.WARNING) == [Problem.GUESSED_KEY]


def test_a_short_answer_in_words_may_be_written_in_several_ways():
    [item] = items("Câu 1. Thủ đô?", "Đáp án: Hà Nội; Thủ đô Hà Nội hoặc HN")

    assert item.kind is Kind.SHORT_TEXT
    assert [each.value for each in item.parts[0].accepted] == ["Hà Nội", "Thủ đô Hà Nội", "HN"]


def test_an_essay_keeps_points_and_rubric():
    [item] = items(
        "B. TỰ LUẬN", "Câu 1 (3 điểm). Trình bày lợi ích của dữ liệu mở.", "Hướng dẫn chấm:",
        "Nêu khái niệm (1 điểm)", "Nêu ba lợi ích (2,0 điểm)",
    )  # fmt: skip

    assert (item.kind, item.points) == (Kind.ESSAY, 3)
    assert [line.points for line in item.rubric] == [1, Decimal("2.0")]
    assert not list(item_flaws(item))


def test_explanations_levels_and_points_are_kept():
    [item] = items(
        "Câu 1 (0,25 điểm) [NB]: Hỏi?", *TWO, "Hướng dẫn giải: Vì một.", "Thế thôi.",
        "Chủ đề: An toàn số",
    )  # fmt: skip

    assert (item.stem, item.points) == ("Hỏi?", Decimal("0.25"))
    assert item.feedback == "Vì một.\nThế thôi."
    assert item.tags == ("level:NB", "topic:An toàn số")


def test_a_passage_before_a_group_becomes_their_situation():
    [first, second, third] = items(
        "Đọc đoạn văn sau và trả lời câu 1 đến câu 2.", "Bão sắp vào bờ.", "Câu 1. Làm gì?", *TWO,
        "Câu 2. Rồi sao?", *TWO, "Câu 3. Khác?", *TWO,
    )  # fmt: skip

    assert [item.kind for item in (first, second, third)] == [
        Kind.SITUATION,
        Kind.SITUATION,
        Kind.SINGLE,
    ]
    assert first.situation == second.situation == "Bão sắp vào bờ."


def test_a_table_in_a_question_stays_a_table():
    [item] = items("Câu 1. Xem bảng:", table(["Năm", "Số"], ["2025", "< 7"]), *TWO)

    assert item.markup is Markup.HTML
    assert "<td>2025</td><td>&lt; 7</td>" in item.stem


def test_a_table_of_questions_is_read_row_by_row():
    reading = read_docx(
        word(
            "NGÂN HÀNG CÂU HỎI",
            table(
                ["STT", "Câu hỏi", "Phương án trả lời", "Đáp án", "Chủ đề"],
                ["1", "Thủ đô?", "A. Huế\nB. Hà Nội", "B", "Địa lý"],
                ["2", "Sao nữa?", "A. một\nB. hai", "", "Địa lý"],
            ),
            "Câu 3. Rồi sao?",
            *TWO,
        )
    )

    assert [found.item.stem for found in reading.items] == ["Thủ đô?", "Rồi sao?"]
    assert reading.items[0].item.category == "Địa lý"
    assert said(reading, Severity.ERROR) == [Problem.NO_KEY]
    assert [found.number for found in reading.items] == [1, 3]


def test_pictures_travel_with_the_question():
    reading = read_docx(word("Câu 1. Đây là đâu?", picture(png(), "Bản đồ"), *TWO))

    [name] = reading.media
    assert f'<img src="media:{name}" alt="Bản đồ">' in reading.items[0].item.stem
    assert reading.media[name].content == png()


def test_options_that_are_pictures_make_a_choice_of_pictures():
    def option(letter, color):
        def put(document):
            paragraph = document.add_paragraph(f"{letter}. ")
            paragraph.add_run().add_picture(io.BytesIO(png(color)))

        return put

    reading = read_docx(
        word("Câu 1. Màu nào?", option("A", "red"), option("B", "blue"), "Đáp án: A")
    )

    assert reading.items[0].item.kind is Kind.IMAGE_CHOICE
    assert len(reading.media) == 2


def test_raised_and_lowered_letters_stay():
    [item] = items(["Câu 1. H", ("2", "sub"), "O và x", ("2", "sup")], *TWO)

    assert item.stem == "H<sub>2</sub>O và x<sup>2</sup>"


def test_an_emphasised_word_stays_in_the_question():
    [item] = items(["Câu 1. Điều nào ", ("không", "bold"), " đúng?"], *TWO)

    assert item.stem == "Điều nào <b>không</b> đúng?"


def run(text):
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("inside", "latex"),
    [
        (f"<m:f><m:num>{run('1')}</m:num><m:den>{run('2')}</m:den></m:f>", r"$\frac{1}{2}$"),
        (f"<m:sSup><m:e>{run('x')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>", "$x^2$"),
        (f"<m:sSub><m:e>{run('a')}</m:e><m:sub>{run('10')}</m:sub></m:sSub>", "$a_{10}$"),
        (f"<m:rad><m:deg/><m:e>{run('x')}</m:e></m:rad>", r"$\sqrt{x}$"),
        (f"<m:rad><m:deg>{run('3')}</m:deg><m:e>{run('x')}</m:e></m:rad>", r"$\sqrt[3]{x}$"),
        (f"<m:d><m:e>{run('a+b')}</m:e></m:d>", r"$\left(a+b\right)$"),
    ],
)
def test_formulas_become_latex(inside, latex):
    [item] = items(formula(inside, before="Câu 1. Tính ", after=" đi"), *TWO)

    assert item.stem == f"Tính {latex} đi"


def test_a_formula_that_cannot_be_said_is_a_warning():
    strange = f"<m:groupChr><m:e>{run('x')}</m:e></m:groupChr>"

    reading = read_docx(word(formula(strange, before="Câu 1. Tính "), *TWO))

    assert said(reading, Severity.WARNING) == [Problem.FEATURE_LOST]


def test_hidden_text_is_not_read():
    assert stems(["Câu 1. Hỏi?", (" mật", "hidden")], *TWO) == ["Hỏi?"]


def test_same_options_are_a_warning():
    reading = read_docx(word("Câu 1. Hỏi?", "*A. một", "B. một", "C. hai"))

    assert said(reading, Severity.WARNING) == [Problem.OPTION_REPEATS]


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        (["Câu 1. Hỏi?", "A. một"], Problem.NO_OPTIONS),
        (["Câu 1. Chỉ có vậy"], Problem.NO_OPTIONS),
        (["Câu 1.", "A. một", "*B. hai"], Problem.NO_STEM),
        (["PHẦN III. TRẢ LỜI NGẮN", "Câu 1. Bao nhiêu?"], Problem.NO_KEY),
    ],
)
def test_what_cannot_be_asked_is_left_out_with_its_reason(blocks, problem):
    reading = read_docx(word(*blocks))

    assert said(reading, Severity.ERROR) == [problem]
    assert (reading.stated, reading.items) == (1, ())


def test_every_question_is_taken_or_reported():
    blocks = []
    for at in range(1, 21):
        blocks += [f"Câu {at}. Hỏi {at}?", "A. a", "B. b" if at % 3 else "*B. b"]

    reading = read_docx(word(*blocks))

    errors = [each for each in reading.diagnostics if each.severity is Severity.ERROR]
    assert reading.stated == 20
    assert len(reading.items) + len(errors) == 20
    assert {each.number for each in errors} | {each.number for each in reading.items} == set(
        range(1, 21)
    )
    assert [each.line for each in reading.items][:1] == [7]


WORDS = [
    "Câu 1.", "Câu 2: Sao?", "Câu 2 (2 điểm)", "Bài 3", "A.", "A. một", "*B. hai", "C. ba D. bốn",
    "a) x (Đ)", "b) y", "Đáp án:", "Đáp án: B", "Đáp án: A, C", "ĐÁP ÁN", "1.A 2.B", "PHẦN II",
    "PHẦN III. TRẢ LỜI NGẮN", "TỰ LUẬN", "Hướng dẫn:", "Hướng dẫn chấm", "Chọn B", "12,5", "HẾT",
    "Đọc đoạn sau và trả lời câu 1 đến câu 2", "[NB]", "Mức độ: dễ", "", "\t", "Một câu thường.",
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_whatever_is_typed_each_question_is_taken_or_reported(lines):
    reading = read_docx(word(*lines))

    errors = [each for each in reading.diagnostics if each.severity is Severity.ERROR]
    assert len(reading.items) + len(errors) == reading.stated
    kinds = {FlawKind.OPTIONS_REPEAT}
    for found in reading.items:
        assert not [flaw for flaw in item_flaws(found.item) if flaw.kind not in kinds]


def test_a_text_without_questions_is_empty():
    assert read_docx(word("Kính gửi các đồng chí")).problem is FileProblem.EMPTY


def test_letters_of_an_old_font_are_refused():
    reading = read_docx(word("C©u 1. Thñ ®« cña ViÖt Nam lµ thµnh phè nµo?", "A. HuÕ", "B. Hµ Néi"))

    assert (reading.problem, reading.encoding) == (FileProblem.LEGACY_ENCODING, "tcvn3")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, FileProblem.UNKNOWN_FORMAT),
        (b"PK\x03\x04 cut", FileProblem.BAD_ARCHIVE),
    ],
)
def test_what_is_no_docx_is_refused(content, problem):
    assert read_docx(content).problem is problem


def test_forbidden_xml_inside_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')

    assert read_docx(content.getvalue()).problem is FileProblem.FORBIDDEN_XML


def test_an_option_that_sounds_like_a_heading_is_an_option():
    (item,) = items(
        "Câu 1. Kể thế nào?", "A. Kể dài", "B. Kể trả lời ngắn", "C. Đúng/sai", "Đáp án: B"
    )

    assert [option.text for option in item.options] == ["Kể dài", "Kể trả lời ngắn", "Đúng/sai"]


def test_a_letter_at_the_end_of_an_option_is_no_option():
    (item,) = items("Câu 1. Nhiệt độ?", "A. 20 độ F.", "B. 24 độ C.", "*C. 30 độ K.")

    assert [option.text for option in item.options] == ["20 độ F.", "24 độ C.", "30 độ K."]


def test_a_key_may_be_followed_by_a_dash_and_the_reason():
    (item,) = items("Câu 1. Gì?", "A. một", "B. hai", "Đáp án: B — vì hai là số chẵn")

    assert [option.right for option in item.options] == [False, True]
    assert item.feedback == "vì hai là số chẵn"
