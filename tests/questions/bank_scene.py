"""Words of the scenes in these tests: people who write questions, questions of every kind."""

import itertools
import struct
import zlib
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from hocvu.items.content import (
    Accepted,
    Criterion,
    Item,
    Kind,
    Markup,
    Option,
    Part,
    PartKind,
    Scoring,
)
from hocvu.kernel.time import VIETNAM
from hocvu.people.actions import NewPerson, add_people, grant_role
from hocvu.people.models import Person
from hocvu.questions.actions import Written, review_question, send_for_review, write_question
from hocvu.questions.models import Question
from hocvu.questions.rules.places import Place

NOON = datetime(2026, 11, 22, 12, tzinfo=VIETNAM)
PASSWORD = "một câu dễ nhớ và đủ dài"
PLACE = Place("1.2", "CB2", "DS", "public_personnel", "Luật Giao dịch điện tử 2023")
_numbers = itertools.count(1)


def with_role(role, at_unit):
    row = NewPerson(full_name=f"Người Giữ Vai {next(_numbers)}", unit_id=at_unit.pk,
                    category="civil_servant")  # fmt: skip
    person = Person.objects.get(pk=add_people([row], by=None, at=NOON)[0])
    grant_role(person, role, at_unit, by=None, at=NOON)
    return person


def single(stem="Thủ đô của Việt Nam là thành phố nào?", **more):
    options = (
        Option("a", "Hà Nội", "Hanoi", Fraction(1), "Từ năm 1945.", "Since 1945."),
        Option("b", "Huế", "Hue"),
        Option("c", "Đà Nẵng", "Da Nang"),
    )
    return Item(Kind.SINGLE, stem, options=options, **more)


def flawed():
    return Item(Kind.SINGLE, "Câu hỏi chưa có đáp án đúng?", options=(Option("a", "Một"),))


ITEMS = {
    Kind.SINGLE: single(),
    Kind.MULTIPLE: Item(
        Kind.MULTIPLE,
        "Những số nào chẵn?",
        options=(
            Option("a", "Hai", credit=Fraction(1, 3)),
            Option("b", "Bốn", credit=Fraction(2, 3)),
            Option("c", "Năm", credit=Fraction(-1, 3)),
        ),
        scoring=Scoring.BY_CREDIT,
        shuffle=False,
    ),
    Kind.TRUE_FALSE: Item(
        Kind.TRUE_FALSE,
        "Đúng hay sai?",
        parts=(
            Part("p1", text="Nước sôi ở 100 °C.", right="true", why="Ở áp suất thường."),
            Part("p2", text="Sắt nhẹ hơn nước.", right="false", weight=Fraction(1, 2)),
        ),
        scoring=Scoring.STEPPED,
    ),
    Kind.MATCHING: Item(
        Kind.MATCHING,
        "Nối tỉnh với vùng.",
        options=(Option("x", "Bắc Bộ"), Option("y", "Nam Bộ"), Option("z", "Trung Bộ")),
        parts=(Part("p1", text="Hải Phòng", right="x"), Part("p2", text="Cà Mau", right="y")),
    ),
    Kind.ORDERING: Item(
        Kind.ORDERING,
        "Xếp theo thứ tự xử lý hồ sơ.",
        options=(Option("a", "Tiếp nhận"), Option("b", "Thẩm định"), Option("c", "Trả kết quả")),
    ),
    Kind.NUMERIC: Item(
        Kind.NUMERIC,
        "2,5 + 10 bằng bao nhiêu?",
        parts=(
            Part(
                "value",
                PartKind.NUMBER,
                accepted=(
                    Accepted("12.5", tolerance=Decimal("0.1"), why="Cộng hai số."),
                    Accepted("13", Fraction(1, 2)),
                ),
            ),
        ),
        points=Decimal("2.5"),
    ),
    Kind.SHORT_TEXT: Item(
        Kind.SHORT_TEXT,
        "Thành phố cảng lớn nhất miền Bắc?",
        parts=(Part("text", PartKind.TEXT, accepted=(Accepted("Hải Phòng"), Accepted("*phòng"))),),
        tones_matter=True,
    ),
    Kind.CLOZE: Item(
        Kind.CLOZE,
        "Thủ đô là [[g1]], có [[g2]] phường, ở vùng [[g3]].",
        parts=(
            Part("g1", PartKind.TEXT, accepted=(Accepted("Hà Nội"),)),
            Part("g2", PartKind.NUMBER, accepted=(Accepted("51", tolerance=Decimal(1)),)),
            Part(
                "g3",
                options=(Option("o1", "Bắc Bộ", credit=Fraction(1)), Option("o2", "Nam Bộ")),
                right="o1",
            ),
        ),
    ),
    Kind.STATEMENTS: Item(
        Kind.STATEMENTS,
        "Việc nào thuộc cấp nào?",
        options=(Option("c1", "Xã"), Option("c2", "Tỉnh")),
        parts=(Part("r1", text="Chứng thực", right="c1"), Part("r2", text="Cấp phép", right="c2")),
    ),
    Kind.IMAGE_CHOICE: Item(
        Kind.IMAGE_CHOICE,
        "Hình nào là hình vuông?",
        options=(
            Option("a", "![Hình có bốn cạnh bằng nhau](media:a.png)", credit=Fraction(1)),
            Option("b", "![Hình tròn](media:b.png)"),
        ),
    ),
    Kind.FILE: Item(Kind.FILE, "Nộp bản kế hoạch.", file_kinds=(".docx", ".pdf")),
    Kind.ESSAY: Item(
        Kind.ESSAY,
        "Trình bày cách xử lý.",
        rubric=(
            Criterion("r1", "Đúng thẩm quyền", Decimal(2), "Right authority"),
            Criterion("r2", "Đúng thời hạn", Decimal(1)),
        ),
        points=Decimal(3),
        least_words=50,
        most_words=300,
    ),
    Kind.SITUATION: Item(
        Kind.SITUATION,
        "Nên làm gì trước?",
        situation="Người dân phản ánh lộ dữ liệu.",
        options=(Option("a", "Ngăn lộ thêm", credit=Fraction(1)), Option("b", "Chờ chỉ đạo")),
        markup=Markup.PLAIN,
        tags=("an-toàn",),
        name="Lộ dữ liệu",
        category="Tình huống/Dữ liệu",
    ),
}


def draft(owner, by, item=None, place=PLACE, **more):
    written = Written(item or single(f"Câu hỏi số {next(_numbers)}?"), place, more)
    return write_question(written, owner=owner, by=by, at=NOON)


def approved(question, *reviewers, author):
    send_for_review([question], by=author, at=NOON)
    for reviewer in reviewers:
        review_question(question, approves=True, remarks="", by=reviewer, at=NOON)
    return Question.objects.get(pk=question.pk)


def png(colour=0):
    """A picture of one dot."""

    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    dots = zlib.compress(bytes([0, colour]))
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", dots), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
