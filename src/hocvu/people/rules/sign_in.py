"""Signing in: how many failures lock an account, and for how long (TCVN 14423:2026)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MOST_FAILURES: Final = 5
LOCKED_FOR: Final = timedelta(minutes=15)


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
