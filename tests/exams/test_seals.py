"""What is sealed at the hand-in can be checked for ever, and shows every later change."""

from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from django.db import connection

from exams.scenes import MINUTE, NINE
from hocvu.audit.models import AuditEntry
from hocvu.exams import rules
from hocvu.exams.actions import hand_in, save_answer, start_attempt
from hocvu.exams.actions.sealing import publish_days, seal_days, seal_days_that_are_over
from hocvu.exams.models import Answer, Attempt, SealedDay, Sitting
from hocvu.exams.queries.receipts import receipt_of_attempt
from hocvu.exams.queries.seals import Step, check_answers, proof_of
from hocvu.kernel.time import VIETNAM

DAY = date(2026, 11, 21)
NEXT_MORNING = NINE + timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.AUTHORITY_FOLDER = tmp_path / "authority"
    settings.REGISTER_FOLDER = tmp_path / "register"


def answer(attempt, asked, chosen, sequence):
    save_answer(
        attempt,
        asked.pk,
        chosen,
        sequence=sequence,
        client_id=uuid4(),
        by=attempt.person,
        at=NINE + MINUTE,
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
def sealed(handed_in):
    seal_days(at=NEXT_MORNING)
    return Attempt.objects.get()


def failing(attempt, **more):
    return {step for step, holds in check_answers(attempt, **more).steps.items() if not holds}


def test_the_digest_is_the_hash_of_the_canonical_bytes():
    digest = rules.answer_digest(
        7, 12, ["b", "à"], sequence=3, client_id=UUID(int=1), saved_at=NINE + timedelta(0, 0, 5)
    )

    said = '[7,12,3,"00000000-0000-0000-0000-000000000001",1795226400000005,["b","à"]]'
    assert digest == sha256(said.encode()).digest()


def test_the_seal_covers_seed_questions_and_links_in_whatever_order_they_are_read():
    links = [(2, b"\x02" * 32), (1, b"\x01" * 32)]

    said = (5).to_bytes(8, "big") + b"".join(n.to_bytes(8, "big") + bytes([n]) * 32 for n in (1, 2))
    assert rules.seal_of(5, links) == rules.seal_of(5, links[::-1]) == sha256(said).digest()


def test_the_receipt_of_an_attempt_is_read_off_its_seal():
    assert rules.seal_receipt(bytes(32)) == "0000-0000-0000-0000"
    assert rules.seal_receipt(b"\xff" * 32) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
    assert rules.seal_receipt(b"\x08" + bytes(31)) == "1000-0000-0000-0000"


def test_handing_in_seals_what_stands(handed_in):
    found = check_answers(handed_in)

    assert found.is_intact
    assert found.receipt == receipt_of_attempt(handed_in) != ""
    assert set(found.steps) == {Step.DIGESTS, Step.CHAINS, Step.SEAL}


def test_an_attempt_under_way_has_no_receipt_yet(sitting, learner):
    attempt = start_attempt(sitting, by=learner, at=NINE)

    assert receipt_of_attempt(attempt) == ""
    assert check_answers(attempt).receipt == ""


def test_a_kept_receipt_is_recognised_and_a_wrong_one_is_not(handed_in):
    kept = receipt_of_attempt(handed_in).lower().replace("-", " ")

    assert check_answers(handed_in, kept=kept).steps[Step.RECEIPT]
    assert failing(handed_in, kept="0000-0000-0000-0000") == {Step.RECEIPT}


def test_a_changed_answer_is_found_out(handed_in):
    Answer.objects.filter(sequence=2).update(chosen=["c"])

    assert failing(handed_in) == {Step.DIGESTS}


def test_a_changed_answer_with_a_digest_to_match_is_found_out(handed_in):
    changed = Answer.objects.get(sequence=3)
    changed.chosen = ["a", "b", "c"]
    changed.digest = rules.answer_digest(
        handed_in.pk,
        changed.question_id,
        changed.chosen,
        sequence=3,
        client_id=changed.client_id,
        saved_at=changed.saved_at,
    )
    changed.save()
    assert failing(handed_in) == {Step.CHAINS, Step.SEAL}

    changed.link = rules.link_over([changed.digest])
    changed.save()

    assert failing(handed_in) == {Step.SEAL}


def test_a_removed_answer_is_found_out(handed_in):
    Answer.objects.filter(sequence=3).delete()

    assert failing(handed_in) == {Step.SEAL}


def test_a_forgotten_change_of_mind_is_found_out(handed_in):
    Answer.objects.filter(sequence=2).update(earlier=b"")

    assert Step.CHAINS in failing(handed_in)


def test_answers_from_before_the_chain_are_sealed_by_what_they_say(sitting, learner, questions):
    attempt = start_attempt(sitting, by=learner, at=NINE)
    answer(attempt, questions[0], ["b"], 1)
    Answer.objects.update(digest=b"", link=b"")
    hand_in(attempt, by=learner, at=NINE + 5 * MINUTE)
    attempt = Attempt.objects.get()
    assert check_answers(attempt).is_intact

    Answer.objects.update(chosen=["a"])

    assert failing(attempt) == {Step.SEAL}


def test_a_day_is_sealed_when_it_is_over_and_only_once(handed_in):
    before_midnight = NINE.astimezone(VIETNAM).replace(hour=23, minute=59)
    assert seal_days(at=before_midnight) == []

    first = seal_days(at=before_midnight + MINUTE)

    assert [each.day for each in first] == [DAY]
    assert seal_days(at=NEXT_MORNING) == []
    assert AuditEntry.objects.filter(act="day_sealed").count() == 1


def test_every_attempt_of_the_day_is_proved_to_stand_under_its_signed_head(
    sealed, sitting, classmate
):
    proof = proof_of(sealed)

    assert (proof.day, proof.index, proof.size) == (DAY, 0, 1)
    assert proof.note.startswith(f"register.hocvu.example/exams/{DAY}\n1\n")
    found = check_answers(sealed)
    assert found.is_intact
    assert {Step.DAY, Step.SIGNATURE} <= set(found.steps)


def test_attempts_of_one_day_stand_in_the_order_they_were_handed_in(
    sitting, learner, classmate, questions
):
    later, sooner = (start_attempt(sitting, by=who, at=NINE) for who in (learner, classmate))
    hand_in(sooner, by=classmate, at=NINE + MINUTE)
    hand_in(later, by=learner, at=NINE + 2 * MINUTE)

    seal_days(at=NEXT_MORNING)

    attempts = Attempt.objects.order_by("handed_in_at")
    assert [proof_of(each).index for each in attempts] == [0, 1]
    assert attempts[0] == sooner
    assert all(check_answers(each).is_intact for each in attempts)


def test_another_seal_put_in_place_is_found_out(sealed):
    Attempt.objects.update(seal=bytes(32))
    sealed.refresh_from_db()

    assert failing(sealed) == {Step.SEAL, Step.DAY}


def test_another_head_put_in_place_is_found_out(sealed):
    Attempt.objects.update(seal=bytes(32))
    proof = proof_of(sealed)
    from hocvu.exams.queries.seals import leaf_of
    from hocvu.register.merkle import root_of

    SealedDay.objects.update(root=root_of([leaf_of(bytes(32))]))
    sealed.refresh_from_db()

    assert proof.root != bytes(SealedDay.objects.get().root)
    assert failing(sealed) == {Step.SEAL, Step.SIGNATURE}


def test_what_comes_in_after_its_day_was_sealed_goes_with_the_next(
    sealed, sitting, classmate, questions
):
    late_sheet = start_attempt(sitting, by=classmate, at=NINE)
    hand_in(late_sheet, by=classmate, at=NINE + 9 * MINUTE)
    assert seal_days(at=NEXT_MORNING) == []

    later = seal_days(at=NEXT_MORNING + timedelta(days=1))

    assert [(each.day, each.size) for each in later] == [(DAY + timedelta(days=1), 1)]
    late_sheet.refresh_from_db()
    assert check_answers(late_sheet).is_intact


def test_missed_nights_are_made_up_day_by_day(handed_in, sitting, classmate):
    later = NINE + timedelta(days=2)
    Sitting.objects.update(closes_at=later + 60 * MINUTE)
    other = start_attempt(Sitting.objects.get(), by=classmate, at=later)
    hand_in(other, by=classmate, at=later + 9 * MINUTE)

    made = seal_days(at=NINE + timedelta(days=5))

    assert [each.day for each in made] == [DAY, DAY + timedelta(days=2)]


def test_the_hourly_job_seals_and_publishes(handed_in, settings):
    seal_days_that_are_over(int(NEXT_MORNING.timestamp()))

    shown = settings.REGISTER_FOLDER / "exams" / str(DAY)
    assert shown.read_text() == SealedDay.objects.get().note


def test_a_note_that_was_not_published_is_published_by_the_next_run(sealed, settings):
    assert publish_days() == 1
    assert publish_days() == 0

    (settings.REGISTER_FOLDER / "exams" / str(DAY)).unlink()

    assert publish_days() == 1


def test_the_key_is_for_its_owner_only_and_made_once(sealed, settings):
    key = settings.AUTHORITY_FOLDER / "exams.key"
    before = key.read_text()
    assert key.stat().st_mode & 0o077 == 0

    Attempt.objects.update(sealed_in=None)
    SealedDay.objects.all().delete()
    seal_days(at=NEXT_MORNING)

    assert key.read_text() == before


@pytest.mark.django_db
def test_the_database_computes_the_same_hashes_as_the_rules():
    with connection.cursor() as cursor:
        cursor.execute("SELECT sha256(sha256(%s) || %s)", [b"a", b"b"])
        assert bytes(cursor.fetchone()[0]) == rules.next_link(sha256(b"a").digest(), b"b")
