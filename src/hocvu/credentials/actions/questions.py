"""Certificates whose ground fell away: listed for a registrar, never revoked by themselves."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.models import TrainingClass
from hocvu.credentials import policies
from hocvu.credentials.actions.revocations import revoke_certificate
from hocvu.credentials.events import CertificatesQuestioned
from hocvu.credentials.models import Certificate, Outcome, QuestionedCertificate
from hocvu.credentials.queries.certificates import with_state
from hocvu.credentials.rules.causes import Ruling
from hocvu.exams.models import Attempt
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.kernel.vietnamese import nfc
from hocvu.people.models import Person
from hocvu.recognition.queries.candidates import candidates_of


class ExplanationIsMissing(NotPossible):
    """Who keeps a certificate whose ground fell away says why."""


def question_certificates(attempt_ids: Sequence[int], *, at: datetime) -> int:
    """List the certificates that today's results would no longer give; how many were new.

    Called where attempts were marked anew or declared void, in that transaction.
    """
    people_of: defaultdict[int, set[int]] = defaultdict(set)
    touched = Attempt.objects.filter(pk__in=attempt_ids)
    for class_id, person_id in touched.values_list("sitting__training_class", "person"):
        people_of[class_id].add(person_id)
    fallen = [
        question
        for class_id, people in people_of.items()
        for question in _fallen_in(class_id, people, at=at)
    ]
    if fallen:
        QuestionedCertificate.objects.bulk_create(fallen, ignore_conflicts=True)
        ids = tuple(each.certificate_id for each in fallen)
        record("certificates_questioned", "credentials.register", by=None, at=at, count=len(ids))
        publish(CertificatesQuestioned(ids, at))
    return len(fallen)


def settle_question(
    question: QuestionedCertificate,
    *,
    explanation: str,
    ruling: Ruling | None = None,
    by: Person,
    at: datetime,
) -> QuestionedCertificate:
    """Keep the certificate, saying why, or revoke it by a ruling. Settled once."""
    if not policies.can_revoke(by, question.certificate):
        raise NotAllowed(
            _("Only a registrar of the unit that ran the class can decide about a certificate.")
        )
    if ruling is not None:
        revoke_certificate(question.certificate, ruling=ruling, by=by, at=at)
        question.refresh_from_db()
        return question
    if not nfc(explanation):
        raise ExplanationIsMissing(_("Say why the certificate stays in force."))
    with transaction.atomic():
        question = QuestionedCertificate.objects.select_for_update().get(pk=question.pk)
        if question.settled_at is not None:
            return question
        question.settled_by, question.settled_at = by, at
        question.outcome, question.explanation = Outcome.KEPT, nfc(explanation)
        question.save()
        record("question_settled", question, by=by, at=at, reason=question.explanation)
    return question


def _fallen_in(class_id: int, people: set[int], *, at: datetime) -> list[QuestionedCertificate]:
    standing = with_state(
        Certificate.objects.filter(
            entry__decision__training_class=class_id, entry__person__in=people
        )
    ).filter(is_revoked=False, is_corrected=False)
    by_enrolment = dict(standing.values_list("entry__enrolment", "pk"))
    if not by_enrolment:
        return []
    asked = set(
        QuestionedCertificate.objects.filter(
            certificate__in=by_enrolment.values(), settled_at=None
        ).values_list("certificate", flat=True)
    )
    training_class = TrainingClass.objects.select_related("programme").get(pk=class_id)
    return [
        QuestionedCertificate(
            certificate_id=by_enrolment[each.enrolment_id],
            reasons=",".join(reason.value for reason in each.reasons),
            noted_at=at,
        )
        for each in candidates_of(training_class)
        if each.reasons
        and each.enrolment_id in by_enrolment
        and by_enrolment[each.enrolment_id] not in asked
    ]
