"""Facts this room announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SheetsTaken:
    """Certificates, named by their serial numbers, got blanks; who issues them may refuse."""

    issuer_id: int
    serial_numbers: tuple[str, ...]
