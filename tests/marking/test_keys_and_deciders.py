"""Who decides about a key that a test may still ask them, and until when results are appealed."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from exams.marking_scene import answered
from exams.scenes import MINUTE, enrol, grant, person
from hocvu.exams.actions import correct_key, hand_in
from hocvu.exams.models import KeyCorrection, Sitting
from hocvu.exams.rules import Correction
from hocvu.exams.rules.corrections import Decision
from hocvu.marking.actions import raise_appeal
from hocvu.marking.queries.appeals import known_at
from hocvu.marking.rules.appeals import last_day_to_appeal
from hocvu.questions.actions import KeyIsWithheld
from hocvu.questions.models import Question

HOUR = timedelta(hours=1)


@pytest.fixture
def sitting(paper, training_class):
    now = timezone.now()
    return Sitting.objects.create(
        paper=paper,
        training_class=training_class,
        opens_at=now - HOUR,
        closes_at=now + HOUR,
        attempts_allowed=1,
    )


@pytest.fixture
def attempt(sitting, learner, questions):
    """One right, one wrong, one not answered."""
    wrong = {questions[0]: ["b"], questions[1]: ["d"]}
    at = timezone.now() - 10 * MINUTE
    return hand_in(answered(sitting, learner, wrong, at=at), by=learner, at=at + 2 * MINUTE)


@pytest.fixture
def writer(commune):
    return grant(person("Lê Thị Giáo Viên"), "teacher", commune)


@pytest.fixture
def owned(questions, commune):
    Question.objects.update(owner=commune)
    return [Question.objects.get(pk=each.pk) for each in questions]


def signed_in(client, someone):
    client.force_login(someone.account)
    return client


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def bank_page(owned):
    return reverse("questions:question", args=[owned.pk])


def test_time_to_appeal_runs_from_the_day_the_key_is_shown(attempt, sitting, learner):
    attempt.refresh_from_db()
    assert known_at(attempt) == sitting.closes_at

    last = last_day_to_appeal(sitting.closes_at)
    raised = raise_appeal(
        attempt, "Câu này có hai đáp án", question_id=None, client_id=uuid4(), by=learner,
        at=timezone.now(),
    )  # fmt: skip

    assert last >= raised.raised_at.date()


def test_who_may_be_asked_a_question_does_not_correct_its_key(
    *, client, attempt, owned, officer, training_class, commune, sitting
):
    enrol(training_class, officer, commune)
    page = reverse("marking:correct", args=[owned[0].pk])

    assert signed_in(client, officer).get(page).status_code == 403
    decision = Decision("1/QĐ", timezone.localdate(), "Sai")
    with pytest.raises(KeyIsWithheld):
        correct_key(owned[0], Correction(everybody=True), decision, by=officer, at=timezone.now())
    assert not KeyCorrection.objects.exists()


def test_the_report_of_a_corrected_key_keeps_the_key_from_who_may_be_asked(
    *, client, attempt, owned, officer, training_class, commune, sitting
):
    made = correct_key(
        owned[0],
        Correction(right=frozenset({"c"})),
        Decision("1/QĐ", timezone.localdate(), "Điều 5 nói khác"),
        by=officer,
        at=timezone.now(),
    )
    page = reverse("marking:correction", args=[made.pk])
    client = signed_in(client, officer)
    assert "Điều 5 nói khác" in text_of(client.get(page))

    enrol(training_class, officer, commune)
    shown = text_of(client.get(page))

    assert "Điều 5 nói khác" not in shown
    assert "C. Q1 c" not in shown
    assert "1/QĐ" in shown


def test_the_page_of_a_question_leads_those_who_may_to_correcting_its_key(
    client, owned, officer, writer
):
    link = reverse("marking:correct", args=[owned[0].pk])

    assert link in signed_in(client, officer).get(bank_page(owned[0])).content.decode()
    assert link not in signed_in(client, writer).get(bank_page(owned[0])).content.decode()
