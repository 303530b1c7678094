"""Questions in a Word document."""

from typing import Final

from hocvu.question_files.docx.lines import Lines
from hocvu.question_files.docx.parts import WordFile
from hocvu.question_files.findings import FileProblem, Reading
from hocvu.question_files.gathering.gathered import legacy_font
from hocvu.question_files.gathering.pictures import Pictures
from hocvu.question_files.opening.archive import FileIsUnreadable
from hocvu.question_files.typed.lines import Line
from hocvu.question_files.typed.questions import Document

_OLD_WORD: Final = b"\xd0\xcf\x11\xe0"


def read_docx(content: bytes) -> Reading:
    """Reads a .docx. `line` counts its paragraphs from 1."""
    if content.startswith(_OLD_WORD):
        return Reading(problem=FileProblem.UNKNOWN_FORMAT, detail="doc")
    try:
        file = WordFile(content)
        pictures = Pictures()
        lines = Lines(file, pictures)
        blocks = list(lines.blocks())
    except FileIsUnreadable as refused:
        return Reading(problem=refused.problem, detail=refused.detail)
    if kind := legacy_font(block.text for block in blocks if isinstance(block, Line)):
        return Reading(problem=FileProblem.LEGACY_ENCODING, encoding=kind)
    return Document(blocks, lines.lost).gathered().reading(pictures.media)
