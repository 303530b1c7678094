"""Questions typed as plain text or Markdown, the way they stand in notes and repositories."""

import pytest

from hocvu.items.content import Kind, Markup
from hocvu.question_files import Format, Problem, Severity, format_of, read

COURSE = """\
---
lesson_type: quiz
---
# Ôn tập chương 3

## PHẦN I: Mật khẩu

**Câu 1.** Mật khẩu nào khó đoán nhất?

- A. `123456`
- B. Ngày sinh
- C. Một câu dài chỉ mình biết
- D. Tên đơn vị

<details>
<summary>Đáp án</summary>

**Đáp án: C** — Câu dài có nhiều khả năng hơn.
Câu ngắn thì dò được.

</details>

---

**Câu 2.** Lực $\\vec{F} = m\\vec{a}$ đo bằng gì?

A) niu-tơn
B) oát

> **👉 ĐÁP ÁN ĐÚNG: A**
> **💡 Giải thích chi tiết:** Theo *hệ SI*.
"""


def items(text, name="a.md"):
    return [found.item for found in read(text.encode(), name).items]


def right_of(item):
    return [option.text for option in item.options if option.right]


def errors_of(reading):
    return [each.code for each in reading.diagnostics if each.severity is Severity.ERROR]


def test_a_course_in_markdown_is_read_with_keys_and_reasons():
    first, second = items(COURSE)

    assert format_of(COURSE.encode(), "a.md") is Format.TYPED
    assert (first.kind, first.stem) == (Kind.SINGLE, "Mật khẩu nào khó đoán nhất?")
    assert right_of(first) == ["Một câu dài chỉ mình biết"]
    assert first.options[0].text == "<code>123456</code>"
    assert first.feedback == "Câu dài có nhiều khả năng hơn.<br>Câu ngắn thì dò được."
    assert first.category == "PHẦN I: Mật khẩu"
    assert (second.stem, right_of(second)) == (
        "Lực $\\vec{F} = m\\vec{a}$ đo bằng gì?",
        ["niu-tơn"],
    )
    assert second.feedback == "Theo <i>hệ SI</i>."


@pytest.mark.parametrize(
    "options",
    [
        "- [ ] A. một\n- [x] B. hai\n- [ ] C. ba",
        "*   [ ] A. một\n*   [X] B. hai\n*   [ ] C. ba",
        "- [ ] một\n- [x] hai\n- [ ] ba",
        "- A. một\n- B. hai ✅\n- C. ba",
        "A. một\n✅ B. hai\nC. ba",
        "A. một\n**B. hai**\nC. ba",
        "A. một\nB. <u>hai</u>\nC. ba",
        "A. một\n*B. hai\nC. ba",
        "A. một\nB. hai (đúng)\nC. ba",
        "A. một\nB. hai\nC. ba\n\n=> Đáp án: B",
        "A. một  \nB. hai  \nC. ba  \n**Chọn B**",
    ],
)
def test_the_right_option_is_marked_in_many_ways(options):
    (item,) = items(f"Câu 1: Số nào chẵn?\n\n{options}\n")

    assert [option.text for option in item.options] == ["một", "hai", "ba"]
    assert right_of(item) == ["hai"]


def test_several_ticked_boxes_make_a_question_with_several_right_options():
    (item,) = items("### Q1. Choose all\n- [x] A. a\n- [ ] B. b\n- [X] C. c\n")

    assert (item.kind, right_of(item)) == (Kind.MULTIPLE, ["a", "c"])


def test_code_stays_as_it_was_written():
    (item,) = items(
        "1. In ra gì?\n```python\nfor i in (1, 2):\n    print(i * 2)\n```\n"
        "A. __init__\nB. x_1 * y_1 * z\nĐáp án: B\n"
    )

    assert item.stem == "In ra gì?<br><pre>for i in (1, 2):\n    print(i * 2)</pre>"
    assert [option.text for option in item.options] == ["__init__", "x_1 * y_1 * z"]


def test_a_picture_that_is_elsewhere_is_said():
    reading = read("Câu 1. Gì đây?\n![Sơ đồ](so-do.png)\nA. a\nB. b\nĐáp án: A\n".encode(), "a.md")

    assert [each.code for each in reading.diagnostics] == [Problem.MEDIA_MISSING]
    assert reading.diagnostics[0].about == "Sơ đồ"


def test_a_table_of_questions_is_read_as_in_a_spreadsheet():
    (item,) = items(
        "Câu hỏi ôn tập\n\n1. Xem bảng\n\nA. một\nB. hai\nĐáp án: A\n"
        "\n| Câu hỏi | A | B | Đáp án |\n|---|:---:|---|---|\n| Số lẻ? | một | hai | A |\n"
    )[1:]

    assert (item.stem, right_of(item)) == ("Số lẻ?", ["một"])


def test_keys_may_stand_at_the_end():
    first, second = items(
        "Câu 1: Gì?\nA. a\nB. b\nCâu 2: Nào?\nA. c\nB. d\n\nBẢNG ĐÁP ÁN\n1. B   2. A\n", "de.txt"
    )

    assert right_of(first) == ["b"]
    assert right_of(second) == ["c"]


def test_a_part_that_numbers_otherwise_is_not_lost():
    reading = read(
        (
            "PHẦN I\nCâu 1: Gì?\nA. a\nB. b\nPHẦN II\n1. Xét các ý\na) ý một (Đ)\nb) ý hai (S)\n"
            "ĐÁP ÁN\n1. B\n"
        ).encode(),
        "de.txt",
    )

    assert [found.item.kind for found in reading.items] == [Kind.SINGLE, Kind.TRUE_FALSE]
    assert right_of(reading.items[0].item) == ["b"]


def test_a_question_without_a_key_is_said():
    reading = read("1. Gì?\n   - a) một\n   - b) hai\n".encode(), "a.md")

    assert errors_of(reading) == [Problem.NO_KEY]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Thủ đô?\nA. Huế\nB. Hà Nội\nANSWER: B\n", Format.AIKEN),
        ("Thủ đô?\nA. Huế\nB. Hà Nội\nĐáp án: B\n", Format.AIKEN),
        ("1. Thủ đô?\nA. Huế\nB. Hà Nội\nANSWER: B\n", Format.AIKEN),
        ("1. Thủ đô?\nA. Huế\nB. Hà Nội\nANSWER: B\nGiải thích: vì thế\n", Format.TYPED),
        ("// 1. Thủ đô\n::Câu 1::Thủ đô?{\n=A. Huế\n~B. Hà Nội\n}\n", Format.GIFT),
        ("1. Số {~một =hai} chẵn\n", Format.GIFT),
        ("1. Tập $\\{1\\}$ và {F}?\nA. a\nB. b\n", Format.GIFT),
        ("1. Lực $\\vec{F}$ và $f{=x}$?\nA. a\nB. b\nĐáp án: A", Format.TYPED),
    ],
)
def test_what_a_text_is(text, found):
    assert format_of(text.encode(), "a.txt") is found


def test_plain_words_stay_plain():
    (item,) = items("Câu 1. Gì?\nA. a < b\nB. c & d\nĐáp án: A\nGiải thích: vì thế\n", "a.txt")

    assert (item.markup, right_of(item), item.feedback) == (Markup.PLAIN, ["a < b"], "vì thế")
