"""Delimited text: which letters, which delimiter, then rows."""

import codecs
import csv
import io
import unicodedata
from collections import Counter
from typing import Final

from hocvu.spreadsheets.refusals import SpreadsheetIsUnreadable, UnreadableReason

_DELIMITERS: Final = ",;\t|"
_SAMPLE_LINES: Final = 60
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL_SHARE: Final = 50  # more than one control character in fifty is not text
_WINDOWS_VIETNAMESE_MARKS: Final = "\u0300\u0301\u0303\u0309\u0323"


def read_rows(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    controls = sum(unicodedata.category(sign) == "Cc" for sign in text[:5000])
    controls -= sum(text[:5000].count(space) for space in "\t\r\n")
    if "\x00" in text or controls * _CONTROL_SHARE > min(len(text), 5000):
        raise SpreadsheetIsUnreadable(UnreadableReason.UNKNOWN_FORMAT)
    text, delimiter = _declared_delimiter(text)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as damage:
        raise SpreadsheetIsUnreadable(UnreadableReason.DAMAGED) from damage


def _decoded(content: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if (wide := _utf16_without_mark(content)) is not None:
        return content.decode(wide, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _windows_text(content)


def _utf16_without_mark(content: bytes) -> str | None:
    sample = content[:2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample) // 2:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _windows_text(content: bytes) -> str:
    """Windows-1258 writes tones as marks after the vowel; where marks find no vowel it is not 1258.

    Bytes of the old TCVN3 and VNI fonts then keep their Latin-1 looks, so a reader can name them.
    """
    text = content.decode("cp1258", errors="replace")
    marks = sum(text.count(mark) for mark in _WINDOWS_VIETNAMESE_MARKS)
    composed = unicodedata.normalize("NFC", text)
    left_over = sum(composed.count(mark) for mark in _WINDOWS_VIETNAMESE_MARKS)
    if marks and left_over * 10 <= marks:
        return composed
    return content.decode("latin-1")


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
