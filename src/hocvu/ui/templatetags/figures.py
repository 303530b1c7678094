"""How days, times and numbers are written on a page, in the language of the page.

Vietnamese writes 21/11/2026 and 1.234,5; English writes 21 Nov 2026 and 1,234.5.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from django.template import Library
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

register = Library()

NOT_KNOWN = "—"


@register.filter
def day(value: date | None) -> str:
    """`21/11/2026`; the day in Viet Nam when a moment is given."""
    if isinstance(value, datetime):
        value = localtime(value).date()
    return date_format(value, "SHORT_DATE_FORMAT") if value else NOT_KNOWN


@register.filter
def clock(value: datetime | None) -> str:
    """`08:12`, in Viet Nam."""
    return date_format(localtime(value), "TIME_FORMAT") if value else NOT_KNOWN


@register.filter
def moment(value: datetime | None) -> str:
    """`08:12, 21/11/2026`, in Viet Nam."""
    return f"{clock(value)}, {day(value)}" if value else NOT_KNOWN


@register.filter
def since(value: datetime | None) -> str:
    """From when something is open: `08:00, 21/11/2026`; the day alone when it begins with it."""
    return day(value) if value and _is_midnight(value) else moment(value)


@register.filter
def until(value: datetime | None) -> str:
    """Until when something is open: `17:00, 21/11/2026`, or `the end of 20/11/2026`.

    Midnight belongs to two days: whoever reads 00:00, 21/11/2026 comes on the 21st, too late.
    """
    if value is None or not _is_midnight(value):
        return moment(value)
    return _("the end of %(day)s") % {"day": day(value - timedelta(days=1))}


@register.filter
def number(value: float | Decimal | Fraction | None) -> str:
    """`1.234.567,8`: grouped by thousands; a fraction is cut to two digits."""
    if value is None:
        return NOT_KNOWN
    if isinstance(value, Fraction):
        value = _cut(value, 2)
    return number_format(value, force_grouping=True)


@register.filter
def percent(ratio: float | Decimal | Fraction | None) -> str:
    """`79,9 %`: cut, never rounded up, so nothing below a target reads as having reached it."""
    if ratio is None:
        return NOT_KNOWN
    return f"{number_format(_cut(Fraction(ratio) * 100, 1), 1, force_grouping=True)}\u00a0%"


def shown(value: object) -> str:
    """Any plain value of a row as a page shows it."""
    if value is None or value == "":
        return NOT_KNOWN
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    return str(value)


def _is_midnight(value: datetime) -> bool:
    return localtime(value).time() == time.min


def _cut(value: Fraction, digits: int) -> Decimal:
    """Towards zero, exactly."""
    return Decimal(int(value * 10**digits)).scaleb(-digits)


_WRITERS: tuple[tuple[type | tuple[type, ...], Callable[..., str]], ...] = (
    (datetime, moment),
    (date, day),
    ((int, float, Decimal, Fraction), number),
)
