"""Acts of this room, each one function that says who, when, and why it may be refused."""

from hocvu.classes.actions.bridge_points import (
    Appointment,
    PersonOutOfReach,
    UnitIsClosed,
    add_bridge_points,
    appoint,
    appoint_at_points,
)
from hocvu.classes.actions.check_in import (
    CodeHasExpired,
    CodeIsForAnotherRoll,
    CodeIsUnknown,
    NotEnrolledHere,
    TooManyAttempts,
    check_in,
)
from hocvu.classes.actions.classes import (
    ClassCodeIsTaken,
    ProgrammeNotInForce,
    SessionsNotHeld,
    close_class,
    open_class,
)
from hocvu.classes.actions.enrolment import (
    AlreadyEnrolled,
    BridgePointOfAnotherClass,
    ClassIsFull,
    enrol_learners,
    withdraw_learner,
)
from hocvu.classes.actions.locks import ClassIsClosed
from hocvu.classes.actions.roll_call import (
    DifferenceUnexplained,
    MarkBelongsElsewhere,
    NotOnThisRoll,
    ReasonIsMissing,
    RollIsClosed,
    RollIsNotOpen,
    SessionIsAhead,
    close_roll,
    mark_presence,
    open_roll,
)
from hocvu.classes.actions.sheets import SheetIsWrong, SignedSheet, enter_sheet, enter_sheets

__all__ = [
    "AlreadyEnrolled",
    "Appointment",
    "BridgePointOfAnotherClass",
    "ClassCodeIsTaken",
    "ClassIsClosed",
    "ClassIsFull",
    "CodeHasExpired",
    "CodeIsForAnotherRoll",
    "CodeIsUnknown",
    "DifferenceUnexplained",
    "MarkBelongsElsewhere",
    "NotEnrolledHere",
    "NotOnThisRoll",
    "PersonOutOfReach",
    "ProgrammeNotInForce",
    "ReasonIsMissing",
    "RollIsClosed",
    "RollIsNotOpen",
    "SessionIsAhead",
    "SessionsNotHeld",
    "SheetIsWrong",
    "SignedSheet",
    "TooManyAttempts",
    "UnitIsClosed",
    "add_bridge_points",
    "appoint",
    "appoint_at_points",
    "check_in",
    "close_class",
    "close_roll",
    "enrol_learners",
    "enter_sheet",
    "enter_sheets",
    "mark_presence",
    "open_class",
    "open_roll",
    "withdraw_learner",
]
