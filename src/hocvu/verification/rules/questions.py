"""What programs and workbooks ask: by code, by file, or by serial number and name."""

import re
from dataclasses import dataclass

from hocvu.kernel.ids import as_typed
from hocvu.verification.rules.verdicts import PublicFacts, Verification

_CODE = re.compile(r"[0-9A-Z]{16}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST_SERIAL = 40
NOBODYS_CODE = "----------------"  # as long as a code, and never given: found like any other


@dataclass(frozen=True)
class Question:
    """One certificate asked about: exactly one of the first three says which."""

    code: str = ""
    file_sha256: str = ""
    serial_number: str = ""
    full_name: str = ""  # must be the holder's; a serial number is answered only with it

    @property
    def is_complete(self) -> bool:
        named = [self.code, self.file_sha256, self.serial_number]
        return sum(map(bool, named)) == 1 and bool(self.full_name or not self.serial_number)

    @property
    def column_and_value(self) -> tuple[str, str]:
        """Where to look, and what for; something that nobody has where it cannot be one."""
        if self.code:
            return "verification_code", code_meant(self.code)
        if self.file_sha256:
            asked = self.file_sha256.lower()
            return "file_sha256", asked if _SHA256.fullmatch(asked) else NOBODYS_CODE
        serial = self.serial_number.strip().upper()
        is_possible = 0 < len(serial) <= _LONGEST_SERIAL and serial.isprintable()
        return "serial_number", serial if is_possible else NOBODYS_CODE


@dataclass(frozen=True)
class Answer:
    """What was found. Where the name does not match, nothing else is told."""

    verification: Verification | None  # None: the name does not match
    facts: PublicFacts | None  # only for who holds the code or the file


def code_meant(typed: str) -> str:
    """The code a person meant, also out of a QR code's address; one that nobody has otherwise."""
    named = typed.rsplit("/v/", maxsplit=1)[-1].partition("#")[0].rstrip("/ ")
    meant = as_typed(named)
    return meant if _CODE.fullmatch(meant) else NOBODYS_CODE
