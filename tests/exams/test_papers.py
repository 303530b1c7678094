from datetime import UTC, datetime

import pytest

from hocvu.competency.actions import load_frameworks
from hocvu.exams.actions import load_papers
from hocvu.exams.actions.papers import PaperIsFlawed, PaperWasEdited
from hocvu.exams.models import Paper
from hocvu.exams.queries.papers import keys_of, questions_of
from hocvu.questions.actions import load_bank
from hocvu.questions.models import Question

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)
WRITTEN = {
    "code": "p",
    "version": 1,
    "title_vi": "Bài",
    "title_en": "Test",
    "minutes": 30,
    "pass_mark": "7/10",
    "framework": "khung",
    "level": "CB2",
    "questions": ["Q1", "Q2"],
}


def write(folder, **changes):
    lines = [f"{name} = {value!r}".replace("'", '"') for name, value in (WRITTEN | changes).items()]
    (folder / "paper.toml").write_text("\n".join(lines))
    return folder


def test_every_packaged_paper_loads_and_can_be_marked(db):
    load_frameworks(at=AT)
    load_bank(at=AT)

    assert load_papers(at=AT) == Paper.objects.count() > 0
    for paper in Paper.objects.all():
        assert all(key.right for key in keys_of(paper.pk))
        assert 0 < paper.required_share <= 1


def test_loading_papers_twice_changes_nothing(framework, questions, tmp_path):
    assert load_papers(at=AT, folder=write(tmp_path)) == 1
    assert load_papers(at=AT, folder=write(tmp_path)) == 0


def test_a_paper_keeps_the_questions_it_was_loaded_with(framework, questions, tmp_path):
    load_papers(at=AT, folder=write(tmp_path))
    newer = Question.objects.get(code="Q1")
    newer.pk, newer.version = None, 2
    newer.save()

    assert load_papers(at=AT, folder=write(tmp_path)) == 0
    assert {each.version for each in questions_of(Paper.objects.get().pk)} == {1}


def test_an_edited_paper_needs_a_new_version(framework, questions, tmp_path):
    load_papers(at=AT, folder=write(tmp_path))

    with pytest.raises(PaperWasEdited):
        load_papers(at=AT, folder=write(tmp_path, questions=["Q2", "Q1"]))


@pytest.mark.parametrize(
    "changes",
    [
        {"pass_mark": "0"},
        {"pass_mark": "11/10"},
        {"framework": "khác"},
        {"level": "XX"},
        {"questions": []},
        {"questions": ["Q1", "Q1"]},
        {"questions": ["Q1", "Q99"]},
    ],
)
def test_a_paper_that_cannot_be_sat_is_refused(framework, questions, tmp_path, changes):
    with pytest.raises(PaperIsFlawed):
        load_papers(at=AT, folder=write(tmp_path, **changes))
    assert not Paper.objects.exists()


def test_a_question_outside_the_framework_is_refused(framework, questions, tmp_path):
    framework.components.filter(code="1.2").delete()

    with pytest.raises(PaperIsFlawed):
        load_papers(at=AT, folder=write(tmp_path))
