"""Places of birth as rosters write them: kept as written, never matched to today's units.

A dossier keeps the name a place had; the root register prints it like that (Circular
21/2019/TT-BGDĐT). Only what is plainly no place is left out.
"""

from typing import Final

from hocvu.kernel.vietnamese import fold, nfc

LONGEST_PLACE: Final = 200  # characters, as it is stored
_FEWEST_LETTERS: Final = 2
_NOT_KNOWN: Final = frozenset(
    {"", "khong", "khong ro", "chua ro", "khong biet", "chua biet", "khong xac dinh", "khong co"}
)


def read_place(text: str) -> str | None:
    """The place, "" where the roster says that nobody knows, None where it names none."""
    place = " ".join(nfc(text).split())
    if fold(place).strip(" .-–_/()?") in _NOT_KNOWN:
        return ""
    letters = sum(sign.isalpha() for sign in place)
    if letters < _FEWEST_LETTERS or len(place) > LONGEST_PLACE:
        return None
    return place
