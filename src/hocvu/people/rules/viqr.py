"""Vietnamese typed with the signs of plain keyboards, as in old e-mail: `Nguye^~n Va(n Gia?`.

The convention is VIQR (RFC 1456, section 3). Such text is recognised and shown as it was meant; it
is never taken over.
"""

import re
import unicodedata
from typing import Final

_LETTER_SIGNS: Final = {"^": "\u0302", "(": "\u0306", "+": "\u031b"}
_TONE_SIGNS: Final = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_SIGNED: Final = re.compile(r"([aeoAEO]\^|[aA]\(|[ouOU]\+|[aeiouyAEIOUY](?=['`?~.]))(['`?~.]?)")
_CERTAIN: Final = re.compile(
    r"(?:[aeoAEO]\^|[aA]\(|[ouOU]\+)(?:['`?~.]|[A-Za-z])|(?<=[A-Za-z])[eo]\^"
)


def looks_like_viqr(text: str) -> bool:
    """Whether a vowel carries a circumflex, breve or horn typed behind it, within a word."""
    return text.isascii() and bool(_CERTAIN.search(text))


def read_viqr(text: str) -> str:
    """What the text was meant to say."""

    def composed(found: re.Match[str]) -> str:
        letter, sign = found[1][0], found[1][1:]
        marks = _LETTER_SIGNS.get(sign, "") + _TONE_SIGNS.get(found[2], "")
        return unicodedata.normalize("NFC", letter + marks)

    struck = text.replace("DD", "Đ").replace("Dd", "Đ").replace("dd", "đ")
    return _SIGNED.sub(composed, struck)
