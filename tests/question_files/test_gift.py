"""GIFT as people write it."""

from decimal import Decimal
from fractions import Fraction

import pytest

from hocvu.items.content import Accepted, Kind, Markup, Scoring
from hocvu.question_files.findings import FileProblem, Problem, Severity
from hocvu.question_files.gift.reading import read_gift

HALF = Fraction(1, 2)


def read(text):
    return read_gift(text.encode())


def only(text):
    reading = read(text)
    assert [found.number for found in reading.items] == [1], reading.diagnostics
    return reading.items[0].item


def problems(text):
    return [(each.severity, each.code) for each in read(text).diagnostics]


def credits_of(item):
    return {option.text: option.credit for option in item.options}


def test_one_right_option():
    item = only("::Thủ đô::Thủ đô của Việt Nam là?{~Huế =Hà Nội#Đúng rồi ~Đà Nẵng#Chưa đúng}")

    assert (item.kind, item.name, item.stem) == (Kind.SINGLE, "Thủ đô", "Thủ đô của Việt Nam là?")
    assert credits_of(item) == {"Huế": 0, "Hà Nội": 1, "Đà Nẵng": 0}
    assert [option.why for option in item.options] == ["", "Đúng rồi", "Chưa đúng"]


def test_weights_make_a_question_with_several_right_options():
    item = only("Hai nước nào?{~%50%Lào ~%50%Thái Lan ~%-25%Pháp ~Mỹ}")

    assert item.kind is Kind.MULTIPLE
    assert item.scoring is Scoring.BY_CREDIT
    assert credits_of(item) == {
        "Lào": HALF,
        "Thái Lan": HALF,
        "Pháp": Fraction(-1, 4),
        "Mỹ": 0,
    }


def test_weights_that_say_right_minus_wrong_are_the_usual_rule():
    item = only("?{~%33.333%a ~%33.333%b ~%33.333%c ~%-33.333%d}")

    assert item.scoring is None
    assert credits_of(item) == {"a": 1, "b": 1, "c": 1, "d": 0}


def test_a_third_that_was_rounded_is_a_third():
    assert credits_of(only("?{~%33.33333%a ~%33.33333%b ~%33.33333%c ~d}"))["a"] == Fraction(1, 3)


def test_three_times_33_percent_is_all_of_it_and_is_said():
    reading = read("?{~%33%a ~%33%b ~%33%c ~d}")

    assert credits_of(reading.items[0].item)["a"] == Fraction(1, 3)
    assert [each.code for each in reading.diagnostics] == [Problem.CREDIT_ODD]


def test_a_partly_right_option_beside_the_right_one():
    assert credits_of(only("?{~%50%gần =đúng ~sai}")) == {"gần": HALF, "đúng": 1, "sai": 0}


def test_several_options_marked_right_are_all_meant():
    reading = read("?{=a =b ~c}")

    item = reading.items[0].item
    assert item.kind is Kind.MULTIPLE
    assert credits_of(item) == {"a": 1, "b": 1, "c": 0}
    assert [each.code for each in reading.diagnostics] == [Problem.TOO_MANY_KEYS]


@pytest.mark.parametrize(
    ("written", "right"),
    [
        *((said, "true") for said in ("T", "TRUE", "true", "Đúng")),
        *((said, "false") for said in ("F", "FALSE", "sai")),
    ],
)
def test_true_or_false(written, right):
    item = only(f"Trái đất tròn.{{{written}}}")

    assert item.kind is Kind.SINGLE
    assert [option.id for option in item.options if option.right] == [right]
    assert [option.text_en for option in item.options] == ["True", "False"]
    assert not item.shuffle


def test_true_or_false_with_feedback_for_wrong_then_right():
    item = only("Trái đất phẳng.{FALSE#Nhìn từ xa xem#Đúng vậy####Khoa học}")

    assert [option.why for option in item.options] == ["Nhìn từ xa xem", "Đúng vậy"]
    assert item.feedback == "Khoa học"


def test_short_answers_with_weights_and_a_star():
    item = only("?{=Frog#Good =%50%Cat =%0%*#No}")

    assert item.kind is Kind.SHORT_TEXT
    assert item.parts[0].accepted == (
        Accepted("Frog", why="Good"),
        Accepted("Cat", HALF),
        Accepted("*", Fraction(0), why="No"),
    )


