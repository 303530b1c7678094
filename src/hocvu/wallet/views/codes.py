"""QR codes on pages."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_of(address: str) -> SafeString:
    """An address as a picture that any phone reads from a screen."""
    drawn: str = segno.make(address, error="m", micro=False).svg_inline(
        border=3, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff"
    )
    return mark_safe(drawn)  # noqa: S308 — drawn by segno from an address of our own
