"""What must be known of an old .xls before a reader opens it: how far it reaches, what it hides.

Implements as much of [MS-CFB] as finds the workbook's stream and of [MS-XLS] as walks its records.
A file too broken to walk is left to the reader, which refuses it.
"""

import struct
from collections.abc import Iterator
from typing import Final

from hocvu.spreadsheets.marks import SheetMarks
from hocvu.spreadsheets.refusals import (
    MOST_COLUMNS,
    SpreadsheetIsUnreadable,
    UnreadableReason,
)

_HEADER: Final = 512
_LAST_SECTOR: Final = 0xFFFFFFFA
_ENTRY: Final = 128
_STREAMS: Final = ("Workbook", "Book")
_BOUND_SHEET, _FILE_PASS, _BEGIN, _END, _FORMULA = 0x0085, 0x002F, 0x0809, 0x000A, 0x0006
_ROW, _HEIGHT_ZERO = 0x0208, 0x20
_CELLS: Final = frozenset({0x0203, 0x00FD, 0x027E, 0x0204, 0x0205, 0x00D6, 0x00BD, _FORMULA})


def xls_marks(content: bytes) -> list[SheetMarks]:
    """Formulas and hidden rows, sheet by sheet; a lock or a far cell raises."""
    try:
        stream = _workbook_stream(content)
        return [_marks(stream, start) for start in _sheet_starts(stream)]
    except (struct.error, IndexError, ValueError):
        return []


def _sheet_starts(stream: bytes) -> list[int]:
    starts = []
    for kind, body in _records(stream, 0):
        if kind == _FILE_PASS:
            raise SpreadsheetIsUnreadable(UnreadableReason.PASSWORD_PROTECTED)
        if kind == _BOUND_SHEET:
            starts.append(struct.unpack_from("<I", body)[0])
    return starts


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, up to its end."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return
        at += 4 + length


def _marks(stream: bytes, start: int) -> SheetMarks:
    formulas, hidden = [], []
    for kind, body in _records(stream, start):
        if kind in _CELLS:
            row, column = struct.unpack_from("<HH", body)
            if column >= MOST_COLUMNS:
                raise SpreadsheetIsUnreadable(UnreadableReason.TOO_MANY_COLUMNS, limit=MOST_COLUMNS)
            if kind == _FORMULA:
                formulas.append((row, column))
        elif kind == _ROW and struct.unpack_from("<H", body, 12)[0] & _HEIGHT_ZERO:
            hidden.append(struct.unpack_from("<H", body)[0])
    return SheetMarks(frozenset(formulas), hidden_rows=frozenset(hidden))


def _workbook_stream(content: bytes) -> bytes:
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    first_directory, least_big = struct.unpack_from("<I4xI", content, 48)
    small_table, _, big_table, _ = struct.unpack_from("<IIII", content, 60)
    tables = list(struct.unpack_from("<109I", content, 76))
    while big_table < _LAST_SECTOR and len(tables) * size < len(content):
        *more, big_table = struct.unpack_from(f"<{size // 4}I", content, _HEADER + big_table * size)
        tables.extend(more)
    following = [
        sector
        for table in tables
        if table < _LAST_SECTOR
        for sector in struct.unpack_from(f"<{size // 4}I", content, _HEADER + table * size)
    ]

    def chain(sector: int) -> bytes:
        parts: list[bytes] = []
        while sector < _LAST_SECTOR and len(parts) <= len(following):
            start = _HEADER + sector * size
            parts.append(content[start : start + size])
            sector = following[sector]
        return b"".join(parts)

    directory = chain(first_directory)
    root_start = struct.unpack_from("<I", directory, 116)[0]
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        name_length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(name_length - 2, 0)].decode("utf-16-le", "replace")
        if name in _STREAMS:
            first, length = struct.unpack_from("<II", directory, at + 116)
            if length >= least_big:
                return chain(first)[:length]
            return _small_chain(chain(root_start), chain(small_table), first)[:length]
    raise ValueError


def _small_chain(container: bytes, table: bytes, sector: int) -> bytes:
    """Streams below the threshold live in 64-byte pieces of the root's stream."""
    following = struct.unpack(f"<{len(table) // 4}I", table)
    parts: list[bytes] = []
    while sector < _LAST_SECTOR and len(parts) <= len(following):
        parts.append(container[sector * 64 : sector * 64 + 64])
        sector = following[sector]
    return b"".join(parts)
