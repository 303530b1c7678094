"""What a file is, by what stands in it; its name only decides between tables and prose."""

import codecs
import io
import re
import zipfile
from enum import StrEnum
from typing import Final

from hocvu.question_files.aiken import is_aiken
from hocvu.question_files.findings import FileProblem
from hocvu.question_files.moodle.reading import is_cloze
from hocvu.question_files.opening.archive import FileIsUnreadable
from hocvu.question_files.opening.decoding import decoded
from hocvu.question_files.prose.reading import explains, is_typed


class Format(StrEnum):
    GIFT = "gift"
    MOODLE_XML = "moodle_xml"
    AIKEN = "aiken"
    CLOZE = "cloze"
    QTI_1 = "qti1"
    QTI_2 = "qti2"
    QTI_3 = "qti3"
    DOCX = "docx"
    XLSX = "xlsx"
    TYPED = "typed"


_START: Final = 8_192  # bytes: enough for the beginning of a file
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_GZIP: Final = b"\x1f\x8b"
_BACKUPS: Final = (".mbz", ".tar.gz", ".tgz")
_NOT_OURS: Final = (
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
)
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_ROOT: Final = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)([^<>]*)")
_QTI_3: Final = ("qti-assessment", "imsqtiasi_v3", "imsqti_v3", "qtiv3", "qti-")
_NAMED: Final = re.compile(r"^\s*(?:::|\$CATEGORY\s*:)", re.MULTILINE | re.IGNORECASE)
_ONLY_AIKEN: Final = re.compile(r"^ANSWER: ", re.MULTILINE)  # as Moodle writes it
_TABLES: Final = (".csv", ".tsv")


def format_of(content: bytes, file_name: str) -> Format | None:
    """What the file is; none when it is nothing that holds questions.

    Raises FileIsUnreadable for text that nobody can read.
    """
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    if content.startswith(_OLD_OFFICE):
        return Format.XLSX  # .xls; an old .doc is refused by who reads tables
    if content.startswith(_GZIP) and file_name.lower().endswith(_BACKUPS):
        raise FileIsUnreadable(FileProblem.COURSE_BACKUP)
    if content.startswith(_NOT_OURS):
        return None
    if (start := _beginning(content)).startswith("<"):
        return _xml(start)
    text = decoded(content).text
    return _prose(text, file_name)


def _beginning(content: bytes) -> str:
    encoding = "utf-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    return content[:_START].decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")


def _packed(content: bytes) -> Format | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return Format.QTI_2  # who reads packages says what is wrong with this one
    if "moodle_backup.xml" in names:
        raise FileIsUnreadable(FileProblem.COURSE_BACKUP)
    if "word/document.xml" in names:
        return Format.DOCX
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names:
        return Format.XLSX
    return Format.QTI_2 if any(name.lower().endswith(".xml") for name in names) else None


def _xml(start: str) -> Format | None:
    root = _ROOT.search(_COMMENT.sub("", start))
    if root is None:
        return None
    name = root[1].lower()
    if name == "quiz":
        return Format.MOODLE_XML
    if name == "questestinterop":
        return Format.QTI_1
    if name.startswith(("qti-assessment", "assessment", "manifest")):
        says_3 = any(sign in f"{name}{root[2].lower()}" for sign in _QTI_3)
        return Format.QTI_3 if says_3 else Format.QTI_2
    return None


def _prose(text: str, file_name: str) -> Format | None:
    """The first that it can be; what says it most clearly comes first."""
    if file_name.lower().endswith(_TABLES):
        return Format.XLSX
    ways = (
        (Format.GIFT, lambda: _NAMED.search(text)),
        (Format.CLOZE, lambda: is_cloze(text)),
        (Format.AIKEN, lambda: is_aiken(text) and _ONLY_AIKEN.search(text) and not explains(text)),
        (Format.TYPED, lambda: is_typed(text)),
        (Format.AIKEN, lambda: is_aiken(text)),
        (Format.GIFT, lambda: "{" in text),
    )
    return next((found for found, is_so in ways if is_so()), None)
