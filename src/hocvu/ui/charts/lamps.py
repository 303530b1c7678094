"""The lamp: five levels of light, told apart by size and shape as well as by colour."""

from decimal import Decimal
from fractions import Fraction

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

Ratio = Fraction | Decimal | float

LAMP_LEVELS = (0, 1, 2, 3, 4)

# Radius of the flame inside a ring of radius 9, by level; the fifth also casts rays.
_FLAME = ("2", "3.4", "4.8", "6.4", "7")
_RAYS = mark_safe(
    '<path class="lamp-rays" d="M12 0v3M12 21v3M0 12h3M21 12h3M3.5 3.5l2.1 2.1M18.4 18.4l2.1 2.1'
    'M3.5 20.5l2.1-2.1M18.4 5.6l2.1-2.1" fill="none" stroke-width="1.8" stroke-linecap="round"/>'
)
_RING = mark_safe(
    '<circle class="lamp-ring" cx="12" cy="12" r="8.5" fill="none" stroke-width="1.2"/>'
)


def lamp_level(ratio: Ratio | None, target: Ratio) -> int:
    """0 nobody yet; 1, 2, 3 the thirds of the way; 4 at the target. Compared unrounded."""
    if not ratio:
        return 0
    # A float is read as the decimal it prints as, or 0.8 would lie above four fifths.
    way = _exact(ratio) / _exact(target)
    return 4 if way >= 1 else 1 + int(way * 3)


def lamp_svg(level: int, *, label: str = "") -> SafeString:
    """One lamp, as large as the text beside it; without a `label` it is not read aloud."""
    aria = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="lamp" viewBox="0 0 24 24" width="24" height="24" {}>{}'
        '<circle class="lamp-{}" cx="12" cy="12" r="{}"/></svg>',
        aria,
        _RAYS if level == LAMP_LEVELS[-1] else _RING,
        level,
        _FLAME[level],
    )


def _exact(ratio: Ratio) -> Fraction:
    return Fraction(str(ratio)) if isinstance(ratio, float) else Fraction(ratio)
