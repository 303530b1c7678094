"""A workbook of answer sheets held against the sitting as it is now: what fits, what does not."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from hocvu.classes.models import Enrolment
from hocvu.exams import rules
from hocvu.exams.models import Answer, Attempt, SheetFile, Sitting
from hocvu.exams.queries.sheet_words import told
from hocvu.exams.queries.sheets import extra_minutes, learners_to_bring_in
from hocvu.exams.rules.sheet_rows import RowTrouble, SheetRow, Trouble, enrolment_meant
from hocvu.kernel.vietnamese import fold
from hocvu.people.models import Person

ROWS_SHOWN = 50


class RowState(StrEnum):
    NEW = "new"
    KNOWN = "known"  # brought in before, the same in every answer: nothing changes
    UNFIT = "unfit"


@dataclass(frozen=True)
class JudgedRow:
    """A row, whose sheet it is if that is clear, and what becomes of it."""

    row: SheetRow
    person_id: int | None
    learner: str
    state: RowState
    troubles: tuple[Trouble, ...]

    @property
    def sentences(self) -> list[str]:
        return [told(trouble) for trouble in self.troubles]


@dataclass(frozen=True)
class _Learner:
    person_id: int
    name: str


@dataclass(frozen=True)
class _Sat:
    """An attempt that counts: when it was started, and what was answered if it was on paper."""

    started_at: datetime
    answers: Mapping[int, frozenset[str]] | None


def judged_rows(
    sitting: Sitting, rows: Sequence[SheetRow], *, by: Person, at: datetime
) -> list[JudgedRow]:
    """Every row as it stands now. Seven queries, however many rows."""
    return list(_Judging(sitting, rows, by, at).all())


class _Judging:
    def __init__(
        self, sitting: Sitting, rows: Sequence[SheetRow], by: Person, at: datetime
    ) -> None:
        self._sitting, self._rows, self._at = sitting, rows, at
        self._meant = {row.code: enrolment_meant(row.code) for row in rows}
        meant = {pk for pk in self._meant.values() if pk is not None}
        self._learners = _learners(sitting, meant)
        self._in_reach = set(
            learners_to_bring_in(by, sitting).filter(pk__in=meant).values_list("pk", flat=True)
        )
        self._extra = extra_minutes(sitting)
        self._sat = _sat(sitting, [each.person_id for each in self._learners.values()])
        self._times_named = Counter(self._meant[row.code] for row in rows)

    def all(self) -> Iterator[JudgedRow]:
        for row in self._rows:
            learner = self._learners.get(self._meant[row.code] or 0)
            if self._meant[row.code] not in self._in_reach:
                yield self._out_of_reach(row, known=learner is not None)
                continue
            assert learner is not None  # noqa: S101 — in reach are learners of the class
            yield self._judged(row, learner)

    def _out_of_reach(self, row: SheetRow, *, known: bool) -> JudgedRow:
        """Nothing is said about somebody else's learner but that it is one."""
        about = Trouble(RowTrouble.NOT_YOURS) if known else None
        troubles = (about or Trouble(RowTrouble.UNKNOWN_LEARNER, row.code), *row.troubles)
        return JudgedRow(row, None, row.name, RowState.UNFIT, troubles)

    def _judged(self, row: SheetRow, learner: _Learner) -> JudgedRow:
        troubles = [*self._about_learner(row, learner), *self._about_time(row, learner)]
        sat = self._sat.get(learner.person_id, ())
        same = next((each for each in sat if each.started_at == row.started_at), None)
        if same is not None and same.answers == _as_sets(row) and not row.troubles:
            return JudgedRow(row, learner.person_id, learner.name, RowState.KNOWN, ())
        if same is not None and same.answers is not None:
            troubles.append(Trouble(RowTrouble.OTHER_ANSWERS))
        elif sat:
            troubles.append(Trouble(RowTrouble.HAS_AN_ATTEMPT))
        troubles.extend(row.troubles)
        state = RowState.UNFIT if troubles else RowState.NEW
        return JudgedRow(row, learner.person_id, learner.name, state, tuple(troubles))

    def _about_learner(self, row: SheetRow, learner: _Learner) -> Iterator[Trouble]:
        if row.name and fold(row.name) != fold(learner.name):
            yield Trouble(RowTrouble.ANOTHER_NAME, learner.name)
        if self._times_named[self._meant[row.code]] > 1:
            yield Trouble(RowTrouble.TWICE)

    def _about_time(self, row: SheetRow, learner: _Learner) -> Iterator[Trouble]:
        if row.started_at is None or row.handed_in_at is None:
            return
        sitting = self._sitting
        extra = self._extra.get(learner.person_id, 0)
        why = rules.why_untimely(
            row.started_at,
            row.handed_in_at,
            rules.must_end_at(
                row.started_at, sitting.paper.minutes, sitting.closes_at, extra=extra
            ),
            opens_at=sitting.opens_at,
            closes_at=sitting.closes_at,
            at=self._at,
        )
        if why:
            yield Trouble(RowTrouble(why.value))


