"""From facts to the words that are printed: one place for all wording of dates and persons.

Decree 30/2020, annex I, 4 (days below ten and the months 1 and 2 take a leading zero) and 7b (no
academic titles before a signer's name); Decree 171/2025, art. 25 (names of the three modes).
What is not known is left out; nothing is recased.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from hocvu.kernel.time import VIETNAM

_MODES: Final = {
    "in_person": ("Tập trung", "In person"),
    "online": ("Trực tuyến", "Online"),
    "blended": ("Kết hợp trực tiếp và trực tuyến", "In person and online"),
}
_ADDRESSES: Final = {"male": ("ông", "Mr"), "female": ("bà", "Ms")}
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MONTHS_WITH_ZERO: Final = 2

Texts = dict[str, str]


@dataclass(frozen=True)
class BatchFacts:
    """What is the same on every certificate of one decision. Empty texts are left out."""

    agency: str  # the issuing institution, in capitals as it is to be printed
    programme: str
    starts_on: date
    ends_on: date
    mode: str  # "in_person", "online" or "blended"
    decision_number: str
    decided_on: date
    place: str
    issued_on: date
    signer_title: str
    signer_name: str
    verification_place: str
    parent_agency: str = ""
    agency_english: str = ""
    programme_english: str = ""
    periods: int = 0  # of 45 minutes; 0 when not counted
    capacity: str = ""  # "KT. HIỆU TRƯỞNG"
    signed_by: str = ""  # the name in the signing certificate
    notice: str = ""  # printed at the foot, such as that a signature has no legal value


@dataclass(frozen=True)
class HolderFacts:
    """What differs: the holder as the register holds them, and the certificate's numbers."""

    full_name: str
    sex: str  # "male", "female" or ""
    birth_text: str  # "12/05/1985", "05/1985", "1985" or ""
    unit: str
    serial_number: str
    register_entry_number: str
    verification_code: str
    signed_at: datetime
    birth_place: str = ""
    post: str = ""
    result: str = "Hoàn thành"
    result_english: str = "Completed"


@dataclass(frozen=True)
class CopyFacts:
    """What a copy from the register adds (its own number, day and signer)."""

    copy_number: str  # số vào sổ cấp bản sao
    copied_on: date
    copy_place: str
    copy_signer_title: str
    copy_signer_name: str
    copy_capacity: str = ""
    remarks: str = ""  # annotations of the register: corrections
    document: str = ""  # what the original calls itself: "CHỨNG CHỈ"


def batch_texts(facts: BatchFacts) -> Texts:
    mode, mode_english = _MODES[facts.mode]
    return {
        "parent_agency": facts.parent_agency,
        "agency": facts.agency,
        "agency_english": facts.agency_english,
        "programme": facts.programme,
        "programme_english": facts.programme_english,
        "period": f"Từ ngày {short_day(facts.starts_on)} đến ngày {short_day(facts.ends_on)}",
        "period_english": f"From {english_day(facts.starts_on)} to {english_day(facts.ends_on)}",
        "mode": mode,
        "mode_english": mode_english,
        "duration": f"{facts.periods} tiết" if facts.periods else "",
        "duration_english": f"{facts.periods} periods" if facts.periods else "",
        "decision": f"Quyết định số {facts.decision_number} {long_day(facts.decided_on)}",
        "decision_english": f"Decision No. {facts.decision_number}"
        f" of {english_day(facts.decided_on)}",
        "place_and_day": f"{facts.place}, {long_day(facts.issued_on)}",
        "place_and_day_english": f"{facts.place}, {english_day(facts.issued_on)}",
        "capacity": facts.capacity,
        "signer_title": facts.signer_title,
        "signer_name": facts.signer_name,
        "signed_by": facts.signed_by,
        "verification_place": facts.verification_place,
        "notice": facts.notice,
    }


def holder_texts(facts: HolderFacts) -> Texts:
    address, address_english = _ADDRESSES.get(facts.sex, ("ông/bà", "Mr/Ms"))
    born_where = _born_where(facts.birth_text, facts.birth_place)
    born_english = f"Born: {facts.birth_text}" if facts.birth_text else ""
    return {
        "address": address,
        "address_english": address_english,
        "holder_name": facts.full_name,
        "born": _born(facts.birth_text),
        "born_english": born_english,
        "birth_day": facts.birth_text,
        "birth_place": facts.birth_place,
        "born_where": born_where,
        "born_bilingual": " / ".join(filter(None, [born_where, born_english])),
        "post_and_unit": ", ".join(filter(None, [facts.post, facts.unit])),
        "post": facts.post,
        "unit": facts.unit,
        "result": facts.result,
        "result_english": facts.result_english,
        "serial_number": facts.serial_number,
        "register_entry_number": facts.register_entry_number,
        "verification_code": facts.verification_code,
        "signed_at": facts.signed_at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S +07:00"),
    }


def copy_texts(facts: CopyFacts) -> Texts:
    return {
        "copy_number": facts.copy_number,
        "copy_place_and_day": f"{facts.copy_place}, {long_day(facts.copied_on)}",
        "copy_capacity": facts.copy_capacity,
        "copy_signer_title": facts.copy_signer_title,
        "copy_signer_name": facts.copy_signer_name,
        "remarks": facts.remarks or "Không có",
        "copied_document": facts.document,
    }


def short_day(day: date) -> str:
    """`05/02/2026`."""
    return day.strftime("%d/%m/%Y")


def long_day(day: date) -> str:
    """`ngày 05 tháng 02 năm 2026`, `ngày 12 tháng 3 năm 2026`."""
    month = f"{day.month:02d}" if day.month <= _MONTHS_WITH_ZERO else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def english_day(day: date) -> str:
    """`5 February 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _born(birth_text: str) -> str:
    """As much as is known: a day, a month or only a year."""
    known = birth_text.count("/")
    words = ("Sinh năm", "Sinh tháng", "Sinh ngày")
    return f"{words[known]} {birth_text}" if birth_text else ""


def _born_where(birth_text: str, place: str) -> str:
    """`Sinh ngày 12/05/1985, tại Hải Phòng`, or what of it is known."""
    if not place:
        return _born(birth_text)
    return f"{_born(birth_text)}, tại {place}" if birth_text else f"Sinh tại {place}"
