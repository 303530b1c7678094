"""The personal identification number: twelve digits `PPP G YY RRRRRR`, without a check digit.

Decree 137/2015/NĐ-CP, Circular 07/2016/TT-BCA: PPP is where the birth was registered (the
old list of 63 provinces; mergers never change a number), G tells century and sex, YY the year of
birth.
"""

import enum
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from hocvu.kernel.vietnamese import fold, nfc
from hocvu.people.rules.birth_date import PartialDate
from hocvu.people.rules.persons import Sex

LEGACY_PROVINCES: Final = {
    "001": "Hà Nội", "002": "Hà Giang", "004": "Cao Bằng", "006": "Bắc Kạn",
    "008": "Tuyên Quang", "010": "Lào Cai", "011": "Điện Biên", "012": "Lai Châu",
    "014": "Sơn La", "015": "Yên Bái", "017": "Hòa Bình", "019": "Thái Nguyên",
    "020": "Lạng Sơn", "022": "Quảng Ninh", "024": "Bắc Giang", "025": "Phú Thọ",
    "026": "Vĩnh Phúc", "027": "Bắc Ninh", "030": "Hải Dương", "031": "Hải Phòng",
    "033": "Hưng Yên", "034": "Thái Bình", "035": "Hà Nam", "036": "Nam Định",
    "037": "Ninh Bình", "038": "Thanh Hóa", "040": "Nghệ An", "042": "Hà Tĩnh",
    "044": "Quảng Bình", "045": "Quảng Trị", "046": "Thừa Thiên Huế", "048": "Đà Nẵng",
    "049": "Quảng Nam", "051": "Quảng Ngãi", "052": "Bình Định", "054": "Phú Yên",
    "056": "Khánh Hòa", "058": "Ninh Thuận", "060": "Bình Thuận", "062": "Kon Tum",
    "064": "Gia Lai", "066": "Đắk Lắk", "067": "Đắk Nông", "068": "Lâm Đồng",
    "070": "Bình Phước", "072": "Tây Ninh", "074": "Bình Dương", "075": "Đồng Nai",
    "077": "Bà Rịa - Vũng Tàu", "079": "Thành phố Hồ Chí Minh", "080": "Long An",
    "082": "Tiền Giang", "083": "Bến Tre", "084": "Trà Vinh", "086": "Vĩnh Long",
    "087": "Đồng Tháp", "089": "An Giang", "091": "Kiên Giang", "092": "Cần Thơ",
    "093": "Hậu Giang", "094": "Sóc Trăng", "095": "Bạc Liêu", "096": "Cà Mau",
}  # fmt: skip

LENGTH: Final = 12
_OLD_CARD_LENGTH: Final = 9
_LENGTHS_WITHOUT_ZEROS: Final = (10, 11)
_CENTURIES_BORN_SO_FAR: Final = 4
_SEPARATORS: Final = re.compile(r"[\s.\-–_'’\"`]+")
_LABEL: Final = re.compile(r"^\D*?:\s*")
_LETTERS_FOR_DIGITS: Final = str.maketrans("OoIl", "0011")
_LONE_NUMBER: Final = re.compile(rf"(?<!\d)\d{{{LENGTH}}}(?!\d)")
_NONE_YET: Final = re.compile(
    r"[\s\-–.…/_]*((hien )?(chua|khong) (co|cap|ro|biet|cung cap)|khong|chua|(dang )?(cho|lam|xin)"
    r"( cap)?( lai)?|mat|that lac|n/?a|null|none|x+)?[\s\-–.…/_]*"
)
_EXPONENT: Final = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d{1,2}")


class IdentityProblem(enum.Enum):
    NOT_A_NUMBER = "not_a_number"
    WRONG_LENGTH = "wrong_length"
    ZEROS_LOST = "zeros_lost"  # a spreadsheet took the number for an amount
    DIGITS_LOST = "digits_lost"  # 3.1E+10: the rest cannot be recovered
    OLD_IDENTITY_CARD = "old_identity_card"  # nine digits, never to be padded
    UNKNOWN_PROVINCE = "unknown_province"
    UNKNOWN_CENTURY = "unknown_century"
    SEX_DISAGREES = "sex_disagrees"
    BIRTH_YEAR_DISAGREES = "birth_year_disagrees"


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """`number` has twelve digits or is None; `proposals` wait for a person to say yes."""

    number: str | None
    proposals: tuple[str, ...] = ()
    problems: tuple[IdentityProblem, ...] = ()


