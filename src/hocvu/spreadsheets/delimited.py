"""Delimited text: which letters, which delimiter, then rows."""

import csv
import io
import re
import unicodedata
from collections import Counter
from typing import Final

from hocvu.spreadsheets.letters import decoded
from hocvu.spreadsheets.refusals import SpreadsheetIsUnreadable, UnreadableReason

_DELIMITERS: Final = ",;\t|"
_SAMPLE_LINES: Final = 60
_CONTROL_SHARE: Final = 50  # more than one control character in fifty is not text
_AS_TEXT: Final = re.compile(r'="([^"]*)"')  # how some programs keep leading zeros


def read_rows(content: bytes) -> list[list[str]]:
    text = decoded(content)
    controls = sum(unicodedata.category(sign) == "Cc" for sign in text[:5000])
    controls -= sum(text[:5000].count(space) for space in "\t\r\n")
    if "\x00" in text or controls * _CONTROL_SHARE > min(len(text), 5000):
        raise SpreadsheetIsUnreadable(UnreadableReason.UNKNOWN_FORMAT)
    text, delimiter = _declared_delimiter(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as damage:
        raise SpreadsheetIsUnreadable(UnreadableReason.DAMAGED) from damage
    return [[_without_formula(text) for text in row] for row in rows] if '="' in text else rows


def _without_formula(text: str) -> str:
    written = _AS_TEXT.fullmatch(text.strip())
    return written[1] if written else text


def _declared_delimiter(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    declared = first.strip().strip('"').lower()
    if declared.startswith("sep=") and len(declared) <= len("sep=;"):
        return rest, declared[4:] or "\t"
    return text, _sniffed_delimiter(text)


def _sniffed_delimiter(text: str) -> str:
    """The delimiter under which most lines agree on how many columns there are."""
    sample = io.StringIO("".join(text.splitlines(keepends=True)[:_SAMPLE_LINES])).read()

    def agreement(delimiter: str) -> tuple[int, int]:
        try:
            rows = [
                r for r in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if r
            ]
        except csv.Error:
            return (0, 0)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            return (0, 0)
        width, lines = max(widths.items(), key=lambda item: (item[1], item[0]))
        return (lines, width)

    return max(_DELIMITERS, key=agreement)
