"""A roster as an agency really makes it, to try the import with."""

from pathlib import Path

import xlsxwriter
from django.conf import settings

_HEADER = ("STT", "Họ và tên", "Năm sinh", "", "Số CCCD", "Chức vụ", "Đơn vị công tác", "Đối tượng")
_SUB_HEADER = ("", "", "Nam", "Nữ", "", "", "", "")
_WIDTHS = (6, 26, 14, 14, 18, 30, 34, 18)
# Everything that goes wrong in such files: lost zeros, years only, old unit names, a repeated
# person, a number that contradicts the date, a unit that does not exist.
_GROUPS: tuple[tuple[str, tuple[tuple[object, ...], ...]], ...] = (
    (
        "I. Khối phường",
        (
            ("Lương Khánh Bách", "12/03/1978", "", "000078200001", "Phó Chủ tịch UBND", "Phường Thủy Nguyên", "Cán bộ"),
            ("Tạ Diệu Uyên", "", 1985, "000185200002", "Chuyên viên", "UBND phường Thủy Nguyên, TP Hải Phòng", "Công chức"),
            ("Nông Gia Khải", "5-7-1990", "", 31090000000, "Công chức địa chính", "Phường Lê Chân", "Công chức"),
            ("Bế Cẩm Ý", "", "00/05/1982", "", "Viên chức", "Phường Vĩnh Niệm, quận Lê Chân", "Viên chức"),
        ),
    ),
    (
        "II. Khối xã, đặc khu",
        (
            ("Giàng Hải Đăng", "1975", "", "000075200005", "Chủ tịch UBND", "Đặc khu Bạch Long Vĩ", "Cán bộ"),
            ("Mai Tường Vân", "", "14/11/1993", "000093200006", "Văn thư", "Xã Kiến Hưng", "Công chức"),
            ("Quách Bá Kiên", "30/02/1980", "", "000080200007", "Chuyên viên", "Xã Hải Hưng", "Công chức"),
            ("Sầm Ngân Oanh", "", "2/9/1988", "000188200008", "Kế toán", "Xã Không Có Tên", "Công chức"),
            ("Lương Khánh Bách", "12/03/1978", "", "000078200001", "Phó Chủ tịch UBND", "Phường Thủy Nguyên", "Cán bộ"),
        ),
    ),
)  # fmt: skip


def write_samples() -> Path:
    """The sample roster in the data folder; written once."""
    file = Path(settings.HOME) / "samples" / "danh-sach-can-bo.xlsx"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(file)
    return file


def _write(file: Path) -> None:
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("DS 2026")
        bold, middle = book.add_format({"bold": True}), book.add_format({"align": "center"})
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.merge_range("A1:C1", "UBND THÀNH PHỐ HẢI PHÒNG", bold)
        sheet.merge_range("A3:H3", "DANH SÁCH CÁN BỘ, CÔNG CHỨC THAM GIA LỚP BỒI DƯỠNG", bold)
        sheet.merge_range("A4:H4", "(Kèm theo Công văn số      /UBND-NV)", middle)
        sheet.write_row(5, 0, _HEADER, bold)
        sheet.write_row(6, 0, _SUB_HEADER, bold)
        sheet.merge_range("C6:D6", "Năm sinh", bold)
        row, number = 7, 0
        for group, people in _GROUPS:
            sheet.write(row, 0, group, bold)
            row += 1
            for name, *rest in people:
                number += 1
                sheet.write_row(row, 0, (number, name, *rest))
                row += 1
        sheet.write(row + 1, 5, "Hải Phòng, ngày    tháng 11 năm 2026")
        sheet.write(row + 2, 1, "NGƯỜI LẬP BIỂU", bold)
        sheet.write(row + 2, 5, "THỦ TRƯỞNG ĐƠN VỊ", bold)
