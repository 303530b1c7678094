"""Where a signature stands in a file, and that it covers the file (ISO 32000-2, 12.8.1).

A `ByteRange` names two stretches. They have to begin at the first byte, leave out one hole and
nothing but it, and the hole has to be the `Contents` of the very dictionary that states the range.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple

from hocvu_verifier.objects import Indirect, Item, Name, String, Unreadable, indirect_at
from hocvu_verifier.refusals import (
    ChangedAfterSigning,
    CoversOnlyAPart,
    NotOurForm,
    NotSigned,
    NotVerified,
    SignatureRemoved,
)

OUR_RANGE: Final = re.compile(rb"/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\] *\n")
BEFORE_HOLE: Final = b"\n/Contents "
CLAIM: Final = b"/ByteRange"
BLANK: Final = rb"[\0\t\n\f\r ]"  # at most so many: a file of blanks would be read for minutes
ANY_RANGE: Final = re.compile(
    rb"/ByteRange%(any)b\[%(any)b(\d{1,12})%(some)b(\d{1,12})%(some)b(\d{1,12})%(some)b(\d{1,12})"
    rb"%(any)b\]" % {b"any": BLANK + b"{0,255}", b"some": BLANK + b"{1,255}"}
)
REMNANTS: Final = (b"/Adobe.PPKLite", b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached", b"/DocMDP")
DETACHED: Final = {Name(b"ETSI.CAdES.detached"), Name(b"adbe.pkcs7.detached")}
TIME_STAMPED: Final = Name(b"ETSI.RFC3161")
NUMBERED: Final = re.compile(rb"(?<![0-9])\d{1,10} \d{1,5}\Z")
HOLE: Final = re.compile(rb"<[0-9A-Fa-f\0\t\n\f\r ]*>")
# Whoever makes up signatures must not keep us busy: so much is looked at in search of the first.
MOST_CLAIMS: Final = 50
MOST_HEADS: Final = 100  # beginnings of objects, of all claims together
LARGEST_HOLE: Final = 1 << 23  # bytes; revocation lists of large authorities stand in some
HEAD_ROOM: Final = 4096  # bytes; so far in front of its hole or range a signature's object begins
ROOM: Final = 1 << 14  # bytes; so much of it stands besides its hole
DATE: Final = re.compile(rb"D:(\d{14})(Z|[+-]\d{2}'?\d{2}'?|Z00'?00'?)?")


class ByteRange(NamedTuple):
    """The two stretches of the file that are signed, as the file states them."""

    first_start: int
    first_length: int
    second_start: int
    second_length: int

    @property
    def end(self) -> int:
        return self.second_start + self.second_length


@dataclass(frozen=True)
class Place:
    """One signature as it stands in the file. Nothing in it is verified yet."""

    byte_range: ByteRange
    octets: bytes  # what stands in the hole: the message, then zeros
    about: dict[Name, Item]
    looks_like_ours: bool
    is_our_spelling: bool

    @property
    def is_time_stamp(self) -> bool:
        return self.about.get(Name(b"SubFilter")) == TIME_STAMPED

    @property
    def claimed_time(self) -> datetime:
        """Return the time in `/M`. Raises NotOurForm when there is none that names its zone."""
        stated = self.about.get(Name(b"M"))
        found = DATE.fullmatch(stated.octets) if isinstance(stated, String) else None
        if found is None or found[2] is None:
            raise NotOurForm("The signature does not say when it was made.")
        zone = found[2].replace(b"'", b"")
        zone = b"+0000" if zone.startswith(b"Z") else zone
        try:
            return datetime.strptime((found[1] + zone).decode(), "%Y%m%d%H%M%S%z")
        except ValueError as unreadable:
            raise NotOurForm("The signature does not say when it was made.") from unreadable


def first_place(pdf: bytes) -> Place:
    """Return the signature that covers the front of the file; refuse when there is none."""
    if pdf.find(CLAIM) < 0:
        if any(each in pdf for each in REMNANTS):
            raise SignatureRemoved("The file has the place of a signature, but no signature.")
        raise NotSigned("The file carries no signature.")
    stated = list(islice(ANY_RANGE.finditer(pdf), MOST_CLAIMS + 1))
    if len(stated) > MOST_CLAIMS:
        raise CoversOnlyAPart("The file claims more signatures than anybody makes.")
    heads = iter(range(MOST_HEADS))
    troubles: list[NotVerified] = []
    for each in sorted(stated, key=lambda each: int(each[3]) + int(each[4])):
        try:
            return place_at(pdf, each, heads)
        except (CoversOnlyAPart, SignatureRemoved) as trouble:
            troubles.append(trouble)
    if troubles:
        raise troubles[-1]
    raise CoversOnlyAPart("The signature does not state in numbers what it covers.")


def place_at(pdf: bytes, stated: re.Match[bytes], heads: Iterator[int]) -> Place:
    """Take apart the signature whose range was found; each object tried takes one of `heads`."""
    byte_range = ByteRange(*(int(number) for number in stated.groups()))
    start, end = byte_range.first_length, byte_range.second_start
    covers = byte_range.first_start == 0 and 0 < start < end < byte_range.end <= len(pdf)
    if not covers:
        raise CoversOnlyAPart("The signature does not cover the file from its first byte on.")
    about = _dictionary_around(pdf, start, end, stated, heads)
    contents = about.get(Name(b"Contents"))
    if contents is None:
        raise SignatureRemoved("The place of the signature is empty.")
    if not isinstance(contents, String) or not contents.is_hex:
        raise SignatureRemoved("Something else stands in the place of the signature.")
    if (contents.start, contents.end) != (start, end):
        raise CoversOnlyAPart("The signature leaves out more of the file than itself.")
    if not contents.octets.strip(b"\0"):
        raise SignatureRemoved("The place of the signature is empty.")
    return Place(byte_range, contents.octets, about, *_spelling(pdf, start, end, contents.octets))


def place_of(pdf: bytes, signature: dict[Name, Item], end: int) -> Place:
    """Return the signature that an update brought; it has to cover everything up to `end`."""
    stated = signature.get(Name(b"ByteRange"))
    contents = signature.get(Name(b"Contents"))
    if not isinstance(contents, String) or not contents.octets.strip(b"\0"):
        raise SignatureRemoved("The place of a later signature is empty.")
    wanted = [0, contents.start, contents.end, end - contents.end]
    if not isinstance(stated, list) or [type(each) for each in stated] != [int] * len(wanted):
        raise CoversOnlyAPart("A later signature does not state in numbers what it covers.")
    if stated != wanted:
        raise CoversOnlyAPart("A later signature does not cover the whole file.")
    byte_range = ByteRange(0, contents.start, contents.end, end - contents.end)
    spelling = _spelling(pdf, contents.start, contents.end, contents.octets)
    return Place(byte_range, contents.octets, signature, *spelling)


def _spelling(pdf: bytes, start: int, end: int, octets: bytes) -> tuple[bool, bool]:
    """Return whether the hole stands where ours do, and whether it is written as ours are."""
    stands = pdf.endswith(BEFORE_HOLE, 0, start) and OUR_RANGE.match(pdf, end + 1) is not None
    return stands, stands and pdf[start + 1 : end - 1] == octets.hex().upper().encode()


def require_complete(place: Place, octets: int) -> None:
    """Refuse what stands behind the message in the hole, unless it is zeros."""
    if place.octets[octets:].strip(b"\0"):
        raise ChangedAfterSigning("Something was written behind the signature message.")


def _dictionary_around(
    pdf: bytes, start: int, end: int, stated: re.Match[bytes], heads: Iterator[int]
) -> dict[Name, Item]:
    """Return the signature dictionary in which a range stands; its hole is `start` to `end`."""
    is_hole = end - start <= LARGEST_HOLE and HOLE.fullmatch(pdf, start, end) is not None
    first, last = min(start, stated.start()), max(end if is_hole else start, stated.end())
    if last - first - (end - start if is_hole else 0) > ROOM:
        raise CoversOnlyAPart("No signature stands where the file says it does.")
    for found in _objects_before(pdf, first, last + ROOM, heads):
        if found.end > stated.start() and isinstance(found.item, dict):
            return found.item
    raise CoversOnlyAPart("No signature stands where the file says it does.")


def _objects_before(pdf: bytes, first: int, limit: int, heads: Iterator[int]) -> Iterator[Indirect]:
    """Yield the objects that begin in front of `first` and end before `limit`, nearest first."""
    before, earliest = first, max(0, first - HEAD_ROOM)
    while (at := pdf.rfind(b" obj", earliest, before)) >= 0:
        before = at
        numbered = NUMBERED.search(pdf[max(0, at - 17) : at])
        if numbered is None:
            continue
        if next(heads, None) is None:
            raise CoversOnlyAPart("The file claims more signatures than anybody makes.")
        with suppress(Unreadable):
            yield indirect_at(pdf, at - len(numbered[0]), limit)
