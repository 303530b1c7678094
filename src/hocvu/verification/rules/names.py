"""When a name somebody typed is the name that stands on a certificate."""

from hocvu.kernel.vietnamese import nfc, text_sort_key


def is_same_name(given: str, registered: str) -> bool:
    """Equal letters and tones; case, spacing, Unicode form and the tone's place do not count.

    Marks are not folded away: `Đạo` and `Đào` are two people.
    """
    typed = nfc(given)
    return bool(typed) and text_sort_key(typed) == text_sort_key(registered)
