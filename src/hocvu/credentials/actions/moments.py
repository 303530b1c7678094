"""When an entry of the register is made: never before the entry it follows."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from hocvu.credentials.models import RegisterEntry
from hocvu.kernel.errors import NotPossible

# How far the clocks of two machines may be apart, and how long a batch may wait for the lock.
TOLERANCE = timedelta(minutes=5)


class ClockIsBehind(NotPossible):
    """The clock here is set before the last entry of the register."""


def moment_of_entry(at: datetime) -> datetime:
    """The moment to write on the next entry. The caller holds the register.

    A few seconds between two machines are bridged by taking the last entry's moment; a clock that
    was set back is refused, for whoever can set it could date entries back.
    """
    last = RegisterEntry.objects.order_by("-leaf_index").values_list("at", flat=True).first()
    if last is None or at >= last:
        return at
    if last - at > TOLERANCE:
        raise ClockIsBehind(
            _("This computer's clock is behind the last entry of the register."),
            _("Have the clock set right; nothing was issued."),
        )
    return last
