"""Which trouble a refused signature is."""

from hocvu.signing.errors import (
    CertificateNotValidAt,
    ChainBroken,
    EvidenceMissing,
    KeyDoesNotMatch,
    KeyMissing,
    NotForSigning,
    ServiceUnreachable,
    SignerWasRevoked,
    SigningRefused,
    TimestampNotAcceptable,
    TimestampUnavailable,
    TokenGone,
    UnsuitableKey,
    WrongPin,
)
from hocvu.trust.models import KeyTrouble
from hocvu.trust.queries.signing_keys import KeyOfSomebodyElse, KeysFileUnusable

# The first kind that fits is the reason.
_REASONS: tuple[tuple[type[SigningRefused], KeyTrouble], ...] = (
    (KeysFileUnusable, KeyTrouble.KEYS_FILE),
    (KeyOfSomebodyElse, KeyTrouble.KEY_OF_ANOTHER),
    (WrongPin, KeyTrouble.WRONG_PIN),
    (KeyMissing, KeyTrouble.KEY_MISSING),
    (TokenGone, KeyTrouble.KEY_AWAY),
    (ServiceUnreachable, KeyTrouble.KEY_AWAY),
    (CertificateNotValidAt, KeyTrouble.CERTIFICATE_OVER),
    (NotForSigning, KeyTrouble.KEY_UNSUITED),
    (ChainBroken, KeyTrouble.KEY_UNSUITED),
    (KeyDoesNotMatch, KeyTrouble.KEY_UNSUITED),
    (UnsuitableKey, KeyTrouble.KEY_UNSUITED),
    (SignerWasRevoked, KeyTrouble.SIGNER_REVOKED),
    (EvidenceMissing, KeyTrouble.EVIDENCE),
    (TimestampUnavailable, KeyTrouble.TIMESTAMP_AWAY),
    (TimestampNotAcceptable, KeyTrouble.TIMESTAMP_AWAY),
    (SigningRefused, KeyTrouble.REFUSED),
)


def trouble_of(refused: SigningRefused) -> KeyTrouble:
    """What a refused signature comes from."""
    return next(reason for kind, reason in _REASONS if isinstance(refused, kind))
