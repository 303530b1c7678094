import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from exams.scenes import MINUTE, close, enrol, grant, looked_at, person
from hocvu.exams.actions import hand_in, save_answer, start_attempt
from hocvu.exams.models import Answer, Attempt, Sitting


@pytest.fixture
def sitting(paper, training_class):
    now = timezone.now()
    return Sitting.objects.create(
        paper=paper,
        training_class=training_class,
        opens_at=now - 60 * MINUTE,
        closes_at=now + 60 * MINUTE,
        attempts_allowed=2,
    )


@pytest.fixture
def as_learner(client, learner):
    client.force_login(learner.account)
    return client


@pytest.fixture
def attempt(sitting, learner):
    return start_attempt(sitting, by=learner, at=timezone.now() - MINUTE)


def page(name, thing):
    return reverse(f"exams:{name}", args=[thing.pk])


def delivery(question, /, *chosen, sequence=1, **changes):
    fields = {"question": question.pk, "chosen": chosen, "sequence": sequence}
    return fields | {"client_id": str(uuid4())} | changes


def deliver(client, attempt, **fields):
    return client.post(page("answer", attempt), fields, headers={"Accept": "application/json"})


def handed_in(attempt, questions):
    for asked, chosen in zip(questions, (["b"], ["a", "d"], []), strict=True):
        save_answer(
            attempt,
            asked.pk,
            chosen,
            sequence=1,
            client_id=uuid4(),
            by=attempt.person,
            at=timezone.now(),
        )
    return hand_in(attempt, by=attempt.person, at=timezone.now())


def test_a_learner_finds_the_test_and_starts_it_with_one_button(as_learner, sitting):
    assert page("sitting", sitting) in as_learner.get(reverse("exams:mine")).content.decode()

    answer = as_learner.post(page("sitting", sitting))

    assert answer.status_code == 303
    assert answer.url == page("attempt", Attempt.objects.get())


def test_pressing_start_twice_leads_to_the_same_attempt(as_learner, sitting):
    first = as_learner.post(page("sitting", sitting))

    assert as_learner.post(page("sitting", sitting)).url == first.url


def test_a_reload_shows_the_same_order_and_the_saved_answers(as_learner, attempt, questions):
    deliver(as_learner, attempt, **delivery(questions[0], "b"))

    order = [
        re.findall(r'name="q-(\d+)" value="(\w)"', as_learner.get(address).content.decode())
        for address in [page("attempt", attempt)] * 2
    ]

    assert order[0] == order[1]
    assert len(order[0]) == 3 + 5 + 3
    shown = looked_at(attempt).questions
    assert [q.id for q in shown for _ in q.options] == [int(q) for q, _ in order[0]]
    assert 'value="b" checked' in as_learner.get(page("attempt", attempt)).content.decode()


def test_the_page_of_an_attempt_does_not_give_the_answers_away(as_learner, attempt):
    text = as_learner.get(page("attempt", attempt)).content.decode()

    assert "Vì Q1" not in text


def test_an_answer_comes_back_with_a_receipt_and_the_time_left(as_learner, attempt, questions):
    told = deliver(as_learner, attempt, **delivery(questions[1], "a", "b")).json()

    assert told["chosen"] == ["a", "b"]
    assert re.fullmatch(r"\w{4}-\w{4}", told["receipt"])
    assert 0 < told["left"] <= 29 * 60 * 1000


def test_saving_over_the_web_costs_few_statements(as_learner, attempt, questions):
    with CaptureQueriesContext(connection) as asked:
        deliver(as_learner, attempt, **delivery(questions[0], "b"))

    # session, account, person; the attempt; the question, the answer; the session kept alive
    assert len(asked) <= 9, [each["sql"][:80] for each in asked]


def test_a_refusal_is_told_as_a_sentence(as_learner, attempt, questions):
    answer = deliver(as_learner, attempt, **delivery(questions[0], "z"))

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "Phương án này không thuộc câu hỏi."


@pytest.mark.parametrize(
    "broken", [{"sequence": 0}, {"sequence": 2**63}, {"client_id": "x"}, {"question": ""}]
)
def test_a_malformed_delivery_is_refused(as_learner, attempt, questions, broken):
    answer = deliver(as_learner, attempt, **delivery(questions[0], "b", **broken))

    assert answer.status_code == 400
    assert not Answer.objects.exists()


