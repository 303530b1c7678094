"""The rotating check-in code: proof of having been in the room a moment ago.

Nothing is stored. A code is an HMAC-SHA-256 over the session, the bridge point and the half minute
in which it was shown, so it is bound to one roll and one moment; the screen and the check may
differ by one step (slow clocks, slow fingers). A person in the room may read it out to another
person in the room: that is the same room. Later, or at another bridge point, it is worth nothing.
"""

import base64
import binascii
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

CODE_SECONDS: Final = 30
READING_COUNTS_FOR: Final = timedelta(minutes=10)  # time to sign in after the phone read the code
TOLERATED_STEPS: Final = 1
REMEMBERED_STEPS: Final = 20  # an outdated typed code is recognised as such for ten minutes
_TYPED_DIGITS: Final = 6
_TOKEN: Final = struct.Struct(">QQI")  # session, bridge point, step
_PROOF_BYTES: Final = 12


@dataclass(frozen=True)
class CheckInCode:
    """What the screen shows: six digits to type, and a token for the address in the QR code."""

    typed: str
    token: str


@dataclass(frozen=True)
class Reading:
    """A genuine code: which roll it is for, and whether it still counts."""

    session_id: int
    bridge_point_id: int
    expired_at: datetime
    is_in_time: bool


def check_in_code(
    secret: bytes, session_id: int, bridge_point_id: int, at: datetime
) -> CheckInCode:
    """The code to show on the screen of this bridge point at this moment."""
    step = _step_of(at)
    return CheckInCode(
        typed=_typed(secret, session_id, bridge_point_id, step),
        token=_token(secret, session_id, bridge_point_id, step),
    )


def read_token(secret: bytes, token: str, at: datetime) -> Reading | None:
    """What a scanned token says; nothing when it was not made with this secret."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        session_id, bridge_point_id, step = _TOKEN.unpack(raw[: _TOKEN.size])
    except (binascii.Error, ValueError, struct.error):
        return None
    # Compared as text, so that no second spelling of the same bytes is accepted.
    genuine = _token(secret, session_id, bridge_point_id, step)
    if not hmac.compare_digest(genuine.encode(), token.encode()):
        return None
    return _reading(session_id, bridge_point_id, step, at)


def read_typed(
    secret: bytes,
    typed: str,
    own: Sequence[tuple[int, int]],
    others: Sequence[tuple[int, int]],
    at: datetime,
) -> Reading | None:
    """The roll whose code this is, among (session, bridge point) pairs: one's own before others.

    A code that counts now goes before one that has expired, which is looked for at one's own only.
    """
    now = _step_of(at)
    in_time = range(now - TOLERATED_STEPS, now + TOLERATED_STEPS + 1)
    expired = range(now - TOLERATED_STEPS - 1, now - REMEMBERED_STEPS - 1, -1)
    for rolls, steps in ((own, in_time), (own, expired), (others, in_time)):
        for session_id, bridge_point_id in rolls:
            for step in steps:
                if hmac.compare_digest(_typed(secret, session_id, bridge_point_id, step), typed):
                    return _reading(session_id, bridge_point_id, step, at)
    return None


def shows_a_typed_code(text: str) -> bool:
    return len(text) == _TYPED_DIGITS and text.isascii() and text.isdigit()


def _step_of(at: datetime) -> int:
    return int(at.timestamp()) // CODE_SECONDS


def _reading(session_id: int, bridge_point_id: int, step: int, at: datetime) -> Reading:
    end = datetime.fromtimestamp((step + TOLERATED_STEPS + 1) * CODE_SECONDS, UTC)
    in_time = abs(_step_of(at) - step) <= TOLERATED_STEPS
    return Reading(session_id, bridge_point_id, end, in_time)


def _typed(secret: bytes, session_id: int, bridge_point_id: int, step: int) -> str:
    proof = _proof(secret, b"typed", _TOKEN.pack(session_id, bridge_point_id, step))
    return f"{int.from_bytes(proof[:8]) % 10**_TYPED_DIGITS:0{_TYPED_DIGITS}d}"


def _token(secret: bytes, session_id: int, bridge_point_id: int, step: int) -> str:
    named = _TOKEN.pack(session_id, bridge_point_id, step)
    proof = _proof(secret, b"token", named)[:_PROOF_BYTES]
    return base64.urlsafe_b64encode(named + proof).decode().rstrip("=")


def _proof(secret: bytes, purpose: bytes, named: bytes) -> bytes:
    return hmac.digest(secret, purpose + b"\0" + named, "sha256")
