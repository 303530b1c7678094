import pytest
from word_files import heading, table, word

from hocvu.items.content import Kind, Scoring
from hocvu.question_files.docx.reading import read_docx
from hocvu.question_files.findings import Problem, Severity

QUESTION = "Câu 1. Thủ đô của Việt Nam là"
PLAIN = ["A. Huế", "B. Hà Nội", "C. Đà Nẵng", "D. Cần Thơ"]


def with_look(*looks, at=1, labels=()):
    """The four options, one of which has a look; `labels` is how every letter looks."""
    made = []
    for place, text in enumerate(PLAIN):
        letter, rest = text[:2], text[2:]
        made.append([(letter, *labels, *(looks if place == at else ())),
                     (rest, *(looks if place == at else ()))])  # fmt: skip
    return made


def right_ones(reading, number=1):
    [found] = [each for each in reading.items if each.number == number]
    return [option.id for option in found.item.options if option.right]


def problems(reading, severity=Severity.ERROR):
    return [each.code for each in reading.diagnostics if each.severity is severity]


@pytest.mark.parametrize("look", ["bold", "underline", "red", "yellow"])
def test_the_option_that_looks_different_is_right(look):
    reading = read_docx(word(QUESTION, *with_look(look)))

    assert right_ones(reading) == ["b"]
    assert reading.items[0].item.options[1].text == "Hà Nội"


def test_a_letter_alone_may_be_marked():
    options = [["A. Huế"], [("B", "underline"), ". Hà Nội"], ["C. Đà Nẵng"]]

    assert right_ones(read_docx(word(QUESTION, *options))) == ["b"]


def test_letters_that_are_all_bold_say_nothing():
    reading = read_docx(word([(QUESTION, "bold")], *with_look(labels=["bold"])))

    assert problems(reading) == [Problem.NO_KEY]


def test_a_bold_option_counts_though_all_letters_are_bold():
    reading = read_docx(word([(QUESTION, "bold")], *with_look("bold", labels=["bold"])))

    assert right_ones(reading) == ["b"]


def test_a_colour_counts_though_all_options_have_one():
    blue = [[(text, "red" if text.startswith("C") else "blue")] for text in PLAIN]

    assert right_ones(read_docx(word(QUESTION, *blue))) == ["c"]


def test_black_is_no_colour():
    black = [[(text, "black")] if text.startswith("A") else text for text in PLAIN]

    assert problems(read_docx(word(QUESTION, *black))) == [Problem.NO_KEY]


def test_one_emphasised_word_is_no_key():
    options = ["A. Huế", ["B. Hà Nội là ", ("không", "bold"), " phải"], "C. Đà Nẵng", "Đáp án: C"]

    assert right_ones(read_docx(word(QUESTION, *options))) == ["c"]


def test_the_look_of_the_key_does_not_stay_in_the_option():
    reading = read_docx(word(QUESTION, *with_look("bold", "underline")))

    assert "<" not in "".join(option.text for option in reading.items[0].item.options)


@pytest.mark.parametrize("star", ["*B. Hà Nội", "* B. Hà Nội", "B*. Hà Nội"])
def test_a_star_marks_the_key(star):
    assert right_ones(read_docx(word(QUESTION, "A. Huế", star, "C. Đà Nẵng"))) == ["b"]


@pytest.mark.parametrize(
    "line",
    [
        "Đáp án: B",
        "ĐÁP ÁN: B.",
        "Đáp án B",
        "ĐA: B",
        "Đ/A: B",
        "=> Chọn B",
        "Chọn đáp án B.",
        "Answer: B",
        "Đáp án đúng là: B",
        "Đáp án: Hà Nội",
        "Đáp án: B. Hà Nội",
        "Đa\u0301p a\u0301n: B",
    ],
)
def test_a_line_below_says_the_key(line):
    assert right_ones(read_docx(word(QUESTION, *PLAIN, line))) == ["b"]


def test_a_key_with_its_reason_on_one_line():
    reading = read_docx(word(QUESTION, *PLAIN, "Đáp án: B. Theo Điều 13 Hiến pháp."))

    assert right_ones(reading) == ["b"]
    assert reading.items[0].item.feedback == "Theo Điều 13 Hiến pháp."


def test_several_letters_make_a_choice_of_several():
    reading = read_docx(word(QUESTION, *PLAIN, "Đáp án: A, C và D"))

    assert reading.items[0].item.kind is Kind.MULTIPLE
    assert right_ones(reading) == ["a", "c", "d"]
    assert problems(reading, Severity.WARNING) == []


def test_several_that_only_look_different_are_guessed():
    options = [[("A. Huế", "bold")], [("B. Hà Nội", "bold")], "C. Đà Nẵng", "D. Cần Thơ"]

    reading = read_docx(word(QUESTION, *options))

    assert right_ones(reading) == ["a", "b"]
    assert problems(reading, Severity.WARNING) == [Problem.GUESSED_KEY]


