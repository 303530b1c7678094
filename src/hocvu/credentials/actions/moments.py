"""When an entry of the register is made: never before the entry it follows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from hocvu.credentials.models import RegisterEntry
from hocvu.kernel.errors import NotPossible
from hocvu.register.errors import RegisterRefusal

# How far the clocks of two machines may be apart, and how long a batch may wait for the lock.
TOLERANCE = timedelta(minutes=5)


class ClockIsBehind(NotPossible):
    """The clock here is set before the last entry of the register."""


class RegisterIsNotWhole(NotPossible):
    """What is here does not continue what was signed or published: nothing is entered behind it."""


@contextmanager
def entering_in_words() -> Iterator[None]:
    """A log that is not to be continued is refused in words, to who wanted to enter something."""
    try:
        yield
    except RegisterRefusal as refusal:
        raise RegisterIsNotWhole(
            _("The register here does not continue the log that was signed and published."),
            _("Nothing was entered. Have the register checked (hocvu verify) before going on."),
        ) from refusal


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
