"""The characters of a text file, whichever way it was saved."""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from hocvu.kernel.vietnamese import is_vietnamese_syllable, looks_like_tcvn3, looks_like_vni
from hocvu.question_files.findings import FileProblem
from hocvu.question_files.opening.archive import FileIsUnreadable

UTF_8: Final = "utf-8"
WINDOWS_1258: Final = "windows-1258"
_MARKED: Final = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LARGEST_TEXT: Final = 16 * 1024**2  # bytes: a hundred thousand questions without pictures
_ENOUGH_TO_JUDGE: Final = 200_000  # characters
_SHARE_OF_SYLLABLES: Final = 0.8  # of the words with marks: some are names or foreign
_WORD: Final = re.compile(r"[^\W\d_]+")
_WITHOUT_FORM: Final = dict.fromkeys(
    [*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0xAD, 0x200B, 0x2060, 0xFEFF]
)
_LINE_ENDS: Final = re.compile(r"\r\n?|\u2028|\u2029|\x0c")


@dataclass(frozen=True)
class Decoded:
    r"""Composed text with `\n` at the end of lines, and the encoding it came in."""

    text: str
    encoding: str


def decoded(content: bytes) -> Decoded:
    """The text of a file. Raises FileIsUnreadable for what is no text or an old typeface."""
    if len(content) > _LARGEST_TEXT:
        raise FileIsUnreadable(FileProblem.TOO_LARGE)
    text, encoding = _characters(content)
    return Decoded(clean(text), encoding)


def clean(text: str) -> str:
    """Composed, without characters that have no form."""
    if text.isascii() and text.isprintable():
        return text
    whole = _LINE_ENDS.sub("\n", text).translate(_WITHOUT_FORM)
    return unicodedata.normalize("NFC", whole)


def as_utf8(content: bytes) -> tuple[bytes, str]:
    """The same file in UTF-8, and the encoding it came in. Raises FileIsUnreadable."""
    if content.startswith(codecs.BOM_UTF8):
        return content.removeprefix(codecs.BOM_UTF8), UTF_8
    text, encoding = _characters(content)
    return (content if encoding == UTF_8 else text.encode()), encoding


def _characters(content: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return _in(content.removeprefix(mark), encoding), encoding.removesuffix("-le")
    if b"\x00" in content:
        raise FileIsUnreadable(FileProblem.NOT_TEXT)
    try:
        text = content.decode(UTF_8)
    except UnicodeDecodeError:
        return _legacy(content)
    _refuse_old_typefaces(text)
    return text, UTF_8


def _in(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as broken:
        raise FileIsUnreadable(FileProblem.NOT_TEXT) from broken
    _refuse_old_typefaces(text)
    return text


def _legacy(content: bytes) -> tuple[str, str]:
    """Windows-1258 when its words are Vietnamese; anything else must be saved anew."""
    _refuse_old_typefaces(content[:_ENOUGH_TO_JUDGE].decode("windows-1252", errors="replace"))
    try:
        text = content.decode(WINDOWS_1258)
    except UnicodeDecodeError as broken:
        raise FileIsUnreadable(FileProblem.LEGACY_ENCODING) from broken
    words = _WORD.findall(unicodedata.normalize("NFC", text[:_ENOUGH_TO_JUDGE]))
    marked = [word for word in words if not word.isascii()]
    if sum(map(is_vietnamese_syllable, marked)) < _SHARE_OF_SYLLABLES * len(marked) or not marked:
        raise FileIsUnreadable(FileProblem.LEGACY_ENCODING)
    return text, WINDOWS_1258


def _refuse_old_typefaces(text: str) -> None:
    """TCVN3 and VNI: letters that look Vietnamese only in their own typeface."""
    sample = unicodedata.normalize("NFC", text[:_ENOUGH_TO_JUDGE])
    if looks_like_vni(sample):
        raise FileIsUnreadable(FileProblem.LEGACY_ENCODING, "VNI")
    if looks_like_tcvn3(sample):
        raise FileIsUnreadable(FileProblem.LEGACY_ENCODING, "TCVN3")
