"""Single values of a roster: sex, category, telephone, e-mail, names."""

import re
from functools import lru_cache
from typing import Final

from hocvu.kernel.vietnamese import fold, nfc
from hocvu.people.rules.persons import PersonCategory, Sex

_SEXES: Final = {
    "nam": Sex.MALE, "m": Sex.MALE, "male": Sex.MALE, "trai": Sex.MALE, "ong": Sex.MALE,
    "nam gioi": Sex.MALE,
    "nu": Sex.FEMALE, "f": Sex.FEMALE, "female": Sex.FEMALE, "gai": Sex.FEMALE, "ba": Sex.FEMALE,
    "nu gioi": Sex.FEMALE, "n": Sex.FEMALE,
}  # fmt: skip
_MARKS: Final = frozenset({"x", "✓", "✔", "v", "1", "co", "true", "yes", "*", "+", "√", "☑", "☒"})
_CATEGORY_PATTERNS: Final = (
    (PersonCategory.NON_SPECIALISED_WORKER, re.compile(r"khong chuyen( trach)?|\bkct\b|"
                                                       r"ban chuyen trach")),
    (PersonCategory.CONTRACT_WORKER, re.compile(
        r"nguoi lao dong|\bnld\b|hop dong|\bhdld\b|\bldhd\b|\bhd ?(68|111|161)?\b|\b(nd ?)?(68|"
        r"111)\b")),
    (PersonCategory.ARMED_FORCES, re.compile(r"vu trang|\bllvt\b|quan nhan|si quan|cong an|"
                                             r"bo doi")),
    (PersonCategory.OTHER, re.compile(r"doanh nghiep|nguoi dan|cong dan|^khac$|doi tuong khac")),
)  # fmt: skip
_MAIN_CATEGORIES: Final = (
    (PersonCategory.CADRE, re.compile(r"can bo|\bcb\b")),
    (PersonCategory.CIVIL_SERVANT, re.compile(r"cong chuc|\bcc\b")),
    (PersonCategory.PUBLIC_EMPLOYEE, re.compile(r"vien chuc|\bvc\b")),
)
_LONGEST_CATEGORY: Final = 60


def read_sex(text: str) -> Sex | None:
    return _SEXES.get(fold(text).strip(" ."))


def is_mark(text: str) -> bool:
    """Whether the cell says yes, as in a column of crosses."""
    return fold(text).strip(" .") in _MARKS


@lru_cache(maxsize=5_000)
def category_in(text: str) -> PersonCategory | None:
    """The category a cell names; None when it names none, or more than one."""
    folded = fold(text)
    for category, pattern in _CATEGORY_PATTERNS:
        if pattern.search(folded):
            return category
    named = [category for category, pattern in _MAIN_CATEGORIES if pattern.search(folded)]
    return named[0] if len(named) == 1 else None


_NUMBERING: Final = re.compile(r"^\s*(?:[ivxlc]+|[a-z]|\d+)\s*[.)/\-:]\s*", re.IGNORECASE)
_NAMED_CATEGORY: Final = re.compile(
    r"^(?:khoi |nhom |danh sach |doi tuong )?(?:nguoi )?(?:hoat dong )?(?:la )?"
    r"(?:can bo|cong chuc|vien chuc|nguoi lao dong|lao dong hop dong|hop dong lao dong|hop dong|"
    r"lao dong|"
    r"khong chuyen trach|can bo khong chuyen trach|nhung nguoi hoat dong khong chuyen trach|"
    r"luc luong vu trang)(?: (?:cap (?:xa|tinh|phuong)|o cap xa|o thon|lao dong|to dan pho))*$"
)


def category_named(text: str) -> PersonCategory | None:
    """The category, when the text is nothing but its name, as a heading or a group row is."""
    if len(text) > _LONGEST_CATEGORY:
        return None
    bare = " ".join(re.sub(r"[^\w]+", " ", fold(_NUMBERING.sub("", text))).split())
    return category_in(bare) if _NAMED_CATEGORY.match(bare) else None


