"""Making papers, changing them and retiring them."""

from dataclasses import replace

import pytest

from exams.scenes import MINUTE, NINE, grant, person, question
from hocvu.audit.models import AuditEntry
from hocvu.exams.actions import open_sitting, start_attempt
from hocvu.kernel.errors import NotAllowed
from hocvu.papers.actions import (
    WrittenPaper,
    load_presets,
    make_new_version,
    make_paper,
    retire_paper,
)
from hocvu.papers.actions.drawing import PaperCannotBeDrawn
from hocvu.papers.actions.writing import (
    CodeIsTaken,
    PaperHasANewerVersion,
    PaperIsFlawed,
    PaperIsRetired,
)
from hocvu.papers.models import Paper, PaperPreset
from hocvu.papers.queries.papers import latest_papers, papers_for, papers_open_to, questions_of
from hocvu.papers.rules import Place, ShowsKey, WrittenCell
from hocvu.questions.models import Question

ANY = Place("", "", "")


@pytest.fixture
def written(framework, questions, commune):
    """A fixed paper of two questions, as an officer of the commune writes it."""
    return WrittenPaper(
        code="HP-01",
        title="Bài của phường",
        framework=framework,
        level="CB2",
        minutes=20,
        pass_mark="7/10",
        owner=commune,
        question_ids=(questions[2].pk, questions[0].pk),
    )


@pytest.fixture
def made(written, officer):
    return make_paper(written, by=officer, at=NINE)


def test_an_officer_makes_a_paper_of_picked_questions(made, officer, questions):
    assert [each.code for each in questions_of(made.pk)] == ["Q3", "Q1"]
    assert (made.version, made.made_by) == (1, officer)
    assert AuditEntry.objects.get(act="paper_made").actor_id == officer.pk


def test_making_it_twice_makes_it_once(made, written, officer):
    assert make_paper(written, by=officer, at=NINE + MINUTE) == made
    assert Paper.objects.count() == 1


def test_a_code_belongs_to_one_paper(made, written, officer):
    with pytest.raises(CodeIsTaken):
        make_paper(replace(written, title="Bài khác"), by=officer, at=NINE)


def test_a_blueprint_is_made_with_its_sections(written, officer):
    cells = (
        WrittenCell(Place("1.2", "", ""), 1, "Phần một"),
        WrittenCell(Place("6.1", "", ""), 1, "Phần một"),
        WrittenCell(ANY, 1, "Phần hai"),
    )

    paper = make_paper(replace(written, cells=cells, question_ids=()), by=officer, at=NINE)

    assert list(paper.sections.values_list("position", "title")) == [
        (1, "Phần một"),
        (2, "Phần hai"),
    ]
    assert [cell.section.position for cell in paper.cells.order_by("position")] == [1, 1, 2]


def test_a_paper_shows_its_key_when_its_document_says(written, officer):
    prescribed = {"minutes": written.minutes, "pass_mark": written.pass_mark}
    preset = PaperPreset.objects.create(
        code="bai-hoc", version=1, name="Sau bài học", name_en="Lesson", questions=2,
        issued_by="Nghị quyết", effective_from="2026-01-01", shuffle=written.shuffle,
        shows_key=ShowsKey.AT_ONCE, **prescribed,
    )  # fmt: skip

    own = make_paper(written, by=officer, at=NINE)
    after = make_paper(replace(written, code="bai-398", preset=preset), by=officer, at=NINE)

    assert own.shows_key == ShowsKey.WHEN_CLOSED
    assert after.shows_key == ShowsKey.AT_ONCE


def test_a_blueprint_the_bank_cannot_fill_says_which_row_lacks_what(written, officer):
    cells = (WrittenCell(Place("1.2", "CB2", ""), 4),)

    with pytest.raises(PaperCannotBeDrawn, match=r"1\.2.*CB2.*4.*1.*3"):
        make_paper(replace(written, cells=cells, question_ids=()), by=officer, at=NINE)
    assert not Paper.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"pass_mark": "0"},
        {"pass_mark": "11/10"},
        {"pass_mark": "bảy mươi"},
        {"minutes": 0},
        {"minutes": 601},
        {"level": "XX"},
        {"question_ids": ()},
        {"cells": (WrittenCell(ANY, 1),)},
        {"cells": (WrittenCell(ANY, 0),), "question_ids": ()},
        {"cells": (WrittenCell(ANY, 501),), "question_ids": ()},
    ],
)
def test_a_paper_that_cannot_be_sat_is_refused(written, officer, changes):
    with pytest.raises(PaperIsFlawed):
        make_paper(replace(written, **changes), by=officer, at=NINE)


def test_a_question_stands_in_a_paper_once(written, officer, questions):
    with pytest.raises(PaperIsFlawed):
        make_paper(replace(written, question_ids=(questions[0].pk,) * 2), by=officer, at=NINE)


@pytest.mark.parametrize(("component", "changes"), [("1.2", {"put_in_use_at": None}), ("9.9", {})])
def test_only_questions_in_use_in_the_framework_are_picked(written, officer, component, changes):
    unfit = question("UNFIT", "single", "a b*", component, **changes)

    with pytest.raises(PaperIsFlawed):
        make_paper(replace(written, question_ids=(unfit.pk,)), by=officer, at=NINE)


def test_a_retired_question_is_not_picked(written, officer):
    Question.objects.filter(code="Q1").update(retired_at=NINE, retire_reason="Sai đáp án")

    with pytest.raises(PaperIsFlawed):
        make_paper(written, by=officer, at=NINE)


