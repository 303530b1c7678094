"""The pages on which papers are made, seen and changed."""

import re

import pytest
from django.urls import reverse

from exams.scenes import NINE, grant, person, question
from hocvu.papers.actions import load_presets
from hocvu.papers.models import Paper, PaperPreset
from hocvu.papers.queries.papers import questions_of


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer.account)
    return client


@pytest.fixture
def typed(framework, commune):
    return {
        "title": "Bài của phường",
        "code": "HP-01",
        "owner": commune.pk,
        "measured": f"{framework.pk}:CB2",
        "minutes": 20,
        "pass_percent": 70,
        "shuffle": "on",
        "shows_key": "when_closed",
        "act": "make",
    }


def rows(*asked, number=6):
    fields = {"rows": number}
    for n, (component, questions) in enumerate(asked):
        fields |= {f"cell-{n}-component": component, f"cell-{n}-questions": questions}
    return fields


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


WRITE = reverse("papers:write_paper")


def test_the_first_step_leads_to_the_second_with_what_was_chosen(as_officer, framework):
    load_presets(at=NINE)
    lesson = PaperPreset.objects.get(code="resolution-398-lesson")

    assert "Nghị quyết số 398" in text_of(as_officer.get(reverse("papers:start_paper")))
    second = as_officer.get(WRITE, {"preset": lesson.pk, "kind": "drawn"})

    assert "5 câu" in text_of(second)
    assert 'name="minutes"' not in second.content.decode()


def test_a_blueprint_is_written_row_by_row(as_officer, typed, questions):
    answer = as_officer.post(f"{WRITE}?kind=drawn", typed | rows(("1.2", 1), ("", 2)))

    paper = Paper.objects.get()
    assert (answer.status_code, answer.url) == (303, reverse("papers:paper", args=[paper.pk]))
    assert paper.pass_mark == "7/10"
    assert "Có thể rút đề" in text_of(as_officer.get(answer.url))


def test_more_rows_keep_what_was_typed(as_officer, typed, questions):
    answer = as_officer.post(
        f"{WRITE}?kind=drawn", typed | rows(("1.2", 1)) | {"act": "rows", "title": "Đang soạn"}
    )

    assert answer.status_code == 200
    assert 'name="cell-11-questions"' in answer.content.decode()
    assert "Đang soạn" in answer.content.decode()
    assert not Paper.objects.exists()


def test_a_row_that_says_where_but_not_how_many_is_asked_for(as_officer, typed, questions):
    answer = as_officer.post(f"{WRITE}?kind=drawn", typed | rows(("1.2", "")))

    assert answer.status_code == 422
    assert "bao nhiêu câu" in text_of(answer)


def test_a_blueprint_that_cannot_be_drawn_is_answered_in_the_form(as_officer, typed, questions):
    answer = as_officer.post(f"{WRITE}?kind=drawn", typed | rows(("1.2", 7)))

    assert answer.status_code == 422
    assert "thành phần 1.2" in text_of(answer)
    assert not Paper.objects.exists()


def test_a_fixed_paper_is_picked_from_the_bank(as_officer, typed, questions):
    first, _, third = questions
    found = as_officer.post(f"{WRITE}?kind=fixed", typed | {"act": "find", "find": "Q3"})
    assert "Nội dung Q3" in text_of(found)
    assert "Nội dung Q1" not in text_of(found)

    kept = as_officer.post(
        f"{WRITE}?kind=fixed", typed | {"act": "find", "find": "Q1", "question": [third.pk]}
    )
    assert "1 câu đã chọn" in text_of(kept)
    as_officer.post(f"{WRITE}?kind=fixed", typed | {"question": [third.pk, first.pk]})

    assert [each.code for each in questions_of(Paper.objects.get().pk)] == ["Q3", "Q1"]


def test_a_new_version_starts_from_the_paper_as_it_is(as_officer, typed, questions):
    as_officer.post(f"{WRITE}?kind=drawn", typed | rows(("1.2", 1)))
    made = Paper.objects.get()
    address = reverse("papers:new_version", args=[made.pk])

    assert "Bài của phường" in as_officer.get(address).content.decode()
    as_officer.post(address, typed | rows(("6.1", 2)))

    newer = Paper.objects.get(version=2)
    assert newer.cells.get().component_code == "6.1"
    assert "Đã có phiên bản mới" in text_of(as_officer.get(reverse("papers:paper", args=[made.pk])))


