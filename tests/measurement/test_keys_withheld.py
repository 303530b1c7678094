"""Skills tests, quality of questions and scales keep keys and codes from whom they are not for."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import load_workbook

from exams.scenes import MINUTE, enrol, grant, person, question
from hocvu.measurement.actions import start_run
from hocvu.measurement.models import (
    Calibration,
    Panel,
    PanelJudge,
    QuestionQuality,
)
from hocvu.questions.models import Question
from hocvu.questions.queries.withheld import keys_withheld_from
from measurement.sessions import answer_until_the_end


@pytest.fixture
def sitting(sitting):
    """Open now."""
    now = timezone.now()
    sitting.opens_at, sitting.closes_at = now - 60 * MINUTE, now + 60 * MINUTE
    sitting.save()
    return sitting


@pytest.fixture
def learning_keeper(bank_keeper, training_class, commune):
    """Writes questions for the whole nation, and learns in the class."""
    enrol(training_class, bank_keeper, commune)
    return bank_keeper


def text_of(answer):
    """Of a page, or of a workbook's cells."""
    if not answer.headers["Content-Type"].endswith("sheet"):
        return answer.content.decode()
    rows = load_workbook(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    return " ".join(str(cell) for row in rows for cell in row)


def withheld(someone, questions, at=None):
    found = keys_withheld_from(someone, at or timezone.now()).among([q.pk for q in questions])
    return len(found), set(found.values())


def test_the_whole_scale_is_withheld_while_a_skills_test_can_be_begun(
    sitting, calibration, learning_keeper, questions
):
    assert withheld(learning_keeper, questions) == (len(questions), {sitting.closes_at})
    assert withheld(learning_keeper, questions, sitting.opens_at - MINUTE) == (0, set())
    assert withheld(learning_keeper, questions, sitting.closes_at) == (0, set())


def test_questions_without_parameters_are_not_withheld(
    sitting, calibration, learning_keeper, questions
):
    new = question("Q99", "single", "a* b c", "1.1")

    assert withheld(learning_keeper, [*questions, new])[0] == len(questions)


def test_a_run_under_way_withholds_until_its_end_and_a_measured_one_no_more(
    sitting, calibration, learning_keeper, questions
):
    run = start_run(sitting, by=learning_keeper, at=timezone.now())
    assert withheld(learning_keeper, questions) == (len(questions), {run.must_end_at})

    answer_until_the_end(run, learning_keeper, knows=lambda step: step.b < 0, at=timezone.now())

    assert withheld(learning_keeper, questions) == (0, set())


def test_the_quality_of_a_question_names_no_key_to_who_may_be_asked_it(
    *, client, sitting, calibration, questions, bank_keeper, training_class, commune
):
    QuestionQuality.objects.create(
        question=questions[0],
        calculated_at=timezone.now(),
        answers=300,
        difficulty=0.5,
        options=[
            {"option": each, "share": 0.3, "mean_rest": 0.5, "discrimination": 0.1,
             "is_right": each == "a"}
            for each in "abc"
        ],
    )  # fmt: skip
    page = reverse("measurement:question_quality", args=[questions[0].pk])
    client.force_login(bank_keeper.account)
    assert "Q00 b" in client.get(page).content.decode()

    enrol(training_class, bank_keeper, commune)
    shown = client.get(page).content.decode()

    assert "Q00 b" not in shown
    assert "nên đáp án không hiển thị" in shown
    assert "300" in shown


def test_a_judge_who_may_be_asked_a_question_does_not_rate_it(
    *, client, scale, sitting, calibration, questions, learning_keeper, colleague
):
    panel = Panel.objects.create(
        scale=scale, level="CB2", title="Hội đồng", borderline="Vừa đạt", round=1,
        opened_by=colleague, opened_at=timezone.now(),
    )  # fmt: skip
    panel.panel_questions.create(question=questions[0], position=1)
    PanelJudge.objects.create(panel=panel, person=learning_keeper)
    client.force_login(learning_keeper.account)

    answer = client.get(reverse("measurement:rate", args=[panel.pk, 1]))

    assert answer.status_code == 403
    assert "Because Q00" not in answer.content.decode()
    assert "Vì Q00" not in answer.content.decode()


def test_a_calibration_does_not_name_questions_that_other_units_keep_to_themselves(
    client, calibration, questions, other_commune, officer
):
    Question.objects.filter(pk=questions[0].pk).update(owner=other_commune)
    page = reverse("measurement:calibration", args=[calibration.pk])
    client.force_login(officer.account)

    for asked in ({"size": 50}, {"size": 50, "sort": "question"}, {"size": 50, "format": "xlsx"}):
        answer = client.get(page, asked)
        assert answer.status_code == 200
        assert "Q00" not in text_of(answer)
    shown = client.get(page, {"size": 50}).content.decode()
    assert "câu hỏi của đơn vị khác" in shown
    assert "Q01" in shown

    client.force_login(grant(person("Người Nhà"), "teacher", other_commune).account)
    assert "Q00" in client.get(page, {"size": 50}).content.decode()
    assert Calibration.objects.count() == 1
