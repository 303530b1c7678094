"""Which certificates may be printed on blanks."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from hocvu.credentials.queries.numbers import serial_numbers_of
from hocvu.kernel.errors import NotPossible

_NAMED = 5  # as many as somebody corrects from one sentence


class NeverIssued(NotPossible):
    """No certificate of this issuer has such a serial number."""


def refuse_what_was_never_issued(issuer_id: int, serial_numbers: Sequence[str]) -> None:
    """Refuse serial numbers that this issuer gave to no certificate; one query."""
    issued = serial_numbers_of(issuer_id, serial_numbers)
    if strange := [each for each in serial_numbers if each not in issued]:
        raise NeverIssued(
            _("No certificate of this issuer has the serial number %(numbers)s.")
            % {"numbers": ", ".join(strange[:_NAMED])},
            _("Correct it as the register writes it. No blank was taken."),
        )
