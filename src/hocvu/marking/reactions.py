"""A written answer that changed after people had marked it is marked afresh by others."""

from hocvu.exams.events import LateAnswersCounted
from hocvu.kernel.events import reacts_to
from hocvu.marking.actions import mark_changed_answers_afresh


@reacts_to(LateAnswersCounted)
def mark_late_answers_afresh(event: LateAnswersCounted) -> None:
    mark_changed_answers_afresh(
        event.attempt_id, event.question_ids, by_id=event.by_id, at=event.at
    )
