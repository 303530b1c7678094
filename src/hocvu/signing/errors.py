"""Why something was not signed, or what was signed is not taken. Nothing is ever half signed."""

from datetime import datetime
from enum import Enum


class SigningRefused(Exception):
    """Nothing was signed, and nothing was written."""


class CertificateNotValidAt(SigningRefused):
    """The certificate of the signer, or of an authority above, is not valid at that time."""

    def __init__(self, subject: str, at: datetime) -> None:
        super().__init__(f"The certificate of {subject} is not valid at {at.isoformat()}.")
        self.subject = subject
        self.at = at


class TimeWithoutZone(SigningRefused):
    """A signing time that does not say its time zone means different things to different people."""


class NotAReadablePdf(SigningRefused):
    """The bytes to sign are not a PDF file that can be read to its end."""


class AlreadySigned(SigningRefused):
    """The file already carries a signature; a second one would leave two answers to who signed."""


class UnusableName(SigningRefused):
    """An institution's name is empty, too long, or holds characters that cannot be printed."""


# --- Keys and their certificates --------------------------------------------------------------


class KeyDoesNotMatch(SigningRefused):
    """The key at hand is not the one that the certificate speaks about, or signs wrongly."""


class UnsuitableKey(SigningRefused):
    """The key is of a kind, or of a size, that may not sign."""


class NotForSigning(SigningRefused):
    """The certificate does not allow its key to sign documents."""

    def __init__(self, subject: str) -> None:
        super().__init__(f"The certificate of {subject} is not one for signing documents.")
        self.subject = subject


class ChainBroken(SigningRefused):
    """A certificate was not issued by the one that stands behind it."""


class KeyMissing(SigningRefused):
    """There is no such key: no file, no token, no object of this name in the token."""


class WrongPin(SigningRefused):
    """The password or PIN was refused. It is not tried again: tokens lock themselves."""


class TokenGone(SigningRefused):
    """The token, or the process that talks to it, went away while it was needed."""


class ServiceUnreachable(SigningRefused):
    """A service on the network did not answer, or not in time."""


class ServiceRefused(SigningRefused):
    """The remote signing service answered, and said no or said something unusable."""


# --- Forms and tails ---------------------------------------------------------------------------


class NotAForm(SigningRefused):
    """The page cannot become a form: not one page, already signed, or a field it does not have."""


class RoomTooSmall(SigningRefused):
    """The signature message is larger than the room that was kept for it."""


# --- Timestamps and what comes back --------------------------------------------------------------


class TimestampUnavailable(SigningRefused):
    """The timestamp authority did not answer, or refused."""


class TimestampNotAcceptable(SigningRefused):
    """The timestamp authority answered with something that proves no time for our signature."""


class EvidenceMissing(SigningRefused):
    """What a later verifier would need is not at hand: a signature, or a revocation list."""


class SignerWasRevoked(SigningRefused):
    """The signer's certificate was revoked before the signature is proved to have existed."""

    def __init__(self, subject: str) -> None:
        super().__init__(f"The certificate of {subject} was revoked.")
        self.subject = subject


class Mismatch(Enum):
    """In what a file that came back signed differs from what was expected."""

    ANOTHER_FILE = "another file"
    UNREADABLE = "unreadable"
    NOT_ONE_SIGNATURE = "not one signature"
    NOT_THE_WHOLE_FILE = "not the whole file"
    DOES_NOT_HOLD = "does not hold"
    ANOTHER_SIGNER = "another signer"
    ANOTHER_PURPOSE = "another purpose"
    CHANGED = "changed"


class NotAsSent(SigningRefused):
    """A file that came back signed is not the file that was sent plus one expected signature."""

    def __init__(self, mismatch: Mismatch, sentence: str) -> None:
        super().__init__(sentence)
        self.mismatch = mismatch
