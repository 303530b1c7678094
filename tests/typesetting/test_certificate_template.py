import shutil
import subprocess
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pytest
import segno
import zxingcpp
from PIL import Image

import hocvu
from hocvu.signing import DevelopmentAuthority
from hocvu.typesetting import CannotTypeset, Typesetter, UnprintableText
from hocvu_verifier import verify_pdf

TEMPLATE = Path(hocvu.__file__).parent / "credentials" / "certificate.typ"
ISSUED_AT = datetime(2026, 2, 5, 14, 5, 9, tzinfo=timezone(timedelta(hours=7)))
ADDRESS = "https://hocvu.example.vn/kiem-tra/7KQ2-M9XD-4TRA"
DISCLAIMER = "BẢN THỬ NGHIỆM"
VALUES = {
    "parent_agency": "THÀNH ỦY HẢI PHÒNG",
    "agency": "TRƯỜNG CHÍNH TRỊ MẪU",
    "title": "GIẤY CHỨNG NHẬN",
    "title_english": "CERTIFICATE OF COMPLETION",
    "address": "bà",
    "holder_name": "Nguyễn Thị Hoài Mẫu",
    "born": "1985-05-12",
    "post": "Phó Trưởng phòng Văn hóa – Xã hội",
    "unit": "Ủy ban nhân dân phường Mẫu, thành phố Hải Phòng",
    "programme": "Bồi dưỡng kỹ năng lãnh đạo, quản lý trong bối cảnh chuyển đổi số",
    "from": "2025-10-29",
    "to": "2025-10-31",
    "mode": "Kết hợp trực tiếp và trực tuyến",
    "duration": "24 tiết",
    "result": "Hoàn thành, xếp loại Giỏi",
    "decision_number": "12/QĐ-TCT",
    "decision_on": "2026-02-03",
    "place": "Hải Phòng",
    "issued_on": "2026-02-05",
    "capacity": "KT. HIỆU TRƯỞNG",
    "signer_title": "PHÓ HIỆU TRƯỞNG",
    "signer_name": "Trần Văn Mẫu",
    "signed_by": "Trường Chính trị mẫu thành phố Hải Phòng",
    "signed_at": "05/02/2026 14:05:09 +07:00",
    "serial_number": "TCT-HP 000127/2026",
    "register_entry_number": "127/2026/GCN",
    "verification_code": "7KQ2-M9XD-4TRA",
    "verification_place": "hocvu.example.vn/kiem-tra",
    "qr_svg": segno.make_qr(ADDRESS, error="m").svg_inline(border=0, omitsize=True),
    "development": True,
}
LONG = {
    "holder_name": "H'Hen Niê Kđăm Công Tằng Tôn Nữ Thị Nguyệt Hằng",
    "parent_agency": "ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH",
    "agency": "TRUNG TÂM BỒI DƯỠNG CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC VÀ PHÁT TRIỂN NHÂN LỰC SỐ",
    "post": "Phó Chủ tịch Hội đồng nhân dân kiêm Trưởng Ban Kinh tế – Ngân sách",
    "unit": "Trung tâm Hỗ trợ doanh nghiệp nhỏ và vừa, đổi mới sáng tạo và chuyển đổi số thuộc Ban "
    "Quản lý các khu kinh tế và khu công nghiệp thành phố Hải Phòng, đặc khu Bạch Long Vĩ",
    "programme": "Bồi dưỡng kiến thức, kỹ năng số, ứng dụng trí tuệ nhân tạo và tự động hóa trong "
    "công tác tham mưu, quản lý nhà nước dành cho cán bộ, công chức lãnh đạo cấp xã năm 2026",
}
needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="needs Debian's poppler-utils"
)


@pytest.fixture(scope="module")
def typesetter():
    return Typesetter(TEMPLATE)


@pytest.fixture
def printed(typesetter, tmp_path):
    """Set a certificate and read it back as text, the way any reader of PDF files would."""

    def read(**other):
        file = tmp_path / "certificate.pdf"
        file.write_bytes(typesetter.pdf(VALUES | other, at=ISSUED_AT))
        said = _poppler("pdftotext", "-layout", file, "-")
        return " ".join(unicodedata.normalize("NFC", said).split())

    return read


