"""Aiken, and what teachers write that looks like it."""

import pytest

from hocvu.items.content import Kind, Markup
from hocvu.question_files.aiken import read_aiken
from hocvu.question_files.findings import FileProblem, Problem


def read(text):
    return read_aiken(text.encode())


def right_of(item):
    return [option.text for option in item.options if option.right]


def test_two_questions():
    reading = read("Ai?\nA) Một\nB) Hai <b>\nANSWER: B\n\nGì\nvậy?\nA. X\nB. Y\nC. Z\nANSWER: A\n")

    first, second = (found.item for found in reading.items)
    assert (first.kind, first.stem, right_of(first)) == (Kind.SINGLE, "Ai?", ["Hai <b>"])
    assert (second.stem, right_of(second)) == ("Gì\nvậy?", ["X"])
    assert first.markup is Markup.PLAIN
    assert [found.line for found in reading.items] == [1, 6]


def test_vietnamese_answers_small_letters_and_numbered_questions():
    item = read("Câu 1: Ai?\na) Một\nb) Hai\nĐáp án: b").items[0].item

    assert (item.stem, right_of(item)) == ("Ai?", ["Hai"])


def test_several_letters_make_a_question_with_several_right_options():
    item = read("Những ai?\nA) Một\nB) Hai\nC) Ba\nANSWER: A, C").items[0].item

    assert (item.kind, right_of(item)) == (Kind.MULTIPLE, ["Một", "Ba"])


def test_an_option_may_go_on_in_the_next_line():
    item = read("Ai?\nA) Một\nhai\nB) Ba\nANSWER: A").items[0].item

    assert right_of(item) == ["Một\nhai"]


def test_a_letter_that_is_not_the_next_one_is_no_option():
    item = read("Ai?\nA) Một\nB) Hai\nX) không\nANSWER: B").items[0].item

    assert right_of(item) == ["Hai\nX) không"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Ai?\nA) Một\nANSWER: A", Problem.NO_OPTIONS),
        ("A) Một\nB) Hai\nANSWER: A", Problem.NO_STEM),
        ("Ai?\nA) Một\nB) Hai\nANSWER: C", Problem.NO_KEY),
        ("Ai?\nA) Một\nB) Hai\nANSWER: Một", Problem.NO_KEY),
        ("Ai?\nA) Một\nB) Hai\n", Problem.NO_KEY),
    ],
)
def test_a_question_that_cannot_be_taken_is_said(text, problem):
    reading = read(f"{text}\n\nTốt?\nA) Có\nB) Không\nANSWER: A")

    assert [found.number for found in reading.items] == [2]
    assert [(each.number, each.code) for each in reading.diagnostics] == [(1, problem)]
    assert reading.stated == 2


def test_a_file_without_questions_says_so():
    assert read("\n\n").problem is FileProblem.EMPTY
