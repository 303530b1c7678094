"""A workbook of certificates: which columns ask, and the answers in a new one."""

from collections.abc import Sequence
from dataclasses import dataclass

from hocvu.kernel.vietnamese import fold
from hocvu.verification.rules.questions import NOBODYS_CODE, Question, code_meant

_HEADINGS = {
    "code": {
        "ma kiem tra",
        "ma xac thuc",
        "ma xac minh",
        "ma tra cuu",
        "verification code",
        "code",
        "ma",
    },
    "serial_number": {
        "so hieu",
        "so hieu van bang",
        "so hieu chung chi",
        "so hieu giay chung nhan",
        "so hieu van bang, chung chi",
        "serial number",
        "serial",
    },
    "full_name": {
        "ho va ten",
        "ho ten",
        "full name",
        "name",
        "holder",
        "nguoi duoc cap",
        "ho, chu dem va ten",
    },
}
_ROWS_SEARCHED = 20  # for the headings


@dataclass(frozen=True)
class Sheet:
    """The rows below the headings, and in which column each part of a question stands."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    places: dict[str, int]

    def questions(self) -> list[Question | None]:
        """A question for each row; None where the row holds none that can be answered."""
        return [self._question(row) for row in self.rows]

    def _question(self, row: Sequence[str]) -> Question | None:
        said = {part: row[at].strip() for part, at in self.places.items()}
        if said.get("code"):
            said.pop("serial_number", None)
        question = Question(**said)
        return question if question.is_complete else None


def first_sheet_in(grids: Sequence[Sequence[Sequence[str]]]) -> Sheet | None:
    """The first sheet of a workbook that asks something; others may stand before it."""
    return next((sheet for grid in grids if (sheet := sheet_in(grid)) is not None), None)


def sheet_in(rows: Sequence[Sequence[str]]) -> Sheet | None:
    """The sheet in these cells; None where neither headings nor codes are found."""
    for number, row in enumerate(rows[:_ROWS_SEARCHED]):
        if places := _places(row):
            below = [each for each in rows[number + 1 :] if any(cell.strip() for cell in each)]
            return Sheet(tuple(row), tuple(map(tuple, below)), places)
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if filled and code_meant(filled[0][0]) != NOBODYS_CODE:
        return Sheet(tuple("" for _ in filled[0]), tuple(map(tuple, filled)), {"code": 0})
    return None


def _places(row: Sequence[str]) -> dict[str, int]:
    places = {
        part: at
        for at, heading in reversed(list(enumerate(row)))
        for part, known in _HEADINGS.items()
        if fold(heading).strip(" *:()") in known
    }
    answers = "code" in places or {"serial_number", "full_name"} <= places.keys()
    return places if answers else {}
