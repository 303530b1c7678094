"""Decisions and arithmetic of this room, on plain values."""

from hocvu.classes.rules.attendance import Attendance, attendance_rate, unexplained_difference
from hocvu.classes.rules.codes import (
    CODE_SECONDS,
    READING_COUNTS_FOR,
    CheckInCode,
    Reading,
    check_in_code,
    read_token,
    read_typed,
    shows_a_typed_code,
)
from hocvu.classes.rules.progress import Stage, nearest_point, stage_of
from hocvu.classes.rules.timetable import HalfDay, held_on, hours_of

__all__ = [
    "CODE_SECONDS",
    "READING_COUNTS_FOR",
    "Attendance",
    "CheckInCode",
    "HalfDay",
    "Reading",
    "Stage",
    "attendance_rate",
    "check_in_code",
    "held_on",
    "hours_of",
    "nearest_point",
    "read_token",
    "read_typed",
    "shows_a_typed_code",
    "stage_of",
    "unexplained_difference",
]
