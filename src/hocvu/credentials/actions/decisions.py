"""Issuing a recognition decision with its annexed list."""

from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.credentials import policies
from hocvu.credentials.actions.issuing import issue_certificates_job
from hocvu.credentials.models import DecisionEntry, RecognitionDecision
from hocvu.credentials.queries.candidates import Candidate, candidates_of
from hocvu.credentials.rules.decision_text import DecisionText
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person, Post
from hocvu.typesetting import missing_glyphs


class ListHasChanged(NotPossible):
    """The people who have earned recognition are not those who were shown."""


class NumberIsTaken(NotPossible):
    """Another decision of this issuer has this number this year."""


class NobodyToRecognise(NotPossible):
    """Nobody new has earned recognition in this class."""


class ClassIsStillOpen(NotPossible):
    """Results can still change: a class is recognised after it was closed."""


class NameCannotBePrinted(NotPossible):
    """A name holds letters the certificate's typeface lacks."""


def fingerprint_of(candidates: list[Candidate]) -> str:
    """Names a list of candidates, so that what was shown can be told from what is there now."""
    ids = ",".join(str(candidate.enrolment_id) for candidate in candidates)
    return sha256(ids.encode()).hexdigest()[:16]


@transaction.atomic
def issue_decision(
    training_class: TrainingClass,
    text: DecisionText,
    *,
    shown: str | None = None,
    by: Person,
    at: datetime,
) -> RecognitionDecision:
    """Recognise everybody who has earned it and has no decision yet; queue their certificates.

    `shown` is the fingerprint of the list the registrar saw; another list is refused. The same
    decision sent twice gives the first one back.
    """
    text = text.composed()
    training_class = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    if not policies.can_issue_for(by, training_class.host_unit):
        raise NotAllowed(
            _("Only a registrar of the unit that ran the class can recognise completion.")
        )
    if (same := _already_issued(training_class, text)) is not None:
        return same
    if not training_class.is_closed:
        raise ClassIsStillOpen(
            _("The class is still open, so results can change."), _("Close the class first.")
        )
    earned = [c for c in candidates_of(training_class) if c.has_earned_it and not c.is_recognised]
    if not earned:
        raise NobodyToRecognise(_("Nobody new has earned recognition in this class."))
    if shown is not None and shown != fingerprint_of(earned):
        raise ListHasChanged(
            _("The list has changed since you opened it."),
            _("Look at the new list and confirm again."),
        )
    _refuse_unprintable_text(training_class, text)
    decision = _write_decision(training_class, text, len(earned), by=by, at=at)
    _write_annex(decision, earned)
    record("decision_issued", decision, by=by, at=at, learners=len(earned))
    issue_certificates_job.defer(decision_id=decision.pk, by_id=by.pk)
    return decision


def _already_issued(
    training_class: TrainingClass, text: DecisionText
) -> RecognitionDecision | None:
    """The decision of this number this year: the same text means the button was pressed twice."""
    decision = RecognitionDecision.objects.filter(
        issuer=training_class.host_unit, year=text.decided_on.year, number=text.number
    ).first()
    if decision is not None and not _is_the_same(decision, training_class, text):
        raise NumberIsTaken(
            _("Number %(number)s of %(year)s was given to another decision.")
            % {"number": text.number, "year": text.decided_on.year},
            _("Enter the next free number."),
        )
    return decision


def _is_the_same(
    decision: RecognitionDecision, training_class: TrainingClass, text: DecisionText
) -> bool:
    return decision.training_class_id == training_class.pk and text == DecisionText(
        decision.number,
        decision.symbol,
        decision.decided_on,
        decision.place,
        decision.capacity,
        decision.signer_title,
        decision.signer_name,
    )


def _write_decision(
    training_class: TrainingClass, text: DecisionText, learners: int, *, by: Person, at: datetime
) -> RecognitionDecision:
    try:
        with transaction.atomic():
            return RecognitionDecision.objects.create(
                training_class=training_class,
                issuer=training_class.host_unit,
                year=text.decided_on.year,
                number=text.number,
                symbol=text.symbol,
                decided_on=text.decided_on,
                issued_at=at,
                issued_by=by,
                place=text.place,
                capacity=text.capacity,
                signer_title=text.signer_title,
                signer_name=text.signer_name,
                programme_name=training_class.programme.name,
                starts_on=training_class.starts_on,
                ends_on=training_class.ends_on,
                mode=training_class.mode,
                learner_count=learners,
            )
    except IntegrityError as taken:
        raise NumberIsTaken(
            _("This number was given to another decision a moment ago."),
            _("Enter the next free number."),
        ) from taken


def _write_annex(decision: RecognitionDecision, earned: list[Candidate]) -> None:
    """The list in article 1's order, each line as the person's dossier reads today."""
    enrolments = Enrolment.objects.in_bulk([c.enrolment_id for c in earned])
    people = Person.objects.in_bulk([c.person_id for c in earned])
    titles = dict(
        Post.objects.held_on(decision.decided_on)
        .filter(person__in=people, is_main=True)
        .values_list("person_id", "title")
    )
    entries = [
        DecisionEntry(
            decision=decision,
            position=position,
            enrolment=enrolments[candidate.enrolment_id],
            person=people[candidate.person_id],
            full_name=people[candidate.person_id].full_name,
            birth_text=people[candidate.person_id].birth_text,
            post_title=titles.get(candidate.person_id, ""),
            unit_name=candidate.unit_name,
        )
        for position, candidate in enumerate(earned, start=1)
    ]
    for entry in entries:
        _refuse_unprintable(f"{entry.full_name}{entry.post_title}{entry.unit_name}", entry.position)
    DecisionEntry.objects.bulk_create(entries)


def _refuse_unprintable_text(training_class: TrainingClass, text: DecisionText) -> None:
    """What all certificates of the decision say: a decision, once issued, cannot be corrected."""
    common = f"{text.letters}{training_class.programme.name}{training_class.host_unit.name}"
    if missing := missing_glyphs(common):
        raise NameCannotBePrinted(
            _("The decision's text holds letters that cannot be printed: %(letters)s.")
            % {"letters": " ".join(sorted(missing))},
            _("Write it without these letters."),
        )


def _refuse_unprintable(text: str, position: int) -> None:
    if missing := missing_glyphs(text):
        raise NameCannotBePrinted(
            _("Line %(position)s of the list holds letters that cannot be printed: %(letters)s.")
            % {"position": position, "letters": " ".join(sorted(missing))},
            _("Correct the name or unit in the person's record first."),
        )
