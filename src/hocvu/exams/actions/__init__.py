"""Offering, sitting, answering, handing in and marking tests."""

from hocvu.exams.actions.answering import (
    KeptLate,
    Receipt,
    hear_device,
    save_answer,
    save_answers,
)
from hocvu.exams.actions.drawing import count_what_was_shown, fold_exposures
from hocvu.exams.actions.key_corrections import (
    carry_out_correction,
    correct_key,
    finish_corrections,
    mark_everybody_anew,
)
from hocvu.exams.actions.marking import (
    hand_in,
    hand_in_attempts_whose_time_is_over,
    hand_in_overdue,
)
from hocvu.exams.actions.rooms import (
    NewRoom,
    change_room,
    close_room,
    must_be_in_its_room,
    open_rooms,
    open_rooms_at_bridge_points,
)
from hocvu.exams.actions.settling import settle_answer
from hocvu.exams.actions.sheet_files import (
    give_up_sheet_file,
    note_booklet_printed,
    take_in_sheet_file,
    upload_sheet_file,
)
from hocvu.exams.actions.sheet_writing import AnswerSheet
from hocvu.exams.actions.sheets import refuse_if_drawn_anew, take_in_answer_sheets
from hocvu.exams.actions.sittings import open_sitting, start_attempt
from hocvu.exams.actions.supervision import allow_time, give_minutes, hand_in_for, void_attempts

__all__ = [
    "AnswerSheet",
    "KeptLate",
    "NewRoom",
    "Receipt",
    "allow_time",
    "carry_out_correction",
    "change_room",
    "close_room",
    "correct_key",
    "count_what_was_shown",
    "finish_corrections",
    "fold_exposures",
    "give_minutes",
    "give_up_sheet_file",
    "hand_in",
    "hand_in_attempts_whose_time_is_over",
    "hand_in_for",
    "hand_in_overdue",
    "hear_device",
    "mark_everybody_anew",
    "must_be_in_its_room",
    "note_booklet_printed",
    "open_rooms",
    "open_rooms_at_bridge_points",
    "open_sitting",
    "refuse_if_drawn_anew",
    "save_answer",
    "save_answers",
    "settle_answer",
    "start_attempt",
    "take_in_answer_sheets",
    "take_in_sheet_file",
    "upload_sheet_file",
    "void_attempts",
]
