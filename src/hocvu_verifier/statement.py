"""What the QR code on a certificate says, checked without a network.

The code holds an address whose fragment (RFC 3986, §3.5: it never leaves the phone) is one large
decimal number, because decimal digits are what a QR code packs best. Its bytes are a CWT (RFC
8392) in a COSE_Sign1 (RFC 9052) with ES256, in deterministic CBOR:

    protected  {1: -7, 4: first four bytes of the key's thumbprint}
    payload    {2: holder's name as printed, 4: expiry, where there is one, 6: day of issue,
                7: serial number, -65537: [programme code, place in the status list]}

It holds what the paper shows and nothing that the paper does not show, so that a code copied onto
another certificate is found by comparing the two. It cannot know of a later revocation; `status`
can.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from hocvu_verifier import cbor, cose
from hocvu_verifier.issuers import IssuerKey, Issuers
from hocvu_verifier.refusals import (
    CertificateNotValid,
    ChangedAfterSigning,
    NotAStatement,
    SignedByAnother,
)

SUBJECT, EXPIRES, ISSUED, SERIAL, OURS = 2, 4, 6, 7, -65537
REQUIRED: Final = {SUBJECT, ISSUED, SERIAL, OURS}
VIETNAM: Final = timezone(timedelta(hours=7))  # no summer time since 1975
DIGITS: Final = re.compile(r"[1-9][0-9]{199,4095}")
CLOCKS_DIFFER: Final = timedelta(hours=24)
KEY_ID_BYTES: Final = 4
LATEST: Final = 1 << 36  # seconds since 1970: beyond the year 4000
LONGEST_NAME: Final = 150


@dataclass(frozen=True)
class Statement:
    """What was verified: to be compared with the paper, word by word."""

    holder_name: str
    serial_number: str
    programme_code: str
    issued_on: date  # in Vietnam
    expires_at: datetime | None
    status_index: int | None  # None: the issuer keeps no status for it
    issuer: IssuerKey

    def begins_after(self, at: datetime) -> bool:
        """Whether its day of issue is still to come; clocks that differ by hours do not count."""
        return self.issued_on > (at + CLOCKS_DIFFER).astimezone(VIETNAM).date()

    def has_expired(self, at: datetime) -> bool:
        return self.expires_at is not None and at >= self.expires_at


def verify_statement(text: str, *, issuers: Issuers) -> Statement:
    """Return what this QR code says, or raise the `NotVerified` that tells why not.

    `text` is the scanned address, its fragment, or the digits alone.
    """
    # 1. It holds one decimal number, and that is a signed message in its one spelling.
    message = cose.read(_octets_in(text))
    if len(message.key_id) != KEY_ID_BYTES or message.unprotected:
        raise NotAStatement("The statement does not name its key as Hocvu does.")

    # 2. A trusted issuer's key made the signature.
    candidates = list(issuers.named(message.key_id))
    if not candidates:
        raise SignedByAnother("None of the trusted issuers uses the key that this code names.")
    issuer = _signer_among(candidates, message)

    # 3. It says what a statement says, and nothing else.
    claims = cbor.decode(message.payload)
    if not isinstance(claims, dict) or not REQUIRED <= claims.keys() <= REQUIRED | {EXPIRES}:
        raise NotAStatement("The statement does not say what a certificate's statement says.")
    programme_code, status_index = _ours(claims[OURS])
    issued_at = _moment(claims[ISSUED])

    # 4. The key was in use on the day of issue.
    if not issuer.was_used_on(issued_at):
        raise CertificateNotValid(f"{issuer.name} did not use this key on the day of issue.")

    return Statement(
        holder_name=_words(claims[SUBJECT]),
        serial_number=_serial(claims[SERIAL]),
        programme_code=programme_code,
        issued_on=issued_at.astimezone(VIETNAM).date(),
        expires_at=_moment(claims[EXPIRES]) if EXPIRES in claims else None,
        status_index=status_index,
        issuer=issuer,
    )


def _octets_in(text: str) -> bytes:
    digits = text.strip().rpartition("#")[2]
    if not DIGITS.fullmatch(digits):
        raise NotAStatement("This is not the code of a certificate.")
    number = int(digits)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _signer_among(candidates: list[IssuerKey], message: cose.Sign1) -> IssuerKey:
    for candidate in candidates[:-1]:
        try:
            message.verify(candidate.key)
        except ChangedAfterSigning:
            continue  # another key whose thumbprint begins alike
        return candidate
    message.verify(candidates[-1].key)
    return candidates[-1]


def _ours(claim: cbor.Item) -> tuple[str, int | None]:
    match claim:
        case [str(code)]:
            return _words(code), None
        case [str(code), int(place)] if place >= 0:
            return _words(code), place
    raise NotAStatement("The statement does not name the programme as Hocvu does.")


def _words(claim: cbor.Item) -> str:
    good = isinstance(claim, str) and 0 < len(claim) <= LONGEST_NAME and claim.isprintable()
    if not good or not isinstance(claim, str) or not unicodedata.is_normalized("NFC", claim):
        raise NotAStatement("The statement holds words that cannot be shown.")
    return claim


def _serial(claim: cbor.Item) -> str:
    if not isinstance(claim, bytes) or not claim.isascii():
        raise NotAStatement("The statement holds no serial number.")
    return _words(claim.decode("ascii"))


def _moment(claim: cbor.Item) -> datetime:
    if not isinstance(claim, int) or not 0 <= claim < LATEST:
        raise NotAStatement("The statement holds a time that cannot be.")
    return datetime.fromtimestamp(claim, UTC)
