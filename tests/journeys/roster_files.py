"""Rosters as agencies make them."""

from io import BytesIO

import xlsxwriter


def messy_roster(people, unit_name):
    """Title rows, a header over two rows, groups, old names, numbers and signatures: an .xlsx.

    `people` are (name, year, is_female, number or None, title, unit text).
    """
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.merge_range("A1:D1", "ỦY BAN NHÂN DÂN")
        sheet.merge_range("A2:D2", unit_name.upper())
        sheet.merge_range("A4:H4", "DANH SÁCH CÁN BỘ THAM GIA LỚP BỒI DƯỠNG")
        for column, label in enumerate(("STT", "Họ và tên")):
            sheet.merge_range(5, column, 6, column, label)
        sheet.merge_range(5, 2, 5, 3, "Năm sinh")
        sheet.write_row(6, 2, ("Nam", "Nữ"))
        for column, label in enumerate(("Số CCCD", "Chức vụ", "Đơn vị", "Ghi chú"), start=4):
            sheet.merge_range(5, column, 6, column, label)
        sheet.write(7, 0, "I")
        sheet.write(7, 1, "Khối chính quyền")
        row = 8
        for at, (name, year, is_female, number, title, unit) in enumerate(people, start=1):
            sheet.write(row, 0, at)
            sheet.write(row, 1, name)
            sheet.write(row, 3 if is_female else 2, year)
            sheet.write(row, 4, number)
            sheet.write(row, 5, title)
            sheet.write(row, 6, unit)
            row += 1
        sheet.write(row + 1, 5, "Hải Phòng, ngày 20 tháng 11 năm 2026")
        sheet.write(row + 2, 5, "NGƯỜI LẬP BIỂU")
    return content.getvalue()


def plain_roster(rows, header=("Họ và tên", "Năm sinh", "Số CCCD", "Đơn vị")):
    """A bare table; a cell that begins with `=` is a formula."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((header, *rows)):
            sheet.write_row(at, 0, row)
    return content.getvalue()
