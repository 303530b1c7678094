"""A test held on paper: who may bring it in, what is printed, which workbook is filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from hocvu.classes.models import BridgePoint, Enrolment
from hocvu.exams import rules
from hocvu.exams.models import Attempt, ExamRoom, SheetFile, Sitting, TimeAllowance
from hocvu.exams.queries.rooms import rooms_open_to, sittings_run_by
from hocvu.exams.queries.shown import QuestionShown, Standing, question_shown
from hocvu.exams.rules.paper_answers import takes_paper
from hocvu.exams.rules.sheet_rows import AskedOnPaper, learner_code, sheet_code
from hocvu.items.content import Kind
from hocvu.kernel.time import VIETNAM, day_of
from hocvu.papers.models import BlueprintCell, PaperQuestion
from hocvu.papers.queries.papers import questions_of
from hocvu.people.models import Person
from hocvu.questions.queries import item_of
from hocvu.spreadsheets import Explanation, write_table
from hocvu.ui.languages import in_language

_MINUTE = timedelta(minutes=1)
_WRITTEN = "%d/%m/%Y %H:%M"


# --- Who ---------------------------------------------------------------------------------------


def sittings_on_paper_for(person: Person) -> QuerySet[Sitting]:
    """Sittings whose answer sheets this person may bring in.

    Whoever runs the class; supervisors of a room at a bridge point; coordinators of one, whose
    sittings need not have rooms.
    """
    coordinates = BridgePoint.objects.filter(
        training_class=OuterRef("training_class"), coordinator=person
    )
    supervises = _rooms_at_points(person).filter(sitting=OuterRef("pk"))
    runs = sittings_run_by(person).filter(pk=OuterRef("pk")).order_by()
    return Sitting.objects.filter(
        Exists(coordinates) | Exists(supervises) | Exists(runs)
    ).select_related("paper__framework", "training_class__host_unit")


def brings_in_sheets(person: Person) -> bool:
    """Whether they look after a bridge point or a room in which a test may be held on paper."""
    return (
        BridgePoint.objects.filter(coordinator=person).exists() or _rooms_at_points(person).exists()
    )


def learners_to_bring_in(person: Person, sitting: Sitting) -> QuerySet[Enrolment]:
    """Whose sheets this person may bring in: everybody's, or those of their rooms and points.

    Nobody brings in their own.
    """
    learners = Enrolment.objects.active().filter(training_class=sitting.training_class_id)
    if sittings_run_by(person).filter(pk=sitting.pk).exists():
        return learners
    supervised = _rooms_at_points(person).filter(sitting=sitting).values("bridge_point")
    own = Q(bridge_point__coordinator=person) | Q(bridge_point__in=supervised)
    return learners.filter(own).exclude(person=person)


def sheet_files_open_to(person: Person) -> QuerySet[SheetFile]:
    """One's own, and those of the tests one runs."""
    runs = sittings_run_by(person).filter(pk=OuterRef("sitting")).order_by()
    return SheetFile.objects.filter(Q(uploaded_by=person) | Exists(runs)).select_related(
        "sitting__paper", "sitting__training_class", "uploaded_by", "taken_in_by"
    )


def _rooms_at_points(person: Person) -> QuerySet[ExamRoom]:
    return rooms_open_to(person).filter(supervisor=person, bridge_point__isnull=False)


def rooms_at_points(sitting: Sitting, by: Person) -> dict[int, int]:
    """The room of each bridge point; where there are several, the one this person supervises."""
    rooms = ExamRoom.objects.filter(sitting=sitting, bridge_point__isnull=False).order_by("-pk")
    found = dict(rooms.values_list("bridge_point", "pk"))
    return found | dict(rooms.filter(supervisor=by).values_list("bridge_point", "pk"))


# --- What is asked -----------------------------------------------------------------------------


def is_drawn_anew(sitting: Sitting) -> bool:
    """Whether each attempt gets questions of its own: then there are no sheets."""
    return BlueprintCell.objects.filter(paper=sitting.paper_id).exists()


def asked_on_paper(sitting: Sitting) -> AskedOnPaper:
    questions = questions_of(sitting.paper_id)
    first, last = day_of(sitting.opens_at), day_of(sitting.closes_at)
    return AskedOnPaper(
        code=sheet_code(sitting.pk, [question.pk for question in questions]),
        questions=[(question.pk, item_of(question)) for question in questions],
        only_day=first if first == last else None,
    )


@dataclass(frozen=True)
class BookletSection:
    title: str
    questions: tuple[QuestionShown, ...]


@dataclass(frozen=True)
class Booklet:
    """The paper as it is printed: written order, no keys."""

    code: str
    sections: tuple[BookletSection, ...]

    @property
    def questions(self) -> tuple[QuestionShown, ...]:
        return tuple(question for each in self.sections for question in each.questions)

    @property
    def not_on_paper(self) -> tuple[QuestionShown, ...]:
        return tuple(each for each in self.questions if not takes_paper(each.item))


