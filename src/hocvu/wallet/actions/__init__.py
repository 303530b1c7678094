"""Business acts of this room, one module per noun."""

from hocvu.wallet.actions.openings import forget_old_openings, note_opening
from hocvu.wallet.actions.portable import sign_credential
from hocvu.wallet.actions.requests import answer_request, follow_requests, request_correction
from hocvu.wallet.actions.shares import make_share, withdraw_share

__all__ = [
    "answer_request",
    "follow_requests",
    "forget_old_openings",
    "make_share",
    "note_opening",
    "request_correction",
    "sign_credential",
    "withdraw_share",
]
