"""Signing in (TCVN 14423:2026): failures that lock, idleness that closes, passwords issued."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from hocvu.kernel.ids import in_groups

MOST_FAILURES: Final = 5
LOCKED_FOR: Final = timedelta(minutes=15)
IDLE_AFTER: Final = timedelta(days=45)
_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # without i, l, o and u, which are misread
_LENGTH: Final = 16  # five bits each


class Standing(Enum):
    """How an account stands at a moment; the first that applies."""

    LOCKED = auto()
    IDLE = auto()
    ISSUED = auto()  # waits for its owner to choose a password
    IN_USE = auto()


def is_idle(last_used_at: datetime | None, at: datetime) -> bool:
    """Not used for 45 days. An account kept before uses were noted is not idle."""
    return last_used_at is not None and at - last_used_at >= IDLE_AFTER


def one_time_password(digest: bytes) -> str:
    """Sixteen characters from the first ten bytes, to be copied from paper: `k7mp-3xra-…`."""
    number = int.from_bytes(digest[:10])
    letters = "".join(_LETTERS[number >> 5 * place & 31] for place in range(_LENGTH))
    return in_groups(letters)


@dataclass(frozen=True)
class SignInState:
    """Failures in a row, and until when the account is locked."""

    failures: int = 0
    locked_until: datetime | None = None

    def is_locked_at(self, at: datetime) -> bool:
        return self.locked_until is not None and at < self.locked_until

    def after_failure(self, at: datetime) -> "SignInState":
        """One more failure; the fifth locks and starts the count anew."""
        failures = self.failures + 1
        if failures >= MOST_FAILURES:
            return SignInState(0, at + LOCKED_FOR)
        return SignInState(failures)


def standing_of(
    state: SignInState, last_used_at: datetime | None, at: datetime, *, is_issued: bool
) -> Standing:
    if state.is_locked_at(at):
        return Standing.LOCKED
    if is_idle(last_used_at, at):
        return Standing.IDLE
    return Standing.ISSUED if is_issued else Standing.IN_USE