def test_questions_of_another_unit_are_not_picked(written, officer, other_commune):
    theirs = question("THEIRS", "single", "a b*", "1.2", owner=other_commune)

    with pytest.raises(PaperIsFlawed):
        make_paper(replace(written, question_ids=(theirs.pk,)), by=officer, at=NINE)


def test_a_preset_is_followed_to_the_letter(written, officer, questions):
    load_presets(at=NINE)
    lesson = PaperPreset.objects.get(code="resolution-398-lesson")
    for number in range(5):
        question(f"N{number}", "single", "a b*", "1.2")
    five = replace(
        written,
        preset=lesson,
        minutes=10,
        question_ids=(),
        cells=(WrittenCell(ANY, 5),),
    )

    with pytest.raises(PaperIsFlawed):
        make_paper(replace(five, minutes=15), by=officer, at=NINE)
    with pytest.raises(PaperIsFlawed):
        make_paper(replace(five, cells=(WrittenCell(ANY, 4),)), by=officer, at=NINE)
    assert make_paper(five, by=officer, at=NINE).preset == lesson


@pytest.mark.parametrize("role", ["leader", "registrar", "inspector"])
def test_only_people_who_write_questions_make_papers(written, commune, role):
    with pytest.raises(NotAllowed):
        make_paper(written, by=grant(person("Vũ Nhìn"), role, commune), at=NINE)


def test_nobody_makes_papers_for_a_unit_out_of_reach(written, stranger):
    with pytest.raises(NotAllowed):
        make_paper(written, by=stranger, at=NINE)


# --- New versions ------------------------------------------------------------------------------


def test_a_changed_paper_is_a_new_version(made, written, officer):
    changed = replace(written, minutes=25)

    newer = make_new_version(made, changed, by=officer, at=NINE)

    assert (newer.code, newer.version, newer.minutes) == (made.code, 2, 25)
    assert list(latest_papers()) == [newer]


def test_the_same_change_sent_twice_makes_one_version(made, written, officer):
    changed = replace(written, minutes=25)
    first = make_new_version(made, changed, by=officer, at=NINE)

    assert make_new_version(made, changed, by=officer, at=NINE) == first


def test_a_change_made_meanwhile_is_not_written_over(made, written, officer):
    make_new_version(made, replace(written, minutes=25), by=officer, at=NINE)

    with pytest.raises(PaperHasANewerVersion):
        make_new_version(made, replace(written, minutes=30), by=officer, at=NINE)


def test_a_sitting_keeps_the_version_it_was_opened_with(
    made, written, officer, training_class, learner
):
    sitting = open_sitting(
        made, training_class, opens_at=NINE, closes_at=NINE + 60 * MINUTE, by=officer, at=NINE
    )
    make_new_version(made, replace(written, minutes=25), by=officer, at=NINE)

    attempt = start_attempt(sitting, by=learner, at=NINE)

    assert attempt.must_end_at == NINE + 20 * MINUTE


def test_a_paper_that_comes_with_the_program_is_not_changed(paper, written, officer):
    with pytest.raises(NotAllowed):
        make_new_version(paper, written, by=officer, at=NINE)


# --- Retiring ----------------------------------------------------------------------------------


def test_a_retired_paper_is_offered_to_no_class(made, officer, training_class):
    retire_paper(made, reason="Lỗi thời", by=officer, at=NINE)

    assert made not in papers_for(training_class)
    with pytest.raises(PaperIsRetired):
        open_sitting(
            Paper.objects.get(pk=made.pk),
            training_class,
            opens_at=NINE,
            closes_at=NINE + MINUTE,
            by=officer,
            at=NINE,
        )


def test_retiring_takes_every_version_and_happens_once(made, written, officer):
    newer = make_new_version(made, replace(written, minutes=25), by=officer, at=NINE)

    for number in range(2):
        retire_paper(newer, reason="Lỗi thời", by=officer, at=NINE + number * MINUTE)

    assert set(Paper.objects.values_list("retired_at", flat=True)) == {NINE}
    assert AuditEntry.objects.get(act="paper_retired").reason == "Lỗi thời"


def test_a_retired_paper_gets_no_new_version(made, written, officer):
    retire_paper(made, reason="Lỗi thời", by=officer, at=NINE)

    with pytest.raises(PaperIsRetired):
        make_new_version(made, replace(written, minutes=25), by=officer, at=NINE)


def test_a_stranger_retires_nothing(made, stranger):
    with pytest.raises(NotAllowed):
        retire_paper(made, reason="x", by=stranger, at=NINE)


# --- Who sees which ----------------------------------------------------------------------------


def test_papers_are_seen_by_those_who_write_questions_and_lent_downwards(
    made, paper, officer, stranger, learner
):
    above = made.owner.parent
    of_the_city = grant(person("Cán bộ thành phố"), "training_officer", above)
    lent = Paper.objects.create(
        **{
            name: getattr(made, name)
            for name in ("title", "minutes", "pass_mark", "framework", "level")
        },
        code="TP-01",
        version=1,
        owner=above,
    )

    assert set(papers_open_to(officer)) == {made, paper, lent}
    assert set(papers_open_to(of_the_city)) == {made, paper, lent}
    assert set(papers_open_to(stranger)) == {paper}
    assert set(papers_open_to(learner)) == set()
