from datetime import UTC, datetime

import pytest

from hocvu.questions.actions import (
    QuestionIsFlawed,
    QuestionWasEdited,
    load_bank,
)
from hocvu.questions.models import Question
from hocvu.questions.queries import latest_questions
from hocvu.questions.rules import Flaw, WrittenOption, flaws

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)
RIGHT, WRONG = WrittenOption("a", "Đúng", right=True), WrittenOption("b", "Sai", right=False)

WRITTEN = """
[[questions]]
code = "Q1"
version = {version}
kind = "single"
topic = "T"
component = "6.1"
level = "CB2"
target_group = "public_personnel"
source = "test"
stem = "{stem}"
options = [
  {{ id = "a", text = "Một", right = true, why = "" }},
  {{ id = "b", text = "Hai", right = {second}, why = "" }},
]
"""


def write(folder, version=1, stem="Câu hỏi", second="false"):
    text = WRITTEN.format(version=version, stem=stem, second=second)
    (folder / "bank.toml").write_text(text)
    return folder


def test_the_packaged_bank_holds_at_least_sixty_questions_of_every_kind(db):
    load_bank(at=AT)

    assert Question.objects.count() >= 60
    assert set(Question.objects.values_list("kind", flat=True)) == {
        *("single", "multiple", "situation")
    }


def test_every_packaged_question_is_complete_in_both_languages(db):
    load_bank(at=AT)

    for question in Question.objects.all():
        assert question.stem_en, question
        for option in question.options:
            assert all(option[part] for part in ("text", "text_en", "why", "why_en")), question


def test_loading_the_bank_twice_changes_nothing(db):
    load_bank(at=AT)

    assert load_bank(at=AT) == 0


def test_an_edited_question_needs_a_new_version(db, tmp_path):
    load_bank(at=AT, folder=write(tmp_path))

    with pytest.raises(QuestionWasEdited):
        load_bank(at=AT, folder=write(tmp_path, stem="Câu khác"))


def test_a_new_version_stands_beside_the_old_one(db, tmp_path):
    load_bank(at=AT, folder=write(tmp_path))

    assert load_bank(at=AT, folder=write(tmp_path, version=2, stem="Câu khác")) == 1
    assert latest_questions(["Q1", "Q2"])["Q1"].version == 2
    assert Question.objects.count() == 2


def test_a_single_choice_with_two_right_options_is_refused_and_nothing_is_loaded(db, tmp_path):
    with pytest.raises(QuestionIsFlawed):
        load_bank(at=AT, folder=write(tmp_path, second="true"))
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("kind", "situation", "options", "flaw"),
    [
        ("single", "", [RIGHT], Flaw.TOO_FEW_OPTIONS),
        ("single", "", [RIGHT, WrittenOption("a", "Sai", right=False)], Flaw.OPTION_IDS_REPEAT),
        ("single", "", [RIGHT, WrittenOption("b", "Đúng", right=False)], Flaw.OPTION_TEXTS_REPEAT),
        ("single", "", [WRONG, WRONG], Flaw.NOTHING_IS_RIGHT),
        ("single", "", [RIGHT, RIGHT, WRONG], Flaw.MORE_THAN_ONE_IS_RIGHT),
        ("multiple", "", [RIGHT, RIGHT], Flaw.NOTHING_IS_WRONG),
        ("situation", " ", [RIGHT, WRONG], Flaw.NO_SITUATION),
    ],
)
def test_a_flaw_is_found(kind, situation, options, flaw):
    assert flaw in flaws(kind, situation, options)


@pytest.mark.parametrize("kind", ["single", "multiple", "situation"])
def test_a_good_question_has_no_flaw(kind):
    assert not list(flaws(kind, "Tình huống", [RIGHT, WRONG]))