def test_without_scripts_the_whole_page_is_saved_then_handed_in(as_learner, attempt, questions):
    fields = {f"seen-{each.pk}": "0" for each in questions} | {f"q-{questions[0].pk}": "b"}

    saved = as_learner.post(page("attempt", attempt), fields | {"act": "save"})
    assert saved.url == page("attempt", attempt)
    assert Answer.objects.get().chosen == ["b"]

    fields[f"seen-{questions[0].pk}"] = str(Answer.objects.get().sequence)
    assert as_learner.post(page("attempt", attempt), fields | {"act": "hand_in"}).url == page(
        "hand_in", attempt
    )
    confirm = as_learner.get(page("hand_in", attempt)).content.decode()
    assert "Còn 2 câu chưa trả lời" in confirm

    assert as_learner.post(page("hand_in", attempt)).url == page("result", attempt)
    assert as_learner.post(page("hand_in", attempt)).url == page("result", attempt)


def test_the_result_says_what_was_chosen_what_is_right_and_why(as_learner, attempt, questions):
    marked = handed_in(attempt, questions)
    close(attempt.sitting)

    text = as_learner.get(page("result", attempt)).content.decode()

    assert "Chưa đạt" in text
    assert "Vì Q2 d" in text
    assert "Phương án đúng, chưa được chọn." in text
    assert looked_at(marked).receipt in text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_result_is_shown_in_the_language_of_the_page(as_learner, attempt, questions, language):
    handed_in(attempt, questions)
    close(attempt.sitting)
    as_learner.cookies["django_language"] = language

    text = as_learner.get(page("result", attempt)).content.decode()

    assert ("Because Q2 d" in text) == (language == "en")


def test_a_kept_receipt_can_be_compared(as_learner, attempt, questions):
    handed_in(attempt, questions)
    receipt = looked_at(Attempt.objects.get()).receipt

    def said(code):
        return as_learner.get(page("result", attempt), {"receipt": code}).content.decode()

    assert "Hai mã trùng khớp." in said(receipt.lower())
    assert "Hai mã khác nhau." in said("0000-0000-0000-0000")


def test_a_changed_answer_is_found_by_whoever_compares_the_receipt(as_learner, attempt, questions):
    handed_in(attempt, questions)
    receipt = looked_at(Attempt.objects.get()).receipt
    Answer.objects.filter(question=questions[0]).update(chosen=["a"])

    text = as_learner.get(page("result", attempt), {"receipt": receipt}).content.decode()

    assert "Các câu trả lời đang lưu không phải là các câu đã nộp." in text


def test_a_forgotten_attempt_shows_its_result_once_time_is_over(as_learner, sitting, learner):
    attempt = start_attempt(sitting, by=learner, at=timezone.now() - 40 * MINUTE)

    assert as_learner.get(page("attempt", attempt)).url == page("result", attempt)
    assert as_learner.get(page("result", attempt)).status_code == 200


def test_nobody_else_reaches_an_attempt(client, attempt, classmate, stranger):
    for someone in (classmate, stranger):
        client.force_login(someone.account)
        for name in ("attempt", "answer", "hand_in", "result"):
            assert client.get(page(name, attempt)).status_code == 404


def test_an_officer_sees_a_result_but_cannot_answer(client, officer, attempt, questions):
    handed_in(attempt, questions)
    client.force_login(officer.account)

    assert attempt.person.full_name in client.get(page("result", attempt)).content.decode()
    assert client.get(page("attempt", attempt)).status_code == 404


def test_an_officer_sees_every_learner_of_a_class_hosted_below(
    client, officer, attempt, classmate, questions
):
    sitting = attempt.sitting
    handed_in(attempt, questions)
    client.force_login(officer.account)

    text = client.get(page("results", sitting)).content.decode()

    assert attempt.person.full_name in text
    assert classmate.full_name in text


