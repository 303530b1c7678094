import pytest
from bank_scene import NOON, PLACE, approved, draft, flawed, single, with_role
from django.db import DatabaseError, transaction

from hocvu.audit.models import AuditEntry
from hocvu.kernel.errors import NotAllowed
from hocvu.questions.actions import (
    QuestionHasNewerVersion,
    QuestionIsNotInReview,
    QuestionIsNotReviewed,
    QuestionIsUnfinished,
    QuestionStandsAlready,
    QuestionWasChanged,
    ReviewWasGiven,
    Written,
    copy_question,
    edit_question,
    put_in_use,
    retire_question,
    review_question,
    send_for_review,
    share_question,
    write_question,
)
from hocvu.questions.models import Question, QuestionReview
from hocvu.questions.queries import item_of, latest_questions, questions_to_draw_from
from hocvu.questions.queries.places import mark_of
from hocvu.questions.queries.reach import questions_open_to
from hocvu.questions.rules.places import Place
from hocvu.questions.rules.states import QuestionState, Said, is_reviewed


@pytest.fixture
def reviewers(colleague, officer):
    return colleague, officer


@pytest.fixture
def city_question(hai_phong, officer, national_author):
    question = draft(hai_phong, officer)
    reviewed = approved(question, national_author, with_role("teacher", hai_phong), author=officer)
    put_in_use([reviewed], by=officer, at=NOON)
    return reviewed


def now_is(question):
    return Question.objects.get(pk=question.pk).state


def edited(question, stem, by, seen=None):
    written = Written(single(stem), PLACE)
    return edit_question(question, written, seen=seen or mark_of(question), by=by, at=NOON)


# --- Two persons approve -----------------------------------------------------------------------


def test_a_question_goes_from_draft_to_use_through_two_persons(le_chan, author, colleague, officer):
    question = draft(le_chan, author)
    assert now_is(question) is QuestionState.DRAFT

    send_for_review([question], by=author, at=NOON)
    assert now_is(question) is QuestionState.IN_REVIEW
    review_question(question, approves=True, remarks="", by=colleague, at=NOON)
    assert now_is(question) is QuestionState.IN_REVIEW
    review_question(question, approves=True, remarks="", by=officer, at=NOON)
    assert now_is(question) is QuestionState.REVIEWED
    put_in_use([question], by=author, at=NOON)

    assert now_is(question) is QuestionState.IN_USE
    assert latest_questions([question.code])[question.code] == question
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert {
        *("question_written", "questions_sent_for_review", "question_approved"),
        "questions_put_in_use",
    } <= acts


def test_nobody_reviews_their_own_question(le_chan, author):
    question = draft(le_chan, author)
    send_for_review([question], by=author, at=NOON)

    with pytest.raises(NotAllowed):
        review_question(question, approves=True, remarks="", by=author, at=NOON)


def test_one_person_approving_twice_counts_once(le_chan, author, colleague):
    question = draft(le_chan, author)
    send_for_review([question], by=author, at=NOON)

    for _ in range(2):
        review_question(question, approves=True, remarks="", by=colleague, at=NOON)

    assert QuestionReview.objects.count() == 1
    assert now_is(question) is QuestionState.IN_REVIEW


def test_a_person_cannot_take_a_review_back(le_chan, author, colleague):
    question = draft(le_chan, author)
    send_for_review([question], by=author, at=NOON)
    review_question(question, approves=True, remarks="", by=colleague, at=NOON)

    with pytest.raises(ReviewWasGiven):
        review_question(question, approves=False, remarks="Sai", by=colleague, at=NOON)


def test_an_objection_returns_the_question_to_its_author(le_chan, author, colleague, officer):
    question = draft(le_chan, author)
    send_for_review([question], by=author, at=NOON)

    review_question(question, approves=False, remarks="Đáp án sai", by=colleague, at=NOON)

    assert now_is(question) is QuestionState.DRAFT
    with pytest.raises(QuestionIsNotInReview):
        review_question(question, approves=True, remarks="", by=officer, at=NOON)
    with pytest.raises(QuestionIsNotInReview):
        send_for_review([question], by=author, at=NOON)


def test_a_draft_nobody_sent_cannot_be_reviewed(le_chan, author, colleague):
    with pytest.raises(QuestionIsNotInReview):
        review_question(draft(le_chan, author), approves=True, remarks="", by=colleague, at=NOON)


