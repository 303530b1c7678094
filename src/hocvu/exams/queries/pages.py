"""What the page of an attempt shows, under way or handed in."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from hocvu.competency.models import Component
from hocvu.exams import rules
from hocvu.exams.models import Answer, Attempt, HandedInFile, LateAnswer
from hocvu.exams.queries.asked import sections_of
from hocvu.exams.queries.keys import keys_of
from hocvu.exams.queries.receipts import (
    answers_of,
    receipt_of_answer,
    receipt_of_attempt,
    stored,
)
from hocvu.exams.queries.settled import settled_shares
from hocvu.exams.queries.shown import QuestionShown, Standing, Unfit, question_shown
from hocvu.items.content import MARKED_BY_PEOPLE, Kind
from hocvu.papers.models import Paper, PaperSection
from hocvu.people.models import Person
from hocvu.questions.models import Question
from hocvu.questions.queries.withheld import keys_withheld_from
from hocvu.ui.languages import in_language


@dataclass(frozen=True)
class ComponentBar:
    code: str
    name: str
    score: rules.Score

    @property
    def points(self) -> Decimal:
        return rules.as_stored(self.score.points).normalize()

    @property
    def out_of(self) -> Decimal:
        return rules.as_stored(self.score.out_of).normalize()

    @property
    def share(self) -> Fraction:
        return self.score.share


@dataclass(frozen=True)
class SectionShown:
    """Questions under a title; a paper without sections is one without a title."""

    title: str
    questions: tuple[QuestionShown, ...]


@dataclass(frozen=True)
class AttemptPage:
    """Everything the page of an attempt shows, under way or handed in. Few queries."""

    attempt: Attempt
    sections: tuple[SectionShown, ...]
    components: tuple[ComponentBar, ...]
    receipt: str
    files: Mapping[str, str]  # names of the files handed in, by SHA-256
    late: tuple[LateAnswer, ...]  # came after the end, in the order they came
    so_far: rules.Score | None
    asked_until: datetime | None  # the last moment a test may ask whoever reads some of it again
    closes_at: datetime  # of its sitting

    @property
    def may_come_again(self) -> int:
        """Questions that a test may still ask whoever reads."""
        hidden = rules.KeyShown.NOT_WHILE_IT_MAY_COME_AGAIN
        return sum(each.key_shown is hidden for each in self.questions)

    @property
    def key_waits(self) -> int:
        """Questions whose key is shown when the test has closed."""
        return sum(each.key_shown is rules.KeyShown.AFTER_CLOSING for each in self.questions)

    @property
    def with_key(self) -> frozenset[int]:
        return frozenset(each.id for each in self.questions if each.shows_key)

    @property
    def questions(self) -> tuple[QuestionShown, ...]:
        return tuple(each for section in self.sections for each in section.questions)

    @property
    def is_waiting(self) -> bool:
        """Handed in, and some of it has still to be marked by people."""
        return self.attempt.handed_in_at is not None and self.attempt.marked_at is None

    @property
    def points(self) -> Decimal:
        """As they were stored when the attempt was marked; before that, what is certain so far."""
        if self.attempt.points is not None:
            return self.attempt.points.normalize()
        return rules.as_stored(self.so_far.points).normalize() if self.so_far else Decimal(0)

    @property
    def out_of(self) -> Decimal:
        if self.attempt.out_of is not None:
            return self.attempt.out_of.normalize()
        return sum((each.out_of for each in self.questions), Decimal(0)).normalize()

    @property
    def share(self) -> Fraction:
        return Fraction(self.points) / Fraction(self.out_of)

    @property
    def required(self) -> Fraction:
        return self.attempt.sitting.paper.required_share

    @property
    def answered(self) -> int:
        return sum(each.is_answered for each in self.questions)

    @property
    def unanswered(self) -> tuple[QuestionShown, ...]:
        return tuple(each for each in self.questions if not each.is_answered)

    @property
    def late_waiting(self) -> int:
        """Late answers nobody has decided about."""
        return sum(each.decided_at is None for each in self.late)

    @property
    def late_decided(self) -> tuple[LateAnswer, ...]:
        return tuple(each for each in self.late if each.decided_at is not None)

    @property
    def needs_people(self) -> bool:
        """Something of what was answered is marked by people."""
        return any(
            each.item.kind in MARKED_BY_PEOPLE and each.is_answered for each in self.questions
        )

    @property
    def waiting(self) -> tuple[QuestionShown, ...]:
        return tuple(each for each in self.questions if each.mark and each.mark.points is None)


def attempt_page(
    attempt: Attempt,
    unfit: Mapping[int, Unfit] | None = None,
    *,
    reader: Person,
    at: datetime,
) -> AttemptPage:
    """Marks are on it only once the attempt has been handed in; keys and reasons when `reader` may
    see them by `hocvu.exams.rules.key_shown`.
    """
    sections = sections_of(attempt)
    answers = answers_of([attempt.pk]).get(attempt.pk, [])
    standing = {answer.question_id: _standing(attempt, answer) for answer in answers}
    for question_id, each in (unfit or {}).items():
        before = standing.get(question_id, Standing(None))
        standing[question_id] = replace(before, unfit=each)
    asked = [question for _, questions in sections for question in questions]
    is_over = attempt.handed_in_at is not None
    again: Mapping[int, datetime] = {}
    marked = None
    if is_over:
        again = keys_withheld_from(reader, at).among([question.pk for question in asked])
        marked = _marked(attempt, asked, standing)
        _withhold(attempt, standing, again, reader=reader, at=at)
    shown = tuple(_sections_shown(attempt, sections, standing))
    return AttemptPage(
        attempt=attempt,
        sections=shown,
        components=_component_bars(attempt.sitting.paper, asked, marked, again) if marked else (),
        receipt=receipt_of_attempt(attempt),
        files=_file_names(attempt, shown),
        late=tuple(LateAnswer.objects.filter(attempt=attempt).order_by("arrived_at", "pk"))
        if is_over
        else (),
        so_far=marked.total if marked else None,
        asked_until=max(again.values(), default=None),
        closes_at=attempt.sitting.closes_at,
    )


def _withhold(
    attempt: Attempt,
    standing: dict[int, Standing],
    again: Mapping[int, datetime],
    *,
    reader: Person,
    at: datetime,
) -> None:
    """Say of each question what of its key may be shown. Officers do not wait for the closing."""
    is_own = attempt.person_id == reader.pk
    at_once = attempt.sitting.paper.shows_key_at_once
    for question_id, stands in standing.items():
        said = rules.key_shown(
            at_once=at_once or not is_own,
            closes_at=attempt.sitting.closes_at,
            may_be_asked=question_id in again,
            at=at,
        )
        shows_answer = is_own or question_id not in again
        standing[question_id] = replace(stands, key_shown=said, shows_answer=shows_answer)


def _standing(attempt: Attempt, answer: Answer) -> Standing:
    return Standing(answer, receipt_of_answer(attempt.pk, stored(answer)))


def _marked(
    attempt: Attempt, asked: Sequence[Question], standing: dict[int, Standing]
) -> rules.MarkedPaper:
    """Marks an attempt that is over, and puts each mark beside its answer."""
    keys = keys_of(asked)
    points = {key.question_id: Fraction(key.item.points) for key in keys}
    given = settled_shares([attempt.pk])
    marked = rules.marked_paper(
        keys,
        {each.answer.question_id: each.answer.chosen for each in standing.values() if each.answer},
        attempt.sitting.paper.required_share,
        by_people={question: share * points[question] for (_, question), share in given.items()},
    )
    for key, mark in zip(keys, marked.marks, strict=True):
        before = standing.get(key.question_id, Standing(None))
        standing[key.question_id] = replace(before, mark=mark, correct=key.item)
    return marked


def _sections_shown(
    attempt: Attempt,
    sections: Sequence[tuple[PaperSection | None, Sequence[Question]]],
    standing: Mapping[int, Standing],
) -> list[SectionShown]:
    """Questions are mixed within their section, never across."""
    seed = attempt.seed if attempt.sitting.paper.shuffle else None
    number, shown = 0, []
    for section, written in sections:
        title = in_language(section.title, section.title_en) if section else ""
        questions = list(written)
        if seed is not None:
            questions = rules.shuffled(questions, [each.pk for each in questions], seed=seed)
        numbered = []
        for question in questions:
            number += 1
            stands = standing.get(question.pk, Standing(None))
            numbered.append(question_shown(question, number, stands, seed=seed))
        shown.append(SectionShown(title, tuple(numbered)))
    return shown


def _file_names(attempt: Attempt, sections: Sequence[SectionShown]) -> dict[str, str]:
    takes_files = any(q.item.kind is Kind.FILE for each in sections for q in each.questions)
    if not takes_files:
        return {}
    return dict(HandedInFile.objects.filter(attempt=attempt).values_list("sha256", "name"))


def _component_bars(
    paper: Paper,
    asked: Sequence[Question],
    marked: rules.MarkedPaper,
    again: Mapping[int, datetime],
) -> tuple[ComponentBar, ...]:
    """Where it is not told which answers were right, neither is a skill of one question alone."""
    scores = marked.by_component
    names = {
        component.code: in_language(component.name, component.name_en)
        for component in Component.objects.filter(framework=paper.framework_id, code__in=scores)
    }
    apart = frozenset(scores)
    if again:
        apart = rules.skills_told_apart(Counter(each.component_code for each in asked))
    bars = [
        ComponentBar(code, names.get(code, code), scores[code])
        for code in sorted(apart, key=_natural)
    ]
    rest = [score for code, score in scores.items() if code not in apart]
    if rest:
        together = rules.Score(
            sum((each.points for each in rest), Fraction(0)),
            sum((each.out_of for each in rest), Fraction(0)),
        )
        bars.append(ComponentBar("", _("Skills with one question each, together"), together))
    return tuple(bars)


def _natural(code: str) -> list[str]:
    """`1.10` after `1.9`."""
    return [part.zfill(4) for part in code.split(".")]
