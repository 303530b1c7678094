"""Receipts checked step by step, and the sealed days everybody can copy."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from exams.scenes import MINUTE, NINE, enrol, person
from hocvu.config.sealed_answers import check_attempt, check_days
from hocvu.exams import rules
from hocvu.exams.actions import hand_in, save_answer, start_attempt
from hocvu.exams.actions.late_answers import decide_late_answers
from hocvu.exams.actions.sealing import seal_days
from hocvu.exams.models import Answer, Attempt, SealedDay, SealedPage
from hocvu.exams.queries.inclusion import Side, way_up
from hocvu.exams.queries.receipts import receipt_of_attempt
from hocvu.exams.queries.sealed import has_receipt, receipt_page
from hocvu.exams.queries.sealed_tree import pages_of, proof_in
from hocvu.exams.queries.seals import PUBLIC_KEY_FILE
from hocvu.register.merkle import (
    Frontier,
    ProofDoesNotHold,
    Tree,
    TreeHead,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_inclusion,
)

DAY = date(2026, 11, 21)
NEXT_MORNING = NINE + timedelta(days=1)
INTACT, ALTERED, UNDETERMINED = 0, 1, 4


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.AUTHORITY_FOLDER = tmp_path / "authority"
    settings.REGISTER_FOLDER = tmp_path / "register"
    cache.clear()


def answer(attempt, asked, chosen, sequence, at=NINE + MINUTE):
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
def handed_in(sitting, learner, questions):
    attempt = start_attempt(sitting, by=learner, at=NINE)
    answer(attempt, questions[0], ["a"], 1)
    answer(attempt, questions[0], ["b"], 2)
    answer(attempt, questions[1], ["a", "b"], 3)
    hand_in(attempt, by=learner, at=NINE + 5 * MINUTE)
    return Attempt.objects.get()


@pytest.fixture
def sealed(handed_in, sitting, training_class, commune):
    """The first of three attempts of its day."""
    for number in range(2):
        someone = person(f"Lý Thị Số {number}")
        enrol(training_class, someone, commune)
        other = start_attempt(sitting, by=someone, at=NINE)
        hand_in(other, by=someone, at=NINE + 9 * MINUTE)
    seal_days(at=NEXT_MORNING)
    return Attempt.objects.get(pk=handed_in.pk)


# --- Pages of the tree -------------------------------------------------------------------------


def day_of_leaves(size):
    """A sealed day over `size` made-up seals, and its leaves."""
    leaves = [leaf_hash(n.to_bytes(4, "big")) for n in range(size)]
    head = Frontier().extend(leaves).head()
    sealed = SealedDay.objects.create(
        day=DAY - timedelta(days=size), size=size, root=head.root, note="", sealed_at=NINE
    )
    SealedPage.objects.bulk_create(pages_of(sealed, leaves))
    return sealed, leaves


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 513, 1_000, 3_000])
def test_a_proof_from_pages_is_the_proof_of_the_whole_tree(size):
    sealed, leaves = day_of_leaves(size)
    whole = Tree(leaves)

    for index in {0, size // 3, size // 2, max(0, size - 257), size - 1}:
        assert proof_in(sealed, index) == inclusion_proof(whole, index)


@pytest.mark.django_db
def test_a_proof_of_a_day_of_thousands_reads_two_pages(django_assert_num_queries):
    sealed, _leaves = day_of_leaves(3_000)

    with django_assert_num_queries(2) as asked:
        assert proof_in(sealed, 1_500)

    assert "IN (5, 11)" in asked.captured_queries[0]["sql"]  # its own and the last one


@pytest.mark.django_db
@pytest.mark.parametrize("damage", ["gone", "short", "another"])
def test_damaged_pages_prove_nothing_and_stop_nobody(damage):
    sealed, leaves = day_of_leaves(600)
    page = SealedPage.objects.get(sealed_day=sealed, number=1)
    if damage == "gone":
        page.delete()
    else:
        page.leaves = b"x" if damage == "short" else bytes(256 * 32)
        page.save()

    proof = proof_in(sealed, 300)

    with pytest.raises(ProofDoesNotHold):
        verify_inclusion(leaves[300], 300, proof, TreeHead(sealed.size, bytes(sealed.root)))


def test_another_attempt_that_was_changed_does_not_break_this_receipt(sealed):
    Attempt.objects.exclude(pk=sealed.pk).update(seal=bytes(32))

    assert receipt_page(sealed).check.is_intact


@pytest.fixture
def as_learner(client, learner):
    client.force_login(learner.account)
    return client


def page(name, *things):
    return reverse(f"exams:{name}", args=things)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# --- The receipt of one attempt ----------------------------------------------------------------


def test_the_result_leads_to_the_check_once_the_day_is_sealed(as_learner, handed_in):
    link = page("receipt", handed_in.pk)
    assert link not in as_learner.get(page("result", handed_in.pk)).content.decode()

    seal_days(at=NEXT_MORNING)

    shown = as_learner.get(page("result", handed_in.pk))
    assert link in shown.content.decode()
    assert "Kiểm tra biên nhận" in text_of(shown)
    assert receipt_of_attempt(handed_in) in text_of(shown)


def test_a_receipt_is_checked_from_the_answers_up_to_the_signed_head(as_learner, sealed):
    shown = as_learner.get(page("receipt", sealed.pk))

    text = text_of(shown)
    assert "Mọi thứ đều khớp" in text
    assert receipt_of_attempt(sealed) in text
    assert bytes(sealed.seal).hex() in text
    assert "đứng thứ 1 trong 3 lượt của danh sách ngày 21/11/2026" in text
    assert SealedDay.objects.get().note.split("\n")[2] in text
    assert f"register.hocvu.example/exams/{DAY}" in text
    assert text.count("đúng như đã lưu") == 2
    assert page("sealed_day", DAY) in shown.content.decode()


def test_before_the_day_is_sealed_the_answers_are_checked_alone(as_learner, handed_in):
    text = text_of(as_learner.get(page("receipt", handed_in.pk)))

    assert "Ngày này chưa được ký" in text
    assert "Từng câu trả lời đang lưu đúng là câu đã niêm phong khi nộp bài." in text


def test_a_changed_answer_is_shown_with_what_to_do_next(as_learner, sealed):
    Answer.objects.filter(sequence=3).update(chosen=["c"])

    text = text_of(as_learner.get(page("receipt", sealed.pk)))

    assert "Có chỗ không khớp" in text
    assert "Xin in trang này" in text
    assert "Phường Thủy Nguyên" in text
    assert text.count("đã bị sửa sau khi lưu") == 1


def test_a_forgotten_change_of_mind_is_shown_at_its_question(as_learner, sealed):
    Answer.objects.filter(sequence=2).update(earlier=b"")

    text = text_of(as_learner.get(page("receipt", sealed.pk)))

    assert text.count("bị đứt") == 1


def test_a_seal_that_was_taken_away_is_found_out(as_learner, sealed):
    Attempt.objects.filter(pk=sealed.pk).update(seal=None)

    assert "Có chỗ không khớp" in text_of(as_learner.get(page("receipt", sealed.pk)))


def test_another_root_put_in_place_is_shown_as_a_wrong_signature(as_learner, sealed):
    SealedDay.objects.update(root=bytes(32))

    text = text_of(as_learner.get(page("receipt", sealed.pk)))

    assert "không đi đến mã gốc" in text
    assert "Chữ ký không đúng, hoặc ký cho một mã gốc khác." in text


def test_without_the_public_key_the_page_says_what_it_could_not_check(as_learner, sealed, settings):
    (settings.AUTHORITY_FOLDER / PUBLIC_KEY_FILE).unlink()

    text = text_of(as_learner.get(page("receipt", sealed.pk)))

    assert "Chưa kiểm tra được hết" in text
    assert "Mọi thứ đều khớp" not in text


def test_answers_let_count_later_are_named(as_learner, sealed, questions, officer):
    answer(sealed, questions[2], ["a"], 9, at=NINE + 60 * MINUTE)
    decide_late_answers(
        sealed, counts=True, by=officer, at=NINE + 61 * MINUTE, reason="Mất mạng tại điểm cầu"
    )

    text = text_of(as_learner.get(page("receipt", sealed.pk)))

    assert "Mọi thứ đều khớp" in text
    assert "1 câu trả lời đến sau giờ kết thúc về sau được tính." in text


def test_an_attempt_under_way_has_nothing_to_check(as_learner, sitting, learner):
    attempt = start_attempt(sitting, by=learner, at=NINE)

    assert as_learner.get(page("receipt", attempt.pk)).status_code == 303


def test_those_who_may_open_the_result_may_check_it_and_nobody_else(
    client, sealed, officer, stranger, classmate
):
    opened = {}
    for someone in (officer, stranger, classmate):
        client.force_login(someone.account)
        opened[someone] = client.get(page("receipt", sealed.pk)).status_code

    assert opened == {officer: 200, stranger: 404, classmate: 404}


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_the_way_up_ends_at_the_root_and_passes_everybody_else(place):
    index, size = place
    leaves = [leaf_hash(bytes([n])) for n in range(size)]

    way = way_up(leaves[index], index, size, inclusion_proof(leaves, index))

    assert (way[-1].result if way else leaves[index]) == root_of(leaves)
    assert sum(step.attempts for step in way) == size - 1
    assert sum(step.attempts for step in way if step.side is Side.BEFORE) == index


def test_the_page_shows_the_way_the_proof_takes(sealed):
    shown = receipt_page(sealed)

    assert shown.way[-1].result == shown.check.proof.root
    assert [(step.side, step.attempts) for step in shown.way] == [(Side.AFTER, 1)] * 2


# --- For everybody -----------------------------------------------------------------------------


def test_anybody_can_list_the_sealed_days_and_copy_them(client, sealed):
    shown = client.get(page("sealed_days"))

    head = SealedDay.objects.get()
    assert shown.status_code == 200
    assert "21/11/2026" in text_of(shown)
    assert head.note.split("\n")[2] in text_of(shown)
    assert page("sealed_day", DAY) in shown.content.decode()


def test_anybody_can_keep_the_signed_head_of_a_day_as_it_is(client, sealed):
    kept = client.get(page("sealed_day_note", DAY))

    assert kept["Content-Type"] == "text/plain; charset=utf-8"
    assert kept.content.decode() == SealedDay.objects.get().note


def test_public_pages_name_nobody(client, sealed, learner, sitting):
    for address in (page("sealed_days"), page("sealed_day", DAY), page("sealed_day_note", DAY)):
        text = client.get(address).content.decode()

        assert learner.full_name not in text
        assert sitting.training_class.name not in text
        assert receipt_of_attempt(sealed) not in text


@pytest.mark.parametrize("typed", ["{0}", "{0} ", "lower"])
def test_anybody_is_told_that_a_receipt_belongs_to_the_day(client, sealed, typed, learner):
    receipt = receipt_of_attempt(sealed)
    said = receipt.lower().replace("-", " ") if typed == "lower" else typed.format(receipt)

    told = client.post(page("sealed_day", DAY), {"receipt": said})

    assert "Có: một lượt làm bài đã niêm phong của ngày này" in text_of(told)
    assert learner.full_name not in told.content.decode()
    assert told["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("typed", ["0000-0000-0000-0000", "0000", "không phải", "!" * 16, "\x00Ü"])
def test_a_receipt_nobody_has_is_not_found(client, sealed, typed):
    told = client.post(page("sealed_day", DAY), {"receipt": typed})

    assert "Có: một lượt" not in text_of(told)


def test_nothing_typed_is_asked_for_again(client, sealed):
    assert client.post(page("sealed_day", DAY), {"receipt": ""}).status_code == 422


def test_a_receipt_is_looked_for_on_its_own_day_only(client, sealed, sitting, learner):
    other = SealedDay.objects.create(
        day=DAY - timedelta(days=1), size=1, root=bytes(32), note="x", sealed_at=NINE
    )

    assert has_receipt(SealedDay.objects.get(day=DAY), receipt_of_attempt(sealed))
    assert not has_receipt(other, receipt_of_attempt(sealed))


def test_a_script_that_tries_receipts_is_told_to_wait(client, sealed):
    address = page("sealed_day", DAY)
    answers = [client.post(address, {"receipt": "0" * 16}).status_code for _ in range(61)]

    assert answers == [200] * 60 + [429]
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("written", ["2026-11-20", "20261121", "2026-11-21x", "hom-qua"])
def test_a_day_that_is_not_sealed_has_no_page(client, sealed, written):
    assert client.get(page("sealed_day", written)).status_code == 404
    assert client.get(page("sealed_day_note", written)).status_code == 404


def test_a_receipt_is_found_by_an_index(sealed):
    receipt = receipt_of_attempt(sealed)
    low, high = rules.seals_with_receipt(receipt)
    assert low <= bytes(sealed.seal) <= high

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT 1 FROM exams_attempt "
            "WHERE sealed_in_id = %s AND seal BETWEEN %s AND %s",
            [sealed.sealed_in_id, low, high],
        )
        plan = " ".join(row[0] for row in cursor.fetchall())

    assert "seals_of_a_day" in plan


@given(st.binary(min_size=32, max_size=32))
def test_every_seal_lies_among_those_with_its_receipt(seal):
    low, high = rules.seals_with_receipt(rules.seal_receipt(seal))

    assert low <= seal <= high
    assert rules.seal_receipt(low) == rules.seal_receipt(high) == rules.seal_receipt(seal)


@given(st.text())
def test_whatever_is_typed_is_a_receipt_or_none(typed):
    found = rules.seals_with_receipt(typed)

    assert found is None or rules.is_receipt(typed, rules.seal_receipt(found[0]))


# --- On the command line -----------------------------------------------------------------------


def told(check, *arguments):
    lines = []
    code = check(*arguments, tell=lines.append)
    return code, "\n".join(lines)


def test_the_command_finds_a_sealed_attempt_intact(sealed):
    code, said = told(check_attempt, sealed.pk)

    assert code == INTACT
    assert receipt_of_attempt(sealed) in said
    assert "The signature of the day holds." in said


def test_the_command_says_which_step_of_an_attempt_fails(sealed):
    Answer.objects.filter(sequence=3).update(chosen=["c"])

    code, said = told(check_attempt, sealed.pk)

    assert code == ALTERED
    assert "An answer was changed after it was saved." in said


def test_the_command_cannot_tell_of_an_attempt_nobody_made(db):
    assert told(check_attempt, 1)[0] == UNDETERMINED


def test_the_command_cannot_tell_of_an_attempt_without_a_seal(handed_in):
    Attempt.objects.update(seal=None)

    assert told(check_attempt, handed_in.pk)[0] == UNDETERMINED
    assert "Without a seal: 1." in told(check_days, None)[1]


def test_the_command_checks_every_attempt_of_a_day(sealed):
    code, said = told(check_days, DAY)

    assert code == INTACT
    assert "3 attempts intact" in said


def test_the_command_cannot_tell_of_a_day_that_is_not_sealed(sealed):
    assert told(check_days, DAY + timedelta(days=1))[0] == UNDETERMINED


def test_the_command_names_the_attempt_that_was_altered(sealed):
    Answer.objects.filter(sequence=3).update(chosen=["c"])

    code, said = told(check_days, None)

    assert code == ALTERED
    assert f"Attempt {sealed.pk}:" in said


def test_the_command_finds_an_attempt_that_was_taken_out_of_its_day(sealed):
    Attempt.objects.filter(pk=sealed.pk).update(sealed_in=None)

    code, said = told(check_days, DAY)

    assert code == ALTERED
    assert "The seals do not lead to the root of the day." in said


def test_the_command_finds_a_note_that_was_changed(sealed):
    day = SealedDay.objects.get()
    SealedDay.objects.update(note=day.note.replace("\n3\n", "\n4\n"))

    assert told(check_days, None)[0] == ALTERED


def test_the_command_checks_what_is_not_sealed_yet(handed_in):
    assert told(check_days, None)[0] == INTACT

    Answer.objects.filter(sequence=3).delete()

    assert told(check_days, None)[0] == ALTERED


def test_without_the_public_key_the_command_cannot_tell(sealed, settings):
    (settings.AUTHORITY_FOLDER / PUBLIC_KEY_FILE).unlink()

    assert told(check_attempt, sealed.pk)[0] == UNDETERMINED
    assert told(check_days, None)[0] == UNDETERMINED


def test_late_answers_that_count_do_not_break_their_day(sealed, questions, officer):
    answer(sealed, questions[2], ["a"], 9, at=NINE + 60 * MINUTE)
    decide_late_answers(
        sealed, counts=True, by=officer, at=NINE + 61 * MINUTE, reason="Mất mạng tại điểm cầu"
    )

    assert told(check_days, None)[0] == INTACT
