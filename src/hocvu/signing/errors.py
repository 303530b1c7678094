"""Why a file was not signed."""

from datetime import datetime


class SigningRefused(Exception):
    """Nothing was signed, and nothing was written."""


class CertificateNotValidAt(SigningRefused):
    """The certificate of the signer, or of its authority, is not valid at the time of signing."""

    def __init__(self, subject: str, at: datetime) -> None:
        super().__init__(f"The certificate of {subject} is not valid at {at.isoformat()}.")
        self.at = at


class TimeWithoutZone(SigningRefused):
    """A signing time that does not say its time zone means different things to different people."""


class NotAReadablePdf(SigningRefused):
    """The bytes to sign are not a PDF file that can be read to its end."""


class AlreadySigned(SigningRefused):
    """The file already carries a signature; a second one would leave two answers to who signed."""


class KeyDoesNotMatch(SigningRefused):
    """The key at hand is not the one that the certificate speaks about."""


class UnsuitableKey(SigningRefused):
    """The key is not an ECDSA key on the curve P-256."""


class UnusableName(SigningRefused):
    """An institution's name is empty, too long, or holds characters that cannot be printed."""
