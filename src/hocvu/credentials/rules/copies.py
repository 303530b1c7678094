"""What is asked of a copy from the root register."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CopyRequest:
    """Who asked for the copy, what for, and who signs it."""

    recipient: str
    purpose: str
    place: str
    capacity: str
    signer_title: str
    signer_name: str