def test_a_neighbour_reviews_nothing(le_chan, author, neighbour):
    question = draft(le_chan, author)
    send_for_review([question], by=author, at=NOON)

    with pytest.raises(NotAllowed):
        review_question(question, approves=True, remarks="", by=neighbour, at=NOON)


def test_an_unfinished_question_is_not_sent_and_the_refusal_says_what_is_missing(le_chan, author):
    question = draft(le_chan, author, flawed())

    with pytest.raises(QuestionIsUnfinished, match="hai phương án"):
        send_for_review([question], by=author, at=NOON)


def test_a_question_without_its_place_is_not_sent(le_chan, author):
    question = draft(le_chan, author, place=Place())

    with pytest.raises(QuestionIsUnfinished, match="nguồn"):
        send_for_review([question], by=author, at=NOON)


def test_of_several_questions_all_are_sent_or_none(le_chan, author):
    good, bad = draft(le_chan, author), draft(le_chan, author, flawed())

    with pytest.raises(QuestionIsUnfinished):
        send_for_review([good, bad], by=author, at=NOON)

    assert now_is(good) is QuestionState.DRAFT


def test_sending_twice_is_once(le_chan, author):
    question = draft(le_chan, author)

    assert send_for_review([question], by=author, at=NOON) == 1
    assert send_for_review([question], by=author, at=NOON) == 0


def test_a_question_that_nobody_approved_is_not_put_in_use(le_chan, author):
    with pytest.raises(QuestionIsNotReviewed):
        put_in_use([draft(le_chan, author)], by=author, at=NOON)


@pytest.mark.parametrize(
    ("said", "reviewed"),
    [
        ([], False),
        ([Said(2, True)], False),
        ([Said(2, True), Said(3, True)], True),
        ([Said(1, True), Said(2, True)], False),
        ([Said(2, True), Said(3, True), Said(4, False)], False),
    ],
)
def test_two_others_must_approve_and_nobody_object(said, reviewed):
    assert is_reviewed(1, said) is reviewed


def test_the_database_keeps_reviews_as_they_were_given(le_chan, author, colleague):
    question = draft(le_chan, author)
    send_for_review([question], by=author, at=NOON)
    review_question(question, approves=True, remarks="", by=colleague, at=NOON)

    with pytest.raises(DatabaseError), transaction.atomic():
        QuestionReview.objects.update(approves=False)


