"""Why a run of issuing stands still, written down once for those who look at its decision."""

from datetime import datetime

from django.db import transaction

from hocvu.audit.actions import record
from hocvu.credentials.actions.moments import ClockIsBehind
from hocvu.credentials.models import IssuingRun, RecognitionDecision, StopReason
from hocvu.credentials.queries.signing_keys import KeysFileUnusable
from hocvu.kernel.errors import NotPossible
from hocvu.portable.statement import CannotBeStated
from hocvu.register.errors import RegisterRefusal
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
from hocvu.typesetting.errors import CannotTypeset

# What stops a run in words. What a register refuses stops it as well, and rises.
REFUSALS = (SigningRefused, CannotTypeset, CannotBeStated, NotPossible)

# The first kind that fits is the reason.
_REASONS: tuple[tuple[type[Exception], StopReason], ...] = (
    (KeysFileUnusable, StopReason.KEYS_FILE),
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
    (ClockIsBehind, StopReason.CLOCK),
    (CannotTypeset, StopReason.CANNOT_PRINT),
    (CannotBeStated, StopReason.CANNOT_PRINT),
    (NotPossible, StopReason.CANNOT_PRINT),  # a template that asks for a picture nobody gave
    (RegisterRefusal, StopReason.REGISTER),
)


@transaction.atomic
def note_stop(decision: RecognitionDecision, refused: Exception, *, at: datetime) -> StopReason:
    """Write down why, in a transaction of its own; return the reason.

    A run that is tried every minute and stops for the same reason stands still since it first did,
    and leaves one line in the audit log, not one a minute.
    """
    reason = next(reason for kind, reason in _REASONS if isinstance(refused, kind))
    detail = str(refused)[:300]
    run = IssuingRun.objects.select_for_update().get(decision=decision)
    if (run.stop_reason, run.stop_detail) == (reason, detail):
        return reason
    if run.stop_reason != reason:
        run.stopped_at = at
        record("issuing_stopped", decision, by=None, at=at, reason=reason.value)
    run.stop_reason, run.stop_detail = reason, detail
    run.save(update_fields=["stopped_at", "stop_reason", "stop_detail"])
    return reason
