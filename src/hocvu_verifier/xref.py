"""Where the objects of a PDF file stand: cross-reference tables and streams (ISO 32000-2, 7.5).

`Document` follows them from the last one back, as every reader does, and finds an object where
they say it is and nowhere else. `revision_at` reads one incremental update (7.5.6) from its first
byte to its last: every byte belongs to an object, the table or the trailer, every object stands in
the table once, and every entry of the table is met.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from hocvu_verifier.objects import (
    Item,
    Name,
    Ref,
    Stream,
    Unreadable,
    indirect_at,
    item_at,
)
from hocvu_verifier.packing import unpacked

FREE, IN_FILE, IN_STREAM = 0, 1, 2  # 7.5.8.3, types of entries
MOST_REVISIONS: Final = 100
MOST_OBJECTS: Final = 1 << 19
_TABLE: Final = re.compile(rb"xref[ \t]*(?:\r\n|\n|\r)")
_SECTION: Final = re.compile(rb"(\d{1,10}) (\d{1,10})[ \t]*(?:\r\n|\n|\r)")
_ROW: Final = re.compile(rb"(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)")
_TRAILER: Final = re.compile(rb"trailer(?![A-Za-z0-9])")
_END: Final = re.compile(
    rb"[\t\n\f\r ]*startxref[\t ]*[\r\n]+(\d{1,10})[\t ]*[\r\n]+%%EOF(?:\r\n|\n|\r)?"
)
_BLANK: Final = re.compile(rb"[\0\t\n\f\r ]*")
_NO_KEY: Final = Name(b"")
_KEY: Final = {each: Name(each) for each in (b"Type", b"Prev", b"W", b"Index", b"Size", b"N")}


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


@dataclass(frozen=True)
class Revision:
    """One incremental update: what it adds and replaces, and where it ends."""

    start: int
    end: int
    xref_at: int
    trailer: dict[Name, Item]
    objects: dict[int, Item]  # without the cross-reference stream itself
    weight: int  # bytes that had to be read: all but those of streams


@dataclass
class Document:
    """A file, or its front up to the end of a revision."""

    octets: bytes
    trailer: dict[Name, Item] = field(init=False)
    entries: dict[int, Entry] = field(init=False)
    xref_at: int = field(init=False)
    _packed: dict[int, dict[int, Item]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        closing = list(_END.finditer(self.octets, max(0, len(self.octets) - 64)))
        if not closing or closing[-1].end() != len(self.octets):
            raise Unreadable("The file does not end as a PDF file does.")
        self.xref_at = int(closing[-1][1])
        self.entries = {}
        at: Item = self.xref_at
        seen: set[int] = set()
        while isinstance(at, int):
            if at in seen or len(seen) > MOST_REVISIONS:
                raise Unreadable("The cross-reference tables go round in circles.")
            seen.add(at)
            section = section_at(self.octets, at)
            if len(seen) == 1:
                self.trailer = section.trailer
            self.entries = section.entries | self.entries
            at = section.trailer.get(_KEY[b"Prev"])

    def resolve(self, item: Item) -> Item:
        """Return what a reference leads to; anything else is returned as it is."""
        for _ in range(MOST_REVISIONS):
            if not isinstance(item, Ref):
                return item
            item = self.object(item.number)
        raise Unreadable("References go round in circles.")

    def object(self, number: int) -> Item:
        entry = self.entries.get(number)
        if entry is None or entry.kind == FREE:
            return None
        if entry.kind == IN_STREAM:
            return self._in_stream(entry.where).get(number)
        found = indirect_at(self.octets, entry.where)
        if (found.number, found.generation) != (number, entry.second):
            raise Unreadable(f"Object {number} does not stand where the table says.")
        return found.item

    def holds(self, number: int) -> bool:
        """Whether there is an object of this number; one that was freed is none."""
        entry = self.entries.get(number)
        return entry is not None and entry.kind != FREE

    def references(
        self,
        *,
        aside_from: tuple[int, Name] = (-1, _NO_KEY),
        without: AbstractSet[int] = frozenset(),
    ) -> set[int]:
        """Return the numbers of all objects that anything in the file refers to.

        `aside_from` leaves one entry of one dictionary out of account, `without` whole objects.
        """
        return {
            each
            for number, item in self._objects(without)
            for each, _key in references_in(
                {key: held for key, held in item.items() if key != aside_from[1]}
                if number == aside_from[0] and isinstance(item, dict)
                else item
            )
        }

    def keys_leading_to(self, numbers: AbstractSet[int]) -> dict[int, set[Name]]:
        """Return under which keys the file refers to each of these objects."""
        found: dict[int, set[Name]] = {number: set() for number in numbers}
        for _number, item in self._objects():
            for number, key in references_in(item):
                if number in found:
                    found[number].add(key)
        return found

    def _objects(self, without: AbstractSet[int] = frozenset()) -> Iterator[tuple[int, Item]]:
        """Yield every object but cross-reference streams."""
        for number in self.entries.keys() - without:
            item = self.object(number)
            if not isinstance(item, Stream) or not _is_xref(item):
                yield number, item

    def _in_stream(self, number: int) -> dict[int, Item]:
        """Unpack an object stream (7.5.7), once."""
        if number not in self._packed:
            stream = self.object(number)
            if not isinstance(stream, Stream):
                raise Unreadable(f"Object {number} is not a stream of objects.")
            octets, count = unpacked(stream), stream.about.get(_KEY[b"N"])
            first = stream.about.get(Name(b"First"))
            if not isinstance(count, int) or not isinstance(first, int):
                raise Unreadable(f"Object {number} is not a stream of objects.")
            try:
                head = [int(each) for each in octets[:first].split()[: 2 * count]]
            except ValueError as broken:
                raise Unreadable(f"Object {number} is not a stream of objects.") from broken
            self._packed[number] = {
                each: item_at(octets, first + offset)[0]
                for each, offset in zip(head[::2], head[1::2], strict=True)
            }
        return self._packed[number]


def references_in(item: Item, key: Name = _NO_KEY) -> Iterator[tuple[int, Name]]:
    """Yield every object that is referred to in `item`, and the nearest key that leads there."""
    match item:
        case Ref():
            yield item.number, key
        case list():
            for each in item:
                yield from references_in(each, key)
        case dict():
            for name, each in item.items():
                yield from references_in(each, name)
        case Stream():
            yield from references_in(item.about)


def section_at(octets: bytes, at: int, most: int = MOST_OBJECTS) -> Section:
    """Read a cross-reference of no more than so many rows."""
    table = _TABLE.match(octets, at)
    return _table_at(octets, table.end(), most) if table else _stream_at(octets, at, most)


def revision_at(octets: bytes, start: int, before: Document, most: int) -> Revision:
    """Read the update that begins at `start`, directly behind `before`. Raises Unreadable.

    `most` is the weight that it may have.
    """
    places: dict[int, tuple[int, int]] = {}
    objects: dict[int, Item] = {}
    at = _skip_blank(octets, start)
    left = most
    while not _TABLE.match(octets, at):
        found = indirect_at(octets, at, at + left)
        left -= found.end - at - (len(found.item.octets) if isinstance(found.item, Stream) else 0)
        if found.number in objects:
            raise Unreadable(f"Object {found.number} was added twice at once.")
        places[found.number] = (at, found.generation)
        objects[found.number] = found.item
        is_last = isinstance(found.item, Stream) and _is_xref(found.item)
        if is_last:
            break
        at = _skip_blank(octets, found.end)
    section = section_at(octets, at, len(places) + 1)
    closing = _END.match(octets, section.end)
    if closing is None or int(closing[1]) != at:
        raise Unreadable("An update does not end as one.")
    if section.trailer.get(_KEY[b"Prev"]) != before.xref_at:
        raise Unreadable("An update does not follow the one before it.")
    listed = {
        number: (entry.where, entry.second)
        for number, entry in section.entries.items()
        if (number, entry.kind) != (0, FREE)
    }
    kinds = {entry.kind for number, entry in section.entries.items() if number}
    if listed != places or kinds - {IN_FILE}:
        raise Unreadable("The objects that were added are not the ones the table lists.")
    if section.stream_number is not None:
        objects.pop(section.stream_number)
    return Revision(start, closing.end(), at, section.trailer, objects, most - left)


def _table_at(octets: bytes, at: int, most: int) -> Section:
    entries: dict[int, Entry] = {}
    while section := _SECTION.match(octets, at):
        first, count = int(section[1]), int(section[2])
        at = section.end()
        if len(entries) + count > most:
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
    if not isinstance(stream, Stream) or not _is_xref(stream):
        raise Unreadable("There is no cross-reference where the file says.")
    widths, size = stream.about.get(_KEY[b"W"]), stream.about.get(_KEY[b"Size"])
    index = stream.about.get(_KEY[b"Index"], [0, size])
    if (
        not isinstance(widths, list)
        or len(widths) != len(Entry._fields)
        or not isinstance(index, list)
    ):
        raise Unreadable("A cross-reference stream is broken.")
    lengths = [each for each in widths if isinstance(each, int) and 0 <= each <= 8]  # noqa: PLR2004
    numbers = [each for each in index if isinstance(each, int) and each >= 0]
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
        if number in entries:
            raise Unreadable("A cross-reference stream is broken.")
        entries[number] = Entry(kind if lengths[0] else IN_FILE, where, second)
    return Section(entries, stream.about, found.end, found.number)


def _fields(row: bytes, lengths: list[int]) -> Iterator[int]:
    at = 0
    for length in lengths:
        yield int.from_bytes(row[at : at + length], "big")
        at += length


def _is_xref(stream: Stream) -> bool:
    return stream.about.get(_KEY[b"Type"]) == Name(b"XRef")


def _skip_blank(octets: bytes, at: int) -> int:
    found = _BLANK.match(octets, at)
    return found.end() if found else at
