"""Loading papers; offering, sitting, answering, handing in and marking tests."""

from hocvu.exams.actions.answering import Receipt, save_answer, save_answers
from hocvu.exams.actions.marking import (
    hand_in,
    hand_in_attempts_whose_time_is_over,
    hand_in_overdue,
)
from hocvu.exams.actions.papers import load_papers
from hocvu.exams.actions.sheets import AnswerSheet, take_in_answer_sheets
from hocvu.exams.actions.sittings import open_sitting, start_attempt

__all__ = [
    "AnswerSheet",
    "Receipt",
    "hand_in",
    "hand_in_attempts_whose_time_is_over",
    "hand_in_overdue",
    "load_papers",
    "open_sitting",
    "save_answer",
    "save_answers",
    "start_attempt",
    "take_in_answer_sheets",
]
