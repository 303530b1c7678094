"""Where the objects of a PDF file stand (ISO 32000-2, 7.5).

`Document` follows cross-references from the last one back, as every reader does, and finds an
object where they say it is and nowhere else. Where readers would part ways (an object twice in one
stream, or in another place than the table says), it follows none of them.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from hocvu_verifier.objects import Item, Name, Ref, Stream, Unreadable, indirect_at, item_at
from hocvu_verifier.packing import unpacked
from hocvu_verifier.sections import FREE, IN_FILE, IN_STREAM, Entry, section_at

MOST_REVISIONS: Final = 100
END: Final = re.compile(
    rb"[\t\n\f\r ]*startxref[\t ]*[\r\n]+(\d{1,10})[\t ]*[\r\n]+%%EOF(?:\r\n|\n|\r)?"
)
_NO_KEY: Final = Name(b"")
_JUDGED_APART: Final = {Name(b"Root"), Name(b"Info")}  # entries of a trailer


@dataclass
class Document:
    """A file, or its front up to the end of a revision."""

    octets: bytes
    trailer: dict[Name, Item] = field(init=False)
    entries: dict[int, Entry] = field(init=False)
    xref_at: int = field(init=False)
    size: int = field(init=False)
    _sections: set[int] = field(init=False, default_factory=set)  # numbers of their streams
    _packed: dict[int, list[tuple[int, Item]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        closing = list(END.finditer(self.octets, max(0, len(self.octets) - 64)))
        if not closing or closing[-1].end() != len(self.octets):
            raise Unreadable("The file does not end as a PDF file does.")
        self.xref_at = int(closing[-1][1])
        self.entries = {}
        at: int | None = self.xref_at
        seen: set[int] = set()
        while at is not None:
            if at in seen or len(seen) > MOST_REVISIONS:
                raise Unreadable("The cross-reference tables go round in circles.")
            seen.add(at)
            section = section_at(self.octets, at)
            if len(seen) == 1:
                self.trailer, self.size = section.trailer, section.size
            if section.stream_number is not None:
                self._sections.add(section.stream_number)
            self.entries = section.entries | self.entries
            at = section.before

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
            return self._in_stream(entry.where, number, entry.second)
        found = indirect_at(self.octets, entry.where)
        if (found.number, found.generation) != (number, entry.second):
            raise Unreadable(f"Object {number} does not stand where the table says.")
        return found.item

    def generation(self, number: int) -> int:
        """Return the generation that an object of this number has, or would have (7.3.10)."""
        entry = self.entries.get(number)
        return 0 if entry is None or entry.kind == IN_STREAM else entry.second

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

    def is_section(self, number: int) -> bool:
        """Whether this object is one of the file's own cross-reference streams."""
        return number in self._sections

    def _objects(self, without: AbstractSet[int] = frozenset()) -> Iterator[tuple[int, Item]]:
        """Yield the trailer and every object, but for what a trailer says of root and description.

        A stream that calls itself a cross-reference, and is none, is an object like any other.
        """
        yield 0, _without(self.trailer, _JUDGED_APART)
        for number in self.entries.keys() - without:
            item = self.object(number)
            if number in self._sections and isinstance(item, Stream):
                yield number, _without(item.about, _JUDGED_APART)
            else:
                yield number, item

    def _in_stream(self, stream: int, number: int, place: int) -> Item:
        """Return the object that stands in this place of an object stream (7.5.7)."""
        if stream not in self._packed:
            self._packed[stream] = self._unpacked(stream)
        packed = self._packed[stream]
        if not 0 <= place < len(packed) or packed[place][0] != number:
            raise Unreadable(f"Object {number} does not stand in the stream where the table says.")
        return packed[place][1]

    def _unpacked(self, number: int) -> list[tuple[int, Item]]:
        """Return the objects of a stream, with their numbers, in its order; none comes twice."""
        entry = self.entries.get(number)
        stream = self.object(number) if entry is not None and entry.kind == IN_FILE else None
        if not isinstance(stream, Stream):
            raise Unreadable(f"Object {number} is not a stream of objects.")
        octets, count = unpacked(stream), stream.about.get(Name(b"N"))
        first = stream.about.get(Name(b"First"))
        if not isinstance(count, int) or not isinstance(first, int):
            raise Unreadable(f"Object {number} is not a stream of objects.")
        try:
            head = [int(each) for each in octets[:first].split()]
        except ValueError as broken:
            raise Unreadable(f"Object {number} is not a stream of objects.") from broken
        if len(head) != 2 * count or len(set(head[::2])) != count:
            raise Unreadable(f"Object {number} does not hold what it says, or one thing twice.")
        return [
            (each, item_at(octets, first + offset)[0])
            for each, offset in zip(head[::2], head[1::2], strict=True)
        ]


def _without(about: dict[Name, Item], keys: AbstractSet[Name]) -> dict[Name, Item]:
    return {key: held for key, held in about.items() if key not in keys}


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
