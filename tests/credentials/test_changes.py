"""Revoked, reinstated, corrected, questioned: always new entries, never a changed one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from credentials.recognition_scene import NOON, make_person, tamper
from hocvu.audit.models import AuditEntry
from hocvu.classes.models import Presence, RollMark
from hocvu.competency.models import Framework
from hocvu.credentials.actions import (
    correct_certificate,
    question_certificates,
    reinstate_certificate,
    revoke_certificate,
    settle_question,
)
from hocvu.credentials.actions.corrections import (
    CannotBePrinted,
    CertificateIsRevoked,
    NothingToCorrect,
    NotTheLatestEdition,
)
from hocvu.credentials.actions.moments import ClockIsBehind
from hocvu.credentials.actions.questions import ExplanationIsMissing
from hocvu.credentials.actions.revocations import CauseIsUnknown, IsNotRevoked, ReasonIsMissing
from hocvu.credentials.models import (
    Certificate,
    Correction,
    Outcome,
    QuestionedCertificate,
    RegisterEntry,
    RegisterEvent,
)
from hocvu.credentials.queries.certificates import certificates_of, certificates_open_to
from hocvu.credentials.queries.changes import (
    changes_told_to,
    published_changes,
    questions_open_to,
)
from hocvu.credentials.rules.causes import Change, Ruling, causes_in_force
from hocvu.exams.models import Attempt, Sitting
from hocvu.inspection.queries.register import audit_register
from hocvu.kernel.errors import NotAllowed
from hocvu.papers.models import Paper

RULING = Ruling("09/QĐ-TCT", date(2026, 11, 20), "lent", "Cho đồng nghiệp mượn")
CORRECTION = Ruling("10/QĐ-TCT", date(2026, 11, 20), "written_wrong")


def revoke(certificate, registrar, ruling=RULING, at=NOON):
    revoke_certificate(certificate, ruling=ruling, by=registrar, at=at)


def correct(certificate, registrar, ruling=CORRECTION, **says):
    said = replace(certificate.holder, **(says or {"full_name": "Phạm Văn Ẩn"}))
    return correct_certificate(certificate, said, ruling=ruling, by=registrar, at=NOON)


def events():
    entries = RegisterEntry.objects.order_by("leaf_index")
    return list(entries.values_list("certificate__serial_number", "event"))


# --- causes -----------------------------------------------------------------------------------


def test_there_are_exactly_six_causes_of_revocation():
    causes = causes_in_force(Change.REVOCATION, NOON.date())

    assert [each.letter for each in causes.values()] == ["a", "b", "c", "d", "đ", "e"]
    assert list(causes)[-1] == "issuer_error"


def test_a_ruling_is_entered_with_its_decision_its_day_and_its_cause(certificate, registrar):
    revoke(certificate, registrar)

    entry = certificate.register_entries.get(event=RegisterEvent.REVOKE)
    assert entry.reason == (
        "Quyết định số 09/QĐ-TCT ngày 20/11/2026; đ) Để cho người khác sử dụng; "
        "Cho đồng nghiệp mượn"
    )
    assert audit_register() == []


@pytest.mark.parametrize(
    ("ruling", "refusal"),
    [
        (replace(RULING, cause="dislike"), CauseIsUnknown),
        (replace(RULING, cause="written_wrong"), CauseIsUnknown),  # a cause of corrections
        (replace(RULING, decision_number=""), ReasonIsMissing),
        (replace(RULING, explanation="x" * 251), ReasonIsMissing),
    ],
)
def test_a_ruling_that_is_none_is_refused(certificate, registrar, ruling, refusal):
    with pytest.raises(refusal):
        revoke(certificate, registrar, ruling)

    assert not certificate.register_entries.filter(event=RegisterEvent.REVOKE).exists()


# --- taken back -------------------------------------------------------------------------------


def test_a_revocation_may_be_taken_back_and_entered_again(certificate, registrar):
    for _time in range(2):
        revoke(certificate, registrar)
        assert certificates_open_to(registrar).get(pk=certificate.pk).is_revoked
        reinstate_certificate(
            certificate, ruling_number="11/QĐ-TCT", reason="Nhầm người", by=registrar, at=NOON
        )
        assert not certificates_open_to(registrar).get(pk=certificate.pk).is_revoked

    happened = [event for serial, event in events() if serial == certificate.serial_number]
    assert happened == ["issue", "revoke", "reinstate", "revoke", "reinstate"]
    assert audit_register() == []


def test_what_is_in_force_cannot_be_brought_back(certificate, registrar):
    with pytest.raises(IsNotRevoked):
        reinstate_certificate(certificate, ruling_number="11/QĐ", reason="x", by=registrar, at=NOON)


def test_a_stranger_brings_nothing_back_and_nobody_without_a_reason(
    certificate, registrar, stranger
):
    revoke(certificate, registrar)

    with pytest.raises(NotAllowed):
        reinstate_certificate(certificate, ruling_number="1", reason="x", by=stranger, at=NOON)
    with pytest.raises(ReasonIsMissing):
        reinstate_certificate(certificate, ruling_number="1", reason=" ", by=registrar, at=NOON)


# --- corrected --------------------------------------------------------------------------------


def test_a_correction_is_a_new_edition_under_the_same_register_number(certificate, registrar):
    edition = correct(certificate, registrar)

    assert edition.holder.full_name == "Phạm Văn Ẩn"
    assert edition.serial_number == f"{certificate.serial_number}-2"
    assert edition.register_entry_number == certificate.register_entry_number == "00001/2026"
    assert edition.verification_code != certificate.verification_code
    assert events()[3:] == [
        (certificate.serial_number, "supersede"),
        (edition.serial_number, "issue"),
    ]
    assert audit_register() == []


def test_what_was_written_stays_as_it_was(certificate, registrar):
    before = bytes(certificate.file)

    correct(certificate, registrar)

    old = Certificate.objects.get(pk=certificate.pk)
    assert (bytes(old.file), old.holder.full_name) == (before, "Phạm Văn Ân")
    assert old.entry.full_name == "Phạm Văn Ân"


def test_a_correction_can_be_corrected_and_only_the_latest_edition(certificate, registrar):
    second = correct(certificate, registrar)
    third = correct(second, registrar, full_name="Phạm Văn Ấn")

    assert (third.edition, third.serial_number[-2:]) == (3, "-3")
    with pytest.raises(NotTheLatestEdition):
        correct(certificate, registrar, full_name="Phạm Văn Khác")


def test_sent_twice_it_is_corrected_once(certificate, registrar):
    assert correct(certificate, registrar) == correct(certificate, registrar)
    assert Correction.objects.count() == 1


def test_a_revocation_reaches_every_edition(certificate, registrar):
    edition = correct(certificate, registrar)

    revoke(edition, registrar)

    revoked = RegisterEntry.objects.filter(event="revoke").values_list("certificate", flat=True)
    assert set(revoked) == {certificate.pk, edition.pk}


@pytest.mark.parametrize(
    ("says", "refusal"),
    [
        ({"full_name": "Phạm Văn Ân"}, NothingToCorrect),
        ({"full_name": ""}, NothingToCorrect),
        ({"full_name": "Phạm 漢 Ân"}, CannotBePrinted),
        ({"full_name": "W" * 150}, CannotBePrinted),
    ],
)
def test_a_correction_that_cannot_be_printed_or_changes_nothing_is_refused(
    certificate, registrar, says, refusal
):
    with pytest.raises(refusal):
        correct(certificate, registrar, **says)

    assert not Correction.objects.exists()


def test_what_is_revoked_is_not_corrected(certificate, registrar):
    revoke(certificate, registrar)

    with pytest.raises(CertificateIsRevoked):
        correct(certificate, registrar)


def test_a_stranger_corrects_nothing(certificate, stranger, officer):
    for somebody in (stranger, officer):
        with pytest.raises(NotAllowed):
            correct(certificate, somebody)


def test_a_correction_needs_a_cause_of_corrections(certificate, registrar):
    with pytest.raises(CauseIsUnknown):
        correct(certificate, registrar, ruling=RULING)


def test_a_correction_cannot_be_changed_afterwards(certificate, registrar):
    correct(certificate, registrar)

    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.update(full_name="Người Khác")


def test_a_correction_altered_in_the_database_shows(certificate, registrar):
    correct(certificate, registrar)
    tamper("UPDATE credentials_correction SET full_name = 'Kẻ Gian'")

    assert audit_register() != []


# --- the clock --------------------------------------------------------------------------------


def test_a_clock_that_was_set_back_is_refused(certificate, registrar):
    with pytest.raises(ClockIsBehind):
        revoke(certificate, registrar, at=NOON - timedelta(hours=1))

    assert not RegisterEntry.objects.filter(event="revoke").exists()


def test_two_machines_a_minute_apart_keep_the_order(certificate, registrar):
    revoke(certificate, registrar, at=NOON - timedelta(minutes=1))

    assert RegisterEntry.objects.get(event="revoke").at == NOON


def test_the_database_itself_refuses_an_entry_dated_back(certificates, registrar):
    last = RegisterEntry.objects.order_by("leaf_index").last()

    with pytest.raises(IntegrityError, match="dated before"), transaction.atomic():
        RegisterEntry.objects.create(
            leaf_index=last.leaf_index + 1,
            event=RegisterEvent.REVOKE,
            certificate=last.certificate,
            at=last.at - timedelta(microseconds=1),
            by=registrar,
            reason="x",
            salt=b"",
            leaf_hash=b"",
        )


# --- who is told ------------------------------------------------------------------------------


def test_the_holder_the_holder_s_agency_and_everybody_are_told(
    certificate, registrar, learners, ward, stranger
):
    officer_of_ward = make_person("Ngô Văn Phường", ward, role="training_officer")
    revoke(certificate, registrar)

    assert [each.certificate for each in changes_told_to(learners[0])] == [certificate]
    assert [each.certificate for each in changes_told_to(officer_of_ward)] == [certificate]
    assert not changes_told_to(learners[1]).exists()
    assert not changes_told_to(stranger).exists()
    assert [each.certificate for each in published_changes()] == [certificate]


def test_a_holder_finds_both_editions(certificate, registrar, learners):
    edition = correct(certificate, registrar)

    found = list(certificates_of(learners[0]))

    assert found == [edition, certificate]
    assert [each.is_corrected for each in found] == [False, True]


# --- the ground fell away ---------------------------------------------------------------------


@pytest.fixture
def fallen(certificate):
    """The roll that earned it says something else now; a test of the class was marked anew."""
    entry = certificate.entry
    marks = RollMark.objects.filter(enrolment=entry.enrolment).values_list("pk", flat=True)
    tamper(
        "UPDATE classes_rollmark SET presence = %s WHERE id = ANY(%s)",
        [Presence.ABSENT, list(marks)],
    )
    return certificate


@pytest.fixture
def paper(db):
    framework = Framework.objects.create(
        code="khung",
        version="1",
        name="Khung",
        name_en="Framework",
        issued_by="",
        effective_from=date(2026, 1, 1),
        levels=[{"code": "CB2", "name_vi": "Cơ bản", "name_en": "Basic"}],
    )
    return Paper.objects.create(
        code="bai",
        version=1,
        title="Bài kiểm tra",
        title_en="Test",
        minutes=30,
        pass_mark="7/10",
        framework=framework,
        level="CB2",
    )


@pytest.fixture
def attempt_of(paper):
    def made(certificate):
        training_class = certificate.entry.decision.training_class
        sitting = Sitting.objects.create(
            paper=paper,
            training_class=training_class,
            opens_at=NOON - timedelta(days=3),
            closes_at=NOON - timedelta(days=2),
        )
        return Attempt.objects.create(
            sitting=sitting,
            person=certificate.entry.person,
            number=1,
            seed=1,
            started_at=NOON - timedelta(days=3),
            must_end_at=NOON - timedelta(days=2),
        )

    return made


def test_a_certificate_whose_ground_fell_away_is_listed_and_not_revoked(
    fallen, attempt_of, registrar, stranger
):
    assert question_certificates([attempt_of(fallen).pk], at=NOON) == 1

    (question,) = questions_open_to(registrar)
    assert (question.certificate, question.reasons) == (fallen, "low_attendance")
    assert not questions_open_to(stranger).exists()
    assert not RegisterEntry.objects.filter(event="revoke").exists()


def test_a_certificate_still_earned_is_not_listed(certificate, attempt_of):
    assert question_certificates([attempt_of(certificate).pk], at=NOON) == 0


def test_told_twice_it_is_listed_once(fallen, attempt_of):
    attempt = attempt_of(fallen)
    question_certificates([attempt.pk], at=NOON)

    assert question_certificates([attempt.pk], at=NOON) == 0
    assert QuestionedCertificate.objects.count() == 1


def test_a_registrar_keeps_it_and_says_why(fallen, attempt_of, registrar, stranger):
    question_certificates([attempt_of(fallen).pk], at=NOON)
    question = QuestionedCertificate.objects.get()

    with pytest.raises(NotAllowed):
        settle_question(question, explanation="x", by=stranger, at=NOON)
    with pytest.raises(ExplanationIsMissing):
        settle_question(question, explanation=" ", by=registrar, at=NOON)
    settled = settle_question(question, explanation="Đã học bù", by=registrar, at=NOON)

    assert (settled.outcome, settled.settled_by) == (Outcome.KEPT, registrar)
    assert AuditEntry.objects.filter(act="question_settled").count() == 1


def test_a_registrar_revokes_it_by_a_ruling(fallen, attempt_of, registrar):
    question_certificates([attempt_of(fallen).pk], at=NOON)
    question = QuestionedCertificate.objects.get()

    settled = settle_question(question, explanation="", ruling=RULING, by=registrar, at=NOON)

    assert settled.outcome == Outcome.REVOKED
    assert RegisterEntry.objects.filter(event="revoke", certificate=fallen).exists()


def test_what_is_revoked_already_is_not_listed(fallen, attempt_of, registrar):
    revoke(fallen, registrar)

    assert question_certificates([attempt_of(fallen).pk], at=NOON) == 0


def test_settled_is_settled(fallen, attempt_of, registrar):
    question_certificates([attempt_of(fallen).pk], at=NOON)
    settle_question(
        QuestionedCertificate.objects.get(), explanation="Có lý do", by=registrar, at=NOON
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionedCertificate.objects.update(explanation="Lý do khác")
