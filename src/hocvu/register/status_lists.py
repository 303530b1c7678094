"""The published status lists held against the log, by anybody.

A list is what checkers without a network carry; the log is what nobody can rewrite. Who publishes
a list without a bit that the log demands hides a revocation; who sets one that it does not, takes
a certificate back without an entry. Both show here, without a database:

1. the lists are read *before* the log: what they know was entered by then, and is in the log;
2. each is signed by a key of its issuer, for the purpose and under the number of its file, in both
   forms in which it is published: as a token (VC-JWT), and as a document with its proof inside;
3. every list in which the log gave a place more than a day ago is there;
4. every bit is what the log says. A list may be a little older than the log: what was entered less
   than an hour before it was signed, and what was entered during the last day, it need not know.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hocvu.register.auditing import TOLERANCE, Finding, Trouble
from hocvu.register.fetching import Site
from hocvu.register.places import PLACES_IN_A_LIST, Change, Places
from hocvu.register.tiles import Source
from hocvu_verifier import Issuers, NotVerified
from hocvu_verifier.status import StatusList, verify_status_list

PURPOSES = ("revocation", "refresh")
_IS_RENEWED_WITHIN = timedelta(days=1)  # every hour, while the installation runs
_MOST_LISTS = 10_000
_LISTS, _PROVED_LISTS = Path("status"), Path("status-proved")  # folders beside the log's files
_WITH_ITS_PROOF = "application/vc"
_SECOND = 1_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list as it was published, not yet verified."""

    path: str
    purpose: str
    number: int
    text: str
    is_token: bool = True  # or a document with its proof inside


def lists_shown(source: Source) -> list[ShownList]:
    """Every published list, from number 1 on."""
    return [shown for purpose in PURPOSES for shown in _of_purpose(source, purpose)]


def held_against(
    places: Places, shown: Iterable[ShownList], *, issuers: Issuers, at: datetime
) -> Iterator[Finding]:
    """What the lists say otherwise than the log; `at` is now."""
    found: set[tuple[str, int]] = set()
    for each in shown:
        if each.is_token:
            found.add((each.purpose, each.number))
        try:
            verified = _verified(each, issuers)
        except NotVerified as refusal:
            yield Finding(Trouble.STATUS_FORGED, f"{each.path}: {refusal}")
            continue
        yield from _bits(verified, each, places, at)
    expected_since = _microseconds(at - _IS_RENEWED_WITHIN)
    for number in sorted(places.begun):
        for purpose in PURPOSES:
            if (purpose, number) not in found and places.begun[number] < expected_since:
                yield Finding(Trouble.STATUS_MISSING, _path(purpose, number).as_posix())


def _of_purpose(source: Source, purpose: str) -> Iterator[ShownList]:
    for number in range(1, _MOST_LISTS):
        path = _path(purpose, number)
        content = source.read(path)
        if content is not None:
            yield _shown(path, purpose, number, content, is_token=True)
        proved = _proved(source, path)
        if proved is not None:
            yield _shown(proved[0], purpose, number, proved[1], is_token=False)
        if content is None and proved is None:
            return


def _shown(path: Path, purpose: str, number: int, content: bytes, *, is_token: bool) -> ShownList:
    text = content.decode(errors="replace").strip()
    return ShownList(path.as_posix(), purpose, number, text, is_token)


def _proved(source: Source, path: Path) -> tuple[Path, bytes] | None:
    """The same list in its other form, and where: a site hands it out to who asks for it."""
    if isinstance(source, Site):
        content = source.read(path, accept=_WITH_ITS_PROOF)
        if content is not None and content.lstrip().startswith(b"{"):
            return path, content
    beside = _PROVED_LISTS / path.relative_to(_LISTS)
    content = source.read(beside)
    return None if content is None else (beside, content)


def _path(purpose: str, number: int) -> Path:
    return _LISTS / purpose / str(number)


def _verified(shown: ShownList, issuers: Issuers) -> StatusList:
    if shown.is_token == shown.text.startswith("{"):
        raise IsAnotherList("It is not in the form in which it is published there.")
    verified = verify_status_list(shown.text, issuers=issuers)
    if (verified.purpose.value, verified.number) != (shown.purpose, shown.number):
        raise IsAnotherList("It is another list than the one whose place it takes.")
    return verified


class IsAnotherList(NotVerified):
    """A list published in the place of another one."""


def _bits(
    verified: StatusList, shown: ShownList, places: Places, at: datetime
) -> Iterator[Finding]:
    first = shown.number * PLACES_IN_A_LIST
    changed = {
        place - first: changes
        for place, changes in places.changes.items()
        if place // PLACES_IN_A_LIST == shown.number
    }
    since = max(verified.issued_at, at - _IS_RENEWED_WITHIN) - TOLERANCE
    taken_back = places_set(verified.bits)
    for index in sorted(taken_back | changed.keys()):
        is_set, changes = index in taken_back, changed.get(index, [])
        if is_set in _since(changes, _microseconds(since), shown.purpose):
            continue
        last = f"; {changes[-1].number}" if changes else ""
        trouble = Trouble.STATUS_UNFOUNDED if is_set else Trouble.STATUS_HIDDEN
        yield Finding(trouble, f"{shown.path}#{index}{last}")


def _since(changes: list[Change], since: int, purpose: str) -> set[bool]:
    """Whether the bit was set: what held at `since`, and what held at any time after it."""
    before = [each for each in changes if each.at <= since]
    held = {before[-1].is_set(purpose) if before else False}
    return held | {each.is_set(purpose) for each in changes[len(before) :]}


def _microseconds(at: datetime) -> int:
    return int(at.timestamp()) * _SECOND


def places_set(bits: bytes) -> set[int]:
    """The places that are set; the first one is the highest bit of the first byte (§3.2)."""
    return {
        at * 8 + bit
        for at, byte in enumerate(bits)
        if byte
        for bit in range(8)
        if byte & 0x80 >> bit
    }
