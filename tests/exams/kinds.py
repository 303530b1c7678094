"""One question of every kind, as pages show them and people answer them."""

from decimal import Decimal
from fractions import Fraction

from hocvu.items.content import (
    Accepted,
    Criterion,
    Item,
    Kind,
    Option,
    Part,
    PartKind,
)
from hocvu.questions.queries import question_from_item

ALL, NOTHING = Fraction(1), Fraction(0)


def option(name, text, *, right=False):
    return Option(name, text, f"{text} en", ALL if right else NOTHING, f"Vì {text}", f"As {text}")


ABC = (option("a", "Hà Nội", right=True), option("b", "Huế"), option("c", "Đà Nẵng"))

ITEMS = {
    Kind.SINGLE: Item(
        Kind.SINGLE, "Chọn **một**, với $x^2$?", "Choose **one**, $x^2$?", options=ABC
    ),
    Kind.MULTIPLE: Item(Kind.MULTIPLE, "Chọn nhiều?", "Choose several?", options=ABC),
    Kind.IMAGE_CHOICE: Item(Kind.IMAGE_CHOICE, "Ảnh nào?", "Which picture?", options=ABC),
    Kind.SITUATION: Item(
        Kind.SITUATION, "Làm gì?", "What now?", "Bão **số 3** đổ bộ.", "Storm.", options=ABC
    ),
    Kind.TRUE_FALSE: Item(
        Kind.TRUE_FALSE,
        "Đúng hay sai?",
        "True or false?",
        parts=(
            Part("p1", text="Nước sôi ở 100 độ", text_en="Water boils at 100", right="true"),
            Part("p2", text="Trái Đất phẳng", text_en="The Earth is flat", right="false"),
        ),
    ),
    Kind.STATEMENTS: Item(
        Kind.STATEMENTS,
        "Chọn cho từng dòng.",
        "Choose in each row.",
        options=(Option("x", "Nên", "Should"), Option("y", "Không nên", "Should not")),
        parts=(
            Part("p1", text="Khóa máy", text_en="Lock", right="x"),
            Part("p2", text="Cho mượn mật khẩu", text_en="Lend", right="y"),
        ),
    ),
    Kind.MATCHING: Item(
        Kind.MATCHING,
        "Nối hai bên.",
        "Match.",
        options=(Option("a", "Thủ đô", "Capital"), Option("b", "Cố đô", "Old capital")),
        parts=(
            Part("p1", text="Hà Nội", right="a"),
            Part("p2", text="Huế", right="b"),
        ),
    ),
    Kind.ORDERING: Item(
        Kind.ORDERING,
        "Xếp thứ tự.",
        "Put in order.",
        options=(
            Option("a", "Tiếp nhận", "Receive"),
            Option("b", "Xử lý", "Handle"),
            Option("c", "Trả kết quả", "Return"),
        ),
    ),
    Kind.NUMERIC: Item(
        Kind.NUMERIC,
        "Bao nhiêu?",
        "How much?",
        parts=(Part("value", PartKind.NUMBER, accepted=(Accepted("12.5"),)),),
    ),
    Kind.SHORT_TEXT: Item(
        Kind.SHORT_TEXT,
        "Thủ đô?",
        "Capital?",
        parts=(Part("text", PartKind.TEXT, accepted=(Accepted("Hà Nội"),)),),
    ),
    Kind.CLOZE: Item(
        Kind.CLOZE,
        "Thủ đô là [[p1]], cố đô là [[p2]] từ năm [[p3]].",
        "The capital is [[p1]], the old one [[p2]] since [[p3]].",
        parts=(
            Part("p1", PartKind.TEXT, accepted=(Accepted("Hà Nội"),)),
            Part("p2", right="b", options=(option("a", "Hà Nội"), option("b", "Huế", right=True))),
            Part("p3", PartKind.NUMBER, accepted=(Accepted("1802"),)),
        ),
    ),
    Kind.ESSAY: Item(
        Kind.ESSAY,
        "Viết bài.",
        "Write.",
        points=Decimal(4),
        least_words=2,
        most_words=300,
        rubric=(Criterion("c1", "Đúng ý", Decimal(4)),),
    ),
    Kind.FILE: Item(Kind.FILE, "Nộp tệp.", "Hand in.", points=Decimal(2), file_kinds=(".txt",)),
}

# The lines that answer each kind rightly; a file's name is not known before it is sent.
RIGHT = {
    Kind.SINGLE: ["a"],
    Kind.MULTIPLE: ["a"],
    Kind.IMAGE_CHOICE: ["a"],
    Kind.SITUATION: ["a"],
    Kind.TRUE_FALSE: ["p1=true", "p2=false"],
    Kind.STATEMENTS: ["p1=x", "p2=y"],
    Kind.MATCHING: ["p1=a", "p2=b"],
    Kind.ORDERING: ["a=1", "b=2", "c=3"],
    Kind.NUMERIC: ["value=12,5"],
    Kind.SHORT_TEXT: ["text=ha noi"],
    Kind.CLOZE: ["p1=Hà Nội", "p2=b", "p3=1802"],
    Kind.ESSAY: ["text=Một bài viết\nhai dòng."],
}


def question_of(kind, code, component="6.1"):
    made = question_from_item(
        ITEMS[kind],
        code=code,
        media={},
        component_code=component,
        level="CB2",
        topic="T",
        target_group="public_personnel",
        source="test",
    )
    made.save()
    return made
