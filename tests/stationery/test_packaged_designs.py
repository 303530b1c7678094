"""The designs that come with the system, as they are printed: read back by other programs."""

import subprocess
from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from hocvu.stationery.actions.packaged import design_source
from hocvu.stationery.queries.pages import QR_MM, qr_image
from hocvu.stationery.rules.fields import (
    OWN_FIELDS,
    SAMPLE_BATCH,
    SAMPLE_COPY,
    SAMPLE_HOLDER,
    sample_texts,
)
from hocvu.stationery.rules.look import default_look
from hocvu.stationery.rules.texts import batch_texts, copy_texts, holder_texts
from hocvu.typesetting import Compositor, Page, Picture, TextIsTooLong, set_page, set_sheet
from stationery.stationery_scene import NOON

ADDRESS = "https://hocvu.example.vn/v/7KQ2M9XD4TRA2P6Z#" + "3141592653589793" * 18
DESIGNS = ["landscape.typ", "copy.typ"]
LONG = replace(
    SAMPLE_HOLDER,
    full_name="H'Hen Niê Kđăm Công Tằng Tôn Nữ Thị Nguyệt Hằng",
    post="Phó Chủ tịch Hội đồng nhân dân kiêm Trưởng Ban Kinh tế – Ngân sách",
    unit="Trung tâm Hỗ trợ doanh nghiệp nhỏ và vừa, đổi mới sáng tạo và chuyển đổi số thuộc Ban "
    "Quản lý các khu kinh tế và khu công nghiệp thành phố Hải Phòng, đặc khu Bạch Long Vĩ",
)
WORDY = replace(
    SAMPLE_BATCH,
    parent_agency="ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH",
    agency="TRUNG TÂM BỒI DƯỠNG CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC VÀ PHÁT TRIỂN NHÂN LỰC SỐ",
    programme="Bồi dưỡng kiến thức, kỹ năng số, ứng dụng trí tuệ nhân tạo và tự động hóa trong "
    "công tác tham mưu, quản lý nhà nước dành cho cán bộ, công chức lãnh đạo cấp xã năm 2026",
)


def whole(design, texts=None, **look):
    """The page as one PDF file, with its QR code."""
    pictures = {"qr": Picture(qr_image(ADDRESS), QR_MM, QR_MM, "QR")}
    page = Page(design_source(design), texts or sample_texts(), default_look(**look), pictures)
    return set_page(page, at=NOON)


def said(pdf):
    command = ["pdftotext", "-layout", "-", "-"]
    told = subprocess.run(command, input=pdf, check=True, capture_output=True).stdout.decode()
    return " ".join(told.split())


def pages_of(pdf):
    command = ["pdftotext", "-", "-"]
    told = subprocess.run(command, input=pdf, check=True, capture_output=True).stdout.decode()
    return told.count("\f")


@pytest.mark.parametrize("design", DESIGNS)
def test_everything_that_identifies_the_document_is_printed(design):
    words = said(whole(design))

    texts = sample_texts()
    for name in ("serial_number", "register_entry_number", "verification_code", "holder_name"):
        assert texts[name] in words
    assert SAMPLE_BATCH.decision_number in words
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words
    assert "Độc lập - Tự do - Hạnh phúc" in words
    assert SAMPLE_BATCH.notice in words


def test_a_copy_names_its_own_number_day_and_annotations():
    words = said(whole("copy.typ"))

    assert "BẢN SAO" in words
    assert SAMPLE_COPY.copy_number in words
    assert "ngày 20 tháng 11 năm 2026" in words
    assert "Đã chỉnh sửa ngày sinh" in words


def test_a_bilingual_certificate_says_it_in_english_too():
    words = said(whole("landscape.typ", bilingual=True))

    assert "This is to certify that Ms" in words
    assert SAMPLE_BATCH.programme_english in words
    assert "SOCIALIST REPUBLIC OF VIET NAM" in words


def test_a_print_on_blanks_leaves_out_what_the_paper_carries():
    words = said(whole("landscape.typ", on_blanks=True))

    assert "CỘNG HÒA XÃ HỘI" not in words
    assert "GIẤY CHỨNG NHẬN" not in words
    assert SAMPLE_HOLDER.full_name in words


@pytest.mark.parametrize("design", DESIGNS)
def test_the_longest_names_fit_on_the_page(design):
    texts = batch_texts(WORDY) | holder_texts(LONG) | copy_texts(SAMPLE_COPY)

    words = said(whole(design, texts))

    assert LONG.full_name in words
    assert set(LONG.unit.split()) <= set(words.split())


@pytest.mark.parametrize("field", ["holder_name", "post_and_unit", "serial_number"])
def test_what_does_not_fit_is_refused_rather_than_cut(field):
    page = Page(design_source("landscape.typ"), batch_texts(SAMPLE_BATCH), default_look())
    compositor = Compositor(set_sheet(page, at=NOON))

    with pytest.raises(TextIsTooLong) as refused:
        compositor.compose(holder_texts(SAMPLE_HOLDER) | {field: "Rất dài " * 60})

    assert refused.value.slot == field


def test_what_differs_between_holders_is_not_on_the_common_page():
    page = Page(design_source("landscape.typ"), batch_texts(SAMPLE_BATCH), default_look())

    sheet = set_sheet(page, at=NOON)

    assert sheet.fields <= OWN_FIELDS
    assert {"holder_name", "serial_number", "signed_at"} <= sheet.fields
    assert set(sheet.boxes) == {"qr", "signature"}


@pytest.mark.parametrize("design", DESIGNS)
def test_the_qr_code_can_be_read_off_the_page(design):
    command = ["pdftoppm", "-r", "150", "-png", "-singlefile", "-"]
    drawn = subprocess.run(command, input=whole(design), check=True, capture_output=True).stdout

    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(drawn)))

    assert code.text == ADDRESS


def test_a_copy_names_the_document_it_is_a_copy_of():
    words = said(whole("copy.typ", title="GIẤY CHỨNG NHẬN"))

    assert "BẢN SAO CHỨNG CHỈ" in words


def test_a_copy_says_that_the_register_has_no_annotation():
    words = said(whole("copy.typ", sample_texts() | copy_texts(replace(SAMPLE_COPY, remarks=""))))

    assert "Ghi chú trong sổ gốc Không có" in words


@pytest.mark.parametrize(
    ("design", "bilingual"),
    [("landscape.typ", False), ("landscape.typ", True), ("copy.typ", False)],
)
def test_the_longest_texts_stay_on_one_page(design, bilingual):
    texts = batch_texts(WORDY) | holder_texts(LONG) | copy_texts(SAMPLE_COPY)

    assert pages_of(whole(design, texts, bilingual=bilingual)) == 1
