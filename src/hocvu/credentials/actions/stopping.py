"""Why a run of issuing stands still, written down once for those who look at its decision."""

from datetime import datetime

from django.db import transaction

from hocvu.audit.actions import record
from hocvu.credentials.actions.log import RegisterIsNotWhole
from hocvu.credentials.actions.moments import ClockIsBehind
from hocvu.credentials.models import IssuingRun, StopReason
from hocvu.kernel.errors import NotPossible
from hocvu.portable.statement import CannotBeStated
from hocvu.recognition.models import RecognitionDecision
from hocvu.register.errors import RegisterRefusal
from hocvu.signing.errors import SigningRefused
from hocvu.trust.queries.troubles import trouble_of
from hocvu.typesetting.errors import CannotTypeset

# What stops a run in words. What a register refuses stops it as well, and rises.
REFUSALS = (SigningRefused, CannotTypeset, CannotBeStated, NotPossible)


@transaction.atomic
def note_stop(decision: RecognitionDecision, refused: Exception, *, at: datetime) -> StopReason:
    """Write down why, in a transaction of its own; return the reason.

    A run that is tried every minute and stops for the same reason stands still since it first did,
    and leaves one line in the audit log, not one a minute.
    """
    reason = _reason_of(refused)
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


def _reason_of(refused: Exception) -> StopReason:
    if isinstance(refused, SigningRefused):
        return StopReason(trouble_of(refused).value)
    if isinstance(refused, ClockIsBehind):
        return StopReason.CLOCK
    if isinstance(refused, RegisterRefusal | RegisterIsNotWhole):
        return StopReason.REGISTER
    # A text that does not fit, or a template that asks for a picture nobody gave.
    return StopReason.CANNOT_PRINT
