"""Texts a template is tried with: usual ones, the longest, the rarest letters, and the barest.

All persons are fictional. The longest names of units and programmes come from the database
(`queries.checks`), since they are what certificates will really carry.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final

from hocvu.stationery.rules.fields import SAMPLE_BATCH, SAMPLE_COPY, SAMPLE_HOLDER
from hocvu.stationery.rules.texts import (
    BatchFacts,
    CopyFacts,
    HolderFacts,
    Texts,
    batch_texts,
    copy_texts,
    holder_texts,
)


class Sample(StrEnum):
    USUAL = "usual"
    LONGEST = "longest"
    LETTERS = "letters"
    BAREST = "barest"


LONG_NAMES: Final = (
    "Công Tằng Tôn Nữ Thị Nguyệt Hằng Phương Thảo",
    "Nguyễn Phước Tôn Thất Hoàng Khương Thượng Nghiêm",
    "H'Hen Niê Kđăm Êban Quỳnh Trâm Nguyễn Thị Trương",
    "Đặng Trường Nguyễn Hoàng Thương Thương Quỳnh Nghĩa",
)
RARE_LETTERS: Final = (
    "Ẵm Ẫu Ễng Ỗn Ỡm Ữu Ỹ Ỷ Ặng Ệp Ộc Ợt Ựng",
    "ằ ẳ ẵ ặ ầ ẩ ẫ ậ ề ể ễ ệ ồ ổ ỗ ộ ờ ở ỡ ợ ừ ử ữ ự ỳ ỷ ỹ ỵ đ",
    "Y Bhiŏ Ŭ Niê Kĕ Êban",
    "K'Thương Jơ Ngưm Ha Rơ Ông",
)
LONG_POSTS: Final = (
    "Phó Chủ tịch Hội đồng nhân dân kiêm Trưởng Ban Kinh tế – Ngân sách",
    "Phó Bí thư Thường trực Đảng ủy, Chủ tịch Ủy ban Mặt trận Tổ quốc Việt Nam",
)
_LONG_SIGNER: Final = "Nguyễn Phước Tôn Thất Hoàng Khương"


def common_texts(sample: Sample, agency: str, programmes: Sequence[tuple[str, str]]) -> Texts:
    """The common texts of a sample for an issuer; `programmes` are the longest ones known."""
    facts = replace(SAMPLE_BATCH, agency=agency or SAMPLE_BATCH.agency)
    if sample is Sample.LONGEST:
        facts = _longest(facts, programmes)
    elif sample is Sample.BAREST:
        facts = replace(
            facts,
            parent_agency="",
            agency_english="",
            programme_english="",
            periods=0,
            capacity="",
            notice="",
        )
    return batch_texts(facts)


def own_texts(sample: Sample, units: Sequence[str]) -> list[Texts]:
    """The texts of several holders of a sample; `units` are the longest full names known."""
    holders = {
        Sample.USUAL: [SAMPLE_HOLDER],
        Sample.LONGEST: _long_holders(units),
        Sample.LETTERS: [replace(SAMPLE_HOLDER, full_name=name) for name in RARE_LETTERS],
        Sample.BAREST: [
            replace(
                SAMPLE_HOLDER, full_name="Lê An", sex="", birth_text="", birth_place="", post=""
            )
        ],
    }[sample]
    copies = copy_texts(_copy(sample))
    return [holder_texts(each) | copies for each in holders]


def _longest(facts: BatchFacts, programmes: Sequence[tuple[str, str]]) -> BatchFacts:
    programme, english = programmes[0] if programmes else (facts.programme, facts.programme_english)
    return replace(
        facts,
        parent_agency="ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH",
        programme=programme,
        programme_english=english,
        decision_number="1234/QĐ-TTBDCB",
        place="Thành phố Hồ Chí Minh",
        capacity="KT. HIỆU TRƯỞNG",
        signer_title="PHÓ HIỆU TRƯỞNG PHỤ TRÁCH ĐÀO TẠO VÀ BỒI DƯỠNG",
        signer_name=_LONG_SIGNER,
        notice="BẢN THỬ NGHIỆM – chữ ký của cơ quan chứng thực phát triển, "
        "không có giá trị pháp lý",
    )


def _long_holders(units: Sequence[str]) -> list[HolderFacts]:
    """Every long name, with every long unit, turn about with the long posts."""
    return [
        replace(
            SAMPLE_HOLDER,
            full_name=name,
            post=LONG_POSTS[at % len(LONG_POSTS)],
            unit=unit,
            birth_place="Thành phố Hồ Chí Minh",
            serial_number="TTBDCB-HCM-2026-001234",
            result="Hoàn thành, xếp loại Trung bình khá",
            result_english="Completed, fairly good",
        )
        for at, unit in enumerate(units or [SAMPLE_HOLDER.unit])
        for name in LONG_NAMES
    ]


def _copy(sample: Sample) -> CopyFacts:
    if sample is Sample.BAREST:
        return replace(SAMPLE_COPY, remarks="", copy_capacity="")
    if sample is Sample.LONGEST:
        return replace(
            SAMPLE_COPY,
            copy_place="Thành phố Hồ Chí Minh",
            copy_signer_title="PHÓ TRƯỞNG PHÒNG QUẢN LÝ ĐÀO TẠO VÀ BỒI DƯỠNG CÁN BỘ",
            copy_signer_name=_LONG_SIGNER,
        )
    return SAMPLE_COPY
