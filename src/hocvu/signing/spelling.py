"""How the values in a tail are written down (ISO 32000-1, 7.3.4, 7.9.2 and 7.9.4)."""

from datetime import datetime, timedelta, timezone
from typing import Final

VIETNAM: Final = timezone(timedelta(hours=7))  # no summer time since 1975
_ESCAPED: Final = frozenset("()\\")


def text(words: str) -> bytes:
    """Return a text string: as it reads where it is plain ASCII, else UTF-16 in hexadecimal."""
    if words.isascii() and words.isprintable() and not _ESCAPED.intersection(words):
        return b"(" + words.encode("ascii") + b")"
    return b"<FEFF" + words.encode("utf-16-be").hex().upper().encode("ascii") + b">"


def moment(at: datetime) -> bytes:
    """Return a date in Vietnam's time, to the second."""
    return at.astimezone(VIETNAM).strftime("(D:%Y%m%d%H%M%S+07'00')").encode("ascii")
