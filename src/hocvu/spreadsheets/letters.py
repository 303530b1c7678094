"""Which letters the bytes of a text stand for."""

import codecs
import unicodedata
from typing import Final

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WINDOWS_VIETNAMESE_MARKS: Final = "\u0300\u0301\u0303\u0309\u0323"


def decoded(content: bytes, *, declared: str = "") -> str:
    """The text, by its byte-order mark, else as declared if that fits, else as UTF-8 or Windows."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if (wide := _utf16_without_mark(content)) is not None:
        return content.decode(wide, errors="replace")
    if declared and (text := _as_declared(content, declared)) is not None:
        return text
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _windows_text(content)


def _as_declared(content: bytes, declared: str) -> str | None:
    try:
        if codecs.lookup(declared).name.startswith(("utf-16", "utf-32")):
            return None  # such bytes would have shown it
        return unicodedata.normalize("NFC", content.decode(declared))
    except (LookupError, UnicodeError):
        return None


def _utf16_without_mark(content: bytes) -> str | None:
    sample = content[:2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample) // 2:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _windows_text(content: bytes) -> str:
    """Windows-1258 writes tones as marks after the vowel; where marks find no vowel it is not 1258.

    Bytes of the old TCVN3 and VNI fonts then keep their Latin-1 looks, so a reader can name them.
    """
    text = content.decode("cp1258", errors="replace")
    marks = sum(text.count(mark) for mark in _WINDOWS_VIETNAMESE_MARKS)
    composed = unicodedata.normalize("NFC", text)
    left_over = sum(composed.count(mark) for mark in _WINDOWS_VIETNAMESE_MARKS)
    if marks and left_over * 10 <= marks:
        return composed
    return content.decode("latin-1")
