"""What a registrar writes on a recognition decision."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DecisionText:
    """What the registrar fills in: the number and the one who signs."""

    number: int
    symbol: str
    decided_on: date
    place: str
    capacity: str
    signer_title: str
    signer_name: str