@pytest.mark.parametrize(
    ("written", "accepted"),
    [
        ("#3:2", [Accepted("3", tolerance=Decimal(2))]),
        ("#1..5", [Accepted("3", tolerance=Decimal(2))]),
        ("#3.141..3.142", [Accepted("3.1415", tolerance=Decimal("0.0005"))]),
        ("#3,14:0,01", [Accepted("3.14", tolerance=Decimal("0.01"))]),
        ("#-5", [Accepted("-5")]),
        ("# =1822:0 =%50%1822:2", [Accepted("1822"), Accepted("1822", HALF, Decimal(2))]),
        (
            "#3:2~#Sai rồi",
            [Accepted("3", tolerance=Decimal(2)), Accepted("*", 0 * HALF, why="Sai rồi")],
        ),
    ],
)
def test_numbers(written, accepted):
    item = only(f"Bao nhiêu?{{{written}}}")

    assert item.kind is Kind.NUMERIC
    assert list(item.parts[0].accepted) == accepted


def test_matching_with_an_option_too_many():
    item = only("Nối.{=ếch -> lưỡng cư =mèo -> thú =nhái->lưỡng cư = -> côn trùng}")

    assert item.kind is Kind.MATCHING
    assert [option.text for option in item.options] == ["lưỡng cư", "thú", "côn trùng"]
    assert [(part.text, part.right) for part in item.parts] == [
        ("ếch", "a"),
        ("mèo", "b"),
        ("nhái", "a"),
    ]


def test_matching_may_say_something_to_each_pair():
    item = only("Nối.{=mèo -> cá#đúng =chó -> xương}")

    assert [option.text for option in item.options] == ["cá", "xương"]
    assert [part.why for part in item.parts] == ["đúng", ""]


def test_options_typed_with_their_letters_lose_them():
    item = only("[html]?{~[moodle]A. Một#<b>x</b> =[moodle]B. Hai}")

    assert [option.text for option in item.options] == ["Một", "Hai"]
    assert item.shuffle


def test_options_that_speak_of_letters_stay_in_their_order():
    assert not only("?{~A. Một ~B. Hai =C. Cả A và B}").shuffle


def test_a_tilde_typed_before_the_equals_sign_changes_nothing():
    reading = read("?{~a~b~=c}")

    assert credits_of(reading.items[0].item) == {"a": 0, "b": 0, "c": 1}
    assert reading.diagnostics == ()


def test_ordering_as_the_plug_in_writes_it():
    item = only("Sắp xếp.{>3 ALL VERTICAL ABSOLUTE\nmột\nhai\nba\n}")

    assert item.kind is Kind.ORDERING
    assert [option.text for option in item.options] == ["một", "hai", "ba"]


def test_empty_braces_ask_for_an_essay():
    item = only("Viết một đoạn văn.{####Chấm theo ý}")

    assert (item.kind, item.feedback) == (Kind.ESSAY, "Chấm theo ý")


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("Grant is {~a =b} in a tomb.", "Grant is _____ in a tomb."),
        ("Two plus two equals {=four}.", "Two plus two equals _____."),
        ("What is pi? {#3}.", "What is pi?"),
        ("Hỏi gì?\n{=a}", "Hỏi gì?"),
    ],
)
def test_a_missing_word_leaves_a_blank(text, stem):
    assert only(text).stem == stem


def test_escaped_signs_are_words():
    item = only(r"Bằng 5\: \{x\}?{~\= 2 + 2 =\= 2 + 3 ~\# \~ \\ dòng\nmới}")

    assert item.stem == "Bằng 5: {x}?"
    assert [option.text for option in item.options] == ["= 2 + 2", "= 2 + 3", "# ~ \\ dòng\nmới"]


def test_each_text_may_be_written_its_own_way_and_comes_out_in_one():
    item = only("[markdown]Ai **đó**?{=[html]<i>A</i>&amp;B#[plain]a < b ~C}")

    assert item.markup is Markup.HTML
    assert item.stem == "Ai <strong>đó</strong>?"
    assert item.options[0].text == "<i>A</i>&amp;B"
    assert item.options[0].why == "a &lt; b"


def test_markdown_stays_markdown_where_nothing_else_is_needed():
    item = only("[markdown]Ai **đó**?{=A ~B}")

    assert (item.markup, item.stem) == (Markup.MARKDOWN, "Ai **đó**?")


def test_text_without_tags_is_plain_and_its_entities_are_read():
    item = only("a &lt; b &amp; c?{T}")

    assert (item.markup, item.stem) == (Markup.PLAIN, "a < b & c?")


def test_signs_in_tags_addresses_and_formulas_separate_nothing():
    item = only(
        '[html]<a href="https://x.vn/?a=1#top">Đây</a>?'
        '{=<b style="color:#fff">$x=1$</b>#&#39;Được&#39; ~https://y.vn/?b=2}'
    )

    assert [option.text for option in item.options] == [
        '<b style="color:#fff">$x=1$</b>',
        "https://y.vn/?b=2",
    ]
    assert item.options[0].why == "&#39;Được&#39;"


def test_braces_of_formulas_hold_no_answers():
    item = only(r"Tính $\frac{1}{2}$ {=0,5 =$\frac{1}{2}$}")

    assert item.stem == r"Tính $\frac{1}{2}$"
    assert item.parts[0].accepted[1].value == r"$\frac{1}{2}$"


