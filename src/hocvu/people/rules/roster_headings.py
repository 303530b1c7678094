"""What a single heading of a roster names, as agencies write it."""

import enum
import re
from functools import lru_cache
from typing import Final

from hocvu.kernel.vietnamese import fold, nfc


class Field(enum.StrEnum):
    NUMBER = "number"
    FULL_NAME = "full_name"
    FAMILY_NAMES = "family_names"  # họ và tên đệm, where the given name has its own column
    MIDDLE_NAMES = "middle_names"  # tên đệm, where family and given name have their own columns
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
    PARTY_TITLE = "party_title"  # beside the post; read where there is no other
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


NAMES: Final = (Field.FULL_NAME, Field.FAMILY_NAMES)
BIRTHS: Final = (
    Field.BIRTH, Field.BIRTH_YEAR, Field.BIRTH_IF_MALE, Field.BIRTH_IF_FEMALE,
)  # fmt: skip
LONGEST_HEADING: Final = 90

_OTHER_PEOPLE: Final = r"vo|chong|vo chong|cha|me|bo|con|nguoi than|nguoi lien he|chu ho|thu truong"
_PATTERNS: Final = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        (Field.OTHER, (r"^(?!don vi|co quan|chuc).*\w (vo|chong|vo chong|cha|me|con|nguoi than|"
                       r"nguoi lien he|chu ho|thu truong|phu huynh)$"
                       r"|(mail|sdt|dien thoai|so dt)\b.* (quan ly|bo)$"
                       r"|^don vi (tinh|to chuc|cap)$|^ten (goi )?khac$|^ten thuong goi|^bi danh")),
        (Field.EMAIL, r"\be ?mail\b|thu dien tu|hop thu|\bg?mail\b"),
        (Field.OTHER, (r"\b(ngay|noi|co quan|don vi|nam|thoi gian) (cap|het han)\b|vao dang|ket nap"
                      r"|(chinh thuc|du bi)$|het han|\b(dang vien|doan vien)\b|so the dang")),
        (Field.OTHER, rf"\bho( va)? ten ({_OTHER_PEOPLE})\b|nguoi gioi thieu|ma so thue|\bmst\b"),
        (Field.NUMBER, r"^(s ?t ?t|tt|so tt|so thu tu|thu tu|no|stt .*)$"),
        (Field.FULL_NAME, r"\bho (va )?ten$"),
        (Field.FULL_NAME, r"^ho\b.{1,20}\bva ten$|^hovaten$"),
        (Field.MIDDLE_NAMES, r"^(ten |chu )?(dem|lot)$"),
        (Field.FAMILY_NAMES, r"^ho$|^ho( va)?( chu| ten)? ?(dem|lot)( .*)?$|^ho va$|^ho dem"),
        (Field.FULL_NAME, (r"^ho (va )?ten\b|^ho ten\b|^hoten$|^ten (can bo|cong chuc|vien chuc|"
                           r"hoc vien"
                          r"|nhan vien|nhan su|giao vien|nguoi|ca nhan|hoc sinh|dai bieu|cbcc"
                          r"|cbccvc)"
                          r"|^full ?name$|"
                          r"^name$"
                          r"|^ho,? chu dem va ten|^ho ten dem va ten|^ho dem va ten|^ho va ten"
                          r"|^(ong|dong chi|can bo) ho (va )?ten")),
        (Field.GIVEN_NAME, r"^ten$"),
        (Field.OLD_IDENTITY, r"(cmnd|cmt|chung minh).*\bcu$|^(so )?(cmnd|cmtnd) cu\b|9 so"),
        (Field.IDENTITY, (r"cccd|can cuoc|dinh danh(?!.*\b(don vi|co quan)\b)|cmnd|cmtnd|"
                          r"chung minh|"
                          r"\bcmt\b"
                         r"|\bddcn\b|giay to tuy than|^so cc$|^so giay to")),
        (Field.PHONE, (r"dien thoai|\bsdt\b|di dong|\bso dt\b|\bdtdd\b|\bphone\b|\btel\b|\bmobile\b"
                      r"|so lien he|so lien lac|\bzalo\b")),
        (Field.BIRTH, (r"\b(ngay|thang|nam|ngay thang|ngay thang nam) sinh\b|\bsinh (ngay|nam)\b"
                      r"|\bntns\b|\bntn sinh\b|^n s$"
                      r"|^(date of birth|birth ?(date|day)|dob|sinh)$|^nam sinh|^ns$|"
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
        (Field.PARTY_TITLE, r"chuc vu.* (dang|doan the|kiem nhiem|cong doan|doan|hoi)$"),
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
        (Field.UNIT, (r"don vi|co quan|noi cong tac|noi lam viec|to chuc|^(ten )?truong$|^thuoc$|"
                      r"^ubnd\b|"
                      r"cong tac tai"
                     r"|\bunit\b|dang cong tac|chi bo|dia ban")),
        (Field.NOTE, r"ghi chu|chu thich|^note|^gc$|remark"),
    )
)  # fmt: skip
_DATE_PARTS: Final = {
    "ngay": Field.BIRTH_DAY, "thang": Field.BIRTH_MONTH, "nam": Field.BIRTH_YEAR,
}  # fmt: skip
BIRTH_UNDER: Final = {
    Field.MALE_MARK: Field.BIRTH_IF_MALE,
    Field.FEMALE_MARK: Field.BIRTH_IF_FEMALE,
}
_PARTS_OF_A_PLACE: Final = (None, Field.COMMUNE, Field.PROVINCE, Field.UNIT, Field.OTHER)
_BIRTH_OF_SEX: Final = re.compile(r"sinh\W+(?:của\W+)?(nam|nữ)\W*$|^(nam|nữ)\W.*\bsinh\W*$")
_QUESTION_NUMBER: Final = re.compile(r"^(?:cau )?\d{1,2}\s*[.):]\s*")  # of an on-line form


def _words(text: str) -> str:
    bare = _QUESTION_NUMBER.sub("", fold(text))
    return " ".join(re.sub(r"[^\w]+|_", " ", bare).split())


@lru_cache(maxsize=10_000)
def field_of(heading: str) -> Field | None:
    """The field a single heading names; None when it says nothing we know."""
    if len(heading) > LONGEST_HEADING:
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
def field_under(parent: str, sub: str) -> Field | None:
    """The field of a heading that stands below a wider one."""
    above, own, words = field_of(parent), field_of(sub), _words(sub)
    if above in BIRTHS:
        if words in _DATE_PARTS and not (own is Field.MALE_MARK and nfc(sub).lower() == "nam"):
            return _DATE_PARTS[words]
        return BIRTH_UNDER.get(own, own) if own else above
    if above is Field.BIRTH_PLACE and own in _PARTS_OF_A_PLACE:
        return above
    if own is not None and not (above is Field.OTHER and own in {Field.NOTE, Field.UNIT}):
        return own
    return above
