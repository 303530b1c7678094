"""Keys are not shown while they could still help: to learners, and to writers who learn as well."""

import re
from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone

from exams.kinds import question_of
from exams.marking_scene import answered
from exams.scenes import MINUTE, close, enrol, grant, person, question
from hocvu.classes.models import Enrolment
from hocvu.exams.actions import hand_in, start_attempt
from hocvu.exams.models import Attempt, Sitting
from hocvu.exams.queries.pages import attempt_page
from hocvu.exams.rules import KeyShown, key_shown, may_still_ask, skills_told_apart
from hocvu.items.content import Kind
from hocvu.papers.models import BlueprintCell, Paper, PaperPreset
from hocvu.papers.rules import ShowsKey
from hocvu.questions.actions import export_questions
from hocvu.questions.actions.exporting import FileFormat, NothingToExport
from hocvu.questions.models import Question
from hocvu.questions.queries.withheld import keys_withheld_from

HOUR = timedelta(hours=1)
NOW, AFTER, AGAIN = KeyShown


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
def wrong(questions):
    """One right, one wrong, one not answered."""
    return {questions[0]: ["b"], questions[1]: ["d"]}


@pytest.fixture
def attempt(sitting, learner, wrong):
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


def result(client, attempt):
    return text_of(client.get(reverse("exams:result", args=[attempt.pk])))


def states(attempt, reader=None, at=None):
    page = looked_at_now(Attempt.objects.get(pk=attempt.pk), reader, at)
    return {each.item.stem_en.removeprefix("Stem "): each.key_shown for each in page.questions}


def looked_at_now(attempt, reader=None, at=None):
    return attempt_page(attempt, reader=reader or attempt.person, at=at or timezone.now())


def again(sitting, times):
    sitting.attempts_allowed = times
    sitting.save(update_fields=["attempts_allowed"])


# --- The rule ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at_once", "hours", "may_be_asked", "shown"),
    [
        (False, -1, False, AFTER),
        (False, 0, False, NOW),
        (True, -1, False, NOW),
        (True, 0, True, AGAIN),
        (False, 0, True, AGAIN),
    ],
)
def test_a_key_waits_for_the_closing_and_for_every_test_ahead(at_once, hours, may_be_asked, shown):
    closes_at = timezone.now()

    said = key_shown(
        at_once=at_once, closes_at=closes_at, may_be_asked=may_be_asked, at=closes_at + hours * HOUR
    )

    assert said is shown


def test_whoever_cannot_begin_is_not_asked():
    for facts in product(*[(True, False)] * 4):
        named = dict(zip(("at_once", "is_fixed", "has_opened", "handed_in"), facts, strict=True))
        assert not may_still_ask(may_begin=False, **named)


def test_a_fixed_list_is_the_test_before_it_opens_and_a_bank_is_not():
    ahead = {"may_begin": True, "has_opened": False, "handed_in": False}

    assert may_still_ask(at_once=False, is_fixed=True, **ahead)
    assert not may_still_ask(at_once=False, is_fixed=False, **ahead)


def test_a_test_that_shows_its_key_at_once_has_shown_it_with_the_first_attempt():
    facts = {"may_begin": True, "is_fixed": True, "has_opened": True}

    assert may_still_ask(at_once=True, handed_in=False, **facts)
    assert not may_still_ask(at_once=True, handed_in=True, **facts)
    assert may_still_ask(at_once=False, handed_in=True, **facts)


@pytest.mark.parametrize(
    ("questions", "apart"),
    [
        ({"1.1": 3, "1.2": 2}, {"1.1", "1.2"}),
        ({"1.1": 3, "1.2": 1, "2.1": 1}, {"1.1"}),
        ({"1.1": 3, "1.2": 2, "2.1": 1}, {"1.1"}),  # 1.2 is told together with 2.1
        ({"1.1": 1}, set()),
        ({"1.1": 2, "2.1": 1}, set()),
    ],
)
def test_no_skill_of_one_question_is_told_apart(questions, apart):
    assert skills_told_apart(questions) == apart


# --- Learners ----------------------------------------------------------------------------------


def test_who_may_try_again_reads_points_and_skills_but_not_which_answers_were_right(
    client, attempt, sitting, learner
):
    again(sitting, None)

    shown = result(signed_in(client, learner), attempt)

    assert set(states(attempt).values()) == {AGAIN}
    assert " trên 3 điểm" in shown
    assert "Các câu này còn có thể được hỏi lại." in shown
    assert "đã trả lời" in shown
    assert "chưa trả lời" in shown
    for told in ("Vì Q1 b", "Vì Q2 d", "Đã chọn, đúng.", "Đã chọn, sai.", "Phương án đúng"):
        assert told not in shown
    assert "Xem kỹ năng nào cần rèn thêm" in shown
    assert "Đọc lý do" not in shown


def test_without_the_verdicts_no_skill_tells_whether_one_answer_was_right(attempt, sitting):
    again(sitting, None)

    page = looked_at_now(attempt)

    assert [(bar.code, bar.out_of) for bar in page.components] == [("", 3)]


