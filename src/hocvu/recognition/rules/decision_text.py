"""What a registrar writes on a recognition decision."""

from dataclasses import dataclass, replace
from datetime import date

from hocvu.kernel.vietnamese import nfc


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

    def composed(self) -> "DecisionText":
        """The same text in NFC, without spaces at its ends: one spelling, whoever typed it."""
        return replace(
            self,
            symbol=nfc(self.symbol),
            place=nfc(self.place),
            capacity=nfc(self.capacity),
            signer_title=nfc(self.signer_title),
            signer_name=nfc(self.signer_name),
        )

    @property
    def number_and_symbol(self) -> str:
        """`05/QĐ-TCT`: numbers below ten get a leading zero (Decree 30/2020, annex I)."""
        return f"{self.number:02d}/{self.symbol}"

    @property
    def letters(self) -> str:
        """Everything of it that is printed."""
        return f"{self.symbol}{self.place}{self.capacity}{self.signer_title}{self.signer_name}"
