"""Which column holds what, from the headings agencies write."""

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hocvu.kernel.vietnamese import fold, nfc
from hocvu.people.rules.persons import PersonCategory
from hocvu.people.rules.roster_cells import category_named
from hocvu.spreadsheets import Cell, CellKind, Grid


class Field(enum.Enum):
    NUMBER = "number"
    FULL_NAME = "full_name"
    FAMILY_NAMES = "family_names"  # họ và tên đệm, where the given name has its own column
    GIVEN_NAME = "given_name"
    BIRTH = "birth"
    BIRTH_DAY = "birth_day"
    BIRTH_MONTH = "birth_month"
    BIRTH_YEAR = "birth_year"
    BIRTH_IF_MALE = "birth_if_male"  # the date stands in the column of the sex
    BIRTH_IF_FEMALE = "birth_if_female"
    SEX = "sex"
    MALE_MARK = "male_mark"
    FEMALE_MARK = "female_mark"
    IDENTITY = "identity"
    OLD_IDENTITY = "old_identity"  # a column of nine-digit cards beside the twelve-digit one
    POST_TITLE = "post_title"
    JOB_TITLE = "job_title"
    POST_AND_UNIT = "post_and_unit"
    UNIT = "unit"
    DEPARTMENT = "department"
    COMMUNE = "commune"
    PROVINCE = "province"
    ETHNIC_GROUP = "ethnic_group"
    BIRTH_PLACE = "birth_place"  # one column, or one of its commune and one of its province
    CATEGORY = "category"
    CATEGORY_MARK = "category_mark"  # one column per category, marked with an x
    PHONE = "phone"
    EMAIL = "email"
    STARTED_ON = "started_on"
    NOTE = "note"
    OTHER = "other"  # known, and none of our business


@dataclass(frozen=True, slots=True)
class Column:
    index: int
    field: Field
    heading: str
    category: PersonCategory | None = None

    @property
    def letter(self) -> str:
        return column_letter(self.index)


@dataclass(frozen=True, slots=True)
class Header:
    """`first_row` and `last_row` count from 0."""

    first_row: int
    last_row: int
    columns: tuple[Column, ...]

    @property
    def known_fields(self) -> int:
        return len({column.field for column in self.columns} - {Field.OTHER})

    def has(self, *fields: Field) -> bool:
        return any(column.field in fields for column in self.columns)


NAMES: Final = (Field.FULL_NAME, Field.FAMILY_NAMES)
BIRTHS: Final = (
    Field.BIRTH, Field.BIRTH_YEAR, Field.BIRTH_IF_MALE, Field.BIRTH_IF_FEMALE,
)  # fmt: skip
_LONGEST_HEADING: Final = 90
_LEAST_FIELDS: Final = 2

