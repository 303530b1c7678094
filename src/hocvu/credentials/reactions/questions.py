"""Results below change: what rested on them is looked at, in the same transaction."""

from hocvu.credentials.actions import question_certificates
from hocvu.exams.events import AttemptsRemarked, AttemptsVoided
from hocvu.kernel.events import reacts_to


@reacts_to(AttemptsRemarked)
def question_the_remarked(event: AttemptsRemarked) -> None:
    question_certificates(event.attempt_ids, at=event.at)


@reacts_to(AttemptsVoided)
def question_the_voided(event: AttemptsVoided) -> None:
    question_certificates(event.attempt_ids, at=event.at)
