"""Any file of questions: what it holds is found out from its content."""

from collections.abc import Callable, Mapping
from typing import Final

from hocvu.question_files.aiken import read_aiken
from hocvu.question_files.docx.reading import read_docx
from hocvu.question_files.findings import FileProblem, Reading
from hocvu.question_files.gift.reading import read_gift
from hocvu.question_files.moodle.reading import read_cloze, read_moodle_xml
from hocvu.question_files.opening.archive import FileIsUnreadable
from hocvu.question_files.prose.reading import read_typed
from hocvu.question_files.qti.reading import read_qti
from hocvu.question_files.sniffing import Format, format_of
from hocvu.question_files.tables.reading import read_xlsx

LARGEST_FILE: Final = 100 * 1024**2  # bytes; each format has its own limit below this

_READERS: Final[Mapping[Format, Callable[[bytes], Reading]]] = {
    Format.GIFT: read_gift,
    Format.MOODLE_XML: read_moodle_xml,
    Format.AIKEN: read_aiken,
    Format.CLOZE: read_cloze,
    Format.QTI_1: read_qti,
    Format.QTI_2: read_qti,
    Format.QTI_3: read_qti,
    Format.DOCX: read_docx,
    Format.XLSX: read_xlsx,
    Format.TYPED: read_typed,
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
