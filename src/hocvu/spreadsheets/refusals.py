"""Why a file cannot be read; the sentence belongs to whoever speaks to the person."""

import enum
from typing import Final

MEGABYTE: Final = 1024 * 1024
LARGEST_FILE: Final = 20 * MEGABYTE
LARGEST_CONTENT: Final = 300 * MEGABYTE
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
MOST_CELLS: Final = 4_000_000  # empty ones between the first and the last count too


class UnreadableReason(enum.Enum):
    TOO_LARGE = "too_large"
    EXPANDS_TOO_MUCH = "expands_too_much"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    PASSWORD_PROTECTED = "password_protected"  # noqa: S105
    WEB_PAGE = "web_page"  # without any table: a sign-in page saved as a list
    PDF = "pdf"
    IMAGE = "image"
    WORD_DOCUMENT = "word_document"
    ARCHIVE = "archive"  # a zip, rar or 7z of other files
    UNKNOWN_FORMAT = "unknown_format"
    DAMAGED = "damaged"
    EMPTY = "empty"


class SpreadsheetIsUnreadable(Exception):
    """The file was refused for `reason`; `limit` is the bound it crossed, where there is one."""

    def __init__(self, reason: UnreadableReason, *, limit: int | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.limit = limit


def refuse_too_big(height: int, width: int) -> None:
    """Raises SpreadsheetIsUnreadable for a sheet of more rows, columns or cells than are read."""
    if height > MOST_ROWS:
        raise SpreadsheetIsUnreadable(UnreadableReason.TOO_MANY_ROWS, limit=MOST_ROWS)
    if width > MOST_COLUMNS:
        raise SpreadsheetIsUnreadable(UnreadableReason.TOO_MANY_COLUMNS, limit=MOST_COLUMNS)
    if height * width > MOST_CELLS:
        raise SpreadsheetIsUnreadable(UnreadableReason.EXPANDS_TOO_MUCH, limit=MOST_CELLS)
