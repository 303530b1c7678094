"""The pages on which whoever runs the class decides about answers that came after the end."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from exams.scenes import MINUTE, NINE, enrol, looked_at, person
from hocvu.exams.actions import hand_in, save_answer, start_attempt
from hocvu.exams.actions.late_answers import MoreCameMeanwhile, decide_late_answers
from hocvu.exams.models import Attempt, LateAnswer
from hocvu.exams.queries.late import late_attempts_of
from hocvu.exams.queries.sealed import numbering_of
from hocvu.kernel.errors import NotAllowed

REASON = "Mất mạng tại điểm cầu từ 9 giờ 5 phút"


def answer(attempt, asked, chosen, sequence, at):
    save_answer(
        attempt,
        asked.pk,
        chosen,
        sequence=sequence,
        client_id=uuid4(),
        by=attempt.person,
        at=at,
    )


@pytest.fixture
def attempt(sitting, learner, questions):
    """One of three right at nine; then the network comes back with two more answers."""
    started = start_attempt(sitting, by=learner, at=NINE)
    answer(started, questions[0], ["a"], 1, NINE + MINUTE)
    answer(started, questions[1], ["a", "b", "c"], 2, NINE + MINUTE)
    hand_in(started, by=learner, at=NINE + 5 * MINUTE)
    answer(started, questions[0], ["b"], 4, NINE + 17 * MINUTE)
    answer(started, questions[2], ["a"], 5, NINE + 95 * MINUTE)
    return Attempt.objects.get()


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer.account)
    return client


def page(name, thing):
    return reverse(f"exams:{name}", args=[thing.pk])


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def decide(client, attempt, **fields):
    typed = {"counts": "yes", "reason": REASON, "waiting": "2"} | fields
    return client.post(page("late", attempt), typed)


def test_the_results_of_a_sitting_say_that_late_answers_wait(as_officer, attempt):
    shown = as_officer.get(page("results", attempt.sitting))

    assert page("late_answers", attempt.sitting) in shown.content.decode()
    assert "Câu trả lời đến muộn (1)" in text_of(shown)


def test_the_list_names_learner_questions_and_how_long_after_the_end(as_officer, attempt):
    shown = as_officer.get(page("late_answers", attempt.sitting))

    numbers = {each.id: each.number for each in looked_at(attempt).questions}
    late = sorted(numbers[each] for each in LateAnswer.objects.values_list("question", flat=True))
    text = text_of(shown)
    assert attempt.person.full_name in text
    assert ", ".join(str(number) for number in late) in text
    assert "12 phút 0 giây đến 1 giờ 30 phút" in text
    assert page("late", attempt) in shown.content.decode()


def test_what_was_decided_is_found_in_the_list_of_decisions(as_officer, attempt):
    address = page("late_answers", attempt.sitting)
    decide(as_officer, attempt)

    assert attempt.person.full_name not in text_of(as_officer.get(address))
    assert attempt.person.full_name in text_of(as_officer.get(address + "?state=decided"))


def test_the_list_costs_the_same_for_one_attempt_and_for_many(
    as_officer, attempt, sitting, questions, commune
):
    def statements():
        with CaptureQueriesContext(connection) as asked:
            assert as_officer.get(page("late_answers", sitting)).status_code == 200
        return len(asked)

    statements()  # what is found out once for every process
    one = statements()
    for number in range(3):
        someone = _another_learner(sitting.training_class, commune, number)
        other = start_attempt(sitting, by=someone, at=NINE)
        hand_in(other, by=someone, at=NINE + 5 * MINUTE)
        answer(other, questions[0], ["b"], 1, NINE + 9 * MINUTE)

    assert late_attempts_of(sitting).count() == 4
    assert statements() == one


def _another_learner(training_class, commune, number):
    someone = person(f"Lý Thị Số {number}")
    enrol(training_class, someone, commune)
    return someone


@pytest.mark.parametrize("shuffle", [True, False])
def test_questions_have_the_numbers_their_learner_saw(attempt, shuffle):
    attempt.sitting.paper.shuffle = shuffle

    numbers = numbering_of(attempt.sitting)(attempt)

    assert numbers == {each.id: each.number for each in looked_at(attempt).questions}


def test_what_came_late_stands_beside_what_stood(as_officer, attempt):
    text = text_of(as_officer.get(page("late", attempt)))

    assert "Q1 a" in text
    assert "Q1 b" in text
    assert "Q3 a" in text
    assert "Đến sau giờ kết thúc 12 phút 0 giây" in text
    assert "Q2" not in text


def test_whether_an_answer_is_right_does_not_weigh_in_the_decision(as_officer, attempt):
    assert "Vì Q1" not in text_of(as_officer.get(page("late", attempt)))


def test_late_answers_are_let_count_with_a_reason_and_the_points_are_told(as_officer, attempt):
    answered = decide(as_officer, attempt)

    assert (answered.status_code, answered.url) == (303, page("late", attempt))
    attempt.refresh_from_db()
    assert attempt.points == 3
    text = text_of(as_officer.get(answered.url))
    assert "Điểm: 1 → 3" in text
    assert REASON in text


def test_late_answers_that_do_not_count_leave_the_result_as_it_is(as_officer, attempt):
    decide(as_officer, attempt, counts="no")

    attempt.refresh_from_db()
    assert attempt.points == 1
    assert "Không được tính" in text_of(as_officer.get(page("late", attempt)))


def test_a_decision_sent_twice_is_made_once(as_officer, attempt):
    decide(as_officer, attempt)
    decided = list(LateAnswer.objects.values())

    again = decide(as_officer, attempt, counts="no", reason="Đổi ý")

    assert (again.status_code, again.url) == (303, page("late", attempt))
    assert list(LateAnswer.objects.values()) == decided
    assert "đã được quyết định" in text_of(as_officer.get(again.url))


@pytest.mark.parametrize("missing", ["counts", "reason"])
def test_nothing_is_decided_without_a_choice_and_a_reason(as_officer, attempt, missing):
    answered = decide(as_officer, attempt, **{missing: ""})

    assert answered.status_code == 422
    assert LateAnswer.objects.filter(decided_at=None).count() == 2


def test_what_came_meanwhile_is_shown_before_anything_is_decided(as_officer, attempt, questions):
    answer(attempt, questions[1], ["d"], 9, NINE + 99 * MINUTE)

    answered = decide(as_officer, attempt)

    assert answered.status_code == 422
    assert REASON in answered.content.decode()
    assert 'name="waiting" value="3"' in answered.content.decode()
    assert LateAnswer.objects.filter(decided_at=None).count() == 3


def test_nobody_decides_about_answers_they_were_not_shown(attempt, officer):
    with pytest.raises(MoreCameMeanwhile):
        decide_late_answers(
            attempt, counts=True, by=officer, at=NINE + 99 * MINUTE, reason=REASON, seen=1
        )


def test_a_voided_attempt_is_not_decided_about(as_officer, attempt, officer):
    Attempt.objects.update(voided_at=NINE, voided_by=officer, void_reason="Trao đổi bài")

    answered = decide(as_officer, attempt)

    assert answered.status_code == 422
    assert attempt.person.full_name not in text_of(
        as_officer.get(page("late_answers", attempt.sitting))
    )


def test_only_those_who_run_the_class_find_the_pages(client, attempt, stranger, learner, classmate):
    for someone in (stranger, learner, classmate):
        client.force_login(someone.account)

        assert client.get(page("late", attempt)).status_code == 404
        assert client.get(page("late_answers", attempt.sitting)).status_code == 404
        assert decide(client, attempt).status_code == 404
    assert LateAnswer.objects.filter(decided_at=None).count() == 2


def test_an_officer_elsewhere_is_not_told_how_many_wait(client, attempt, stranger, classmate):
    client.force_login(stranger.account)

    assert "Câu trả lời đến muộn" not in text_of(client.get(page("results", attempt.sitting)))


def test_nobody_decides_in_a_class_they_learn_in_nor_about_their_own_answers(
    *, as_officer, officer, attempt, sitting, commune, questions
):
    enrolment = enrol(sitting.training_class, officer, commune)
    own = start_attempt(sitting, by=officer, at=NINE)
    hand_in(own, by=officer, at=NINE + 5 * MINUTE)
    answer(own, questions[0], ["b"], 1, NINE + 9 * MINUTE)

    for each in (own, attempt):
        assert as_officer.get(page("late", each)).status_code == 404
        with pytest.raises(NotAllowed):
            decide_late_answers(each, counts=True, by=officer, at=NINE + 99 * MINUTE, reason=REASON)
    enrolment.withdrawn_at = NINE + 10 * MINUTE
    enrolment.save()
    assert "Không ai quyết định về câu trả lời của chính mình." in text_of(
        as_officer.get(page("late", own))
    )
    assert decide(as_officer, own, waiting="1").status_code == 403
    with pytest.raises(NotAllowed):
        decide_late_answers(own, counts=True, by=officer, at=NINE + 99 * MINUTE, reason=REASON)


def test_a_learner_reads_the_decision_and_its_reason(client, as_officer, attempt, learner):
    decide(as_officer, attempt, counts="no")
    client.force_login(learner.account)

    text = text_of(client.get(page("result", attempt)))

    assert f"không được tính – {REASON}" in text


# --- A whole page without scripts, sent after the end ------------------------------------------


@pytest.fixture
def forgotten(sitting, learner):
    """Its time is over by the server's clock, and nobody has handed it in yet."""
    now = timezone.now()
    sitting.opens_at, sitting.closes_at = now - 90 * MINUTE, now + 90 * MINUTE
    sitting.save()
    return start_attempt(sitting, by=learner, at=now - 40 * MINUTE)


