"""What a line below the header is: a person, a group, a total, a signature, or nothing."""

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hocvu.kernel.vietnamese import fold, nfc
from hocvu.people.rules.roster_cells import category_named
from hocvu.people.rules.roster_header import Column
from hocvu.people.rules.roster_headings import Field
from hocvu.spreadsheets import Cell


class Line(enum.Enum):
    BLANK = "blank"
    PERSON = "person"
    GROUP = "group"
    COLUMN_NUMBERS = "column_numbers"
    TOTAL = "total"
    SIGNATURE = "signature"


class GroupLevel(enum.Enum):
    """How a group row is numbered; an inner numbering nests within the outer ones."""

    LETTER = "letter"
    ROMAN = "roman"
    NUMBER = "number"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Group:
    level: GroupLevel
    text: str


_TOTAL: Final = re.compile(
    r"^(tong( cong| so)?|cong( don| chung| lai)?|an dinh danh sach|danh sach (nay |tren )?(gom|co)|"
    r"tong cong danh sach)(\W|$)"
)
_GRAND_TOTAL: Final = re.compile(r"tong|an dinh|danh sach")
_COUNT: Final = re.compile(r"\b(\d{1,3}(?:\.\d{3})+|\d+)\b")
_SIGNATURE: Final = re.compile(
    r"^(nguoi (lap|lam|tong hop|ky|phe duyet)|can bo lap|lap (bieu|bang|danh sach)|thu truong|"
    r"xac nhan|noi nhan|t/?m\.?\s|tm\.|kt\.|tl\.|tuq\.|q\.\s|ky ten|ky[, ]|chu ky|chu tich|"
    r"pho chu tich|"
    r"giam doc|pho giam doc|truong phong|pho truong phong|chanh van phong|hieu truong|bi thu|"
    r"pho bi thu|truong ban|ke toan|ghi chu\s*:|luu y\s*:|luu:)"
)
_LETTERHEAD: Final = re.compile(
    r"cong hoa xa hoi chu nghia viet nam|^doc lap ?[-–] ?tu do|^\(?(ban hanh )?kem theo\b"
)
_PAGE_NUMBER: Final = re.compile(r"^(trang|page)\W*\d+(\W*(/|tren|of)?\W*\d+)?$")
_TITLE: Final = re.compile(r"^danh sach\b")
_DATE_LINE: Final = re.compile(r"\bngay\b.{0,12}\bthang\b.{0,12}\bnam\b")
_COLUMN_NUMBER: Final = re.compile(r"^[\[(]?(\d{1,2}|[a-z])[\])]?(\s*=.*)?$", re.IGNORECASE)
_MARKER: Final = re.compile(
    r"^\s*(?:(?P<roman>[IVXL]{1,6})|(?P<letter>[A-ZĐa-zđ])|(?P<number>\d{1,3}(?:\.\d{1,2})*))"
    r"\s*[.)/\-:–]+\s*(?P<rest>\S.*)$"
)
_MARKER_ALONE: Final = re.compile(
    r"^\s*(?:(?P<roman>[IVXL]{1,6})|(?P<letter>[A-ZĐ]))\s*[.)/\-:]*\s*$"
)
_COUNT_BEHIND: Final = re.compile(
    r"\s*[(\[:–-]+\s*(?:có\s+|gồm\s+|tổng\s+số\s*:?\s*)?\d+\s*(?:người|đ/c|đồng chí|cán bộ|"
    r"học viên|"
    r"trường hợp|ng)?\.?\s*[)\]]?\s*$|\s+\d+\s+(?:người|đ/c|đồng chí)\.?$",
    re.IGNORECASE,
)
_UNIT_WORDS: Final = re.compile(
    r"^(so|phong|ban|ubnd|uy ban|van phong|trung tam|khoi|dang uy|hoi|doan|truong|cong an|phuong|"
    r"xa|"
    r"dac khu|thi tran|hdnd|chi cuc|cuc|vu|vien|hoc vien|tram|benh vien|toa an|vien kiem sat|"
    r"thanh tra|"
    r"quy|cong ty|bo|tong cuc|to|nha|bao|dai|mat tran|lien doan|tinh|thanh pho|tp|huyen|quan|"
    r"don vi|co quan|"
    r"thuong truc|lanh dao|can bo|cong chuc|vien chuc|nguoi|kho bac|bo chi huy|ban chi huy|"
    r"danh sach|"
    r"chi bo|dang bo|thanh uy|tinh uy|cac|nhom|bao hiem|thue|hat|doi|khoa)\b"
)
_PERSONAL: Final = (
    Field.BIRTH, Field.BIRTH_YEAR, Field.BIRTH_IF_MALE, Field.BIRTH_IF_FEMALE, Field.IDENTITY,
    Field.SEX, Field.MALE_MARK, Field.FEMALE_MARK, Field.PHONE, Field.EMAIL, Field.POST_TITLE,
    Field.JOB_TITLE, Field.POST_AND_UNIT, Field.GIVEN_NAME, Field.OLD_IDENTITY,
)  # fmt: skip
_FEWEST_COLUMN_NUMBERS: Final = 2
_MOST_GROUP_CELLS: Final = 3


