"""The files in which questions travel: what each holds is found out from its content."""

from collections.abc import Callable, Mapping
from typing import Final

from hocvu.items.content import FileProblem, Reading
from hocvu.items.formats.aiken import read_aiken
from hocvu.items.formats.archive import FileIsUnreadable
from hocvu.items.formats.docx import read_docx
from hocvu.items.formats.gift import read_gift
from hocvu.items.formats.gift_writing import UNSAID_IN_GIFT, write_gift
from hocvu.items.formats.moodle_writing import write_moodle_xml
from hocvu.items.formats.moodle_xml import read_moodle_xml
from hocvu.items.formats.qti2 import read_qti2
from hocvu.items.formats.qti3 import read_qti3, write_qti3
from hocvu.items.formats.sniffing import Format, format_of
from hocvu.items.formats.xlsx import read_xlsx

__all__ = [
    "LARGEST_FILE",
    "UNSAID_IN_GIFT",
    "Format",
    "format_of",
    "read",
    "write_gift",
    "write_moodle_xml",
    "write_qti3",
]

LARGEST_FILE: Final = 100 * 1024**2  # bytes; each format has its own limit below this

_READERS: Final[Mapping[Format, Callable[[bytes], Reading]]] = {
    Format.GIFT: read_gift,
    Format.MOODLE_XML: read_moodle_xml,
    Format.AIKEN: read_aiken,
    Format.QTI_2: read_qti2,
    Format.QTI_3: read_qti3,
    Format.DOCX: read_docx,
    Format.XLSX: read_xlsx,
}


def read(content: bytes, file_name: str) -> Reading:
    """Every question of a file, whichever format it is in; never raises for what people send.

    The name says only whether separated values are a table; what a file is, its content says.
    """
    if not content.strip():
        return Reading(problem=FileProblem.EMPTY)
    if len(content) > LARGEST_FILE:
        return Reading(problem=FileProblem.TOO_LARGE)
    try:
        found = format_of(content, file_name)
    except FileIsUnreadable as refusal:
        return Reading(problem=refusal.problem, detail=refusal.detail)
    if found is None:
        return Reading(problem=FileProblem.UNKNOWN_FORMAT)
    return _READERS[found](content)
