"""A paper of the city with a written answer, a supervised room, and what follows a test."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from browser_questions import packaged
from browser_scene import (
    COORDINATOR,
    LATECOMER,
    LEARNER,
    NATIONAL,
    NEIGHBOUR,
    OFFICER,
    TEACHER,
    player,
    right_choices,
)
from django.utils import timezone

from hocvu.classes.models import TrainingClass
from hocvu.competency.models import Framework
from hocvu.config.rehearsal import cast
from hocvu.exams.actions import (
    NewRoom,
    correct_key,
    hand_in,
    open_rooms,
    open_sitting,
    save_answer,
    start_attempt,
    upload_sheet_file,
)
from hocvu.exams.actions.sealing import seal_days
from hocvu.exams.models import (
    Answer,
    Attempt,
    ExamRoom,
    KeyCorrection,
    LateAnswer,
    SealedDay,
    SheetFile,
    Sitting,
)
from hocvu.exams.queries.sheets import asked_on_paper
from hocvu.exams.rules import Correction
from hocvu.exams.rules.corrections import Decision
from hocvu.exams.rules.sheet_rows import learner_code
from hocvu.items.content import Criterion, Item, Kind
from hocvu.kernel.time import day_of
from hocvu.marking.actions import appoint_marker, raise_appeal
from hocvu.marking.models import Appeal
from hocvu.papers.actions import WrittenPaper, make_paper
from hocvu.papers.models import Paper
from hocvu.questions.actions import (
    Written,
    put_in_use,
    review_question,
    send_for_review,
    write_question,
)
from hocvu.questions.models import Question
from hocvu.questions.rules.places import Place
from hocvu.units.queries import unit_with_code


def packaged_paper() -> Paper:
    return Paper.objects.filter(owner=None).order_by("code").first()


def own_paper() -> Paper:
    """A fixed paper of the city: one question of the national bank, and an essay."""
    found = Paper.objects.filter(owner__isnull=False).first()
    if found is not None:
        return found
    framework = Framework.objects.get(code=packaged_paper().framework.code)
    written = WrittenPaper(
        code="HP-TU-LUAN", title="Bài tự luận của thành phố", framework=framework, level="CB2",
        minutes=45, pass_mark="1/2", owner=unit_with_code(cast.CITY),
        question_ids=(packaged().pk, _essay().pk),
    )  # fmt: skip
    return make_paper(written, by=player(OFFICER), at=timezone.now())


def _essay() -> Question:
    """Written by the training officer, approved by two others, and put in use."""
    now, author = timezone.now(), player(OFFICER)
    rubric = (
        Criterion("who", "Giao đúng người", Decimal(2)),
        Criterion("when", "Hạn rõ", Decimal(1)),
    )
    item = Item(Kind.ESSAY, "Viết bút phê cho đơn này.", rubric=rubric, points=Decimal(3))
    place = Place("1.2", "CB2", "Văn bản", "public_personnel", "Nghị định 30/2020/NĐ-CP")
    question = write_question(
        Written(item, place), owner=unit_with_code(cast.CITY), by=author, at=now
    )
    send_for_review([question], by=author, at=now)
    for reviewer in (player(TEACHER), player(NATIONAL)):
        review_question(question, approves=True, remarks="", by=reviewer, at=now)
    put_in_use([question], by=author, at=now)
    return Question.objects.get(pk=question.pk)


def supervised() -> Sitting:
    found = Sitting.objects.filter(is_supervised=True).first()
    now = timezone.now()
    return found or open_sitting(
        own_paper(), TrainingClass.objects.get(code="AI-K2"), opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=1), is_supervised=True, by=player(OFFICER), at=now,
    )  # fmt: skip


def room() -> ExamRoom:
    """Supervised by the coordinator; one learner writes in it, another has handed in."""
    found = ExamRoom.objects.first()
    if found is not None:
        return found
    point = supervised().training_class.bridge_points.get(is_main=False)
    new = NewRoom("Phòng họp tầng 2", player(COORDINATOR).pk, point.pk)
    (opened,) = open_rooms(supervised(), [new], by=player(OFFICER), at=timezone.now())
    for username in (LATECOMER, NEIGHBOUR):
        start_attempt(
            supervised(), by=player(username), at=timezone.now(), room_code=opened.code,
            address="127.0.0.1",
        )  # fmt: skip
    return opened


def sheet_file() -> SheetFile:
    """Answer sheets of the room, two of which do not fit, uploaded by its coordinator."""
    found = SheetFile.objects.first()
    if found is not None:
        return found
    places = room().bridge_point.enrolments.select_related("person").order_by("pk")[:3]
    asked = asked_on_paper(supervised())
    times = [timezone.localtime().strftime("%d/%m/%Y %H:%M")] * 2
    lines = [
        [f"Phiếu trả lời · {asked.code}"],
        ["Mã học viên", "Họ và tên", "Bắt đầu", "Đã nộp lúc", "Câu 1", "Câu 2"],
        *([learner_code(e.pk), e.person.full_name, *times, "A", "Giao đồng chí A"] for e in places),
        ["HV1AA", "Người lạ", *times, "Z", ""],
    ]
    content = "\n".join(";".join(line) for line in lines).encode()
    return upload_sheet_file(
        supervised(), "phieu-tra-loi.csv", content, reason="Điểm cầu mất mạng buổi sáng.",
        by=player(COORDINATOR), at=timezone.now(),
    )  # fmt: skip


def under_way() -> Attempt:
    room()
    return Attempt.objects.get(sitting=supervised(), person=player(LATECOMER))


def to_mark() -> Answer:
    """An essay that was handed in; the teacher marks the sitting."""
    room()
    who, now = player(NEIGHBOUR), timezone.now()
    attempt = Attempt.objects.get(sitting=supervised(), person=who)
    if attempt.handed_in_at is None:
        save_answer(
            attempt, _asked_essay().pk, ["text=Giao đồng chí A, trước 17 giờ hôm nay."], sequence=1,
            client_id=uuid4(), by=who, at=now,
        )  # fmt: skip
        hand_in(attempt, by=who, at=now)
        appoint_marker(supervised(), player(TEACHER), by=player(OFFICER), at=now)
    return Answer.objects.get(attempt=attempt, question=_asked_essay())


def _asked_essay() -> Question:
    return Question.objects.get(kind=Kind.ESSAY.value, owner__code=cast.CITY)


def result() -> Attempt:
    return Attempt.objects.get(
        person=player(LEARNER), handed_in_at__isnull=False, sitting__training_class__code="AI-K1"
    )


def appeal() -> Appeal:
    found = Appeal.objects.first()
    question = next(iter(right_choices(result().sitting.paper)))
    return found or raise_appeal(
        result(), "Đáp án câu này không còn đúng theo luật mới.", question_id=question,
        client_id=uuid4(), by=player(LEARNER), at=timezone.now(),
    )  # fmt: skip


def late() -> Attempt:
    """An answer that came after its attempt had ended."""
    attempt = result()
    if not LateAnswer.objects.filter(attempt=attempt).exists():
        question = next(iter(right_choices(attempt.sitting.paper)))
        save_answer(
            attempt, question, ["a"], sequence=99, client_id=uuid4(), by=player(LEARNER),
            at=timezone.now(),
        )  # fmt: skip
    return attempt


def correction() -> KeyCorrection:
    """Of the packaged question: everybody gets its points."""
    now = timezone.now()
    decision = Decision("12/QĐ-HVCTQG", day_of(now), "Luật mới thay đổi đáp án.")
    found = KeyCorrection.objects.first()
    return found or correct_key(
        packaged(), Correction(everybody=True), decision, by=player(NATIONAL), at=now
    )


def sealed_day() -> list[str]:
    """The day before yesterday, when the class of last month was tested, with its signed head."""
    seal_days(at=timezone.now())
    return [SealedDay.objects.latest("day").day.isoformat()]
