"""What a holder writes who asks for a correction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wish:
    """`subject` is one of the values that the table of requests knows."""

    subject: str
    should_say: str
    evidence: str  # which paper shows it
