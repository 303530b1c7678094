"""Proposing a recognition decision, and returning what cannot be approved."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.models import TrainingClass
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import nfc, vn_date
from hocvu.people.models import Person
from hocvu.recognition import policies
from hocvu.recognition.actions.results import ClassIsStillOpen, ListHasChanged
from hocvu.recognition.events import DecisionProposed, ProposalReturned
from hocvu.recognition.models import CertificateKind, Proposal, RecognitionDecision, ResultRecord
from hocvu.recognition.queries.candidates import Candidate, candidates_of, fingerprint_of, ready_of
from hocvu.recognition.queries.results import are_current, latest_results
from hocvu.recognition.rules.decision_text import DecisionText
from hocvu.typesetting import missing_glyphs


class NumberIsTaken(NotPossible):
    """Another decision of this issuer has this number this year."""


class NobodyToRecognise(NotPossible):
    """Nobody new has earned recognition in this class."""


class ResultsAreNotApproved(NotPossible):
    """Recognition rests on approved results, and these are not, or not any more."""


class AnotherProposalWaits(NotPossible):
    """A class has one proposal at a time."""


class DayIsImpossible(NotPossible):
    """A decision is made after its class has ended, and not on a day to come."""


class TextCannotBePrinted(NotPossible):
    """What the decision says holds letters the typeface lacks."""


class ReasonIsMissing(NotPossible):
    """Who returns a proposal says what to change."""


class ProposalIsSettled(NotPossible):
    """It was approved or returned before."""


@transaction.atomic
def propose_decision(
    training_class: TrainingClass,
    text: DecisionText,
    *,
    kind: str = CertificateKind.COMPLETION,
    shown: str | None = None,
    by: Person,
    at: datetime,
) -> Proposal:
    """Propose to recognise everybody who has earned it and has no decision yet.

    Rooms above answer at once, and may refuse: then nothing was proposed.

    `shown` is the fingerprint of the list the registrar saw; another list is refused. The same
    proposal sent twice gives the first one back.
    """
    text = text.composed()
    training_class = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    refuse_who_may_not_propose(by, training_class)
    if (waiting := _open_proposal(training_class)) is not None:
        if waiting.text == text and waiting.proposed_by_id == by.pk:
            return waiting
        raise AnotherProposalWaits(
            _("Decision %(number)s is already proposed for this class.")
            % {"number": waiting.number_and_symbol},
            _("Wait until it is approved or returned."),
        )
    refuse_impossible_day(training_class, text, at=at)
    refuse_taken_number(training_class, text)
    refuse_open_class(training_class)
    earned = who_is_to_be_recognised(training_class, shown)
    results = _approved_results(training_class)
    refuse_odd_letters(training_class, text)
    proposal = Proposal.objects.create(
        training_class=training_class,
        kind=kind,
        **asdict(text),
        learner_count=len(earned),
        result_record=results,
        fingerprint=fingerprint_of(earned),
        proposed_by=by,
        proposed_at=at,
    )
    record("decision_proposed", proposal, by=by, at=at, learners=len(earned))
    publish(DecisionProposed(proposal.pk, at))
    return proposal


@transaction.atomic
def return_proposal(proposal: Proposal, *, reason: str, by: Person, at: datetime) -> Proposal:
    """Send a proposal back with what has to change; its proposer may take it back themselves."""
    proposal = locked_proposal(proposal)
    if not (policies.can_settle(by, proposal) or policies.can_withdraw(by, proposal)):
        raise NotAllowed(_("Only those who may approve a decision, or its proposer, return it."))
    if not nfc(reason):
        raise ReasonIsMissing(_("Say what has to be changed."))
    if proposal.returned_at is not None:
        return proposal
    if proposal.approved_at is not None:
        raise ProposalIsSettled(_("This decision was approved before."))
    proposal.returned_by, proposal.returned_at, proposal.return_reason = by, at, nfc(reason)
    proposal.save(update_fields=["returned_by", "returned_at", "return_reason"])
    record("proposal_returned", proposal, by=by, at=at, reason=proposal.return_reason)
    publish(ProposalReturned(proposal.pk, at))
    return proposal


def locked_proposal(proposal: Proposal) -> Proposal:
    """The proposal as it is now; nobody settles it or changes its class's decisions meanwhile."""
    TrainingClass.objects.select_for_update().get(pk=proposal.training_class_id)
    return (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("training_class__host_unit", "training_class__programme", "result_record")
        .get(pk=proposal.pk)
    )


