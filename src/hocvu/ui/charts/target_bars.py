"""A bar and the line it should reach."""

from decimal import Decimal
from fractions import Fraction

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hocvu.ui.charts.lamps import lamp_level
from hocvu.ui.templatetags.figures import percent


def target_bar(
    share: Fraction | Decimal | float | None, target: Fraction | Decimal | float, *, label: str = ""
) -> SafeString:
    """A bar as wide as its place, filled to `share`, with a line at `target` (both 0 to 1)."""
    said = _("%(share)s of a target of %(target)s") % {
        "share": percent(share),
        "target": percent(target),
    }
    filled = min(max(float(share or 0), 0.0), 1.0) * 100
    line = min(max(float(target), 0.0), 1.0) * 100
    return format_html(
        '<svg class="target-bar" width="100%" height="20" role="img" aria-label="{}">'
        '<rect class="target-bar-ground" y="5" width="100%" height="10" rx="2"/>'
        '<rect class="target-bar-fill lamp-{}" y="5" width="{}%" height="10" rx="2"/>'
        '<line class="target-bar-line" x1="{}%" x2="{}%" y1="0" y2="20" stroke-width="2"/></svg>',
        f"{label}: {said}" if label else said,
        lamp_level(share, target),
        f"{filled:.2f}",
        f"{line:.2f}",
        f"{line:.2f}",
    )