def whole_page(questions, **chosen):
    fields = {f"seen-{each.pk}": "0" for each in questions} | {"act": "hand_in"}
    return fields | {f"q-{each.pk}": chosen[each.code] for each in questions if each.code in chosen}


def test_a_whole_page_sent_after_the_end_is_kept_late(client, learner, forgotten, questions):
    client.force_login(learner.account)

    sent = client.post(page("attempt", forgotten), whole_page(questions, Q1="b", Q3="a"))

    assert (sent.status_code, sent.url) == (303, page("result", forgotten))
    kept = LateAnswer.objects.values_list("question__code", "chosen").order_by("question__code")
    assert list(kept) == [("Q1", ["b"]), ("Q3", ["a"])]
    text = text_of(client.get(sent.url))
    assert "Bài kiểm tra đã kết thúc." in text
    assert "2 câu trả lời đến sau giờ kết thúc" in text


def test_a_whole_page_sent_twice_after_the_end_is_kept_once(client, learner, forgotten, questions):
    client.force_login(learner.account)
    for _ in range(2):
        client.post(page("attempt", forgotten), whole_page(questions, Q1="b"))

    client.post(page("attempt", forgotten), whole_page(questions, Q1="c"))
    client.post(page("attempt", forgotten), whole_page(questions, Q1="b"))

    kept = LateAnswer.objects.order_by("sequence").values_list("chosen", flat=True)
    assert list(kept) == [["b"], ["c"], ["b"]]


def test_what_cannot_be_an_answer_is_said_not_to_be_kept(client, learner, forgotten, questions):
    client.force_login(learner.account)

    sent = client.post(page("attempt", forgotten), whole_page(questions, Q1="z", Q3="a"))

    assert LateAnswer.objects.get().chosen == ["a"]
    assert "1 câu trả lời không hợp với câu hỏi" in text_of(client.get(sent.url))
