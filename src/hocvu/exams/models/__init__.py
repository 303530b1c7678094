"""Papers, sittings, attempts, answers, marking."""

from hocvu.exams.models.attempts import (
    Answer,
    Attempt,
    AttemptSeen,
    HandedInFile,
    LateAnswer,
    SealedDay,
    SealedPage,
)
from hocvu.exams.models.marking import (
    Appeal,
    FreshMarking,
    KeyCorrection,
    Marker,
    Marking,
    Remarking,
)
from hocvu.exams.models.papers import (
    BlueprintCell,
    Paper,
    PaperPreset,
    PaperQuestion,
    PaperSection,
    QuestionExposure,
)
from hocvu.exams.models.sittings import (
    ExamRoom,
    RoomCodeAttempt,
    Sitting,
    TimeAllowance,
)

__all__ = [
    "Answer",
    "Appeal",
    "Attempt",
    "AttemptSeen",
    "BlueprintCell",
    "ExamRoom",
    "FreshMarking",
    "HandedInFile",
    "KeyCorrection",
    "LateAnswer",
    "Marker",
    "Marking",
    "Paper",
    "PaperPreset",
    "PaperQuestion",
    "PaperSection",
    "QuestionExposure",
    "Remarking",
    "RoomCodeAttempt",
    "SealedDay",
    "SealedPage",
    "Sitting",
    "TimeAllowance",
]
