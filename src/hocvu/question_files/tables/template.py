"""The spreadsheet that is given out to be filled with questions."""

import io
from collections.abc import Mapping
from typing import Any, Final

import xlsxwriter

_WIDTHS: Final = {
    "STT": 6,
    "Loại": 16,
    "Tình huống": 30,
    "Câu hỏi": 50,
    "Phương án A": 24,
    "Phương án B": 24,
    "Phương án C": 24,
    "Phương án D": 24,
    "Phương án E": 24,
    "Đáp án": 14,
    "Sai số": 10,
    "Giải thích": 30,
    "Mức độ": 14,
    "Thành phần năng lực": 22,
    "Chủ đề": 22,
    "Nguồn": 22,
    "Điểm": 8,
    "Ghi chú": 20,
}
_INSTRUCTIONS: Final = """
Mỗi dòng của trang “Câu hỏi” là một câu hỏi. Cột bắt buộc: Câu hỏi và Đáp án.
Để trống Loại: có nhiều phương án là câu hỏi chọn một; Đáp án có nhiều chữ cái là chọn nhiều.
Loại có thể là: một đáp án, nhiều đáp án, đúng sai, trả lời ngắn, số, sắp xếp, ghép nối,
tự luận, nộp tệp, tình huống.
Đáp án: chữ cái (B), nhiều chữ cái (A, C), số thứ tự (2) hoặc chính nội dung phương án.
Đúng sai: mỗi phương án là một mệnh đề, Đáp án ghi lần lượt Đ, S, S, Đ.
Trả lời ngắn: các cách viết được chấp nhận cách nhau bằng dấu chấm phẩy.
Số: ghi số ở Đáp án (12,5), khoảng sai lệch cho phép ở Sai số (0,1).
Sắp xếp: ghi các phương án theo đúng thứ tự.
Ghép nối: mỗi phương án là một cặp “trái = phải”.
Tình huống: ghi ở cột Tình huống; các dòng cùng một tình huống có thể gộp ô.
Trang “Hướng dẫn” và “Ví dụ” không được đọc vào ngân hàng câu hỏi.
English headings (Question, Option A, Answer, Explanation, Type, Level, Topic …) are read too.
"""
_KINDS: Final = (
    "một đáp án",
    "nhiều đáp án",
    "đúng sai",
    "trả lời ngắn",
    "số",
    "sắp xếp",
    "ghép nối",
    "tự luận",
    "nộp tệp",
    "tình huống",
)
_EXAMPLES: Final[tuple[Mapping[str, str], ...]] = (
    {
        "Câu hỏi": "Thủ đô của Việt Nam là thành phố nào?",
        "Phương án A": "Huế",
        "Phương án B": "Hà Nội",
        "Phương án C": "Đà Nẵng",
        "Phương án D": "Cần Thơ",
        "Đáp án": "B",
        "Giải thích": "Điều 13 Hiến pháp năm 2013.",
        "Mức độ": "Nhận biết",
        "Chủ đề": "Kiến thức chung",
        "Nguồn": "Hiến pháp năm 2013",
        "Điểm": "1",
    },
    {
        "Loại": "nhiều đáp án",
        "Câu hỏi": "Những việc nào giúp bảo vệ tài khoản?",
        "Phương án A": "Bật xác thực hai bước",
        "Phương án B": "Dùng chung mật khẩu",
        "Phương án C": "Đặt mật khẩu dài",
        "Đáp án": "A, C",
        "Mức độ": "Thông hiểu",
        "Chủ đề": "An toàn số",
    },
    {
        "Loại": "đúng sai",
        "Câu hỏi": "Xét các mệnh đề sau về chữ ký số.",
        "Phương án A": "Gắn với người ký",
        "Phương án B": "Là ảnh chụp chữ ký tay",
        "Phương án C": "Giúp phát hiện nội dung bị sửa",
        "Phương án D": "Không cần khóa bí mật",
        "Đáp án": "Đ, S, Đ, S",
        "Chủ đề": "Chữ ký số",
    },
    {
        "Loại": "số",
        "Câu hỏi": "Một kibibyte bằng bao nhiêu byte?",
        "Đáp án": "1024",
        "Chủ đề": "Tin học cơ bản",
        "Điểm": "0,5",
    },
    {
        "Loại": "trả lời ngắn",
        "Câu hỏi": "Tên viết tắt của mạng diện rộng là gì?",
        "Đáp án": "WAN; mạng WAN",
        "Chủ đề": "Tin học cơ bản",
    },
    {
        "Loại": "sắp xếp",
        "Câu hỏi": "Xếp các bước giải quyết hồ sơ theo thứ tự.",
        "Phương án A": "Tiếp nhận",
        "Phương án B": "Xử lý",
        "Phương án C": "Trả kết quả",
        "Chủ đề": "Một cửa",
    },
    {
        "Loại": "ghép nối",
        "Câu hỏi": "Ghép đơn vị với đại lượng.",
        "Phương án A": "byte = dung lượng",
        "Phương án B": "bit/s = tốc độ",
        "Chủ đề": "Tin học cơ bản",
    },
    {
        "Loại": "tình huống",
        "Tình huống": "Người dân báo rằng thông tin cá nhân của họ bị đăng công khai.",
        "Câu hỏi": "Việc cần làm trước tiên là gì?",
        "Phương án A": "Gỡ thông tin và báo cáo",
        "Phương án B": "Chờ chỉ đạo",
        "Đáp án": "A",
        "Mức độ": "Vận dụng",
        "Điểm": "2",
    },
    {
        "Loại": "tự luận",
        "Câu hỏi": "Trình bày lợi ích của dữ liệu mở ở cấp xã.",
        "Chủ đề": "Dữ liệu",
        "Điểm": "3",
    },
)
_ROWS: Final = 500
_TEXT_FORMAT: Final = 49  # the built-in "@": what is typed stays as it is typed


def write_template() -> bytes:
    """Three sheets: “Câu hỏi” to fill in, “Hướng dẫn” and “Ví dụ” to read."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        header = workbook.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
        )
        text = workbook.add_format({"num_format": _TEXT_FORMAT, "text_wrap": True, "valign": "top"})
        _sheet(workbook, "Câu hỏi", header, text)
        told = workbook.add_worksheet("Hướng dẫn")
        told.set_column(0, 0, 100)
        for at, line in enumerate(_INSTRUCTIONS.strip().splitlines()):
            told.write_string(at, 0, line, text)
        shown = _sheet(workbook, "Ví dụ", header, text)
        for row, example in enumerate(_EXAMPLES, start=1):
            shown.write_string(row, 0, str(row), text)
            for column, heading in enumerate(_WIDTHS):
                if heading in example:
                    shown.write_string(row, column, example[heading], text)
    return file.getvalue()


def _sheet(workbook: Any, name: str, header: Any, text: Any) -> Any:
    """A sheet with the header; its cells are text, so `1/2` does not become a date."""
    sheet = workbook.add_worksheet(name)
    for column, (heading, width) in enumerate(_WIDTHS.items()):
        sheet.set_column(column, column, width, text)
        sheet.write_string(0, column, heading, header)
    sheet.freeze_panes(1, 0)
    kinds = {"validate": "list", "source": list(_KINDS), "error_type": "warning"}
    sheet.data_validation(1, 1, _ROWS, 1, kinds)
    return sheet