def test_the_database_lets_no_unreviewed_question_into_use(le_chan, author):
    question = draft(le_chan, author)

    with pytest.raises(DatabaseError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(put_in_use_at=NOON)


# --- Versions ----------------------------------------------------------------------------------


def test_an_author_rewrites_a_draft_in_place(le_chan, author):
    question = draft(le_chan, author)

    rewritten = edited(question, "Câu mới?", author)

    assert (rewritten.pk, rewritten.version) == (question.pk, 1)
    assert Question.objects.get().stem == "Câu mới?"
    assert Question.objects.filter(search_key__contains="cau moi").exists()


def test_another_persons_draft_becomes_a_new_version_with_another_author(
    le_chan, author, colleague
):
    question = draft(le_chan, author)

    version = edited(question, "Câu mới?", colleague)

    assert (version.version, version.created_by) == (2, colleague)
    assert Question.objects.get(pk=question.pk).replaced_by == version


def test_editing_a_question_in_use_makes_a_draft_beside_it(le_chan, author, colleague, officer):
    question = approved(draft(le_chan, author), colleague, officer, author=author)
    put_in_use([question], by=author, at=NOON)

    version = edited(Question.objects.get(), "Câu mới?", author)

    assert now_is(question) is QuestionState.IN_USE
    assert now_is(version) is QuestionState.DRAFT
    assert latest_questions([question.code])[question.code] == question


def test_the_new_version_in_use_retires_the_one_before(le_chan, author, colleague, officer):
    question = approved(draft(le_chan, author), colleague, officer, author=author)
    put_in_use([question], by=author, at=NOON)
    version = edited(Question.objects.get(), "Câu mới?", author)

    put_in_use([approved(version, colleague, officer, author=author)], by=author, at=NOON)

    assert now_is(question) is QuestionState.RETIRED
    assert Question.objects.get(pk=question.pk).replaced_by == version


def test_only_the_newest_version_is_edited(le_chan, author, colleague):
    question = draft(le_chan, author)
    edited(question, "Câu mới?", colleague)

    with pytest.raises(QuestionHasNewerVersion):
        edited(question, "Câu khác?", author)


def test_what_was_changed_meanwhile_is_not_overwritten(le_chan, author):
    question = draft(le_chan, author)
    seen = mark_of(question)
    edited(question, "Câu mới?", author)

    with pytest.raises(QuestionWasChanged):
        edited(question, "Câu khác?", author, seen=seen)


def test_saving_without_a_change_makes_no_version(le_chan, author, colleague):
    question = draft(le_chan, author)
    same = Written(item_of(question), PLACE)

    edit_question(question, same, seen=mark_of(question), by=colleague, at=NOON)

    assert Question.objects.count() == 1


def test_a_double_click_writes_one_question(le_chan, author):
    written = Written(single(), PLACE)

    first = write_question(written, owner=le_chan, by=author, at=NOON)

    assert write_question(written, owner=le_chan, by=author, at=NOON) == first
    assert Question.objects.count() == 1


def test_the_same_question_of_somebody_else_in_the_same_bank_is_refused(le_chan, author, colleague):
    draft(le_chan, author, single())

    with pytest.raises(QuestionStandsAlready):
        draft(le_chan, colleague, single())


# --- Retiring, sharing, copying ----------------------------------------------------------------


def test_a_retired_question_is_asked_no_longer_and_says_why(le_chan, author, colleague, officer):
    question = approved(draft(le_chan, author), colleague, officer, author=author)
    put_in_use([question], by=author, at=NOON)

    retire_question(question, reason="Luật đã thay", by=author, at=NOON)

    assert latest_questions([question.code]) == {}
    assert Question.objects.get().retire_reason == "Luật đã thay"


def test_a_neighbour_retires_and_shares_nothing(le_chan, author, neighbour):
    question = draft(le_chan, author)

    with pytest.raises(NotAllowed):
        retire_question(question, reason="Không hợp", by=neighbour, at=NOON)
    with pytest.raises(NotAllowed):
        share_question(question, shared=True, by=neighbour, at=NOON)


def test_a_shared_question_is_seen_by_others_once_it_is_in_use(
    le_chan, author, colleague, officer, neighbour
):
    question = draft(le_chan, author)
    share_question(question, shared=True, by=author, at=NOON)
    assert question not in questions_open_to(neighbour)

    put_in_use([approved(question, colleague, officer, author=author)], by=author, at=NOON)

    assert question in questions_open_to(neighbour)


def test_a_unit_draws_from_its_own_bank_those_above_it_and_what_is_shared(
    le_chan, an_bien, author, reviewers, city_question
):
    own = approved(draft(le_chan, author), *reviewers, author=author)
    put_in_use([own], by=author, at=NOON)

    assert set(questions_to_draw_from(le_chan)) == {own, city_question}
    assert set(questions_to_draw_from(an_bien)) == {city_question}
    assert set(questions_to_draw_from(None)) == set()


def test_a_copy_is_a_draft_of_ones_own(le_chan, an_bien, author, reviewers, neighbour):
    question = draft(le_chan, author)
    share_question(question, shared=True, by=author, at=NOON)
    put_in_use([approved(question, *reviewers, author=author)], by=author, at=NOON)

    copy = copy_question(question, owner=an_bien, by=neighbour, at=NOON)

    assert copy.code != question.code
    assert (copy.owner, copy.created_by, copy.state) == (an_bien, neighbour, QuestionState.DRAFT)
    assert item_of(copy) == item_of(question)


def test_what_is_not_shared_is_not_copied(le_chan, an_bien, author, neighbour):
    with pytest.raises(NotAllowed):
        copy_question(draft(le_chan, author), owner=an_bien, by=neighbour, at=NOON)


def test_nobody_writes_for_a_unit_that_is_not_theirs(an_bien, author, leader):
    for person in (author, leader):
        with pytest.raises(NotAllowed):
            draft(an_bien, person)


def test_only_who_writes_for_the_nation_writes_for_everybody(author, national_author):
    assert draft(None, national_author).owner is None
    with pytest.raises(NotAllowed):
        draft(None, author)
