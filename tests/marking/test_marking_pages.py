"""The pages of markers, of corrected keys and of appeals."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from python_calamine import load_workbook

from exams.kinds import question_of
from exams.marking_scene import all_right, answered
from exams.scenes import MINUTE, close, grant, person
from hocvu.exams.actions import carry_out_correction, hand_in, save_answer, start_attempt
from hocvu.exams.actions.files import hand_in_file
from hocvu.exams.models import Answer, Attempt, KeyCorrection, Sitting
from hocvu.exams.rules.files import SentFile
from hocvu.items.content import Kind
from hocvu.marking.actions import appoint_marker, raise_appeal
from hocvu.marking.models import Appeal, FreshMarking, Marker, Marking
from hocvu.papers.models import PaperQuestion
from marking.giving import give


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
def waiting(sitting, learner, questions, essay):
    at = timezone.now() - 10 * MINUTE
    written = all_right(questions) | {essay: ["text=Bài viết của tôi"]}
    attempt = answered(sitting, learner, written, at=at)
    return hand_in(attempt, by=learner, at=at + 2 * MINUTE)


@pytest.fixture
def marked(sitting, learner, questions):
    at = timezone.now() - 10 * MINUTE
    attempt = answered(sitting, learner, all_right(questions), at=at)
    return hand_in(attempt, by=learner, at=at + 2 * MINUTE)


@pytest.fixture
def owned(questions, commune):
    for each in questions:
        each.owner = commune
        each.save()
    return questions


def signed_in(client, someone):
    client.force_login(someone.account)
    return client


def at_page(name, *args):
    room = "exams" if name in {"mine", "result"} else "marking"
    return reverse(f"{room}:{name}", args=args)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# --- Markers -----------------------------------------------------------------------------------


def test_an_officer_finds_appoints_and_releases_a_marker(client, sitting, officer, commune):
    teacher = grant(person("Vũ Thị Giáo Viên"), "teacher", commune)
    page = at_page("markers", sitting.pk)
    client = signed_in(client, officer)

    found = text_of(client.post(page, {"act": "find", "find": "giao vien"}))
    assert teacher.full_name in found
    assert "Chưa đủ ba người chấm" in found
    answer = client.post(page, {"act": "appoint", "person": teacher.pk})
    assert (answer.status_code, answer.url) == (303, page)
    assert Marker.objects.get().person == teacher

    client.post(page, {"act": "release", "person": teacher.pk})
    assert Marker.objects.get().released_at is not None


def test_only_people_with_a_role_that_marks_are_offered(client, sitting, officer, learner):
    shown = text_of(signed_in(client, officer).get(at_page("markers", sitting.pk)))
    refused = client.post(at_page("markers", sitting.pk), {"act": "appoint", "person": learner.pk})

    assert learner.full_name not in shown
    assert refused.status_code == 404


def test_officers_elsewhere_learners_and_markers_do_not_reach_the_page_of_markers(
    client, sitting, stranger, learner, markers
):
    for someone in (stranger, learner, markers[0]):
        answer = signed_in(client, someone).get(at_page("markers", sitting.pk))
        assert answer.status_code == 404


# --- Marking -----------------------------------------------------------------------------------


def answer_of(attempt, question):
    return Answer.objects.get(attempt=attempt, question=question).pk


def test_a_marker_finds_the_answer_marks_it_and_is_led_back(client, waiting, essay, markers):
    number = answer_of(waiting, essay)
    client = signed_in(client, markers[0])
    assert at_page("marking") in client.get(at_page("mine")).content.decode()
    assert f"Bài viết số {number}" in text_of(client.get(at_page("marking")))
    shown = text_of(client.get(at_page("mark", number)))
    assert "Bài viết của tôi" in shown
    assert "Đúng ý" in shown

    answer = client.post(at_page("mark", number), {"points-c1": "3.25", "remarks": "Rõ ràng"})

    assert (answer.status_code, answer.url) == (303, at_page("marking"))
    marking = Marking.objects.get()
    assert (marking.marker, str(marking.points)) == (markers[0], "3.25")
    assert f"Bài viết số {number}" not in text_of(client.get(at_page("marking")))


def test_no_page_of_a_marker_names_the_learner_or_tells_another_mark(
    client, waiting, essay, markers, learner
):
    give(waiting, essay, markers[0], "1.25", "Nhận xét kín", at=timezone.now())
    client = signed_in(client, markers[1])

    for page in (at_page("marking"), at_page("mark", answer_of(waiting, essay))):
        shown = client.get(page).content.decode()
        assert learner.full_name not in shown
        assert "1.25" not in shown
        assert "1,25" not in shown
        assert "Nhận xét kín" not in shown
        assert f"attempts/{waiting.pk}/" not in shown


def test_a_mark_sent_twice_from_the_page_is_one_mark(client, waiting, essay, markers):
    page = at_page("mark", answer_of(waiting, essay))
    client = signed_in(client, markers[0])

    for _ in range(2):
        assert client.post(page, {"points-c1": "3", "remarks": ""}).status_code == 303

    assert Marking.objects.count() == 1


@pytest.mark.parametrize("points", ["", "5", "-1", "1.1", "abc"])
def test_points_that_do_not_fit_are_said_in_the_form_and_nothing_typed_is_lost(
    client, waiting, essay, markers, points
):
    page = at_page("mark", answer_of(waiting, essay))

    answer = signed_in(client, markers[0]).post(page, {"points-c1": points, "remarks": "Viết dài"})

    assert answer.status_code == 422
    assert "Viết dài" in answer.content.decode()
    assert not Marking.objects.exists()


def test_others_do_not_reach_an_answer_to_mark(
    *, client, waiting, essay, officer, learner, stranger
):
    for someone in (officer, learner, stranger):
        client = signed_in(client, someone)
        assert client.get(at_page("mark", answer_of(waiting, essay))).status_code == 404


def test_after_one_answer_the_next_to_the_same_question_is_shown(
    *, client, waiting, essay, markers, sitting, classmate
):
    at = timezone.now() - MINUTE
    other = answered(sitting, classmate, {essay: ["text=Bài khác"]}, at=at - MINUTE)
    hand_in(other, by=classmate, at=at)
    client = signed_in(client, markers[0])

    answer = client.post(
        at_page("mark", answer_of(waiting, essay)), {"points-c1": "3", "remarks": ""}
    )

    assert answer.url == at_page("mark", answer_of(other, essay))


def test_a_file_is_opened_under_a_name_that_tells_nobody(
    *, client, sitting, learner, paper, markers, classmate
):
    question = question_of(Kind.FILE, "TEP")
    PaperQuestion.objects.create(paper=paper, question=question, position=9)
    at = timezone.now() - MINUTE
    attempt = start_attempt(sitting, by=learner, at=at - MINUTE)
    sent = SentFile("nguyen-van-hoc.txt", b"Noi dung", 1, uuid4())
    hand_in_file(attempt, question.pk, sent, by=learner, at=at)
    hand_in(attempt, by=learner, at=at)
    number = answer_of(attempt, question)

    answer = signed_in(client, markers[0]).get(at_page("answer_file", number))

    assert answer.content == b"Noi dung"
    assert answer["Content-Disposition"] == f'attachment; filename="{number}.txt"'
    assert signed_in(client, classmate).get(at_page("answer_file", number)).status_code == 404


def test_a_text_has_no_file_to_open(client, waiting, essay, markers):
    client = signed_in(client, markers[0])

    assert client.get(at_page("answer_file", answer_of(waiting, essay))).status_code == 404


def test_the_learner_reads_the_remarks_when_everything_is_marked(
    client, waiting, essay, markers, learner
):
    now = timezone.now()
    give(waiting, essay, markers[0], 3, "Ý rõ ràng", at=now)
    client = signed_in(client, learner)
    assert "Ý rõ ràng" not in text_of(client.get(at_page("result", waiting.pk)))

    give(waiting, essay, markers[1], 3, at=now)
    assert "Ý rõ ràng" not in text_of(client.get(at_page("result", waiting.pk)))
    close(waiting.sitting)

    shown = text_of(client.get(at_page("result", waiting.pk)))
    assert "Ý rõ ràng" in shown
    assert markers[0].full_name not in shown


# --- Corrected keys ----------------------------------------------------------------------------

TYPED = {"number": "12/QĐ-UBND", "decided_on": "2026-01-05", "reason": "Đáp án in sai"}


def test_an_officer_sees_the_effect_first_and_then_decides(client, marked, owned, officer):
    client = signed_in(client, officer)
    assert owned[0].code in text_of(client.get(at_page("correctable") + "?q=Q1"))
    page = at_page("correct", owned[0].pk)
    assert "Đáp án hiện tại: B. Q1 b" in text_of(client.get(page))

    looked = client.post(page, TYPED | {"right": ["c"], "act": "look"})
    assert "1 lượt làm bài đã chấm có câu hỏi này" in text_of(looked)
    assert "Không còn đạt" in text_of(looked)
    assert 'value="c"' in looked.content.decode()
    assert not KeyCorrection.objects.exists()

    decided = client.post(page, TYPED | {"right": ["c"], "act": "decide", "looked_at": "c"})
    made = KeyCorrection.objects.get()
    assert (decided.status_code, decided.url) == (303, at_page("correction", made.pk))
    assert made.key == {"right": ["c"]}


def test_a_key_whose_effect_was_not_seen_is_not_decided(client, marked, owned, officer):
    page = at_page("correct", owned[0].pk)
    typed = TYPED | {"right": ["a"], "act": "decide", "looked_at": "c"}

    answer = signed_in(client, officer).post(page, typed)

    assert answer.status_code == 200
    assert 'name="looked_at" value="a"' in answer.content.decode()
    assert not KeyCorrection.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"right": [], "looked_at": ""},
        {"right": ["c"], "looked_at": "c", "number": ""},
        {"right": ["c"], "looked_at": "c", "decided_on": "2099-01-01"},
        {"right": ["b"], "looked_at": "b"},
    ],
)
def test_a_correction_that_cannot_be_is_said_in_the_form(client, marked, owned, officer, typed):
    answer = signed_in(client, officer).post(
        at_page("correct", owned[0].pk), TYPED | typed | {"act": "decide"}
    )

    assert answer.status_code == 422
    assert not KeyCorrection.objects.exists()


def test_a_question_that_only_can_be_withdrawn_offers_nothing_else(client, officer, commune):
    number = question_of(Kind.NUMERIC, "SO")
    number.owner, number.put_in_use_at = commune, timezone.now()
    number.save()
    page = at_page("correct", number.pk)

    assert 'name="right"' not in signed_in(client, officer).get(page).content.decode()
    typed = TYPED | {"everybody": "on", "act": "decide", "looked_at": "everybody"}
    assert client.post(page, typed).status_code == 303


def test_those_who_may_not_correct_reach_no_key(client, owned, stranger, learner, markers):
    for someone in (stranger, learner, markers[0]):
        client = signed_in(client, someone)
        assert client.get(at_page("correct", owned[0].pk)).status_code == 404
        assert owned[0].code not in text_of(client.get(at_page("correctable")))


@pytest.fixture
def correction(marked, owned, officer, client):
    typed = TYPED | {"right": ["c"], "act": "decide", "looked_at": "c"}
    signed_in(client, officer).post(at_page("correct", owned[0].pk), typed)
    return KeyCorrection.objects.get()


def test_while_the_job_runs_the_report_says_so(client, correction, officer):
    shown = text_of(signed_in(client, officer).get(at_page("correction", correction.pk)))

    assert "Đang chấm lại cho những người liên quan" in shown


def test_the_report_says_whose_result_changed_on_the_page_and_in_excel(
    client, correction, officer, learner
):
    carry_out_correction(correction.pk)
    client = signed_in(client, officer)
    assert correction.decision_number in text_of(client.get(at_page("corrections")))

    page = at_page("correction", correction.pk)
    shown = text_of(client.get(page))
    assert learner.full_name in shown
    assert "Không còn đạt: cần quyết định" in shown
    book = load_workbook(BytesIO(client.get(page + "?format=xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert any(learner.full_name in row and 3 in row and 2 in row for row in rows)


def test_officers_elsewhere_see_no_report(client, correction, stranger, learner):
    carry_out_correction(correction.pk)

    page = at_page("correction", correction.pk)
    assert signed_in(client, stranger).get(page).status_code == 404
    shown = signed_in(client, learner).get(page)
    assert shown.status_code == 404


def test_the_learner_reads_on_the_result_why_it_changed(client, correction, marked, learner):
    carry_out_correction(correction.pk)
    client = signed_in(client, learner)
    shown = text_of(client.get(at_page("result", marked.pk)))
    assert "từ 3 thành 2 điểm" in shown
    assert "Lý do được cho xem cùng với đáp án." in shown
    assert TYPED["reason"] not in shown

    close(marked.sitting)
    shown = text_of(client.get(at_page("result", marked.pk)))

    assert "Đáp án được sửa theo quyết định số 12/QĐ-UBND" in shown
    assert TYPED["reason"] in shown


# --- Appeals -----------------------------------------------------------------------------------


def appealed(attempt, learner, question=None):
    return raise_appeal(
        attempt,
        "Câu này có hai đáp án",
        question_id=question.pk if question else None,
        client_id=uuid4(),
        by=learner,
        at=timezone.now(),
    )


def test_a_learner_appeals_from_the_result_and_sees_it_there(client, marked, learner, questions):
    client = signed_in(client, learner)
    assert at_page("appeal", marked.pk) in client.get(at_page("result", marked.pk)).content.decode()
    assert "Đề nghị xem lại" in text_of(client.get(at_page("appeal", marked.pk)))
    typed = {"question": questions[0].pk, "text": "Xin xem lại", "client_id": uuid4()}

    for _ in range(2):  # sent twice
        answer = client.post(at_page("appeal", marked.pk), typed)
        assert (answer.status_code, answer.url) == (303, at_page("result", marked.pk))

    assert Appeal.objects.get().question == questions[0]
    shown = text_of(client.get(at_page("result", marked.pk)))
    assert "Xin xem lại" in shown
    assert "Chưa trả lời" in shown


@pytest.mark.parametrize("typed", [{"text": ""}, {"question": "999999"}, {"client_id": "x"}])
def test_an_appeal_that_cannot_be_is_said_in_the_form(client, marked, learner, typed):
    sent = {"question": "", "text": "Xin xem lại", "client_id": uuid4()} | typed

    answer = signed_in(client, learner).post(at_page("appeal", marked.pk), sent)

    assert answer.status_code == 422
    assert not Appeal.objects.exists()


def test_a_second_appeal_about_the_same_is_said_in_the_form(client, marked, learner):
    appealed(marked, learner)
    sent = {"question": "", "text": "Lần nữa", "client_id": uuid4()}

    answer = signed_in(client, learner).post(at_page("appeal", marked.pk), sent)

    assert answer.status_code == 422
    assert "Lần nữa" in answer.content.decode()


def test_only_the_learner_reaches_the_form(client, marked, officer, classmate):
    for someone in (officer, classmate):
        assert signed_in(client, someone).get(at_page("appeal", marked.pk)).status_code == 404


def test_an_officer_answers_and_the_learner_reads_it(client, marked, learner, officer, questions):
    raised = appealed(marked, learner, questions[0])
    client = signed_in(client, officer)
    assert learner.full_name in text_of(client.get(at_page("appeals")))
    page = at_page("answer_appeal", raised.pk)
    assert "Câu này có hai đáp án" in text_of(client.get(page))

    answer = client.post(page, {"outcome": "refused", "answer": "Chỉ một đáp án đúng"})

    assert (answer.status_code, answer.url) == (303, at_page("appeals"))
    assert learner.full_name not in text_of(client.get(at_page("appeals")))
    assert learner.full_name in text_of(client.get(at_page("appeals") + "?state=answered"))
    assert "Chỉ một đáp án đúng" in text_of(client.get(page))
    shown = text_of(signed_in(client, learner).get(at_page("result", marked.pk)))
    assert "Chỉ một đáp án đúng" in shown
    assert "Không chấp nhận" in shown


def test_an_upheld_appeal_about_a_text_leads_on_to_its_markers(
    *, client, waiting, essay, markers, learner, officer
):
    for each in markers[:2]:
        give(waiting, essay, each, 1, at=timezone.now())
    waiting.refresh_from_db()
    raised = appealed(waiting, learner, essay)

    answer = signed_in(client, officer).post(
        at_page("answer_appeal", raised.pk),
        {"outcome": "fresh_marking", "answer": "Chấm lại"},
    )

    assert answer.url == at_page("markers", waiting.sitting_id)
    assert FreshMarking.objects.get().appeal == raised
    shown = text_of(signed_in(client, learner).get(at_page("result", waiting.pk)))
    assert "Người khác đang chấm lại bài này từ đầu" in shown


def test_a_fresh_marking_is_not_offered_for_what_machines_mark(client, marked, learner, officer):
    raised = appealed(marked, learner)

    answer = signed_in(client, officer).post(
        at_page("answer_appeal", raised.pk), {"outcome": "fresh_marking", "answer": "Chấm lại"}
    )

    assert answer.status_code == 422


def test_whoever_marked_it_is_told_that_somebody_else_answers(
    *, client, waiting, essay, markers, learner, officer, sitting
):
    appoint_marker(sitting, officer, by=officer, at=timezone.now())
    for each in (officer, markers[0]):
        give(waiting, essay, each, 1, at=timezone.now())
    waiting.refresh_from_db()
    raised = appealed(waiting, learner, essay)

    page = at_page("answer_appeal", raised.pk)
    assert "Người khác trả lời đề nghị này" in text_of(signed_in(client, officer).get(page))
    assert client.post(page, {"outcome": "refused", "answer": "Không"}).status_code == 403


def test_officers_elsewhere_find_no_appeal(client, marked, learner, stranger):
    raised = appealed(marked, learner)
    client = signed_in(client, stranger)

    assert learner.full_name not in text_of(client.get(at_page("appeals")))
    assert client.get(at_page("answer_appeal", raised.pk)).status_code == 404


def test_pages_speak_english_too(client, marked, learner, officer, questions):
    raised = appealed(marked, learner, questions[0])
    client = signed_in(client, officer)

    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    shown = client.get(at_page("answer_appeal", raised.pk))

    assert "About one question" in text_of(shown)


def test_an_attempt_under_way_has_no_form_for_an_appeal(client, sitting, learner):
    attempt = start_attempt(sitting, by=learner, at=timezone.now())

    assert signed_in(client, learner).get(at_page("appeal", attempt.pk)).status_code == 404


def test_answers_can_still_be_given_while_another_attempt_is_appealed(
    client, marked, learner, sitting, questions
):
    appealed(marked, learner)
    second = start_attempt(sitting, by=learner, at=timezone.now())
    save_answer(
        second,
        questions[0].pk,
        ["b"],
        sequence=1,
        client_id=uuid4(),
        by=learner,
        at=timezone.now(),
    )

    assert Attempt.objects.get(pk=second.pk).handed_in_at is None
