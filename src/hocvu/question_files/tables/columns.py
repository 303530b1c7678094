"""Which column of a sheet of questions holds what, by the words of its header."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from hocvu.kernel.vietnamese import fold
from hocvu.spreadsheets import Grid

_ROWS_SEARCHED: Final = 30
_LETTERS: Final = "abcdefghij"
_LEAST_COLUMNS: Final = 2


class Column(Enum):
    NUMBER = "number"
    STEM = "stem"
    STEM_EN = "stem_en"
    SITUATION = "situation"
    OPTIONS = "options"  # all of them in one cell
    KEY = "key"
    WHY = "why"
    WHY_EN = "why_en"
    KIND = "kind"
    LEVEL = "level"
    COMPONENT = "component"
    TOPIC = "topic"
    SOURCE = "source"
    POINTS = "points"
    TOLERANCE = "tolerance"
    NOTE = "note"


_WORDS: Final = {
    Column.NUMBER: "stt, tt, so tt, so thu tu, no, #, ma cau hoi, ma cau, id, cau so, so cau, code",
    Column.STEM: "cau hoi, noi dung cau hoi, noi dung, de bai, cau dan, phan dan, question, "
    "question text, stem, content, cau hoi tieng viet, prompt",
    Column.STEM_EN: "cau hoi tieng anh, cau hoi en, question en, question english, "
    "english question",
    Column.SITUATION: "tinh huong, doan van, ngu lieu, situation, passage, context, doan thong tin",
    Column.OPTIONS: "phuong an, cac phuong an, phuong an tra loi, cac phuong an tra loi, lua chon, "
    "cac lua chon, cau tra loi, options, choices, answer options",
    Column.KEY: "dap an, dap an dung, da, dap an chinh xac, phuong an dung, lua chon dung, answer, "
    "answers, correct answer, correct answers, correct, key, answer key, cau tra loi dung, "
    "tra loi, correct option, ket qua, cau dung, correct answer s, correct choice",
    Column.WHY: "giai thich, huong dan, huong dan giai, loi giai, dien giai, explanation, "
    "feedback, rationale, giai thich dap an, phan hoi",
    Column.WHY_EN: "giai thich tieng anh, explanation en, explanation english",
    Column.KIND: "loai, loai cau hoi, dang, dang cau hoi, kieu, kieu cau hoi, type, question type, "
    "kind, dang cau",
    Column.LEVEL: "muc do, do kho, muc do nhan thuc, cap do, level, difficulty, muc",
    Column.COMPONENT: "thanh phan nang luc, thanh phan, nang luc, ma nang luc, ma, ma thanh phan, "
    "ma thanh phan nang luc, competence, competency, component, competence component",
    Column.TOPIC: "chu de, chuyen de, chuong, bai, bai hoc, linh vuc, noi dung kien thuc, topic, "
    "subject, category, phan, unit, module",
    Column.SOURCE: "nguon, trich dan, can cu, tai lieu, can cu phap ly, source, reference, "
    "trich nguon",
    Column.POINTS: "diem, so diem, thang diem, points, point, score, mark, marks",
    Column.TOLERANCE: "sai so, dung sai so, tolerance",
    Column.NOTE: "ghi chu, chu thich, note, notes, remark, remarks, comment",
}
_BY_WORD: Final = {
    word.strip(): column for column, words in _WORDS.items() for word in words.split(",")
}
_OPTION: Final = re.compile(
    r"(?:phuong an|p\.?a|dap an|lua chon|option|answer|choice|tra loi|cau tra loi|y|menh de)?\s*"
    r"(?P<letter>[a-j])(?P<english> (?:en|english|tieng anh))?"
)
_NUMBERED_OPTION: Final = re.compile(
    r"(?:phuong an|p\.?a|dap an|lua chon|option|answer|choice|tra loi|cau tra loi|y|menh de)\s*"
    r"(?P<number>[1-9]|10)(?P<english> (?:en|english|tieng anh))?"
)


@dataclass
class Header:
    """Where a sheet of questions says what. Rows and columns count from 0."""

    row: int
    columns: dict[Column, int] = field(default_factory=dict)
    options: dict[int, int] = field(default_factory=dict)  # place → column
    options_en: dict[int, int] = field(default_factory=dict)
    stems: list[int] = field(default_factory=list)  # every column that may hold the question

    @property
    def size(self) -> int:
        return len(self.columns) + len(self.options)

    @property
    def is_one(self) -> bool:
        asked = Column.STEM in self.columns
        said = {Column.KEY, Column.OPTIONS, Column.KIND} & self.columns.keys()
        answered = said or self.options
        return asked and bool(answered) and self.size >= _LEAST_COLUMNS


def find_header(grid: Grid) -> Header | None:
    """The header of a sheet, whose rows may stand below a title and be two; none if it has none."""
    best: Header | None = None
    for row in range(min(len(grid.rows), _ROWS_SEARCHED)):
        own = [cell.text for cell in grid.rows[row]]
        candidates = [_header(row, own)]
        if row + 1 < len(grid.rows) and (above := _filled(grid, row)) is not None:
            below = [cell.text for cell in grid.rows[row + 1]]
            joined = [
                f"{over} {under}" if under else over
                for over, under in zip(above, below, strict=True)
            ]
            candidates.append(_header(row + 1, joined))
        for each in candidates:
            if each.is_one and (best is None or each.size > best.size):
                best = each
        if best is not None and row > best.row:
            break
    return best and _with_longest_stem(grid, best)


def _with_longest_stem(grid: Grid, header: Header) -> Header:
    """Where both "Câu hỏi" and "Nội dung" stand above columns, one of them holds only numbers."""
    if len(header.stems) > 1:
        rows = grid.rows[header.row + 1 : header.row + 1 + _ROWS_SEARCHED]
        shorter, *_, longest = sorted(
            header.stems, key=lambda at: sum(len(row[at].text) for row in rows)
        )
        header.columns[Column.STEM] = longest
        header.columns.setdefault(Column.NUMBER, shorter)
    return header


def _filled(grid: Grid, row: int) -> list[str] | None:
    """The words of a row that stands over another one: a merged cell speaks for all its columns."""
    merged = [
        each
        for each in grid.merged
        if each.first_row == row and each.last_column > each.first_column
    ]
    if not merged:
        return None
    texts = [cell.text for cell in grid.rows[row]]
    for each in merged:
        for column in range(each.first_column, min(each.last_column + 1, len(texts))):
            texts[column] = texts[each.first_column]
    return texts


def _header(row: int, texts: Sequence[str]) -> Header:
    header = Header(row)
    for at, text in enumerate(texts):
        word = _plain(text)
        if not word:
            continue
        column = _BY_WORD.get(word)
        if column is Column.STEM:
            header.stems.append(at)
        if column is not None:
            header.columns.setdefault(column, at)
        elif option := _OPTION.fullmatch(word) or _NUMBERED_OPTION.fullmatch(word):
            _note_option(header, option, at)
    if Column.STEM not in header.columns and Column.SITUATION in header.columns:
        header.columns[Column.STEM] = header.columns.pop(Column.SITUATION)
    return header


def _note_option(header: Header, found: re.Match[str], at: int) -> None:
    said = found.groupdict()
    place = _LETTERS.index(said["letter"]) if "letter" in said else int(said["number"]) - 1
    into = header.options_en if said["english"] else header.options
    into.setdefault(place, at)


def _plain(text: str) -> str:
    """A header without what stands in brackets, stars and colons."""
    words = fold(re.sub(r"\([^)]*(?:bắt buộc|required|\d)[^)]*\)", " ", text, flags=re.IGNORECASE))
    return " ".join(re.sub(r"[()*:\[\]/_-]+", " ", words).split())