_PHONE_NOISE: Final = re.compile(r"[\s.\-()'–]+")
_SEVERAL: Final = re.compile(r"[;/,\n]| - | hoặc ")
_MOBILE: Final = re.compile(r"0[35789]\d{8}")
_LANDLINE: Final = re.compile(r"02\d{8,9}")
_MOBILE_WITHOUT_ZERO: Final = re.compile(r"[35789]\d{8}")
_LANDLINE_WITHOUT_ZERO: Final = re.compile(r"2\d{8,9}")


def read_phone(text: str) -> tuple[str, bool]:
    """The first number in national form, and whether its leading zero had to be put back.

    An empty number means that none could be read.
    """
    for part in _SEVERAL.split(text):
        digits = _PHONE_NOISE.sub("", nfc(part))
        if digits.startswith("+84"):
            digits = "0" + digits[3:].removeprefix("0")
        elif digits.startswith(("84", "0084")) and len(digits) > len("0912345678"):
            digits = "0" + digits.removeprefix("00")[2:].removeprefix("0")
        digits = digits.removesuffix(".0")
        if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
            return digits, False
        if _MOBILE_WITHOUT_ZERO.fullmatch(digits) or _LANDLINE_WITHOUT_ZERO.fullmatch(digits):
            return "0" + digits, True
    return "", False


_EMAIL: Final = re.compile(r"[a-z0-9._%+'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")


def read_email(text: str) -> str:
    """The first address in lower case; empty when there is none."""
    lowered = nfc(text).lower()
    for part in re.split(r"[;,\s]+", lowered):
        if _EMAIL.fullmatch(part.removeprefix("mailto:")):
            return part.removeprefix("mailto:")
    joined = lowered.replace(" ", "")
    return joined if _EMAIL.fullmatch(joined) else ""


_HONORIFIC: Final = re.compile(
    r"^(?:(?:ông|bà|đồng chí|đ/c|đ\.c|đc|gs|pgs|ts|ths|cn|ks|bs|bsck\d?|bscki{1,2}|ckii?|ds|"
    r"cử nhân|"
    r"thạc sĩ|thạc sỹ|tiến sĩ|tiến sỹ|bác sĩ|kỹ sư)(?:[.:]\s*|\s+))+(?=\S+\s+\S)",
    re.IGNORECASE,
)
_LOOK_ALIKES: Final = str.maketrans("ÐðƉɖ", "ĐđĐđ")
_NAME: Final = re.compile(r"[^\W\d_]+(?:[ '’.\-]+[^\W\d_]+)*\.?")


def read_name(text: str) -> tuple[str, str]:
    """The name as written, in composed letters, and the honorific that stood before it."""
    name = nfc(text).translate(_LOOK_ALIKES).strip(" ,;*")
    match = _HONORIFIC.match(name)
    if match is None:
        return name, ""
    return name[match.end() :], match[0].strip()


def is_likely_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and len(name) > 1


_KNOWN_POST: Final = re.compile(
    r"^((?:phó |quyền )?(?:chủ tịch|giám đốc|trưởng phòng|chánh văn phòng|hiệu trưởng|bí thư|"
    r"trưởng ban|"
    r"chủ nhiệm|chánh thanh tra|chi cục trưởng|cục trưởng|vụ trưởng)|phó trưởng (?:phòng|ban)|"
    r"phó chánh văn phòng|chuyên viên(?: chính| cao cấp)?|cán sự|nhân viên|kế toán(?: trưởng)?|"
    r"văn thư|"
    r"giáo viên|giảng viên(?: chính)?|viên chức|công chức|cán bộ)(?:\s+|\s*[-–,]\s*)(.+)$",
    re.IGNORECASE,
)


def split_post_and_unit(text: str) -> tuple[str, str]:
    """`Chuyên viên, Phòng Văn hóa – Xã hội` → the post and the unit."""
    parts = re.split(r"\s*[,;]\s*|\s+[-–]\s+", text, maxsplit=1)
    if len(parts) > 1 and not (known := _KNOWN_POST.match(parts[0])):
        return parts[0], parts[1]
    if known := _KNOWN_POST.match(text):
        return known[1], known[2]
    return text, ""