_OTHER_PEOPLE: Final = r"vo|chong|vo chong|cha|me|bo|con|nguoi than|nguoi lien he|chu ho|thu truong"
_PATTERNS: Final = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        (Field.EMAIL, r"\be ?mail\b|thu dien tu|hop thu|\bmail\b"),
        (Field.OTHER, (r"\b(ngay|noi|co quan|don vi|nam|thoi gian) (cap|het han)\b|vao dang|ket nap"
                      r"|(chinh thuc|du bi)$|het han|\b(dang vien|doan vien)\b|so the dang")),
        (Field.OTHER, rf"\bho( va)? ten ({_OTHER_PEOPLE})\b|nguoi gioi thieu|ma so thue|\bmst\b"),
        (Field.NUMBER, r"^(s ?t ?t|tt|so tt|so thu tu|thu tu|no|stt .*)$"),
        (Field.FULL_NAME, r"\bho (va )?ten$"),
        (Field.FULL_NAME, r"^ho\b.{1,20}\bva ten$"),
        (Field.FAMILY_NAMES, r"^ho$|^ho( va)?( chu| ten)? ?(dem|lot)( .*)?$|^ho va$|^ho dem"),
        (Field.FULL_NAME, (r"^ho (va )?ten\b|^ho ten\b|^hoten$|^ten (can bo|cong chuc|vien chuc|"
                           r"hoc vien"
                          r"|nhan vien|nguoi|ca nhan|hoc sinh|dai bieu|cbcc|cbccvc)|^full ?name$|"
                          r"^name$"
                          r"|^ho,? chu dem va ten|^ho ten dem va ten|^ho dem va ten|^ho va ten"
                          r"|^(ong|dong chi|can bo) ho (va )?ten")),
        (Field.GIVEN_NAME, r"^ten$"),
        (Field.OLD_IDENTITY, r"(cmnd|cmt|chung minh).*\bcu$|^(so )?(cmnd|cmtnd) cu\b|9 so"),
        (Field.IDENTITY, (r"cccd|can cuoc|dinh danh(?! don vi| co quan)|cmnd|cmtnd|chung minh|"
                          r"\bcmt\b"
                         r"|\bddcn\b|giay to tuy than|^so cc$|^so giay to")),
        (Field.PHONE, (r"dien thoai|\bsdt\b|di dong|\bso dt\b|\bdtdd\b|\bphone\b|\btel\b|\bmobile\b"
                      r"|so lien he|so lien lac|\bzalo\b")),
        (Field.BIRTH, (r"\b(ngay|thang|nam|ngay thang|ngay thang nam) sinh\b|\bsinh (ngay|nam)\b"
                      r"|\bntns\b|^(date of birth|birth ?(date|day)|dob|sinh)$|^nam sinh|^ns$|"
                      r"ngaysinh"
                      r"|ngay thang nam\s*sinh|namsinh")),
        (Field.SEX, r"gioi tinh|^gioi$|^phai$|^nam nu$|^gt$|^gender$|^sex$|^nu nam$"),
        (Field.MALE_MARK, r"^nam$"),
        (Field.FEMALE_MARK, r"^(la )?nu$"),
        (Field.ETHNIC_GROUP, r"^(ten |thanh phan )?dan toc$|^ethnic(ity| group)?$"),
        (Field.BIRTH_PLACE, (r"^noi sinh\b(?! hoat)|^(xa|tinh|thanh pho|tinh thanh pho) noi sinh$"
                             r"|^place of birth$|^birth ?place$")),
        (Field.STARTED_ON, (r"(ngay|nam|thoi gian|thoi diem|thang nam).* (vao (lam|nganh|co quan|"
                            r"bien che|"
                           r"cong tac)|tuyen dung|bat dau( lam viec| cong tac)?|ve co quan|"
                           r"hop dong)"
                           r"|^ngay vao")),
        (Field.OTHER, (r"trinh do|ly luan|ngoai ngu|tin hoc|chuyen mon|chuyen nganh|he so|"
                       r"\bbac\b|\bluong\b"
                      r"|ngach|phu cap|que quan|nguyen quan|noi sinh|dan toc|ton giao|quoc tich|"
                      r"thuong tru"
                      r"|tam tru|noi o|cho o|ho khau|nguoi than|bhxh|bao hiem|tai khoan|"
                      r"ngan hang|chu ky|"
                      r"ky (nhan|ten)|ket qua|\bdiem\b|xep loai|quyet dinh|hoc (ham|vi)|"
                      r"^nghe nghiep|"
                      r"khen thuong|ky luat|tham nien|uu tien|chinh sach|tinh trang|"
                      r"hinh thuc (hoc|dao tao)|"
                      r"so lieu|bang cap|van bang|\blop\b|khoa hoc|noi dung|ma (don vi|co quan|"
                      r"nhan vien|"
                      r"can bo|so|ngach)")),
        (Field.POST_AND_UNIT, (r"chuc (vu|danh).*(don vi|co quan|noi cong tac|noi lam viec)"
                              r"|(don vi|co quan|noi cong tac).*chuc (vu|danh)")),
        (Field.POST_TITLE, r"chuc vu|\bcv\b"),
        (Field.JOB_TITLE, (r"chuc danh|vi tri (viec lam|cong tac)|cong viec|nhiem vu|^vi tri$|"
                           r"\bvtvl\b"
                          r"|linh vuc (cong tac|phu trach)")),
        (Field.IDENTITY, r"\bid (number|card|no)\b|^id$|citizen id|identity|identification"),
        (Field.POST_TITLE, r"^(position|title|job title|post)$"),
        (Field.DEPARTMENT, r"^department$"),
        (Field.OTHER, r"dia chi"),
        (Field.CATEGORY, (r"doi tuong|phan loai|^loai( can bo| hinh| lao dong| cbcc| doi tuong)?\b|"
                         r"^can bo cong chuc( vien chuc)?|^cbccvc|^cb cc vc|hinh thuc lao dong|"
                         r"loai hop dong|^dien( bien che| quan ly)?$|^khoi doi tuong")),
        (Field.DEPARTMENT, (r"^(phong|ban|khoa|to|phong ban|bo phan|phong ban don vi|"
                            r"phong chuyen mon|"
                           r"khoa phong|phong khoa|phong bo phan|phong ban bo phan|to bo phan|"
                           r"phong ban chuyen mon|don vi truc thuoc)$")),
        (Field.COMMUNE, (r"^(ten )?(xa|phuong|dac khu)( (xa|phuong|dac khu|thi tran|"
                         r"tt))*( .{0,12})?$"
                        r"|^cap xa$|^dia phuong$")),
        (Field.PROVINCE, (r"^(ten )?(tinh|thanh pho|tp)( (tinh|thanh pho|tp|thanh|"
                         r"truc thuoc.*))*$|^cap tinh$")),
        (Field.UNIT, (r"don vi|co quan|noi cong tac|noi lam viec|to chuc|^truong$|^thuoc$|"
                      r"cong tac tai"
                     r"|\bunit\b|dang cong tac|chi bo|dia ban")),
        (Field.NOTE, r"ghi chu|chu thich|^note|^gc$|remark"),
    )
)  # fmt: skip
_DATE_PARTS: Final = {
    "ngay": Field.BIRTH_DAY, "thang": Field.BIRTH_MONTH, "nam": Field.BIRTH_YEAR,
}  # fmt: skip
_BIRTH_UNDER: Final = {
    Field.MALE_MARK: Field.BIRTH_IF_MALE,
    Field.FEMALE_MARK: Field.BIRTH_IF_FEMALE,
}
_PARTS_OF_A_PLACE: Final = (None, Field.COMMUNE, Field.PROVINCE, Field.UNIT, Field.OTHER)
_MANY: Final = (Field.OTHER, Field.CATEGORY_MARK, Field.BIRTH_PLACE)
_BIRTH_OF_SEX: Final = re.compile(r"sinh\W+(?:của\W+)?(nam|nữ)\W*$|^(nam|nữ)\W.*\bsinh\W*$")