def test_the_markup_itself_tells_nothing(client, attempt, sitting, learner):
    again(sitting, None)
    page = reverse("exams:result", args=[attempt.pk])

    source = signed_in(client, learner).get(page).content.decode()

    assert "is-right" not in source
    assert "is-wrong" not in source


def test_with_no_attempt_left_verdicts_are_told_and_the_key_when_the_test_has_closed(
    client, attempt, learner
):
    client = signed_in(client, learner)
    shown = result(client, attempt)
    assert set(states(attempt).values()) == {AFTER}
    assert "khi bài kiểm tra đã đóng với mọi người" in shown
    assert "đúng" in shown
    assert "Vì Q1 b" not in shown
    assert "Phương án đúng, chưa được chọn." not in shown

    close(attempt.sitting)
    shown = result(client, attempt)

    assert set(states(attempt).values()) == {NOW}
    assert "Vì Q1 b" in shown
    assert "khi bài kiểm tra đã đóng" not in shown


def test_a_second_attempt_under_way_hides_what_the_first_would_tell(attempt, sitting, learner):
    again(sitting, 2)
    start_attempt(sitting, by=learner, at=timezone.now())

    assert set(states(attempt).values()) == {AGAIN}


def test_who_has_left_the_class_with_an_attempt_under_way_is_not_told_its_keys(
    sitting, learner, questions
):
    start_attempt(sitting, by=learner, at=timezone.now())
    Enrolment.objects.update(withdrawn_at=timezone.now())

    withheld = keys_withheld_from(learner, timezone.now())

    assert set(withheld.among([each.pk for each in questions])) == {q.pk for q in questions}


def test_a_test_of_another_class_that_asks_the_same_hides_it_after_the_closing_too(
    *, attempt, sitting, learner, training_class, commune, questions, framework
):
    close(sitting)
    other = Paper.objects.create(
        code="khac", version=1, title="Bài khác", title_en="Other", minutes=30, pass_mark="1",
        framework=framework, level="CB2",
    )  # fmt: skip
    other.paper_questions.create(question=questions[1], position=1)
    now = timezone.now()
    ahead = Sitting.objects.create(
        paper=other, training_class=training_class, opens_at=now + HOUR, closes_at=now + 2 * HOUR
    )
    assert states(attempt) == {"Q1": NOW, "Q2": AGAIN, "Q3": NOW}

    page = attempt_page(attempt, reader=learner, at=now)
    assert (page.may_come_again, page.asked_until) == (1, ahead.closes_at)
    assert states(attempt, at=ahead.closes_at) == {"Q1": NOW, "Q2": NOW, "Q3": NOW}


def drawn(framework, training_class, *, opens_in):
    """A final test over everything at one skill."""
    paper = Paper.objects.create(
        code="cuoi", version=1, title="Cuối khóa", title_en="Final", minutes=30, pass_mark="1",
        framework=framework, level="CB2",
    )  # fmt: skip
    BlueprintCell.objects.create(paper=paper, position=1, component_code="6.1", questions=1)
    opens_at = timezone.now() + opens_in
    return Sitting.objects.create(
        paper=paper, training_class=training_class, opens_at=opens_at, closes_at=opens_at + 2 * HOUR
    )


def test_a_bank_that_is_drawn_from_is_learned_from_until_the_test_opens(
    attempt, sitting, framework, training_class
):
    close(sitting)

    final = drawn(framework, training_class, opens_in=HOUR)

    assert set(states(attempt).values()) == {NOW}
    found = states(attempt, at=final.opens_at)
    assert found == {"Q1": NOW, "Q2": AGAIN, "Q3": AGAIN}  # of 6.1


def test_a_check_after_a_lesson_shows_its_key_at_once(client, sitting, paper, learner, wrong):
    Paper.objects.update(shows_key=ShowsKey.AT_ONCE)
    again(sitting, None)
    sitting.refresh_from_db()
    at = timezone.now() - 5 * MINUTE
    attempt = hand_in(answered(sitting, learner, wrong, at=at), by=learner, at=at + MINUTE)

    assert "Vì Q1 b" in result(signed_in(client, learner), attempt)
    start_attempt(sitting, by=learner, at=timezone.now())
    assert "Vì Q1 b" not in result(client, attempt)


def test_the_packaged_documents_say_when_their_key_is_shown(db):
    from hocvu.papers.actions import load_presets

    load_presets(at=timezone.now())

    said = dict(PaperPreset.objects.values_list("code", "shows_key"))
    assert said == {"resolution-398-final": "when_closed", "resolution-398-lesson": "at_once"}


def test_the_page_before_the_test_says_when_the_key_is_shown(client, sitting, learner):
    page = reverse("exams:sitting", args=[sitting.pk])
    client = signed_in(client, learner)
    assert "khi bài kiểm tra đã đóng với mọi người" in text_of(client.get(page))

    Paper.objects.update(shows_key=ShowsKey.AT_ONCE)

    assert "Đáp án và lý do hiện ngay sau khi nộp bài." in text_of(client.get(page))


