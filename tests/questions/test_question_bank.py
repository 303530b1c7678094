from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from hocvu.items.content import Kind
from hocvu.items.marking import item_flaws
from hocvu.questions.actions import (
    QuestionIsFlawed,
    QuestionWasEdited,
    load_bank,
)
from hocvu.questions.models import Question
from hocvu.questions.queries import item_of, latest_questions
from hocvu.questions.rules.states import QuestionState

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)

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


def test_the_packaged_bank_asks_in_every_kind_that_needs_no_file_and_no_picture(db):
    load_bank(at=AT)

    assert Question.objects.in_use().count() >= 60
    kinds = set(Question.objects.values_list("kind", flat=True))
    assert kinds == {kind.value for kind in Kind} - {"file", "image_choice"}


def test_every_packaged_question_is_complete_in_both_languages(db):
    load_bank(at=AT)

    for question in Question.objects.all():
        item = item_of(question)
        assert item.stem_en, question
        for option in item.options:
            assert option.text_en, question
            assert bool(option.why) == bool(option.why_en), question
        for part in item.parts:
            assert bool(part.text) == bool(part.text_en), question
            assert bool(part.why) == bool(part.why_en), question
        for line in item.rubric:
            assert line.text_en, question


def test_every_packaged_question_can_be_asked_and_says_why(db):
    load_bank(at=AT)

    for question in Question.objects.all():
        item = item_of(question)
        reasons = [each.why for each in (*item.options, *item.parts)]
        assert not list(item_flaws(item)), question
        assert any(reasons) or item.feedback or item.rubric, question


def test_packaged_questions_are_in_use_and_found_without_tones(db):
    load_bank(at=AT)

    assert {each.state for each in Question.objects.all()} == {QuestionState.IN_USE}
    assert Question.objects.filter(search_key__contains="tri tue nhan tao").exists()


def test_loading_the_bank_twice_changes_nothing(db):
    load_bank(at=AT)

    assert load_bank(at=AT) == 0


def test_an_edited_question_needs_a_new_version(db, tmp_path):
    load_bank(at=AT, folder=write(tmp_path))

    with pytest.raises(QuestionWasEdited):
        load_bank(at=AT, folder=write(tmp_path, stem="Câu khác"))


def test_a_new_version_stands_beside_the_old_one_which_is_asked_no_longer(db, tmp_path):
    load_bank(at=AT, folder=write(tmp_path))

    assert load_bank(at=AT, folder=write(tmp_path, version=2, stem="Câu khác")) == 1
    assert latest_questions(["Q1", "Q2"])["Q1"].version == 2
    old = Question.objects.get(version=1)
    assert old.state is QuestionState.RETIRED
    assert old.replaced_by == Question.objects.get(version=2)


def test_a_single_choice_with_two_right_options_is_refused_and_nothing_is_loaded(db, tmp_path):
    with pytest.raises(QuestionIsFlawed):
        load_bank(at=AT, folder=write(tmp_path, second="true"))
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"stem": "Câu khác"},
        {"options": []},
        {"settings": {"points": "2"}},
        {"component_code": "1.1"},
        {"put_in_use_at": None},
    ],
)
def test_the_database_keeps_the_words_of_a_question_in_use(db, tmp_path, change):
    load_bank(at=AT, folder=write(tmp_path))

    with pytest.raises(DatabaseError, match="kept as it was"), transaction.atomic():
        Question.objects.update(**change)


def test_the_database_refuses_to_delete_a_question_in_use(db, tmp_path):
    load_bank(at=AT, folder=write(tmp_path))

    with pytest.raises(DatabaseError, match="kept as it was"), transaction.atomic():
        Question.objects.all().delete()


def test_a_retired_question_does_not_come_back(db, tmp_path):
    load_bank(at=AT, folder=write(tmp_path))
    Question.objects.update(retired_at=AT, retire_reason="Sai")

    with pytest.raises(DatabaseError, match="kept as it was"), transaction.atomic():
        Question.objects.update(retired_at=None)
