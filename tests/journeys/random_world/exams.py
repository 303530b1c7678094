"""Tests: papers of everybody and of units, sittings, attempts, supervised rooms."""

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from hocvu.competency.models import Component, Framework
from hocvu.exams.models import (
    Answer,
    Attempt,
    ExamRoom,
    HandedInFile,
    SheetFile,
    Sitting,
)
from hocvu.exams.rules.sheet_rows import SheetRow, learner_code
from hocvu.papers.models import BlueprintCell, Paper, PaperQuestion
from hocvu.questions.models import Question
from journeys.random_world.questions import unsaved_question

_HOUR = timedelta(hours=1)


def make_framework(world):
    world.framework = Framework.objects.create(
        code=f"khung-{world.digits(6)}", version="1", name="Khung", name_en="Framework",
        issued_by="", effective_from=world.today - timedelta(days=100),
        levels=[{"code": "CB2", "name_vi": "Cơ bản", "name_en": "Basic"}],
    )  # fmt: skip
    Component.objects.create(
        framework=world.framework, code="1.1", domain="M", domain_en="D", name="T", name_en="C"
    )


def make_tests(world):
    """Every class sits everybody's paper; the first also one of the first province, in rooms."""
    everybodys = _paper(world, None, world.classes[0].programme.paper_code)
    provinces = _paper(world, world.units[1], f"tinh-{world.digits(6)}")
    for owner in world.chance.sample(world.units, 3):
        _paper(world, owner, f"bai-{world.digits(6)}")
    _drawn_paper(world, world.chance.choice(world.units))
    for training_class in world.classes:
        sitting = _sitting(world, everybodys, training_class)
        world.attempts += _attempts(world, sitting)
    for training_class in world.classes[:2]:
        sitting = _sitting(world, provinces, training_class, is_supervised=True)
        _rooms(world, sitting)
        _sheet_files(world, sitting)
    Attempt.objects.bulk_create(world.attempts)
    _files(world)


def _paper(world, owner, code):
    """A fixed paper that asks two questions of its owner's bank, and for a file."""
    paper = Paper.objects.create(
        code=code, version=1, title=f"Bài {world.mark()}", title_en="Test", minutes=30,
        pass_mark="7/10", framework=world.framework, level="CB2", owner=owner,
        made_by=world.chance.choice(world.people) if owner else None, made_at=world.now,
    )  # fmt: skip
    paper.asked = [
        unsaved_question(world, owner, world.chance.choice(world.people), "in_use")
        for _number in range(3)
    ]
    paper.asked[-1].kind, paper.asked[-1].options = "file", []
    Question.objects.bulk_create(paper.asked)
    world.questions += paper.asked
    PaperQuestion.objects.bulk_create(
        PaperQuestion(paper=paper, question=question, position=position)
        for position, question in enumerate(paper.asked, start=1)
    )
    world.papers.append(paper)
    return paper


def _drawn_paper(world, owner):
    paper = Paper.objects.create(
        code=f"rut-{world.digits(6)}", version=1, title=f"Bài {world.mark()}", title_en="Test",
        minutes=30, pass_mark="7/10", framework=world.framework, level="CB2", owner=owner,
        made_by=world.chance.choice(world.people), made_at=world.now,
    )  # fmt: skip
    BlueprintCell.objects.create(paper=paper, position=1, component_code="1.1", questions=1)
    paper.asked = []
    world.papers.append(paper)


def _sitting(world, paper, training_class, **more):
    sitting = Sitting.objects.create(
        paper=paper, training_class=training_class, attempts_allowed=2,
        opens_at=world.now - _HOUR, closes_at=world.now + _HOUR, **more,
    )  # fmt: skip
    world.sittings.append(sitting)
    return sitting


def _attempts(world, sitting, *, room_of=lambda _enrolment: None):
    for enrolment in world.enrolments:
        if enrolment.training_class != sitting.training_class or world.chance.random() < 0.3:
            continue
        attempt = Attempt(
            sitting=sitting, person=enrolment.person, number=1, seed=1, room=room_of(enrolment),
            started_at=world.now - _HOUR / 4, must_end_at=world.now + _HOUR / 4,
        )  # fmt: skip
        if world.chance.random() < 0.6:
            attempt.handed_in_at = attempt.marked_at = world.now
            attempt.points, attempt.out_of, attempt.passed = 1, 1, True
        yield attempt


def _rooms(world, sitting):
    """A room at every bridge point but one, supervised by anybody."""
    points = [p for p in world.points if p.training_class == sitting.training_class]
    rooms = {
        point.pk: ExamRoom(
            sitting=sitting, name=f"Phòng {world.mark()}", code=world.digits(6), bridge_point=point,
            supervisor=world.chance.choice(world.people), opened_at=world.now,
            opened_by=world.chance.choice(world.people),
        )
        for point in points[:-1]
    }  # fmt: skip
    world.rooms += ExamRoom.objects.bulk_create(rooms.values())
    world.attempts += _attempts(
        world, sitting, room_of=lambda each: rooms.get(each.bridge_point_id)
    )


def _sheet_files(world, sitting):
    """Answer sheets of the sitting's learners, uploaded by some and waiting."""
    learners = [each for each in world.enrolments if each.training_class == sitting.training_class]
    rows = [
        SheetRow(number, learner_code(each.pk), "", sitting.opens_at, sitting.opens_at).as_json()
        for number, each in enumerate(learners, start=4)
    ]
    for uploader in world.chance.sample(world.people, 6):
        file = SheetFile(
            sitting=sitting, file_name=f"{world.mark()}.xlsx", file_sha256="0" * 64, rows=rows,
            reason=f"Mất mạng {world.mark()}", uploaded_by=uploader, uploaded_at=world.now,
        )  # fmt: skip
        world.sheet_files.append(file)
    SheetFile.objects.bulk_create(world.sheet_files[-6:])


def _files(world):
    """Files handed in with some attempts of everybody's paper."""
    for attempt in world.attempts[::2]:
        content, question = f"Bài làm {world.mark()}".encode(), attempt.sitting.paper.asked[-1]
        digest = sha256(content).hexdigest()
        world.handed_in.append(
            HandedInFile(
                attempt=attempt, question=question, name=f"{world.mark()}.txt", sha256=digest,
                content_type="text/plain", content=content,
            )
        )  # fmt: skip
        Answer.objects.create(
            attempt=attempt, question=question, chosen=[f"file={digest}"], sequence=1,
            client_id=UUID(int=world.chance.getrandbits(128)), saved_at=world.now,
        )  # fmt: skip
    HandedInFile.objects.bulk_create(world.handed_in)