def _open_proposal(training_class: TrainingClass) -> Proposal | None:
    return Proposal.objects.filter(
        training_class=training_class, approved_at=None, returned_at=None
    ).first()


def _approved_results(training_class: TrainingClass) -> ResultRecord:
    results = latest_results(training_class)
    if results is None:
        raise ResultsAreNotApproved(
            _("The results of this class are not approved yet."),
            _("Look at the results and approve them first."),
        )
    if not are_current(results, candidates_of(training_class)):
        raise ResultsAreNotApproved(
            _("Results of this class have changed since they were approved."),
            _("Look at the results and approve them first."),
        )
    return results


def refuse_who_may_not_propose(by: Person, training_class: TrainingClass) -> None:
    if not policies.can_issue_for(by, training_class.host_unit):
        raise NotAllowed(
            _("Only a registrar of the unit that ran the class can recognise completion.")
        )


def refuse_open_class(training_class: TrainingClass) -> None:
    if not training_class.is_closed:
        raise ClassIsStillOpen(
            _("The class is still open, so results can change."), _("Close the class first.")
        )


def who_is_to_be_recognised(training_class: TrainingClass, shown: str | None) -> list[Candidate]:
    """Everybody who has earned it; refused where it is nobody, or not the list that was shown."""
    earned = ready_of(candidates_of(training_class))
    if not earned:
        raise NobodyToRecognise(_("Nobody new has earned recognition in this class."))
    if shown is not None and shown != fingerprint_of(earned):
        raise ListHasChanged(
            _("The list has changed since you opened it."),
            _("Look at the new list and confirm again."),
        )
    return earned


def refuse_taken_number(
    training_class: TrainingClass, text: DecisionText, *, besides: Proposal | None = None
) -> None:
    """A number is one decision's in its year, and reserved by a proposal that waits."""
    issuer = training_class.host_unit
    decided = RecognitionDecision.objects.filter(
        issuer=issuer, year=text.decided_on.year, number=text.number
    )
    waiting = Proposal.objects.filter(
        training_class__host_unit=issuer,
        decided_on__year=text.decided_on.year,
        number=text.number,
        approved_at=None,
        returned_at=None,
    )
    if besides is not None:
        waiting = waiting.exclude(pk=besides.pk)
    if decided.exists() or waiting.exists():
        raise NumberIsTaken(
            _("Number %(number)s of %(year)s was given to another decision.")
            % {"number": text.number, "year": text.decided_on.year},
            _("Enter the next free number."),
        )


def refuse_odd_letters(training_class: TrainingClass, text: DecisionText) -> None:
    """Of what the decision itself says; once issued it cannot be corrected."""
    said = f"{text.letters}{training_class.name}{training_class.code}"
    if missing := missing_glyphs(f"{said}{training_class.opening_decision}"):
        raise TextCannotBePrinted(
            _("The decision's text holds letters that cannot be printed: %(letters)s.")
            % {"letters": " ".join(sorted(missing))},
            _("Write it without these letters."),
        )


def refuse_impossible_day(
    training_class: TrainingClass, text: DecisionText, *, at: datetime
) -> None:
    """Completion is recognised once it is there; what is dated ahead says what may not come."""
    if text.decided_on > day_of(at):
        raise DayIsImpossible(
            _("A decision cannot be dated %(day)s: that day is still to come.")
            % {"day": vn_date(text.decided_on)},
            _("Enter today's date, or the day on which it was signed."),
        )
    closed_at = training_class.closed_at  # before its last day, where sessions were called off
    ended_on = min(training_class.ends_on, day_of(closed_at or at))
    if text.decided_on < ended_on:
        raise DayIsImpossible(
            _("A decision cannot be dated %(day)s: the class ended on %(end)s.")
            % {"day": vn_date(text.decided_on), "end": vn_date(ended_on)},
            _("Enter the day on which it was signed."),
        )