def test_categories_names_labels_and_comments():
    reading = read(
        "// a comment { ~\n$CATEGORY: $course$/top/Kỹ năng số/An toàn\n\n"
        "// [id:c-12] [tag:dễ] [tag:mạng]\n::Tên::Câu một{T}\n\n"
        "Câu hai{\n// another = comment\nF}\n"
    )

    first, second = (found.item for found in reading.items)
    assert (first.category, first.name, first.foreign_id) == ("Kỹ năng số/An toàn", "Tên", "c-12")
    assert first.tags == ("dễ", "mạng")
    assert (second.category, second.name, second.tags) == ("Kỹ năng số/An toàn", "", ())
    assert reading.diagnostics == ()


def test_windows_line_ends_a_mark_at_the_start_and_empty_lines_in_braces():
    text = "\ufeffCâu một?{\r\n=a\r\n\r\n~b\r\n}\r\n\r\nCâu hai?{T}\r\n"

    reading = read(text)

    assert [found.line for found in reading.items] == [1, 7]
    assert reading.items[0].item.stem == "Câu một?"


def test_questions_line_by_line_are_questions_of_their_own():
    reading = read("Câu một {T}\nCâu hai {F}\n::Ba::Câu ba {=x}\n")

    assert [found.item.stem for found in reading.items] == ["Câu một", "Câu hai", "Câu ba"]


def test_a_brace_left_open_costs_one_question_only():
    reading = read("Câu một {=a ~b\n\n::Hai::Câu hai {T}\n\nCâu ba {F}\n")

    assert [found.number for found in reading.items] == [2, 3]
    assert [(d.number, d.line, d.code) for d in reading.diagnostics] == [(1, 1, Problem.SYNTAX)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("?{~a ~b}", Problem.NO_KEY),
        ("?{=a ~}", Problem.NO_OPTIONS),
        ("?{~}", Problem.NO_OPTIONS),
        ("{=a ~b}", Problem.NO_STEM),
        ("?{~a}", Problem.NO_OPTIONS),
        ("?{#ba}", Problem.SYNTAX),
        ("?{#}", Problem.NO_KEY),
        ("?{=a -> b =c}", Problem.SYNTAX),
        ("?{=a -> b =c -> b}", Problem.NO_OPTIONS),
        ("?}a{", Problem.SYNTAX),
        (f"{'x' * 100_001}{{T}}", Problem.TEXT_TOO_LONG),
    ],
)
def test_a_question_that_cannot_be_taken_is_said(text, problem):
    reading = read(text)

    assert reading.items == ()
    assert [(d.severity, d.code) for d in reading.diagnostics] == [(Severity.ERROR, problem)]
    assert reading.stated == 1


def test_a_description_is_passed_over_and_said():
    reading = read("Đọc kỹ các câu sau.\n\nCâu một {T}")

    assert reading.stated == 1
    assert [(d.number, d.severity, d.code) for d in reading.diagnostics] == [
        (0, Severity.NOTE, Problem.NOT_A_QUESTION)
    ]


def test_a_script_is_taken_out_and_said():
    reading = read("[html]<b>Câu</b><script>alert(1)</script>{T}")

    assert reading.items[0].item.stem == "<b>Câu</b>"
    assert [d.code for d in reading.diagnostics] == [Problem.SCRIPT_REMOVED]


def test_repeated_questions_options_and_missing_pictures_are_said():
    assert problems("Câu {T}\n\nCâu {F}") == [(Severity.WARNING, Problem.REPEATED)]
    assert problems("?{=a ~b ~b}") == [(Severity.WARNING, Problem.OPTION_REPEATS)]
    assert problems('?<img src="@@PLUGINFILE@@/a.png">{T}') == [
        (Severity.WARNING, Problem.MEDIA_MISSING)
    ]


def test_a_picture_inside_the_text_comes_along():
    dot = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs="

    reading = read(f'[html]<img alt="chấm" src="{dot.replace("=", chr(92) + "=")}">?{{T}}')

    assert reading.items[0].item.stem == '<img alt="chấm" src="media:picture.gif">?'
    assert reading.media["picture.gif"].content_type == "image/gif"


def test_a_file_without_questions_says_so():
    assert read("").problem is FileProblem.EMPTY
    assert read("chỉ có chữ").problem is FileProblem.NOTHING_ASKED


def test_many_questions_do_not_take_long():
    text = "".join(f"::{n}::Câu {n} {{=a ~b\n\n~c}}\n\n" for n in range(2000))

    assert len(read(text).items) == 2000
    assert len(read("Câu {T}\n" * 5_000).items) == 5_000
    assert read("{" * 20_000).stated == 1
    assert read("a{\n\n" * 5_000).stated == 5_000