def column_letter(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


_QUESTION_NUMBER: Final = re.compile(r"^(?:cau )?\d{1,2}\s*[.):]\s*")  # of an on-line form


def _words(text: str) -> str:
    bare = _QUESTION_NUMBER.sub("", fold(text))
    return " ".join(re.sub(r"[^\w]+|_", " ", bare).split())


@lru_cache(maxsize=10_000)
def field_of(heading: str) -> Field | None:
    """The field a single heading names; None when it says nothing we know."""
    if len(heading) > _LONGEST_HEADING:
        return None
    toned = nfc(heading).lower()
    if found := _BIRTH_OF_SEX.search(toned):
        return Field.BIRTH_IF_MALE if "nam" in found.groups() else Field.BIRTH_IF_FEMALE
    if re.search(r"\bđt(dđ)?\b", toned):
        return Field.PHONE
    if toned.strip(" .") == "năm":
        return None
    without_brackets = _words(re.sub(r"\([^)]*\)?", " ", heading)) or _words(heading)
    for words in dict.fromkeys((without_brackets, _words(heading))):
        for field, pattern in _PATTERNS:
            if words and pattern.search(words):
                return field
    return None


@lru_cache(maxsize=10_000)
def _field_under(parent: str, sub: str) -> Field | None:
    """The field of a heading that stands below a wider one."""
    above, own, words = field_of(parent), field_of(sub), _words(sub)
    if above in BIRTHS:
        if words in _DATE_PARTS and not (own is Field.MALE_MARK and nfc(sub).lower() == "nam"):
            return _DATE_PARTS[words]
        return _BIRTH_UNDER.get(own, own) if own else above
    if above is Field.BIRTH_PLACE and own in _PARTS_OF_A_PLACE:
        return above
    if own is not None and not (above is Field.OTHER and own in {Field.NOTE, Field.UNIT}):
        return own
    return above


def _parents(grid: Grid, row: int) -> list[str]:
    """For each column, the text that stands over it in this row, spread over what it spans."""
    cells = grid.rows[row]
    texts = [nfc(cell.text) for cell in cells]
    spans = [m for m in grid.merged if m.first_row <= row <= m.last_row]
    for span in spans:
        text = nfc(grid.rows[span.first_row][span.first_column].text)
        for at in range(span.first_column, min(span.last_column + 1, len(texts))):
            texts[at] = texts[at] or text
    if any(span.last_column > span.first_column for span in spans):
        return texts
    for at in range(1, len(texts)):
        texts[at] = texts[at] or texts[at - 1]
    return texts


def _texts(row: Sequence[Cell]) -> list[str]:
    return [nfc(cell.text) for cell in row]


def find_header(grid: Grid, row: int) -> Header | None:
    """The header whose row of names is this one, with the rows above and below that complete it."""
    texts = _texts(grid.rows[row])
    fields = [field_of(text) if text else None for text in texts]
    names = [at for at, field in enumerate(fields) if field in NAMES]
    if not names and not (Field.GIVEN_NAME in fields and Field.NUMBER in fields):
        return None
    above = _row_above(grid, row)
    below = _rows_below(grid, row, names)
    columns = _columns(grid, above, row, below)
    known = {column.field for column in columns} - {Field.OTHER}
    if len(known) < _LEAST_FIELDS or not known & {*NAMES, Field.GIVEN_NAME}:
        return None
    return Header(row if above is None else above, below[-1] if below else row, columns)


def _row_above(grid: Grid, row: int) -> int | None:
    """The row above, if it holds headings of columns that are empty in this one."""
    if not row:
        return None
    here, above = _texts(grid.rows[row]), _texts(grid.rows[row - 1])
    if any(field_of(text) in NAMES for text in above if text):
        return None
    for at, text in enumerate(above):
        if text and not here[at] and field_of(text) not in {None, Field.NOTE}:
            return row - 1
    return None


def _rows_below(grid: Grid, row: int, names: Sequence[int]) -> list[int]:
    """One or two rows of narrower headings under this one."""
    found: list[int] = []
    for below in range(row + 1, min(row + 3, len(grid.rows))):
        cells = grid.rows[below]
        texts = _texts(cells)
        filled = [at for at, text in enumerate(texts) if text]
        if not filled or not _are_subheadings(grid, row, below, filled, names):
            break
        found.append(below)
    return found


def _are_subheadings(
    grid: Grid, row: int, below: int, filled: Sequence[int], names: Sequence[int]
) -> bool:
    top, cells = _texts(grid.rows[row]), grid.rows[below]
    if any(cells[at].kind in {CellKind.NUMBER, CellKind.DATE} for at in filled):
        return False
    if any(
        len(cells[at].text) > _LONGEST_HEADING or re.search(r"\d{2}", cells[at].text)
        for at in filled
    ):
        return False
    spread = _parents(grid, row)
    number_columns = {at for at, text in enumerate(top) if text and field_of(text) is Field.NUMBER}
    if number_columns & set(filled):
        return False
    for at in filled:
        narrower = not top[at] or (at + 1 < len(top) and not top[at + 1])
        if at in names:
            narrower = narrower and field_of(cells[at].text) in {*NAMES, Field.GIVEN_NAME}
        if not narrower or _field_under(spread[at], cells[at].text) is None:
            return False
    return True


def _columns(grid: Grid, above: int | None, row: int, below: Sequence[int]) -> tuple[Column, ...]:
    spread = _parents(grid, row)
    top = _texts(grid.rows[row])
    over = _parents(grid, above) if above is not None else []
    own_above = _texts(grid.rows[above]) if above is not None else []
    columns: list[Column] = []
    taken: set[Field] = set()
    for at, text in enumerate(top):
        subs = [nfc(grid.rows[r][at].text) for r in below if grid.rows[r][at].text.strip()]
        heading, field = text, field_of(text) if text else None
        if subs:
            parent = spread[at]
            heading = " – ".join(dict.fromkeys([*([parent] if parent else []), *subs]))
            field = _field_under(parent, subs[-1])
        elif above is not None:
            if text and over[at]:
                field = _field_under(over[at], text)
            elif not text and own_above[at]:
                heading, field = own_above[at], field_of(own_above[at])
        category = _category_column(heading, subs, field)
        if category is not None:
            field = Field.CATEGORY_MARK
        if field is None or (field in taken and field not in _MANY):
            continue
        taken.add(field)
        columns.append(Column(at, field, heading, category))
    last = below[-1] if below else row
    return _with_split_name(grid, _with_births_of_sexes(grid, columns, last), last)


def _category_column(
    heading: str, subs: Sequence[str], field: Field | None
) -> PersonCategory | None:
    if field not in {None, Field.CATEGORY, Field.OTHER}:
        return None
    return category_named(subs[-1] if subs else heading)


def _with_births_of_sexes(grid: Grid, columns: list[Column], last_row: int) -> list[Column]:
    """`Nam | Nữ` without a heading above, holding years instead of crosses, are dates of birth."""
    marks = [column for column in columns if column.field in _BIRTH_UNDER]
    if not marks or any(column.field in BIRTHS for column in columns):
        return columns
    sample = grid.rows[last_row + 1 : last_row + 100]
    written = [row[column.index].text for row in sample for column in marks]
    years = [text for text in written if re.search(r"\d{4}", text)]
    if not years or len(years) * 2 < len([text for text in written if text.strip()]):
        return columns
    return [
        Column(column.index, _BIRTH_UNDER.get(column.field, column.field), column.heading)
        if column in marks
        else column
        for column in columns
    ]


def _with_split_name(grid: Grid, columns: list[Column], last_row: int) -> tuple[Column, ...]:
    """`Họ và tên` over two columns: family and middle names in one, given name in the next."""
    name = next((column for column in columns if column.field is Field.FULL_NAME), None)
    used = {column.index for column in columns}
    if name is None or name.index + 1 in used or any(c.field is Field.GIVEN_NAME for c in columns):
        return tuple(columns)
    beside = name.index + 1
    sample = [row for row in grid.rows[last_row + 1 : last_row + 200] if beside < len(row)]
    both = [
        row
        for row in sample
        if row[name.index].text.strip()
        and (given := row[beside].text.strip())
        and row[beside].kind in {CellKind.TEXT, CellKind.FORMULA}
        and " " not in given
        and not any(sign.isdigit() for sign in given)
    ]
    named = [row for row in sample if row[name.index].text.strip()]
    if not both or len(both) * 2 < len(named):
        return tuple(columns)
    split = [Column(c.index, Field.FAMILY_NAMES, c.heading) if c is name else c for c in columns]
    return (*split, Column(beside, Field.GIVEN_NAME, name.heading))
