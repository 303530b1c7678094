"""How typed lines show what they are: a question, a key, a heading."""

import re
from typing import Final

from hocvu.kernel.vietnamese import fold
from hocvu.question_files.typed.drafts import Mode

_BEFORE_POINTS: Final = r"(?:\s*[\[(][^\])]{1,40}[\])])*"
QUESTION: Final = re.compile(
    rf"\s*[\[(]?(?:Câu hỏi|Câu|Bài tập|Bài|Question|Q)\s*(?:số\s*)?(\d{{1,4}})"
    rf"(?!\s*(?:đến|tới|to|[-–]\s*\d|[,&]\s*\d|và\s+(?:câu\s*)?\d)){_BEFORE_POINTS}"
    r"\s*(?:[.:)\]/–-]+\s*|\s+|$)",
    re.IGNORECASE,
)
NUMBERED: Final = re.compile(rf"\s*(\d{{1,3}}){_BEFORE_POINTS}\s*[.):/](?!\d)\s*")
KEY_LINE: Final = re.compile(
    r"\s*(?:=>|→|⇒|>>|-)?\s*(?:(?:Đáp án đúng|Đáp án|Đ/án|Đ/A|ĐA|Trả lời|Đáp số|ĐS|Kết quả"
    r"|Correct answer|Answer|Key|Ans)\s*(?:là|is)?\s*([.:–=-]+)\s*"
    r"|(?:Đáp án đúng|Đáp án|ĐA|Answer|Key)\s+(?:là\s+|is\s+)?(?=[A-J]\s*[.]?\s*$)"
    r"|Chọn\s+(?:đáp án\s+|phương án\s+|câu\s+)?(?=[A-J]\s*[.]?\s*$))",
    re.IGNORECASE,
)
EXPLANATION: Final = re.compile(
    r"\s*(?:Hướng dẫn giải|Hướng dẫn trả lời|Hướng dẫn|Giải thích(?: chi tiết| đáp án| thêm)?"
    r"|Lời giải chi tiết|Lời giải|HDG|HD|Gợi ý|Giải|Explanation|Solution|Rationale"
    r"|Feedback)\s*(?:[.:–—-]\s*|$)",
    re.IGNORECASE,
)
RUBRIC: Final = re.compile(
    r"\s*(?:Hướng dẫn chấm|Thang điểm|Biểu điểm|Tiêu chí(?: chấm)?|Rubric)\s*[.:]?\s*",
    re.IGNORECASE,
)
ANSWERS: Final = re.compile(
    r"\s*(?:PHẦN\s+|BẢNG\s+)?(?:ĐÁP ÁN|ANSWER KEYS?|ANSWERS)(?![^\W\d_])[^:]{0,70}:?\s*",
    re.IGNORECASE,
)
MARKING_GUIDE: Final = re.compile(r"\s*HƯỚNG DẪN CHẤM\b.{0,60}", re.IGNORECASE)
PART: Final = re.compile(r"\s*(?:PHẦN|PART|SECTION)\s+([IVX]+|\d+|[A-E])(?!\w)(.*)", re.IGNORECASE)
ROMAN: Final = re.compile(r"\s*([IVX]{1,4}|[A-E])\s*[.:)/–-]\s*(.*)")
END: Final = re.compile(r"[\s\-–—_=*.…]*(?:HẾT|THE END|END)[\s\-–—_=*.…]*", re.IGNORECASE)
RULE: Final = re.compile(r"[\s\-–—_=*.…]*")
GROUP: Final = re.compile(
    r"(?:câu|questions?)\s*(?:hỏi\s*)?(\d{1,3})\s*(?:đến|tới|to|–|-|và|and)\s*(?:câu\s*)?(\d{1,3})",
    re.IGNORECASE,
)
TO_READ: Final = frozenset({"doc", "dua", "cho", "su", "xem", "read", "tinh", "based"})
TAG: Final = re.compile(
    r"\s*(Mức độ|Độ khó|Chủ đề|Thành phần năng lực|Năng lực|Nguồn|Level|Topic|Source)"
    r"\s*:\s*(.{1,120})",
    re.IGNORECASE,
)
TAG_NAMES: Final = {
    "muc do": "level", "do kho": "level", "level": "level", "chu de": "topic", "topic": "topic",
    "thanh phan nang luc": "component", "nang luc": "component", "nguon": "source",
    "source": "source",
}  # fmt: skip
POINTS: Final = re.compile(
    r"\s*[\[(]\s*(\d+(?:[.,]\d+)?)\s*(?:điểm|đ|points?|pts?)\s*[\])]", re.IGNORECASE
)
LEVEL: Final = re.compile(
    r"[\[(]\s*(NB|TH|VD|VDC|VDT|Nhận biết|Thông hiểu|Vận dụng(?: cao| thấp)?)\s*[\])]",
    re.IGNORECASE,
)
_MODES: Final = (
    (
        Mode.JUDGE,
        ("dung sai", "dung hoac sai", "dung/sai", "dung, sai", "true/false", "true or false"),
    ),
    (Mode.SHORT, ("tra loi ngan", "short answer", "dien dap so", "dien khuyet")),
    (Mode.ESSAY, ("tu luan", "essay")),
    (Mode.CHOICE, ("trac nghiem", "nhieu phuong an", "nhieu lua chon", "multiple choice")),
)
INSTRUCTIONS: Final = re.compile(r"[.:]\s+(?=Thí sinh|Học sinh|Học viên|Mỗi|Trong|Hãy)|\s\((?=\d)")
LONGEST_HEADING: Final = 160


def mode_in(text: str) -> Mode:
    """What the words of a heading say of the questions below it."""
    folded = fold(text)
    for mode, words in _MODES:
        if any(word in folded for word in words):
            return mode
    return Mode.UNSAID
