"""Cross-reference tables and streams of a PDF file (ISO 32000-2, 7.5.4 and 7.5.8), one at a time.

A number is a whole number here. Readers part ways over `12.0`, over numbers past what their
programs count with, and over objects that reach beyond the size that a file states; nothing of it
is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from hocvu_verifier.objects import Item, Name, Stream, Unreadable, indirect_at, is_same, item_at
from hocvu_verifier.packing import unpacked

FREE, IN_FILE, IN_STREAM = 0, 1, 2  # 7.5.8.3, types of entries
MOST_OBJECTS: Final = 1 << 19
HIGHEST_NUMBER: Final = (1 << 23) - 1  # annex C.2; what programs count with ends somewhere above
TABLE: Final = re.compile(rb"xref[ \t]*(?:\r\n|\n|\r)")
_KINDS: Final = {FREE, IN_FILE, IN_STREAM}
_SECTION: Final = re.compile(rb"(\d{1,10}) (\d{1,10})[ \t]*(?:\r\n|\n|\r)")
_ROW: Final = re.compile(rb"(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)")
_TRAILER: Final = re.compile(rb"trailer(?![A-Za-z0-9])")
_KEY: Final = {each: Name(each) for each in (b"Type", b"Prev", b"W", b"Index", b"Size")}
_OF_A_TRAILER: Final = {
    *(Name(each) for each in (b"Size", b"Prev", b"Root", b"Info", b"ID", b"Encrypt")),
    *(Name(each) for each in (b"Type", b"W", b"Index", b"Length", b"Filter", b"DecodeParms")),
}


class Entry(NamedTuple):
    """A row of a table: its kind, then offset and generation, or object stream and place in it."""

    kind: int
    where: int
    second: int


@dataclass(frozen=True)
class Section:
    """One cross-reference table or stream with its trailer."""

    entries: dict[int, Entry]
    trailer: dict[Name, Item]
    end: int
    stream_number: int | None  # of the stream that this is

    @property
    def before(self) -> int | None:
        """Return where the section before this one begins; None: this is the first."""
        stated = self.trailer.get(_KEY[b"Prev"])
        if stated is not None and type(stated) is not int:  # readers disagree on 12.0 and 12 0 R
            raise Unreadable("A cross-reference does not say in a number what it follows.")
        return stated

    def says_no_more_than(self, before: dict[Name, Item]) -> bool:
        """Whether the trailer holds what a trailer holds, or what the one before it held."""
        return all(
            key in _OF_A_TRAILER or is_same(held, before.get(key))
            for key, held in self.trailer.items()
        )

    @property
    def size(self) -> int:
        """Return the number that no object reaches (7.5.5): readers may pass over larger ones."""
        stated = self.trailer.get(_KEY[b"Size"])
        if type(stated) is not int or not 0 < stated <= HIGHEST_NUMBER + 1:
            raise Unreadable("A cross-reference does not say how many objects there are.")
        return stated


def section_at(octets: bytes, at: int, most: int = MOST_OBJECTS) -> Section:
    """Read a cross-reference of no more than so many rows."""
    table = TABLE.match(octets, at)
    return _table_at(octets, table.end(), most) if table else _stream_at(octets, at, most)


def _table_at(octets: bytes, at: int, most: int) -> Section:
    entries: dict[int, Entry] = {}
    while section := _SECTION.match(octets, at):
        first, count = int(section[1]), int(section[2])
        at = section.end()
        if len(entries) + count > most or first + count > HIGHEST_NUMBER + 1:
            raise Unreadable("A cross-reference lists more objects than there are.")
        for number in range(first, first + count):
            row = _ROW.match(octets, at)
            if row is None or number in entries:
                raise Unreadable("A cross-reference table is broken.")
            entries[number] = Entry(IN_FILE if row[3] == b"n" else FREE, int(row[1]), int(row[2]))
            at = row.end()
    heading = _TRAILER.match(octets, at)
    if heading is None:
        raise Unreadable("A cross-reference table has no trailer.")
    trailer, end = item_at(octets, heading.end())
    if not isinstance(trailer, dict) or Name(b"XRefStm") in trailer:
        raise Unreadable("A trailer is of a kind that is not read here.")
    return Section(entries, trailer, end, None)


def _stream_at(octets: bytes, at: int, most: int) -> Section:
    found = indirect_at(octets, at)
    stream = found.item
    if not isinstance(stream, Stream) or not is_section(stream):
        raise Unreadable("There is no cross-reference where the file says.")
    widths, size = stream.about.get(_KEY[b"W"]), stream.about.get(_KEY[b"Size"])
    index = stream.about.get(_KEY[b"Index"], [0, size])
    if (
        not isinstance(widths, list)
        or len(widths) != len(Entry._fields)
        or not isinstance(index, list)
    ):
        raise Unreadable("A cross-reference stream is broken.")
    lengths = [each for each in widths if type(each) is int and 0 <= each <= 8]  # noqa: PLR2004
    numbers = [each for each in index if type(each) is int and 0 <= each <= HIGHEST_NUMBER]
    if len(lengths) != len(widths) or len(numbers) != len(index) or len(index) % 2:
        raise Unreadable("A cross-reference stream is broken.")
    if sum(numbers[1::2]) > most:
        raise Unreadable("A cross-reference lists more objects than there are.")
    rows, row_length = unpacked(stream), sum(lengths)
    if not row_length or len(rows) != row_length * sum(numbers[1::2]):
        raise Unreadable("A cross-reference stream is broken.")
    listed = (
        n
        for first, count in zip(numbers[::2], numbers[1::2], strict=True)
        for n in range(first, first + count)
    )
    entries: dict[int, Entry] = {}
    for place, number in enumerate(listed):
        row = rows[place * row_length : (place + 1) * row_length]
        kind, where, second = _fields(row, lengths)
        if number in entries or kind not in _KINDS:
            raise Unreadable("A cross-reference stream is broken.")
        entries[number] = Entry(kind if lengths[0] else IN_FILE, where, second)
    return Section(entries, stream.about, found.end, found.number)


def _fields(row: bytes, lengths: list[int]) -> Iterator[int]:
    at = 0
    for length in lengths:
        yield int.from_bytes(row[at : at + length], "big")
        at += length


def is_section(stream: Stream) -> bool:
    return stream.about.get(_KEY[b"Type"]) == Name(b"XRef")
