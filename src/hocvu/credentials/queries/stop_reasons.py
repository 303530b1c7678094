"""Why nothing can be signed, as people read it: the reason, and who does what about it."""

from django.utils.translation import gettext_lazy as _

from hocvu.credentials.models import StopReason
from hocvu.credentials.queries.signing_keys import KeyOfSomebodyElse, KeysFileUnusable
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

# The first kind that fits is the reason.
_REASONS: tuple[tuple[type[SigningRefused], StopReason], ...] = (
    (KeysFileUnusable, StopReason.KEYS_FILE),
    (KeyOfSomebodyElse, StopReason.KEY_OF_ANOTHER),
    (WrongPin, StopReason.WRONG_PIN),
    (KeyMissing, StopReason.KEY_MISSING),
    (TokenGone, StopReason.KEY_AWAY),
    (ServiceUnreachable, StopReason.KEY_AWAY),
    (CertificateNotValidAt, StopReason.CERTIFICATE_OVER),
    (NotForSigning, StopReason.KEY_UNSUITED),
    (ChainBroken, StopReason.KEY_UNSUITED),
    (KeyDoesNotMatch, StopReason.KEY_UNSUITED),
    (UnsuitableKey, StopReason.KEY_UNSUITED),
    (SignerWasRevoked, StopReason.SIGNER_REVOKED),
    (EvidenceMissing, StopReason.EVIDENCE),
    (TimestampUnavailable, StopReason.TIMESTAMP_AWAY),
    (TimestampNotAcceptable, StopReason.TIMESTAMP_AWAY),
    (SigningRefused, StopReason.REFUSED),
)


_WHEN_IT_ANSWERS = _(
    "Signing goes on by itself when the service answers; if it lasts, tell the administrator."
)
_MENDED = _(
    "Tell the administrator: `hocvu check-keys` says what is to be mended; signing then goes on by"
    " itself."
)
_NEXT_STEPS = {
    StopReason.KEY_AWAY: _(
        "Put the token back in its place; signing goes on by itself within a minute."
    ),
    StopReason.TIMESTAMP_AWAY: _WHEN_IT_ANSWERS,
    StopReason.EVIDENCE: _WHEN_IT_ANSWERS,
    StopReason.WRONG_PIN: _("The administrator puts the PIN right; then start again here."),
    StopReason.CANNOT_PRINT: _(
        "Look at the lines of the list and at the template; then start again here."
    ),
    StopReason.CLOCK: _("Have the clock set right; signing goes on by itself."),
    StopReason.REGISTER: _("Tell the administrator at once: `hocvu verify` says what is wrong."),
}


def reason_of(refused: SigningRefused) -> StopReason:
    """The kind of reason that a refused signature is."""
    return next(reason for kind, reason in _REASONS if isinstance(refused, kind))


def next_step_of(reason: StopReason) -> str:
    """What somebody does about it, in the reader's language."""
    return str(_NEXT_STEPS.get(reason, _MENDED))
