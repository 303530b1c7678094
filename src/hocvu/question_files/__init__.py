"""The files in which questions travel: GIFT, Aiken, Moodle XML, QTI, Word, text, sheets.

Each format is a package of its own; what all of them share stands below, in `gathering`, `wording`
and `opening`. Every question of a file becomes an item or a reason why not. No Django inside.

*Speaks to*: items, kernel, spreadsheets. *Announces*: nothing.
"""

from hocvu.question_files.findings import (
    Diagnostic,
    FileProblem,
    FoundItem,
    Problem,
    Reading,
    Severity,
)
from hocvu.question_files.gathering.pictures import picture_type
from hocvu.question_files.gift.writing import UNSAID_IN_GIFT, write_gift
from hocvu.question_files.moodle.writing import write_moodle_xml
from hocvu.question_files.qti.writing import write_qti3
from hocvu.question_files.reading import LARGEST_FILE, read
from hocvu.question_files.sniffing import Format, format_of
from hocvu.question_files.tables.template import write_template

__all__ = [
    "LARGEST_FILE",
    "UNSAID_IN_GIFT",
    "Diagnostic",
    "FileProblem",
    "Format",
    "FoundItem",
    "Problem",
    "Reading",
    "Severity",
    "format_of",
    "picture_type",
    "read",
    "write_gift",
    "write_moodle_xml",
    "write_qti3",
    "write_template",
]
