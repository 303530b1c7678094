"""What a log's entries say of the places in the status lists (W3C Bitstring Status List v1.0).

Every entry names the place that was drawn at random for its certificate; places count through all
lists, list n holds those from n x 524,288. So whoever has read the log knows which bits must be
set, without learning whose they are: a place tells no more than the list itself shows.

    revocation   revoked, or corrected by a new edition
    refresh      corrected, and not revoked
"""

from array import array
from collections import Counter
from dataclasses import dataclass

PLACES_IN_A_LIST = 524_288
_BITS_OF_AN_INDEX = 19  # 524,288 = 2**19
_INDEX = PLACES_IN_A_LIST - 1
_NO_PLACE, _UNSEEN = -1, -2


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry made of a place, from its moment on."""

    number: int  # of the entry
    at: int  # microseconds since 1970
    is_revoked: bool
    is_corrected: bool

    def is_set(self, purpose: str) -> bool:
        """Whether the bit of this place is set in the list for `purpose`."""
        if purpose == "refresh":
            return self.is_corrected and not self.is_revoked
        return self.is_revoked or self.is_corrected


class Places:
    """Filled with one call for each entry, in the order of the log."""

    def __init__(self) -> None:
        self.later: Counter[str] = Counter()  # how many entries there are of each later kind
        self.changes: dict[int, list[Change]] = {}  # of places whose certificate was changed
        self._passed_over = 0
        self._place_of = array("q")  # of every entry: the place of the certificate issued there
        self._given: dict[int, bytearray] = {}  # by list: one bit for each place given
        self.begun: dict[int, int] = {}  # by list: the moment its first place was given

    def give(self, place: int | None, at: int) -> bool:
        """An issue. False where another certificate has this place. Called for every entry."""
        if place is None:
            self._place_of.append(_NO_PLACE)
            return True
        self._place_of.append(place)
        bits = self._given.get(place >> _BITS_OF_AN_INDEX)
        if bits is None:
            bits = self._begin(place >> _BITS_OF_AN_INDEX, at)
        byte, bit = (place & _INDEX) >> 3, 0x80 >> (place & 7)
        held = bits[byte]
        bits[byte] = held | bit
        return not held & bit

    def _begin(self, number: int, at: int) -> bytearray:
        self.begun[number] = at
        self._given[number] = bytearray(PLACES_IN_A_LIST // 8)
        return self._given[number]

    def note(self, kind: str, of: int, at: int, place: int | None) -> bool:
        """A later entry. False where it names another place than the issue it is about."""
        self.later[kind] += 1
        number = len(self._place_of)
        self._place_of.append(_NO_PLACE)
        given = self._place_of[of]
        if given not in (_UNSEEN, _NO_PLACE if place is None else place):
            return False
        if place is not None and kind in _CHANGING:
            so_far = self.changes.setdefault(place, [])
            is_revoked = bool(so_far) and so_far[-1].is_revoked
            is_corrected = bool(so_far) and so_far[-1].is_corrected
            so_far.append(
                Change(
                    number,
                    at,
                    is_revoked=kind == "revoke" or (is_revoked and kind != "reinstate"),
                    is_corrected=is_corrected or kind == "supersede",
                )
            )
        return True

    @property
    def kinds(self) -> Counter[str]:
        """How many entries there are of each kind, as far as they can be read."""
        issued = len(self._place_of) - self._passed_over - self.later.total()
        return self.later + Counter(issue=issued)

    def pass_over(self, count: int) -> None:
        """Entries that cannot be read: nothing is known of their places."""
        self._passed_over += count
        self._place_of.extend([_UNSEEN] * count)


_CHANGING = ("revoke", "reinstate", "supersede")
