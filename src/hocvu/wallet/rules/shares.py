"""Share links: how they are written, found and how long they last.

A token is HMAC-SHA-256 (RFC 2104) over a random seed, cut to 144 bits, in base64url (RFC 4648, §5):
nobody finds one by trying. The installation's key and the seed make it again for its owner; the
database holds the seed and a hash of the token, and neither opens anything without the key.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from hocvu.kernel.time import VIETNAM, day_of

SEED_BYTES = 16
MOST_DAYS = 365
MOST_CERTIFICATES = 20
OPENINGS_KEPT = timedelta(days=90)
_TOKEN_BYTES = 18
_TOKEN = re.compile(r"[A-Za-z0-9_-]{24}")
_USE = b"hocvu.wallet.share"


class Period(Enum):
    """How long a link lasts, as one chooses it."""

    DAY = "1"
    WEEK = "7"
    MONTH = "30"
    UNTIL = "until"


class State(Enum):
    OPEN = "open"
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Terms:
    """What a holder decides about a link."""

    purpose: str
    expires_at: datetime
    with_file: bool


def token_of(secret: bytes, seed: bytes) -> str:
    """The token of a share: 24 letters that the key alone can make."""
    made = hmac.digest(secret, _USE + seed, hashlib.sha256)[:_TOKEN_BYTES]
    return base64.urlsafe_b64encode(made).decode("ascii")


def hash_of(token: str) -> bytes:
    """Under which a token is found; of something that cannot be one, a hash that nobody has."""
    return hashlib.sha256(token.encode() if _TOKEN.fullmatch(token) else b"").digest()


def end_of(period: Period, until: date | None, at: datetime) -> datetime:
    """The moment a link made at `at` ends; a chosen day counts to its end in Viet Nam."""
    if period is Period.UNTIL:
        if until is None:
            raise ValueError("A link that lasts until a day names the day.")
        return datetime.combine(until + timedelta(days=1), time(), VIETNAM)
    return at + timedelta(days=int(period.value))


def is_possible_end(until: date, at: datetime) -> bool:
    """Whether a link may last until this day: not over yet, and at most a year."""
    today = day_of(at)
    return today <= until <= today + timedelta(days=MOST_DAYS)


def state_of(expires_at: datetime, withdrawn_at: datetime | None, at: datetime) -> State:
    if withdrawn_at is not None:
        return State.WITHDRAWN
    return State.OVER if at >= expires_at else State.OPEN