def test_a_new_version_keeps_the_english_titles_of_its_sections(
    as_officer, typed, questions, officer
):
    as_officer.post(f"{WRITE}?kind=drawn", typed | rows(("1.2", 1), ("6.1", 1)))
    made = Paper.objects.get()
    section = made.sections.create(position=1, title="Phần một", title_en="Part one")
    made.cells.update(section=section)
    changed = {"cell-0-section": "Phần một", "cell-1-section": "Phần hai", "minutes": 25}

    as_officer.post(
        reverse("papers:new_version", args=[made.pk]),
        typed | rows(("1.2", 1), ("6.1", 1)) | changed,
    )

    newer = Paper.objects.get(version=2)
    assert list(newer.sections.values_list("title", "title_en")) == [
        ("Phần một", "Part one"),
        ("Phần hai", ""),
    ]


def test_who_makes_a_paper_says_when_its_key_is_shown(as_officer, typed, questions):
    answer = as_officer.post(
        f"{WRITE}?kind=drawn", typed | rows(("1.2", 1)) | {"shows_key": "at_once"}
    )

    assert Paper.objects.get().shows_key == "at_once"
    assert "ngay khi nộp bài" in text_of(as_officer.get(answer.url))


def test_what_a_document_prescribes_about_the_key_is_not_asked(as_officer, framework):
    load_presets(at=NINE)
    lesson = PaperPreset.objects.get(code="resolution-398-lesson")

    shown = as_officer.get(WRITE, {"preset": lesson.pk, "kind": "drawn"}).content.decode()

    assert 'name="shows_key"' not in shown


def test_a_paper_of_ones_own_can_be_made_like_one_of_the_program(as_officer, paper, typed):
    address = f"{WRITE}?like={paper.pk}"

    assert "3 câu đã chọn" in text_of(as_officer.get(address))
    chosen = [each.pk for each in questions_of(paper.pk)]
    assert as_officer.post(address, typed | {"question": chosen}).status_code == 303

    assert Paper.objects.get(code="HP-01").paper_questions.count() == 3


def test_a_paper_of_the_program_is_seen_but_not_changed(as_officer, paper):
    shown = as_officer.get(reverse("papers:paper", args=[paper.pk]))

    assert "Nội dung Q1" in text_of(shown)
    for name in ("new_version", "retire_paper"):
        assert as_officer.get(reverse(f"papers:{name}", args=[paper.pk])).status_code == 403


def test_retiring_asks_why(as_officer, typed, questions):
    as_officer.post(f"{WRITE}?kind=drawn", typed | rows(("1.2", 1)))
    address = reverse("papers:retire_paper", args=[Paper.objects.get().pk])

    assert as_officer.post(address, {"reason": ""}).status_code == 422
    assert as_officer.post(address, {"reason": "Lỗi thời"}).status_code == 303

    listed = as_officer.get(reverse("papers:papers"))
    assert "HP-01" not in text_of(listed)
    assert "HP-01" in text_of(as_officer.get(reverse("papers:papers") + "?state=retired"))


def test_a_paper_whose_bank_ran_dry_says_so(as_officer, typed, questions):
    question("Q4", "single", "a b*", "1.2")
    as_officer.post(f"{WRITE}?kind=drawn", typed | rows(("1.2", 2)))
    questions[0].retired_at, questions[0].retire_reason = NINE, "Sai đáp án"
    questions[0].save()

    shown = text_of(as_officer.get(reverse("papers:paper", args=[Paper.objects.get().pk])))

    assert "Không rút được đề" in shown
    assert "thiếu 1" in shown


@pytest.mark.parametrize("name", ["start_paper", "write_paper"])
def test_whoever_writes_no_questions_makes_no_papers(client, commune, name):
    client.force_login(grant(person("Vũ Lãnh Đạo"), "leader", commune).account)

    assert client.get(reverse(f"papers:{name}")).status_code == 403


def test_for_whoever_writes_no_questions_papers_do_not_exist(client, paper, learner):
    client.force_login(learner.account)

    for name in ("paper", "new_version", "retire_paper"):
        assert client.get(reverse(f"papers:{name}", args=[paper.pk])).status_code == 404
    assert (
        "Bài kiểm tra" not in text_of(client.get(reverse("papers:papers"))).split("dòng")[0][-40:]
    )