def _poppler(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_same_values_and_time_give_the_same_bytes(typesetter):
    once = typesetter.pdf(VALUES, at=ISSUED_AT)

    again = Typesetter(TEMPLATE).pdf(VALUES, at=ISSUED_AT.astimezone(UTC))

    assert again == once


def test_another_value_gives_another_file(typesetter):
    once = typesetter.pdf(VALUES, at=ISSUED_AT)

    assert typesetter.pdf(VALUES | {"holder_name": "Lê Văn Mẫu"}, at=ISSUED_AT) != once


def test_composed_and_decomposed_names_give_the_same_file(typesetter):
    name = VALUES["holder_name"]

    decomposed = VALUES | {"holder_name": unicodedata.normalize("NFD", name)}

    assert typesetter.pdf(decomposed, at=ISSUED_AT) == typesetter.pdf(VALUES, at=ISSUED_AT)


def test_what_was_set_before_leaves_no_trace(typesetter):
    once = typesetter.pdf(VALUES, at=ISSUED_AT)
    typesetter.pdf(VALUES | LONG, at=ISSUED_AT)

    assert typesetter.pdf(VALUES, at=ISSUED_AT) == once


@needs_poppler
@pytest.mark.parametrize(
    "name",
    ["Nguyễn Thị Hoài Mẫu", "H'Hen Niê", "Y Bhiom Niê Kđăm", "lê văn MẪU", 'A "B" \\ #emph[c] $d$'],
)
def test_a_name_is_printed_as_the_register_holds_it(printed, name):
    assert name in printed(holder_name=name)


@needs_poppler
def test_the_day_of_issue_stands_in_the_legal_long_form(printed):
    assert "Hải Phòng, ngày 05 tháng 02 năm 2026" in printed()


@needs_poppler
def test_months_from_march_on_take_no_leading_zero(printed):
    assert "Hải Phòng, ngày 12 tháng 3 năm 2026" in printed(issued_on="2026-03-12")


@needs_poppler
@pytest.mark.parametrize(
    ("born", "words"),
    [
        ("1985-05-12", "Sinh ngày 12/05/1985"),
        ("1985-05", "Sinh tháng 05/1985"),
        ("1968", "Sinh năm 1968"),
    ],
)
def test_of_a_birth_only_what_is_known_is_printed(printed, born, words):
    assert words in printed(born=born)


@needs_poppler
def test_everything_that_identifies_the_certificate_is_printed(printed):
    said = printed()

    for field in ("serial_number", "register_entry_number", "verification_code", "decision_number"):
        assert VALUES[field] in said
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said
    assert "Độc lập - Tự do - Hạnh phúc" in said


@needs_poppler
def test_a_development_certificate_says_that_it_has_no_legal_value(printed):
    assert DISCLAIMER in printed(development=True)
    assert DISCLAIMER not in printed(development=False)


@needs_poppler
def test_long_names_still_fit_on_one_page(printed, tmp_path):
    said = printed(**LONG)

    assert LONG["holder_name"] in said
    assert "Pages: 1" in " ".join(_poppler("pdfinfo", tmp_path / "certificate.pdf").split())


@needs_poppler
def test_the_page_is_an_archival_pdf_with_one_embedded_typeface(printed, tmp_path):
    printed()

    file = tmp_path / "certificate.pdf"
    fonts = _poppler("pdffonts", file).splitlines()[2:]
    assert b'pdfaid:part="2"' in file.read_bytes() or b"<pdfaid:part>2<" in file.read_bytes()
    assert fonts
    assert all("BeVietnamPro" in font and " yes yes yes" in font for font in fonts)


@needs_poppler
def test_the_qr_code_can_be_read_off_the_page(typesetter, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(typesetter.pdf(VALUES, at=ISSUED_AT))
    image = subprocess.run(
        ["pdftoppm", "-r", "150", "-png", "-singlefile", file], check=True, capture_output=True
    ).stdout

    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(image)))

    assert code.text == ADDRESS


@pytest.mark.parametrize("field", ["holder_name", "agency", "unit", "programme"])
def test_what_does_not_fit_is_refused_rather_than_cut(typesetter, field):
    with pytest.raises(CannotTypeset, match="too long"):
        typesetter.pdf(VALUES | {field: "Rất dài " * 150}, at=ISSUED_AT)


def test_what_would_print_as_a_box_is_refused(typesetter):
    with pytest.raises(UnprintableText, match="U\\+962E"):
        typesetter.pdf(VALUES | {"holder_name": "阮 Văn Mẫu"}, at=ISSUED_AT)


def test_a_missing_value_is_refused(typesetter):
    values = {name: value for name, value in VALUES.items() if name != "result"}

    with pytest.raises(CannotTypeset, match="result"):
        typesetter.pdf(values, at=ISSUED_AT)


def test_a_certificate_can_be_signed_and_verified(typesetter, tmp_path):
    authority = DevelopmentAuthority.open(tmp_path)
    signer = authority.signer_for(VALUES["signed_by"])

    signed = signer.sign(
        typesetter.pdf(VALUES, at=ISSUED_AT), reason="Cấp", location="", contact="", at=ISSUED_AT
    )

    verified = verify_pdf(signed, trusted_roots=[authority.root_certificate])
    assert verified.signed_at == ISSUED_AT