def people_named(sitting: Sitting, rows: Iterable[SheetRow]) -> set[int]:
    """The learners of the class whose codes stand in these rows. One query."""
    meant = {pk for row in rows if (pk := enrolment_meant(row.code)) is not None}
    return {each.person_id for each in _learners(sitting, meant).values()}


def _learners(sitting: Sitting, meant: Collection[int]) -> dict[int, _Learner]:
    """Learners of the class by their place in it."""
    active = Enrolment.objects.active().filter(
        training_class=sitting.training_class_id, pk__in=meant
    )
    rows = active.values_list("pk", "person", "person__full_name")
    return {pk: _Learner(person, name) for pk, person, name in rows}


def _sat(sitting: Sitting, people: Collection[int]) -> dict[int, list[_Sat]]:
    """What these people have sat in this sitting, but for what was declared void."""
    attempts = Attempt.objects.filter(sitting=sitting, person__in=people, voided_at=None)
    rows = list(attempts.values_list("pk", "person", "started_at", "sheet__pk"))
    answers: dict[int, dict[int, frozenset[str]]] = {
        pk: {} for pk, _person, _started_at, sheet in rows if sheet
    }
    stored = Answer.objects.filter(attempt__in=answers.keys())
    for pk, question, chosen in stored.values_list("attempt", "question", "chosen").iterator():
        answers[pk][question] = frozenset(chosen)
    found: dict[int, list[_Sat]] = {}
    for pk, person, started_at, _sheet in rows:
        found.setdefault(person, []).append(_Sat(started_at, answers.get(pk)))
    return found


def _as_sets(row: SheetRow) -> dict[int, frozenset[str]]:
    return {question: frozenset(lines) for question, lines in row.answers.items()}


# --- The page ----------------------------------------------------------------------------------


class Showing(StrEnum):
    PROBLEMS = "problems"
    ALL = "all"


@dataclass(frozen=True)
class Preview:
    """What would become of the rows if they were taken in now."""

    file: SheetFile
    rows: Sequence[JudgedRow]

    @cached_property
    def counts(self) -> Counter[RowState]:
        return Counter(each.state for each in self.rows)

    @property
    def new(self) -> int:
        return self.counts[RowState.NEW]

    @property
    def known(self) -> int:
        return self.counts[RowState.KNOWN]

    @property
    def unfit(self) -> int:
        return self.counts[RowState.UNFIT]

    @property
    def can_be_taken_in(self) -> bool:
        return not self.unfit and self.new > 0

    def showing(self, showing: Showing) -> list[JudgedRow]:
        """Problems first."""
        unfit = [each for each in self.rows if each.state is RowState.UNFIT]
        if showing is Showing.PROBLEMS:
            return unfit
        return unfit + [each for each in self.rows if each.state is not RowState.UNFIT]


def rows_of(file: SheetFile) -> list[SheetRow]:
    return [SheetRow.from_json(each) for each in file.rows]


def preview_of(file: SheetFile, *, reader: Person, at: datetime) -> Preview:
    return Preview(file, judged_rows(file.sitting, rows_of(file), by=reader, at=at))


def new_among(rows: Iterable[JudgedRow]) -> list[JudgedRow]:
    return [each for each in rows if each.state is RowState.NEW]
