from datetime import UTC, datetime

import pytest

from hocvu.competency.actions import load_frameworks
from hocvu.exams.queries.keys import keys_of
from hocvu.papers.actions import load_papers, load_presets
from hocvu.papers.actions.drawing import PaperCannotBeDrawn
from hocvu.papers.actions.packaged import PaperIsFlawed, PaperWasEdited
from hocvu.papers.actions.presets import PresetIsFlawed, PresetWasEdited
from hocvu.papers.models import BlueprintCell, Paper, PaperPreset
from hocvu.papers.queries.blueprints import content_of
from hocvu.papers.queries.papers import questions_of
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
    written = {name: value for name, value in (WRITTEN | changes).items() if value is not None}
    lines = [f"{name} = {value!r}".replace("'", '"') for name, value in written.items()]
    (folder / "paper.toml").write_text("\n".join(lines))
    return folder


def test_every_packaged_paper_loads_and_can_be_marked(db):
    load_frameworks(at=AT)
    load_bank(at=AT)

    assert load_papers(at=AT) == Paper.objects.count() > 0
    for paper in Paper.objects.all():
        for key in keys_of(questions_of(paper.pk)):
            assert any(option.right for option in key.item.options)
        assert 0 < paper.required_share <= 1
        assert content_of(paper).number > 0
        assert content_of(paper).lacks == 0


def test_loading_papers_twice_changes_nothing(framework, questions, tmp_path):
    assert load_papers(at=AT, folder=write(tmp_path)) == 1
    assert load_papers(at=AT, folder=write(tmp_path)) == 0


def test_a_paper_keeps_the_questions_it_was_loaded_with(framework, questions, tmp_path):
    load_papers(at=AT, folder=write(tmp_path))
    newer = Question.objects.get(code="Q1")
    Question.objects.filter(pk=newer.pk).update(retired_at=AT, retire_reason="Bản mới")
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


def cell(number, **place):
    """As TOML writes it in one line."""
    said = [f'{name} = "{value}"' for name, value in place.items()]
    return "{ " + ", ".join([*said, f"questions = {number}"]) + " }"


def write_blueprint(folder, *cells, **changes):
    write(folder, questions=None, **changes)
    with (folder / "paper.toml").open("a") as opened:
        opened.write(f"\ncells = [{', '.join(cells)}]\n")
    return folder


def test_a_packaged_blueprint_is_loaded_cell_by_cell(framework, questions, tmp_path):
    cells = cell(1, component="1.2", section="Phần một"), cell(2, component="6.1")

    for new in (1, 0):
        assert load_papers(at=AT, folder=write_blueprint(tmp_path, *cells)) == new

    assert list(
        BlueprintCell.objects.values_list("component_code", "questions", "section__title")
    ) == [("1.2", 1, "Phần một"), ("6.1", 2, None)]


def test_a_packaged_blueprint_the_bank_cannot_fill_is_refused(framework, questions, tmp_path):
    with pytest.raises(PaperCannotBeDrawn):
        load_papers(at=AT, folder=write_blueprint(tmp_path, cell(2, component="1.2")))
    assert not Paper.objects.exists()


def test_an_edited_blueprint_needs_a_new_version(framework, questions, tmp_path):
    load_papers(at=AT, folder=write_blueprint(tmp_path, cell(2)))

    with pytest.raises(PaperWasEdited):
        load_papers(at=AT, folder=write_blueprint(tmp_path, cell(3)))


def test_a_paper_names_the_preset_it_follows(framework, questions, tmp_path):
    load_papers(at=AT, folder=write(tmp_path, preset=["resolution-398-lesson", 1]))

    assert Paper.objects.get().preset.questions == 5


def test_a_preset_nobody_knows_is_refused(framework, questions, tmp_path):
    with pytest.raises(PaperIsFlawed):
        load_papers(at=AT, folder=write(tmp_path, preset=["khong-co", 1]))


PRESET = """
code = "mau"
version = 1
name_vi = "Mẫu"
name_en = "Preset"
questions = {questions}
minutes = 10
pass_mark = "{pass_mark}"
issued_by = "Văn bản"
effective_from = 2026-01-01
"""


def write_preset(folder, questions=5, pass_mark="7/10"):
    (folder / "preset.toml").write_text(PRESET.format(questions=questions, pass_mark=pass_mark))
    return folder


def test_resolution_398_asks_fifty_questions_in_ninety_minutes(db):
    assert load_presets(at=AT) == 2

    final = PaperPreset.objects.get(code="resolution-398-final")
    assert (final.questions, final.minutes, final.pass_mark, final.shuffle) == (
        50,
        90,
        "7/10",
        True,
    )
    assert final.attempts_allowed is None
    assert PaperPreset.objects.get(code="resolution-398-lesson").questions == 5


def test_loading_presets_twice_changes_nothing(db):
    load_presets(at=AT)

    assert load_presets(at=AT) == 0


def test_an_edited_preset_needs_a_new_version(db, tmp_path):
    load_presets(at=AT, folder=write_preset(tmp_path))

    with pytest.raises(PresetWasEdited):
        load_presets(at=AT, folder=write_preset(tmp_path, questions=6))


@pytest.mark.parametrize("changes", [{"questions": 0}, {"pass_mark": "0"}, {"pass_mark": "bảy"}])
def test_a_preset_that_prescribes_no_test_is_refused(db, tmp_path, changes):
    with pytest.raises(PresetIsFlawed):
        load_presets(at=AT, folder=write_preset(tmp_path, **changes))