def booklet_of(sitting: Sitting) -> Booklet:
    """Two queries."""
    rows = PaperQuestion.objects.filter(paper=sitting.paper_id).select_related(
        "question", "section"
    )
    sections: list[tuple[str, list[QuestionShown]]] = []
    for number, row in enumerate(rows.order_by("position", "pk"), start=1):
        title = in_language(row.section.title, row.section.title_en) if row.section else ""
        if not sections or sections[-1][0] != title:
            sections.append((title, []))
        sections[-1][1].append(question_shown(row.question, number, Standing(None), seed=None))
    return Booklet(
        code=asked_on_paper(sitting).code,
        sections=tuple(BookletSection(title, tuple(asked)) for title, asked in sections),
    )


# --- The workbook ------------------------------------------------------------------------------


def learners_without_attempt(
    person: Person, sitting: Sitting, room: ExamRoom | None = None
) -> QuerySet[Enrolment]:
    """Whose sheets may still come; those of a room only, if one is given."""
    attempts = Attempt.objects.filter(sitting=sitting, person=OuterRef("person"), voided_at=None)
    learners = learners_to_bring_in(person, sitting).filter(~Exists(attempts))
    if room:
        learners = learners.filter(bridge_point=room.bridge_point_id)
    return learners.select_related("person", "unit").order_by("person__sort_key", "pk")


def extra_minutes(sitting: Sitting) -> dict[int, int]:
    """By person. One query."""
    return dict(TimeAllowance.objects.filter(sitting=sitting).values_list("person", "minutes"))


def workbook_of(sitting: Sitting, learners: Sequence[Enrolment]) -> bytes:
    """A row for each learner, a column for each question; the times of the sitting proposed."""
    asked, extra = asked_on_paper(sitting), extra_minutes(sitting)
    title = in_language(sitting.paper.title, sitting.paper.title_en)
    numbers = range(1, len(asked.questions) + 1)
    columns = [
        *(_("Learner code"), _("Full name"), _("Unit"), _("Started"), _("Handed in")),
        *(_("Question %(number)s") % {"number": number} for number in numbers),
    ]
    rows = [
        [
            *(learner_code(each.pk), each.person.full_name, each.unit.name),
            *_proposed_times(sitting, extra.get(each.person_id, 0)),
            *(None for _number in numbers),
        ]
        for each in learners
    ]
    return write_table(
        " · ".join((_("Answer sheets"), asked.code, title, sitting.training_class.name)),
        columns,
        rows,
        sheet_name=_("Answer sheets"),
        explanation=Explanation(_("How to write"), how_to_write(asked)),
    )


def _proposed_times(sitting: Sitting, extra: int) -> tuple[str, str]:
    """Whole minutes within the sitting, as text: no program turns them into something else."""
    opens = sitting.opens_at
    started_at = opens.replace(second=0, microsecond=0)
    if started_at < opens:
        started_at += _MINUTE
    end = rules.must_end_at(started_at, sitting.paper.minutes, sitting.closes_at, extra=extra)
    return _written(started_at), _written(end)


def _written(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime(_WRITTEN)


def ways_to_write(asked: AskedOnPaper) -> list[tuple[str, str]]:
    """What each kind of question that is asked takes, with an example."""
    by_kind: dict[str, list[int]] = {}
    ways = _ways()
    for number, (_pk, item) in enumerate(asked.questions, start=1):
        by_kind.setdefault(ways[item.kind], []).append(number)
    return [
        (_("Questions %(numbers)s") % {"numbers": _as_ranges(numbers)}, way)
        for way, numbers in by_kind.items()
    ]


def how_to_write(asked: AskedOnPaper) -> list[tuple[str, str]]:
    """For whoever fills in the workbook: the ways to write, and what else to know."""
    return [
        *ways_to_write(asked),
        (_("Nothing answered"), _("Leave the cell empty, or write a dash: -")),
        (
            _("Learner who was absent"),
            _(
                "Leave all answers of the row empty: the row is left out, and nobody gets an "
                "attempt who was not there. For a sheet handed in blank, write a dash in one cell."
            ),
        ),
        (
            _("Started, handed in"),
            _(
                "Day, month, year, hour and minute: 22/11/2026 08:05. Each sheet within the time "
                "of the test; the times proposed are those of the test."
            ),
        ),
        (
            _("Do not change"),
            _(
                "The first row, the headings and the learner codes. Rows may be sorted or taken "
                "out; those of several rooms may be copied into one sheet of the same test."
            ),
        ),
    ]


def _ways() -> dict[Kind, str]:
    one = _("One letter, as printed: A")
    numbered = _("The number of each line and the letter chosen for it: 1B 2A")
    return {
        Kind.SINGLE: one,
        Kind.IMAGE_CHOICE: one,
        Kind.SITUATION: one,
        Kind.MULTIPLE: _("All letters chosen: AC"),
        Kind.TRUE_FALSE: _("The number of each line with T for true, F for false: 1T 2F"),
        Kind.MATCHING: numbered,
        Kind.STATEMENTS: numbered,
        Kind.ORDERING: _("All letters in the order given, first to last: C A B"),
        Kind.NUMERIC: _("A number: 12.5 or 12,5"),
        Kind.SHORT_TEXT: _("The words as they were written"),
        Kind.CLOZE: _("The number of each gap, a colon and what was written: 1: Hà Nội; 2: B"),
        Kind.ESSAY: _("The whole text as it was written"),
        Kind.FILE: _("Cannot be answered on paper: leave it empty"),
    }


def _as_ranges(numbers: Sequence[int]) -> str:
    """`1–3, 5`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