@pytest.mark.parametrize(
    "more",
    [
        [*with_look("bold", at=0), "Đáp án: B"],
        ["*A. Huế", [("B. Hà Nội", "red")], "C. Đà Nẵng", "D. Cần Thơ"],
        [*PLAIN, "Đáp án: B", "BẢNG ĐÁP ÁN", "1.C"],
        [[("A. Huế", "bold")], [("B. Hà Nội", "underline")], "C. Đà Nẵng", "D. Cần Thơ"],
    ],
)
def test_a_key_marked_in_two_ways_that_disagree_is_an_error(more):
    reading = read_docx(word(QUESTION, *more))

    assert reading.items == ()
    assert problems(reading) == [Problem.TOO_MANY_KEYS]


def test_two_ways_that_agree_are_fine():
    reading = read_docx(word(QUESTION, *with_look("bold", "red"), "Đáp án: B", "ĐÁP ÁN", "1.B"))

    assert right_ones(reading) == ["b"]


def test_no_key_is_an_error():
    reading = read_docx(word(QUESTION, *PLAIN))

    assert problems(reading) == [Problem.NO_KEY]
    assert (reading.stated, reading.items) == (1, ())


TWO = ["Câu 1. Một?", "A. a", "B. b", "C. c", "Câu 2. Hai?", "A. a", "B. b", "C. c"]


@pytest.mark.parametrize(
    "answers",
    [
        ["ĐÁP ÁN", "1.A 2-C"],
        ["BẢNG ĐÁP ÁN", "1A, 2C"],
        ["ĐÁP ÁN VÀ HƯỚNG DẪN GIẢI", "Câu 1: A", "Câu 2: C"],
        ["Answer key", "1. A", "2. C"],
        ["ĐÁP ÁN", table(["Câu", "1", "2"], ["Đáp án", "A", "C"])],
        ["ĐÁP ÁN", table(["Câu", "Đáp án"], ["1", "A"], ["2", "C"])],
        [table(["1", "2"], ["A", "C"])],
        [table(["1.A", "2.C"])],
        [table(["Câu", "Đáp án", "Câu", "Đáp án"], ["1", "A", "2", "C"])],
    ],
)
def test_the_keys_may_stand_at_the_end(answers):
    reading = read_docx(word(*TWO, *answers))

    assert (right_ones(reading, 1), right_ones(reading, 2)) == (["a"], ["c"])


def test_the_end_may_explain_each_question():
    answers = ["ĐÁP ÁN VÀ LỜI GIẢI CHI TIẾT", "Câu 1. Chọn A", "Vì một là a.", "Câu 2: C. Rõ ràng."]

    reading = read_docx(word(*TWO, *answers))

    assert (right_ones(reading, 1), right_ones(reading, 2)) == (["a"], ["c"])
    assert [found.item.feedback for found in reading.items] == ["Vì một là a.", "Rõ ràng."]


STATEMENTS = ["a) Một", "b) Hai", "c) Ba", "d) Bốn"]
JUDGED = [heading("PHẦN II. Câu trắc nghiệm đúng sai"), "Câu 1. Xét các phát biểu"]


def truths(reading):
    return [part.right for part in reading.items[0].item.parts]


@pytest.mark.parametrize(
    "more",
    [
        ["a) Một (Đ)", "b) Hai (S)", "c) Ba [S]", "d) Bốn (Đúng)"],
        ["a) Một\tĐúng", "b) Hai\tSai", "c) Ba\tSai", "d) Bốn\tĐúng"],
        [*STATEMENTS, "Đáp án: a) Đ, b) S, c) S, d) Đ"],
        [*STATEMENTS, "Đáp án: Đ S S Đ"],
        [*STATEMENTS, "Đáp án: ĐSSĐ"],
        [*STATEMENTS, "Đáp án: Đúng - Sai - Sai - Đúng"],
        [*STATEMENTS, "ĐÁP ÁN", "Câu 1: a-Đ; b-S; c-S; d-Đ"],
        [[("a", "underline"), ") Một"], "b) Hai", "c) Ba", [("d", "underline"), ") Bốn"]],
    ],
)
def test_statements_are_judged_one_by_one(more):
    reading = read_docx(word(*JUDGED, *more))

    item = reading.items[0].item
    assert (item.kind, item.scoring) == (Kind.TRUE_FALSE, Scoring.STEPPED)
    assert truths(reading) == ["true", "false", "false", "true"]
    assert [part.text for part in item.parts] == ["Một", "Hai", "Ba", "Bốn"]


def test_statements_without_a_key_are_an_error():
    assert problems(read_docx(word(*JUDGED, *STATEMENTS))) == [Problem.NO_KEY]


def test_small_letters_with_one_key_are_a_choice_all_the_same():
    reading = read_docx(word("Câu 1. Chọn?", "a. một", "b. hai", "c. ba", "Đáp án: b"))

    assert (reading.items[0].item.kind, right_ones(reading)) == (Kind.SINGLE, ["b"])