def sex_in(number: str) -> Sex:
    return Sex.FEMALE if int(number[3]) % 2 else Sex.MALE


def birth_year_in(number: str) -> int:
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def masked(number: str) -> str:
    """`••••••••1234`: enough to recognise one's own, too little to learn anything."""
    shown = 4 if len(number) == LENGTH else 2
    return "•" * max(len(number) - shown, 0) + number[-shown:]


def check_identity_number(
    text: str, *, sex: Sex | None, birth: PartialDate | None
) -> IdentityCheck:
    """No number, and no problem, where the text is empty or says that there is none yet.

    Contradictions are told, never corrected.
    """
    written = _LABEL.sub("", unicodedata.normalize("NFKC", nfc(text)))
    if not written or (not written[0].isdecimal() and _NONE_YET.fullmatch(fold(written))):
        return IdentityCheck(None)
    if _EXPONENT.fullmatch(written):
        return _from_exponent(written, sex, birth)
    if re.fullmatch(r"\d+\.0", written):
        written = written[:-2]
    digits = _SEPARATORS.sub("", written)
    if not (digits.isascii() and digits.isdecimal()):
        return _from_mixed(written, digits)
    return _from_digits(digits, sex, birth)


def _from_digits(digits: str, sex: Sex | None, birth: PartialDate | None) -> IdentityCheck:
    if len(digits) == LENGTH:
        return IdentityCheck(digits, (), _contradictions(digits, sex, birth))
    if len(digits) == _OLD_CARD_LENGTH:
        return IdentityCheck(None, (), (IdentityProblem.OLD_IDENTITY_CARD,))
    if len(digits) in _LENGTHS_WITHOUT_ZEROS and not digits.startswith("0"):
        padded = digits.zfill(LENGTH)
        if birth is not None and not _contradictions(padded, sex, birth):
            return IdentityCheck(None, (padded,), (IdentityProblem.ZEROS_LOST,))
    return IdentityCheck(None, (), (IdentityProblem.WRONG_LENGTH,))


def _from_exponent(written: str, sex: Sex | None, birth: PartialDate | None) -> IdentityCheck:
    """`3.1090001234E+10` still holds every digit; `3.1E+10` has lost them."""
    mantissa = re.split("[eE]", written)[0]
    try:
        whole = Decimal(written.replace(",", "."))
    except InvalidOperation:  # pragma: no cover - the pattern admits only numbers
        return IdentityCheck(None, (), (IdentityProblem.NOT_A_NUMBER,))
    digits = f"{whole:.0f}"
    if len(mantissa.replace(".", "").replace(",", "")) < len(digits):
        return IdentityCheck(None, (), (IdentityProblem.DIGITS_LOST,))
    check = _from_digits(digits, sex, birth)
    return check if check.number is None else IdentityCheck(None, (digits,), check.problems)


def _from_mixed(written: str, digits: str) -> IdentityCheck:
    numbers = _LONE_NUMBER.findall(written)
    if len(set(numbers)) == 1:
        return IdentityCheck(None, (numbers[0],), (IdentityProblem.NOT_A_NUMBER,))
    corrected = digits.translate(_LETTERS_FOR_DIGITS)
    if len(corrected) == LENGTH and corrected.isdecimal() and corrected.isascii():
        return IdentityCheck(None, (corrected,), (IdentityProblem.NOT_A_NUMBER,))
    return IdentityCheck(None, (), (IdentityProblem.NOT_A_NUMBER,))


def _contradictions(
    number: str, sex: Sex | None, birth: PartialDate | None
) -> tuple[IdentityProblem, ...]:
    problems = []
    if number[:3] not in LEGACY_PROVINCES:
        problems.append(IdentityProblem.UNKNOWN_PROVINCE)
    if int(number[3]) >= _CENTURIES_BORN_SO_FAR:
        problems.append(IdentityProblem.UNKNOWN_CENTURY)
    if sex is not None and sex_in(number) is not sex:
        problems.append(IdentityProblem.SEX_DISAGREES)
    if birth is not None and birth_year_in(number) != birth.year:
        problems.append(IdentityProblem.BIRTH_YEAR_DISAGREES)
    return tuple(problems)
