"""What is counted, and which organisations hold a key."""

from hocvu.verification.actions.access_keys import grant_access_key, withdraw_access_key
from hocvu.verification.actions.allowances import forget_old_minutes, spend
from hocvu.verification.actions.checks import (
    forget_old_checks,
    write_checks,
    write_checks_when_due,
)

__all__ = [
    "forget_old_checks",
    "forget_old_minutes",
    "grant_access_key",
    "spend",
    "withdraw_access_key",
    "write_checks",
    "write_checks_when_due",
]
