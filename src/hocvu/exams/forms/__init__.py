"""Shapes of input."""

from hocvu.exams.forms.answers import AnswerForm, Lines
from hocvu.exams.forms.results import ReceiptForm, ResultFilters
from hocvu.exams.forms.rooms import (
    ActReasonForm,
    AllowanceForm,
    MinutesForm,
    OpenRoomForm,
    RoomCodeForm,
    RoomForm,
)
from hocvu.exams.forms.sheets import SheetFileForm
from hocvu.exams.forms.sittings import OpenSittingForm, SittingFilters
from hocvu.exams.forms.whole_page import WholePage

__all__ = [
    "ActReasonForm",
    "AllowanceForm",
    "AnswerForm",
    "Lines",
    "MinutesForm",
    "OpenRoomForm",
    "OpenSittingForm",
    "ReceiptForm",
    "ResultFilters",
    "RoomCodeForm",
    "RoomForm",
    "SheetFileForm",
    "SittingFilters",
    "WholePage",
]
