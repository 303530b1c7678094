"""Sittings, attempts, answers, and what they earn."""

from hocvu.exams.models.attempts import (
    Answer,
    Attempt,
    AttemptSeen,
    HandedInFile,
    LateAnswer,
    SealedDay,
    SealedPage,
)
from hocvu.exams.models.earned import KeyCorrection, Remarking, SettledAnswer
from hocvu.exams.models.sheets import SheetFile, SheetTakenIn
from hocvu.exams.models.sittings import (
    ExamRoom,
    RoomCodeAttempt,
    Sitting,
    TimeAllowance,
)

__all__ = [
    "Answer",
    "Attempt",
    "AttemptSeen",
    "ExamRoom",
    "HandedInFile",
    "KeyCorrection",
    "LateAnswer",
    "Remarking",
    "RoomCodeAttempt",
    "SealedDay",
    "SealedPage",
    "SettledAnswer",
    "SheetFile",
    "SheetTakenIn",
    "Sitting",
    "TimeAllowance",
]
