"""Appointing markers, marking written answers, raising and answering appeals."""

from hocvu.marking.actions.appeals import answer_appeal, raise_appeal
from hocvu.marking.actions.double_marking import (
    appoint_marker,
    call_fresh_marking,
    mark_answer,
    mark_changed_answers_afresh,
    release_marker,
)

__all__ = [
    "answer_appeal",
    "appoint_marker",
    "call_fresh_marking",
    "mark_answer",
    "mark_changed_answers_afresh",
    "raise_appeal",
    "release_marker",
]