def test_an_officer_elsewhere_sees_only_the_learners_of_their_own_unit(
    client, stranger, sitting, learner, classmate
):
    client.force_login(stranger.account)

    text = client.get(page("results", sitting)).content.decode()

    assert classmate.full_name in text
    assert learner.full_name not in text


def test_an_officer_with_nobody_in_the_class_does_not_find_the_sitting(
    client, sitting, other_commune, learner
):
    client.force_login(grant(person("Cao Không Ai"), "training_officer", other_commune).account)

    assert client.get(page("results", sitting)).status_code == 404
    assert client.get(page("sitting", sitting)).status_code == 404


def test_a_learner_does_not_see_the_results_of_others(as_learner, sitting):
    assert as_learner.get(page("results", sitting)).status_code == 404


def test_seven_tenths_are_shown_as_seventy_percent_to_officers(
    client, officer, sitting, attempt, questions
):
    handed_in(attempt, questions)
    Attempt.objects.update(points=14, out_of=20)
    client.force_login(officer.account)

    assert "70,0\u00a0%" in client.get(page("results", sitting)).content.decode()


def test_results_can_be_narrowed_and_exported(client, officer, attempt, classmate, questions):
    sitting = attempt.sitting
    handed_in(attempt, questions)
    client.force_login(officer.account)

    absent = client.get(page("results", sitting), {"outcome": "absent"}).content.decode()
    found = client.get(page("results", sitting), {"search": "nguyen van"}).content.decode()
    exported = client.get(page("results", sitting), {"format": "xlsx", "sort": "-points"})

    assert attempt.person.full_name not in absent
    assert classmate.full_name in absent
    assert attempt.person.full_name in found
    assert classmate.full_name not in found
    assert exported.content.startswith(b"PK")


def _savepoints(asked):
    return sum("SAVEPOINT" in each["sql"] for each in asked)


def test_more_learners_cost_no_more_statements(client, officer, sitting, training_class, commune):
    client.force_login(officer.account)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            client.get(page("results", sitting))
        # Once a minute the session is written too, whatever the page shows.
        return sum("django_session" not in each["sql"] for each in asked) - _savepoints(asked)

    enrol(training_class, person("Một"), commune)
    few = cost()
    for number in range(20):
        enrol(training_class, person(f"Học Viên {number}"), commune)

    assert cost() == few <= 18


def test_the_page_of_an_attempt_costs_few_statements(as_learner, attempt):
    with CaptureQueriesContext(connection) as asked:
        as_learner.get(page("attempt", attempt))

    assert len(asked) <= 18, [each["sql"][:80] for each in asked]


def test_an_officer_opens_a_test_from_a_form(client, officer, training_class, paper):
    client.force_login(officer.account)
    address = reverse("exams:open", args=[training_class.pk])
    fields = {
        "paper": paper.pk,
        "opens_at": "2026-11-21T09:00",
        "closes_at": "2026-11-21T11:00",
        "attempts_allowed": "",
    }

    assert str(paper) in client.get(address).content.decode()
    opened = client.post(address, fields)

    assert opened.status_code == 303
    assert opened.url == page("results", Sitting.objects.get())
    assert client.post(address, fields).url == opened.url


def test_a_form_that_would_close_before_it_opens_keeps_what_was_typed(
    client, officer, training_class, paper
):
    client.force_login(officer.account)
    fields = {
        "paper": paper.pk,
        "opens_at": "2026-11-21T11:00",
        "closes_at": "2026-11-21T09:00",
        "attempts_allowed": "3",
    }

    answer = client.post(reverse("exams:open", args=[training_class.pk]), fields)

    assert answer.status_code == 422
    assert "2026-11-21T11:00" in answer.content.decode()


def test_an_officer_elsewhere_does_not_find_the_class(client, stranger, training_class):
    client.force_login(stranger.account)

    assert client.get(reverse("exams:open", args=[training_class.pk])).status_code == 404


@pytest.mark.parametrize(
    "name", ["mine", "sittings", "sitting", "results", "attempt", "answer", "hand_in", "result"]
)
def test_every_page_asks_who_is_there(client, db, name):
    address = reverse(f"exams:{name}", args=[] if name in {"mine", "sittings"} else [1])

    assert client.get(address).url.startswith(reverse("people:sign_in"))
