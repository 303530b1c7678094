"""Questions at every stage, of the city, by the teacher and the training officer."""

from fractions import Fraction

from browser_scene import OFFICER, TEACHER, player
from django.utils import timezone

from hocvu.config.rehearsal import cast
from hocvu.items.content import Item, Kind, Option
from hocvu.questions.actions import Written, send_for_review, upload_bank_file, write_question
from hocvu.questions.models import BankImport, Question
from hocvu.questions.rules.places import Place
from hocvu.units.queries import unit_with_code

_PLACE = Place("1.2", "CB2", "Dữ liệu", "public_personnel", "Luật Dữ liệu 60/2024/QH15, Điều 5")
_GIFT = """// Ba câu, một câu hỏng
Sao lưu bao lâu một lần? { =Hằng ngày ~Hằng năm ~Khi nhớ ra }

Mật khẩu nên giữ kín. {T}

Câu này chưa xong? { ~Một ~
"""


def _written(stem: str) -> Written:
    options = (
        Option("a", "Xóa ngay khi không cần", credit=Fraction(1), why="Luật yêu cầu như vậy."),
        Option("b", "Giữ lại phòng khi cần"),
        Option("c", "Gửi cho cơ quan khác"),
    )
    return Written(Item(Kind.SINGLE, stem, options=options), _PLACE)


def _of_the_city(stem: str) -> Question:
    return write_question(
        _written(stem), owner=unit_with_code(cast.CITY), by=player(TEACHER), at=timezone.now()
    )


def draft() -> Question:
    return _of_the_city("Dữ liệu cá nhân không còn dùng thì làm gì?")


def sent_for_review() -> Question:
    question = _of_the_city("Khi hết mục đích, dữ liệu cá nhân được xử lý thế nào?")
    send_for_review([question], by=player(TEACHER), at=timezone.now())
    return question


def packaged() -> Question:
    """One of those that come with the program."""
    return Question.objects.in_use().filter(owner=None).order_by("pk").first()


def bank_file() -> BankImport:
    """Waits to be taken, one of its questions unread."""
    return upload_bank_file(
        unit_with_code(cast.CITY), "cau-hoi.gift", _GIFT.encode(),
        by=player(OFFICER), at=timezone.now(),
    )  # fmt: skip
