"""One incremental update of a PDF file (ISO 32000-2, 7.5.6), from its first byte to its last.

Every byte belongs to an object, the table or the trailer; every object stands in the table once,
and every entry of the table is met. It is an update of the plainest kind, so that no reader takes
the file for damaged: such a one would go through it by itself (annex H.3, note 19) and believe what
it finds in the middle of a stream.
"""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from hocvu_verifier.objects import Item, Name, Stream, Unreadable, indirect_at
from hocvu_verifier.sections import FREE, IN_FILE, TABLE, Section, is_section, section_at
from hocvu_verifier.xref import END, Document

_BLANK: Final = re.compile(rb"[\0\t\n\f\r ]*")
# What readers look for when they go through a file by themselves.
_MARKS: Final = re.compile(rb"(?<=[\0\t\n\f\r 0-9>])obj(?![A-Za-z0-9])|trailer|startxref")


@dataclass(frozen=True)
class Revision:
    """One incremental update: what it adds and replaces, and where it ends."""

    start: int
    end: int
    xref_at: int
    trailer: dict[Name, Item]
    objects: dict[int, Item]  # without the cross-reference stream itself
    weight: int  # bytes that had to be read: all but those of streams


def revision_at(octets: bytes, start: int, before: Document, most: int) -> Revision:
    """Read the update that begins at `start`, directly behind `before`. Raises Unreadable.

    `most` is the weight that it may have.
    """
    # 1. Objects stand one behind the other, each of them once, and then the cross-reference.
    places: dict[int, tuple[int, int]] = {}
    objects: dict[int, Item] = {}
    at, left = _skip_blank(octets, start), most
    while not TABLE.match(octets, at):
        found = indirect_at(octets, at, at + left)
        left -= found.end - at - (len(found.item.octets) if isinstance(found.item, Stream) else 0)
        if found.number in objects:
            raise Unreadable(f"Object {found.number} was added twice at once.")
        if found.generation != before.generation(found.number):
            raise Unreadable(f"Object {found.number} was added as another one's successor.")
        places[found.number] = (at, found.generation)
        objects[found.number] = found.item
        if isinstance(found.item, Stream) and is_section(found.item):
            break
        at = _skip_blank(octets, found.end)
    section = section_at(octets, at, len(places) + 1)

    # 2. It follows what was there, ends as an update does, and lists just these objects.
    closing = END.match(octets, section.end)
    if closing is None or int(closing[1]) != at:
        raise Unreadable("An update does not end as one.")
    _require_follows(section, before, highest=max(places, default=0))
    _require_lists(section, places)

    # 3. Nowhere else in it stands what a reader might take for an object or a trailer.
    marks = len(places) + (1 if section.stream_number is not None else 2)  # startxref; trailer
    seen = sum(1 for _ in islice(_MARKS.finditer(octets, start, closing.end()), marks + 1))
    if seen != marks:
        raise Unreadable("An update holds what a reader might take for another object.")
    if section.stream_number is not None:
        objects.pop(section.stream_number)
    return Revision(start, closing.end(), at, section.trailer, objects, most - left)


def _require_follows(section: Section, before: Document, *, highest: int) -> None:
    """Check that a cross-reference continues those before it, and takes nobody's place."""
    if section.before != before.xref_at:
        raise Unreadable("An update does not follow the one before it.")
    if section.size < before.size or section.size <= highest:
        raise Unreadable("An update says that there are fewer objects than there are.")
    if not section.says_no_more_than(before.trailer):
        raise Unreadable("An update says more of the file than an update says.")
    number = section.stream_number
    if number is None:
        return
    takes_a_place = before.holds(number) and not before.is_section(number)
    if takes_a_place or number in before.references():
        raise Unreadable("An update's cross-reference took the place of an object.")


def _require_lists(section: Section, places: dict[int, tuple[int, int]]) -> None:
    listed = {
        number: (entry.where, entry.second)
        for number, entry in section.entries.items()
        if (number, entry.kind) != (0, FREE)
    }
    kinds = {entry.kind for number, entry in section.entries.items() if number}
    if listed != places or kinds - {IN_FILE}:
        raise Unreadable("The objects that were added are not the ones the table lists.")


def _skip_blank(octets: bytes, at: int) -> int:
    found = _BLANK.match(octets, at)
    return found.end() if found else at
