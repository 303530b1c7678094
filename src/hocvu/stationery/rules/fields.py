"""The fields a template may print, and whether they differ between the certificates of a batch.

A template declares nothing itself: what it prints is found by setting it. Only these names exist,
so that issuing always knows what to give.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from hocvu.stationery.rules.texts import (
    BatchFacts,
    CopyFacts,
    HolderFacts,
    Texts,
    batch_texts,
    copy_texts,
    holder_texts,
)

# Fictional throughout: the surname Mẫu means "sample".
SAMPLE_BATCH: Final = BatchFacts(
    parent_agency="THÀNH ỦY HẢI PHÒNG",
    agency="TRƯỜNG CHÍNH TRỊ MẪU",
    agency_english="SAMPLE SCHOOL OF POLITICS",
    programme="Bồi dưỡng kỹ năng lãnh đạo, quản lý trong bối cảnh chuyển đổi số",
    programme_english="Leadership and management skills in digital transformation",
    starts_on=date(2026, 10, 28),
    ends_on=date(2026, 10, 30),
    mode="blended",
    periods=24,
    decision_number="12/QĐ-TCT",
    decided_on=date(2026, 11, 5),
    place="Hải Phòng",
    issued_on=date(2026, 11, 9),
    capacity="KT. HIỆU TRƯỞNG",
    signer_title="PHÓ HIỆU TRƯỞNG",
    signer_name="Trần Văn Mẫu",
    signed_by="Trường Chính trị mẫu",
    verification_place="hocvu.example.vn/verify",
    notice="MẪU – không có giá trị",
)
SAMPLE_HOLDER: Final = HolderFacts(
    full_name="Nguyễn Thị Hoài Mẫu",
    sex="female",
    birth_text="12/05/1985",
    birth_place="Hải Phòng",
    post="Phó Trưởng phòng Văn hóa – Xã hội",
    unit="Ủy ban nhân dân phường Mẫu, thành phố Hải Phòng",
    serial_number="TCT-2026-000127",
    register_entry_number="00127/2026",
    verification_code="7KQ2-M9XD-4TRA-2P6Z",
    signed_at=datetime(2026, 11, 9, 7, 5, 9, tzinfo=UTC),
    result="Hoàn thành, xếp loại Giỏi",
    result_english="Completed with distinction",
)
SAMPLE_COPY: Final = CopyFacts(
    copy_number="00015/2026",
    copied_on=date(2026, 11, 20),
    copy_place="Hải Phòng",
    copy_capacity="TL. HIỆU TRƯỞNG",
    copy_signer_title="TRƯỞNG PHÒNG ĐÀO TẠO",
    copy_signer_name="Lê Thị Mẫu",
    document="CHỨNG CHỈ",
    remarks="Đã chỉnh sửa ngày sinh theo Quyết định số 31/QĐ-TCT ngày 12 tháng 11 năm 2026",
)


@dataclass(frozen=True)
class Field:
    """A field by its name in templates, what it is, and whether every certificate has its own."""

    name: str
    sample: str
    differs: bool


def _catalogue() -> tuple[Field, ...]:
    common, own = batch_texts(SAMPLE_BATCH), holder_texts(SAMPLE_HOLDER)
    return (
        *(Field(name, sample, differs=False) for name, sample in common.items()),
        *(Field(name, sample, differs=True) for name, sample in own.items()),
        *(Field(name, sample, differs=True) for name, sample in copy_texts(SAMPLE_COPY).items()),
    )


CATALOGUE: Final = _catalogue()
FIELDS: Final = {field.name: field for field in CATALOGUE}
OWN_FIELDS: Final = frozenset(field.name for field in CATALOGUE if field.differs)


def sample_texts() -> Texts:
    """Every field with its sample."""
    return {field.name: field.sample for field in CATALOGUE}
