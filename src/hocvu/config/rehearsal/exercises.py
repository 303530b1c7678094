"""Questions, papers, rooms and cases, on the class that starts today."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from hocvu.classes.models import BridgePoint, TrainingClass
from hocvu.competency.queries import framework_in_force
from hocvu.config.rehearsal import cast
from hocvu.config.rehearsal.replies import REPORTS, reply_lines
from hocvu.config.rehearsal.stage import Stage, officer
from hocvu.exams.actions import (
    AnswerSheet,
    hand_in,
    open_rooms_at_bridge_points,
    open_sitting,
    save_answer,
    start_attempt,
    take_in_answer_sheets,
)
from hocvu.exams.models import Attempt, ExamRoom, Sitting
from hocvu.exams.queries.asked import form_of
from hocvu.kernel.time import VIETNAM
from hocvu.marking.actions import appoint_marker
from hocvu.papers.actions import WrittenPaper, make_paper
from hocvu.papers.models import Paper
from hocvu.papers.queries.papers import latest_papers
from hocvu.people.models import Person
from hocvu.questions.actions import upload_bank_file
from hocvu.questions.models import Question
from hocvu.questions.queries import item_of
from hocvu.situations.actions import decide, open_exercise, open_node, save_disposition, start_run
from hocvu.situations.models import Case, Debrief, Mode, Run
from hocvu.situations.rules.cases import WRITTEN, Node, NodeKind
from hocvu.units.queries import unit_with_code

_QUESTIONS = Path(__file__).parent / "cau-hoi-mau.gift"
_CLASS, _DAYS_OPEN = "AI-TDH-K2", 60
_LATELY = timedelta(minutes=25)  # so long ago somebody sat down to what is still under way


def questions_come_in(stage: Stage) -> None:
    """A file of questions that a teacher has uploaded and not yet taken into the bank."""
    upload_bank_file(
        unit_with_code(cast.ACADEMY),
        _QUESTIONS.name,
        _QUESTIONS.read_bytes(),
        by=cast.player(cast.TEACHER.username),
        at=stage.at,
    )


# --- Tests -------------------------------------------------------------------------------------


def supervised_rooms(stage: Stage) -> None:
    """The final test in a room at every bridge point; in one ward it is under way."""
    paper = latest_papers().get(code="digital-skills-398")
    sitting = _offer(paper, is_supervised=True, at=stage.at)
    open_rooms_at_bridge_points(sitting, by=officer(), at=_began(sitting.opens_at, stage.at))
    room = ExamRoom.objects.get(sitting=sitting, bridge_point__unit__code=cast.WARD)
    done, *writing = _extras(_ward())[:3]
    for person in (done, *writing):
        attempt = start_attempt(
            sitting, by=person, at=_began(sitting.opens_at, stage.at), room_code=room.code
        )
        _answer(attempt, share=1 if person is done else stage.chance.uniform(0.3, 0.7), stage=stage)
    hand_in(Attempt.objects.get(sitting=sitting, person=done), by=done, at=stage.at)


def desk_test_is_handed_in(stage: Stage) -> None:
    """A test with questions of every kind; what people wrote waits for two markers."""
    teacher = cast.player(cast.TEACHER.username)
    asked = list(Question.objects.in_use().filter(code__startswith="CD-").order_by("code"))
    written = WrittenPaper(
        code="commune-desk",
        title="Bài thực hành: Một ngày ở bộ phận một cửa",
        title_en="Practical test: A day at the one-stop desk",
        framework=framework_in_force("circular-02-2025", stage.today),
        level="CB2",
        minutes=60,
        pass_mark="7/10",  # noqa: S106 — a share, not a password
        owner=unit_with_code(cast.CITY),
        question_ids=tuple(question.pk for question in asked),
    )
    sitting = _offer(make_paper(written, by=teacher, at=stage.at), at=stage.at)
    for marker in (teacher, cast.player("daotao")):
        appoint_marker(sitting, marker, by=officer(), at=stage.at)
    began = _began(sitting.opens_at, stage.at)
    sheets = [
        AnswerSheet(person.pk, began, stage.at, _sheet(asked, stage)) for person in _extras(_ward())
    ]
    take_in_answer_sheets(sitting, sheets, by=officer(), at=stage.at)


def _offer(paper: Paper, *, is_supervised: bool = False, at: datetime) -> Sitting:
    training_class = TrainingClass.objects.get(code=_CLASS)
    opens = _opens(training_class)
    return open_sitting(
        paper,
        training_class,
        opens_at=opens,
        closes_at=opens + timedelta(days=_DAYS_OPEN),
        is_supervised=is_supervised,
        by=officer(),
        at=at,
    )


def _sheet(asked: Sequence[Question], stage: Stage) -> dict[int, tuple[str, ...]]:
    return {
        question.pk: tuple(reply_lines(item_of(question), known=0.7, chance=stage.chance))
        for question in asked
    }


def _answer(attempt: Attempt, *, share: float, stage: Stage) -> None:
    """The first questions of an attempt, evenly over the time since it began."""
    asked = form_of(attempt)
    questions = asked[: round(len(asked) * share)]
    pace = (stage.at - attempt.started_at) / (len(questions) + 1)
    for number, question in enumerate(questions, 1):
        save_answer(
            attempt,
            question.pk,
            reply_lines(item_of(question), known=0.8, chance=stage.chance),
            sequence=number,
            client_id=uuid4(),
            by=attempt.person,
            at=attempt.started_at + pace * number,
        )


# --- Situations --------------------------------------------------------------------------------


def cases_are_run(stage: Stage) -> None:
    """One case for each learner alone, run by some; another for bridge points as groups."""
    training_class = TrainingClass.objects.get(code=_CLASS)
    opens = _opens(training_class)
    alone, _together = (
        open_exercise(
            Case.objects.filter(code=code).latest("version"),
            training_class,
            mode=mode,
            debrief=Debrief.FINISHED,
            opens_at=opens,
            closes_at=opens + timedelta(days=_DAYS_OPEN),
            by=officer(),
            at=stage.at,
        )
        for code, mode in (("one-stop-desk", Mode.INDIVIDUAL), ("storm-night", Mode.BRIDGE_POINT))
    )
    others = training_class.bridge_points.exclude(pk=_ward().pk).order_by("unit__path")[1:3]
    for person in [person for point in (_ward(), *others) for person in _extras(point)]:
        _go_through(start_run(alone, by=person, at=_began(opens, stage.at)), person, stage)


def _go_through(run: Run, person: Person, stage: Stage) -> None:
    """Decide, more often well than badly, until the case is at its end."""
    case, at = run.exercise.case.written, run.started_at
    pace = (stage.at - run.started_at) / (2 * len(case.nodes))
    while case[run.node].kind is not NodeKind.ENDING:
        node, at = case[run.node], at + pace
        open_node(run, node.id, by=person, at=at)
        if node.kind is NodeKind.DISPOSITION:
            report = stage.chance.choice(REPORTS)
            save_disposition(run, node.id, report, client_id=uuid4(), by=person, at=at)
        decision = _decision_at(node, stage)
        decide(run, node.id, decision, client_id=uuid4(), by=person, at=at)
        run.refresh_from_db()


def _decision_at(node: Node, stage: Stage) -> str:
    if node.kind is NodeKind.DISPOSITION:
        return WRITTEN
    ways = [each for each in node.decisions if not node.is_enquiry(each)]
    weights = [0.3 + 2 * float(each.credit or 0) for each in ways]
    return stage.chance.choices([each.id for each in ways], weights)[0]


# --- Who and when ------------------------------------------------------------------------------


def _ward() -> BridgePoint:
    return BridgePoint.objects.get(training_class__code=_CLASS, unit__code=cast.WARD)


def _extras(point: BridgePoint) -> list[Person]:
    """Learners of a bridge point that nobody at the screen plays."""
    learners = Person.objects.filter(pk__in=point.enrolments.values("person"), account=None)
    return list(learners.order_by("pk"))


def _opens(training_class: TrainingClass) -> datetime:
    return datetime.combine(training_class.starts_on, datetime.min.time(), VIETNAM)


def _began(opens: datetime, at: datetime) -> datetime:
    return max(opens, at - _LATELY)