@pytest.mark.parametrize("kind", [Kind.ORDERING, Kind.MATCHING, Kind.CLOZE, Kind.TRUE_FALSE])
def test_questions_of_parts_tell_nothing_either(sitting, learner, paper, kind):
    asked = question_of(kind, f"P-{kind.value}"[:20])
    paper.paper_questions.create(question=asked, position=9)
    again(sitting, None)
    at = timezone.now() - 5 * MINUTE
    attempt = hand_in(answered(sitting, learner, {}, at=at), by=learner, at=at + MINUTE)

    page = looked_at_now(attempt)

    (shown,) = (each for each in page.questions if each.id == asked.pk)
    assert shown.parts
    assert not any(part.right_words or part.why or part.verdict for part in shown.parts)
    assert not any(option.right for part in shown.parts for option in part.options)


# --- Officers, teachers and writers who learn as well ------------------------------------------


def bank_page(owned):
    return reverse("questions:question", args=[owned.pk])


def test_a_writer_who_does_not_learn_reads_keys(client, owned, sitting, writer):
    assert "Vì Q1 b" in text_of(signed_in(client, writer).get(bank_page(owned[0])))


def test_a_writer_who_may_be_asked_a_question_reads_it_without_its_key(
    *, client, owned, sitting, writer, training_class, commune
):
    enrol(training_class, writer, commune)
    client = signed_in(client, writer)

    shown = text_of(client.get(bank_page(owned[0]) + "?as=teacher"))

    assert "Nội dung Q1" in shown
    assert "nên đáp án không hiển thị đến" in shown
    assert "Vì Q1" not in shown
    close(sitting)
    assert "Vì Q1 b" in text_of(client.get(bank_page(owned[0])))


def test_later_versions_and_copies_of_a_question_are_withheld_as_well(
    owned, sitting, writer, training_class, commune
):
    enrol(training_class, writer, commune)
    Question.objects.update(fingerprint="")
    Question.objects.filter(pk=owned[0].pk).update(fingerprint="a" * 64)
    later = question("Q1", "single", "a b* c", "1.2", version=2, put_in_use_at=None)
    copy = question("Q9", "single", "a b* c", "1.2", fingerprint="a" * 64)
    other = question("Q8", "single", "a b* c", "1.2")

    withheld = keys_withheld_from(writer, timezone.now())

    found = withheld.among([later.pk, copy.pk, other.pk])
    assert set(found) == {later.pk, copy.pk}
    assert set(found.values()) == {sitting.closes_at}
    assert withheld.contents_among(["a" * 64, "b" * 64]) == {"a" * 64}


def test_what_cannot_be_done_without_the_key_is_refused_with_a_sentence(
    *, client, owned, sitting, writer, training_class, commune
):
    enrol(training_class, writer, commune)
    newer = question(
        *("Q1", "single", "a b* c", "1.2"),
        version=2,
        owner=commune,
        created_by=person("Người Soạn"),
        put_in_use_at=None,
        sent_for_review_at=timezone.now(),
    )
    client = signed_in(client, writer)

    for name in ("edit", "review"):
        answer = client.get(reverse(f"questions:{name}", args=[newer.pk]))
        assert answer.status_code == 403
        assert "Xin nhờ người khác làm" in text_of(answer)
    copied = client.post(reverse("questions:copy", args=[owned[0].pk]), {"owner": commune.pk})
    assert copied.status_code == 403
    assert Question.objects.count() == len(owned) + 1


def test_a_file_leaves_withheld_questions_out_and_the_bank_says_how_many(
    *, client, owned, sitting, writer, training_class, commune
):
    enrol(training_class, writer, commune)
    question("Q7", "single", "a b* c", "1.2", owner=commune)
    client = signed_in(client, writer)

    taken = client.post(reverse("questions:many"), {"act": "gift"}).content.decode()

    assert "Nội dung Q7" in taken
    assert "Nội dung Q1" not in taken
    assert "3 câu không có trong tệp" in text_of(client.get(reverse("questions:bank")))


def test_nothing_but_withheld_questions_makes_no_file(
    owned, sitting, writer, training_class, commune
):
    enrol(training_class, writer, commune)

    with pytest.raises(NothingToExport, match=r"chưa được tải về|not given to you"):
        export_questions(
            Question.objects.all(), FileFormat.MOODLE_XML, by=writer, at=timezone.now()
        )


def test_somebody_else_s_result_does_not_answer_what_one_may_be_asked(
    *, client, attempt, officer, training_class, commune, sitting
):
    client = signed_in(client, officer)
    assert "Vì Q1 b" in result(client, attempt)

    enrol(training_class, officer, commune)
    shown = result(client, attempt)

    assert "Vì Q1" not in shown
    assert "Đã chọn" not in shown
    assert "nên bài làm của câu không hiển thị" in shown


def test_nobody_learning_costs_one_query_to_ask(writer, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        withheld = keys_withheld_from(writer, timezone.now())

    assert withheld.among([1, 2, 3]) == {}
