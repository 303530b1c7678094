"""One person proposes a decision, another approves it, and both for the same list."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from credentials.recognition_scene import (
    NOON,
    TEXT,
    approver_of,
    decide,
    make_person,
    propose,
    tamper,
)
from hocvu.audit.models import AuditEntry
from hocvu.classes.models import Enrolment, Presence, RollMark
from hocvu.kernel.errors import NotAllowed
from hocvu.recognition.actions import (
    ListHasChanged,
    NumberIsTaken,
    approve_proposal,
    approve_results,
    propose_decision,
    return_proposal,
)
from hocvu.recognition.actions.proposals import (
    AnotherProposalWaits,
    ProposalIsSettled,
    ReasonIsMissing,
    ResultsAreNotApproved,
)
from hocvu.recognition.actions.results import ListHasChanged as ResultsHaveChanged
from hocvu.recognition.models import (
    DecisionEntry,
    Proposal,
    RecognitionDecision,
    ResultLine,
    ResultRecord,
)
from hocvu.recognition.queries.candidates import candidates_of, fingerprint_of
from hocvu.recognition.queries.proposals import waiting_for
from hocvu.recognition.rules.completion import Reason


@pytest.fixture
def proposal(training_class, registrar):
    return propose(training_class, registrar)


@pytest.fixture
def approver(training_class):
    return approver_of(training_class)


def approve(proposal, approver, **more):
    return approve_proposal(proposal, by=approver, at=NOON, **more)


def let_the_absentee_have_come(absentee):
    marks = RollMark.objects.filter(enrolment__person=absentee).values_list("pk", flat=True)
    tamper(
        "UPDATE classes_rollmark SET presence = %s WHERE id = ANY(%s)",
        [Presence.PRESENT, list(marks)],
    )


# --- approved results -------------------------------------------------------------------------


def test_results_are_kept_as_they_were_approved(training_class, officer, absentee):
    approved = approve_results(training_class, by=officer, at=NOON)

    assert (approved.number, approved.learner_count, approved.earned_count) == (1, 4, 3)
    missed = approved.lines.get(enrolment__person=absentee)
    assert (missed.attended, missed.held, missed.reasons) == (0, 2, Reason.LOW_ATTENDANCE.value)
    assert AuditEntry.objects.filter(act="results_approved", actor_id=officer.pk).count() == 1


def test_approving_what_is_approved_gives_the_same_record(training_class, officer, registrar):
    first = approve_results(training_class, by=officer, at=NOON)

    assert approve_results(training_class, by=registrar, at=NOON) == first
    assert ResultRecord.objects.count() == 1


def test_results_that_changed_make_a_new_record_and_the_old_one_stays(
    training_class, officer, absentee
):
    first = approve_results(training_class, by=officer, at=NOON)
    let_the_absentee_have_come(absentee)

    second = approve_results(training_class, by=officer, at=NOON)

    assert (first.number, second.number) == (1, 2)
    assert ResultLine.objects.filter(record=first).exclude(reasons="").count() == 1


def test_results_other_than_those_shown_are_not_approved(training_class, officer, absentee):
    shown = fingerprint_of(candidates_of(training_class))
    let_the_absentee_have_come(absentee)

    with pytest.raises(ResultsHaveChanged):
        approve_results(training_class, shown=shown, by=officer, at=NOON)


def test_a_learner_and_a_stranger_approve_no_results(training_class, learners, stranger):
    for somebody in (learners[0], stranger):
        with pytest.raises(NotAllowed):
            approve_results(training_class, by=somebody, at=NOON)


def test_nothing_is_proposed_on_results_nobody_approved(training_class, registrar):
    with pytest.raises(ResultsAreNotApproved):
        propose_decision(training_class, TEXT, by=registrar, at=NOON)


def test_nothing_is_proposed_on_results_that_have_changed_since(
    training_class, registrar, absentee
):
    approve_results(training_class, by=registrar, at=NOON)
    let_the_absentee_have_come(absentee)

    with pytest.raises(ResultsAreNotApproved):
        propose_decision(training_class, TEXT, by=registrar, at=NOON)


# --- two people -------------------------------------------------------------------------------


def test_one_proposes_and_another_approves(proposal, approver, registrar):
    decision = approve(proposal, approver)

    proposal.refresh_from_db()
    assert (proposal.proposed_by, proposal.approved_by) == (registrar, approver)
    assert (decision.proposal, decision.issued_by) == (proposal, approver)
    assert decision.result_record == proposal.result_record


def test_nobody_approves_what_they_proposed(proposal, registrar):
    with pytest.raises(NotAllowed):
        approve(proposal, registrar)

    assert not RecognitionDecision.objects.exists()


def test_the_database_itself_keeps_the_two_apart(proposal, registrar):
    with pytest.raises(IntegrityError, match="nobody_approves"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(approved_by=registrar, approved_at=NOON)


def test_another_registrar_of_the_same_unit_may_approve(proposal, school):
    colleague = make_person("Lý Thị Đồng Nghiệp", school, role="registrar")

    assert approve(proposal, colleague).issued_by == colleague


def test_neither_a_stranger_nor_an_officer_nor_a_learner_approves(
    proposal, stranger, officer, learners
):
    for somebody in (stranger, officer, learners[0]):
        with pytest.raises(NotAllowed):
            approve(proposal, somebody)


def test_sent_twice_it_is_one_proposal_and_one_decision(
    proposal, training_class, registrar, approver
):
    assert propose_decision(training_class, TEXT, by=registrar, at=NOON) == proposal

    first = approve(proposal, approver)

    assert approve(proposal, approver) == first
    assert RecognitionDecision.objects.count() == 1
    assert AuditEntry.objects.filter(act="decision_issued").count() == 1


def test_who_may_approve_sees_what_waits_and_its_proposer_does_not(
    proposal, registrar, approver, stranger
):
    assert list(waiting_for(approver)) == [proposal]
    assert not waiting_for(registrar).exists()
    assert not waiting_for(stranger).exists()


# --- the same list ----------------------------------------------------------------------------


def test_a_list_that_has_grown_since_is_not_approved(proposal, approver, absentee):
    let_the_absentee_have_come(absentee)

    with pytest.raises(ListHasChanged):
        approve(proposal, approver)


def test_a_list_from_which_somebody_withdrew_is_not_approved(proposal, approver, learners):
    Enrolment.objects.filter(person=learners[0]).update(withdrawn_at=NOON)

    with pytest.raises(ListHasChanged):
        approve(proposal, approver)


@pytest.mark.parametrize("change", [{"full_name": "Phạm Văn Ẩn"}, {"birth_day": 6}])
def test_a_name_or_birth_date_that_changed_since_is_not_approved(
    proposal, approver, learners, change
):
    type(learners[0]).objects.filter(pk=learners[0].pk).update(**change)

    with pytest.raises(ListHasChanged):
        approve(proposal, approver)


def test_a_list_other_than_the_one_looked_at_is_not_approved(proposal, approver):
    with pytest.raises(ListHasChanged):
        approve(proposal, approver, shown="0" * 64)


# --- returned ---------------------------------------------------------------------------------


def test_what_was_returned_says_why_and_is_proposed_anew(
    proposal, training_class, approver, registrar
):
    returned = return_proposal(proposal, reason=" Sai ngày ký ", by=approver, at=NOON)

    assert returned.return_reason == "Sai ngày ký"
    again = propose_decision(training_class, TEXT, by=registrar, at=NOON)
    assert again != proposal
    assert approve(again, approver).number == TEXT.number


def test_what_was_returned_cannot_be_approved(proposal, approver):
    return_proposal(proposal, reason="Sai", by=approver, at=NOON)

    with pytest.raises(ProposalIsSettled):
        approve(proposal, approver)


def test_what_was_approved_cannot_be_returned(proposal, approver):
    approve(proposal, approver)

    with pytest.raises(ProposalIsSettled):
        return_proposal(proposal, reason="Muộn", by=approver, at=NOON)


def test_a_return_without_a_reason_is_refused(proposal, approver):
    with pytest.raises(ReasonIsMissing):
        return_proposal(proposal, reason=" \n", by=approver, at=NOON)


def test_the_proposer_may_take_it_back_and_a_stranger_may_not(proposal, registrar, stranger):
    with pytest.raises(NotAllowed):
        return_proposal(proposal, reason="x", by=stranger, at=NOON)

    assert return_proposal(proposal, reason="Nhầm số", by=registrar, at=NOON).returned_at == NOON


def test_a_class_has_one_proposal_at_a_time(proposal, training_class, registrar):
    with pytest.raises(AnotherProposalWaits):
        propose_decision(training_class, replace(TEXT, number=8), by=registrar, at=NOON)


def test_a_proposal_reserves_its_number(proposal, next_class, registrar):
    approve_results(next_class, by=registrar, at=NOON)

    with pytest.raises(NumberIsTaken):
        propose_decision(next_class, TEXT, by=registrar, at=NOON)


def test_a_settled_proposal_cannot_be_changed_or_deleted(proposal, approver):
    approve(proposal, approver)

    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(number=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk)._raw_delete("default")


def test_an_open_proposal_keeps_what_was_proposed(proposal):
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(learner_count=4)


# --- the list is as long as article 1 says ----------------------------------------------------


def test_a_line_beyond_article_1_is_refused_at_once(training_class, registrar, absentee):
    decision = decide(training_class, registrar)
    enrolment = Enrolment.objects.get(person=absentee)

    with pytest.raises(IntegrityError, match="article 1"), transaction.atomic():
        DecisionEntry.objects.create(
            decision=decision,
            position=4,
            enrolment=enrolment,
            person=absentee,
            full_name="Vũ Văn Vắng",
            unit_name="Phường Thủy Nguyên",
        )


def test_a_decision_whose_list_is_shorter_is_refused_where_its_transaction_ends(
    training_class, registrar
):
    decision = decide(training_class, registrar)
    values = {
        field.attname: getattr(decision, field.attname)
        for field in RecognitionDecision._meta.concrete_fields
        if not field.primary_key
    }

    def end_a_transaction_with_it():
        with transaction.atomic(), connection.cursor() as cursor:
            RecognitionDecision.objects.create(**{**values, "number": 8, "proposal_id": None})
            cursor.execute("SET CONSTRAINTS the_list_is_as_long_as_article_1_says IMMEDIATE")

    with pytest.raises(IntegrityError, match="article 1"):
        end_a_transaction_with_it()


def test_the_annex_snapshots_what_the_register_needs(training_class, registrar):
    decision = decide(training_class, registrar, at=NOON + timedelta(minutes=1))

    assert (decision.class_code, decision.class_name) == ("K1", "Lớp K1")
    line = decision.entries.first()
    assert (line.sex, line.nationality, line.grade) == ("female", "Việt Nam", "Hoàn thành")
    assert line.result_line.record == decision.result_record