class LineReader:
    """Knows where the telling columns of one table are."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._number = [c.index for c in columns if c.field is Field.NUMBER]
        self._name = [
            c.index for c in columns if c.field in {Field.FULL_NAME, Field.FAMILY_NAMES}
        ] or [c.index for c in columns if c.field is Field.GIVEN_NAME]
        self._personal = [c.index for c in columns if c.field in _PERSONAL]
        self._mapped = {c.index for c in columns if c.field is not Field.OTHER}

    def kind_of(self, row: Sequence[Cell]) -> Line:
        filled = [at for at, cell in enumerate(row) if cell.text.strip()]
        if not filled or self._is_of_the_page(row, filled):
            return Line.BLANK
        if self._is_column_numbers(row, filled):
            return Line.COLUMN_NUMBERS
        personal = [at for at in self._personal if row[at].text.strip()]
        if self.is_numbered(row) and personal:
            return Line.PERSON
        first = fold(row[filled[0]].text).lstrip(" *-+(")
        name = fold(row[self._name[0]].text)
        if _TOTAL.match(first) or _TOTAL.match(name):
            return Line.TOTAL
        if self._is_signature(row, filled):
            return Line.SIGNATURE
        return self._group_or_person(row, filled, personal)

    def is_numbered(self, row: Sequence[Cell]) -> bool:
        return any(row[at].text.strip(" .").isdecimal() for at in self._number)

    def _is_of_the_page(self, row: Sequence[Cell], filled: Sequence[int]) -> bool:
        """A letterhead or page number, as where several printed pages stand in one sheet."""
        if self.is_numbered(row) or len(filled) > _MOST_GROUP_CELLS:
            return False
        texts = [fold(row[at].text) for at in filled]
        if len(texts) == 1 and _PAGE_NUMBER.match(texts[0]):
            return True
        return any(_LETTERHEAD.search(text) for text in texts)

    def _is_column_numbers(self, row: Sequence[Cell], filled: Sequence[int]) -> bool:
        if len(filled) < _FEWEST_COLUMN_NUMBERS or not row[self._name[0]].text.strip():
            return False
        return all(_COLUMN_NUMBER.match(row[at].text.strip()) for at in filled)

    def _is_signature(self, row: Sequence[Cell], filled: Sequence[int]) -> bool:
        if self.is_numbered(row):
            return False
        texts = [fold(row[at].text).lstrip(" *-+(") for at in filled]
        if any(_DATE_LINE.search(text) for text in texts) and len(filled) <= _MOST_GROUP_CELLS:
            return True
        name = row[self._name[0]].text.strip()
        dated = any(any(sign.isdigit() for sign in row[at].text) for at in self._personal)
        return not (name and dated) and all(_SIGNATURE.match(text) for text in texts[:1] or texts)

    def _group_or_person(
        self, row: Sequence[Cell], filled: Sequence[int], personal: Sequence[int]
    ) -> Line:
        name = row[self._name[0]].text.strip()
        number = "".join(row[at].text for at in self._number).strip()
        others = [at for at in filled if at not in {*self._number, self._name[0]}]
        telling = [at for at in others if not row[at].text.strip().isdecimal()]
        if personal and any(at in telling or len(row[at].text.strip()) > 3 for at in personal):  # noqa: PLR2004
            return Line.PERSON
        if len(filled) > _MOST_GROUP_CELLS or (telling and name):
            return Line.PERSON
        if _MARKER_ALONE.match(number) or (number and not self.is_numbered(row)):
            return Line.GROUP
        if self.is_numbered(row):
            grouped = name and _UNIT_WORDS.match(fold(name)) and not telling
            return Line.GROUP if grouped else Line.PERSON
        if (
            name
            and not self._number
            and not _UNIT_WORDS.match(fold(name))
            and not _MARKER.match(name)
        ):
            return Line.PERSON
        return Line.GROUP

    def group_of(self, row: Sequence[Cell]) -> Group | None:
        number = " ".join(row[at].text for at in self._number).strip()
        texts = [
            nfc(cell.text)
            for at, cell in enumerate(row)
            if cell.text.strip() and at not in self._number and not cell.text.strip().isdecimal()
        ]
        text = texts[0] if texts else number
        level = GroupLevel.PLAIN
        if texts and (alone := _MARKER_ALONE.match(number)):
            level = _level(alone)
        elif texts and number.strip(" .").isdecimal():
            level = GroupLevel.NUMBER
        elif match := _MARKER.match(nfc(text)):
            level, text = _level(match), match["rest"]
        text = _COUNT_BEHIND.sub("", nfc(text)).strip(" :.-–")
        if level is GroupLevel.PLAIN and _TITLE.match(fold(text)) and not category_named(text):
            return None
        return Group(level, text) if any(sign.isalpha() for sign in text) else None


def _level(match: re.Match[str]) -> GroupLevel:
    for name in ("roman", "letter"):
        if match[name]:
            return GroupLevel(name)
    return GroupLevel.NUMBER


def names_a_unit(text: str) -> bool:
    """Whether it begins as names of units do: `Phòng …`, `UBND …`."""
    return bool(_UNIT_WORDS.match(fold(text)))


_MOST_NAME_WORDS: Final = 5


def looks_like_a_person(text: str) -> bool:
    """Whether a lone text reads like a name, and not like the name of a unit or a group."""
    words = text.split()
    return (
        1 < len(words) <= _MOST_NAME_WORDS
        and not text.isupper()
        and not _UNIT_WORDS.match(fold(text))
        and all(word[:1].isupper() and word.replace("'", "").isalpha() for word in words)
    )


def stated_count(row: Sequence[Cell]) -> int | None:
    """How many people a grand total claims, where it names one number."""
    text = " ".join(fold(cell.text) for cell in row if cell.text.strip())
    counts = {int(found.replace(".", "")) for found in _COUNT.findall(text)}
    return counts.pop() if _GRAND_TOTAL.match(text) and len(counts) == 1 else None
