"""What the page of an attempt shows, under way or handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hocvu.competency.models import Component
from hocvu.exams import rules
from hocvu.exams.models import Answer, Attempt, Paper
from hocvu.exams.queries.papers import in_language, key_of, questions_of
from hocvu.exams.queries.receipts import (
    answers_of,
    receipt_of_answer,
    receipt_of_attempt,
    stored,
)
from hocvu.questions.models import Question, QuestionKind


@dataclass(frozen=True)
class OptionShown:
    id: str
    text: str
    chosen: bool
    right: bool
    why: str


@dataclass(frozen=True)
class QuestionShown:
    """One question of an attempt in the order and language its learner sees."""

    id: int
    number: int
    stem: str
    situation: str
    takes_many: bool
    options: tuple[OptionShown, ...]
    sequence: int  # of the standing answer; 0 where there is none
    receipt: str
    mark: rules.Mark

    @property
    def points(self) -> Decimal:
        return rules.as_stored(self.mark.points).normalize()


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
class AttemptPage:
    """Everything the page of an attempt shows, under way or handed in. Three queries."""

    attempt: Attempt
    questions: tuple[QuestionShown, ...]
    components: tuple[ComponentBar, ...]
    receipt: str

    @property
    def points(self) -> Decimal:
        """As they were stored when the attempt was marked."""
        return (self.attempt.points or Decimal(0)).normalize()

    @property
    def out_of(self) -> Decimal:
        return (self.attempt.out_of or Decimal(len(self.questions))).normalize()

    @property
    def share(self) -> Fraction:
        return Fraction(self.points) / Fraction(self.out_of)

    @property
    def required(self) -> Fraction:
        return self.attempt.sitting.paper.required_share

    @property
    def answered(self) -> int:
        return sum(any(option.chosen for option in each.options) for each in self.questions)

    @property
    def unanswered(self) -> tuple[QuestionShown, ...]:
        return tuple(
            each for each in self.questions if not any(option.chosen for option in each.options)
        )


def attempt_page(attempt: Attempt) -> AttemptPage:
    paper = attempt.sitting.paper
    questions = questions_of(paper.pk)
    answers = answers_of([attempt.pk]).get(attempt.pk, [])
    standing = {answer.question_id: answer for answer in answers}
    if paper.shuffle:
        questions = rules.shuffled(questions, [each.pk for each in questions], seed=attempt.seed)
    marked = rules.marked_paper(
        [key_of(question) for question in questions],
        {answer.question_id: answer.chosen for answer in answers},
        paper.required_share,
    )
    return AttemptPage(
        attempt=attempt,
        questions=tuple(
            _question_shown(attempt, number, question, standing.get(question.pk), mark)
            for number, (question, mark) in enumerate(
                zip(questions, marked.marks, strict=True), start=1
            )
        ),
        components=_component_bars(paper, marked.by_component),
        receipt=receipt_of_attempt(attempt.pk, answers),
    )


def _question_shown(
    attempt: Attempt, number: int, question: Question, answer: Answer | None, mark: rules.Mark
) -> QuestionShown:
    options = question.options
    if attempt.sitting.paper.shuffle:
        names = [f"{question.pk}/{option['id']}" for option in options]
        options = rules.shuffled(options, names, seed=attempt.seed)
    chosen = set(answer.chosen) if answer else set()
    return QuestionShown(
        id=question.pk,
        number=number,
        stem=in_language(question.stem, question.stem_en),
        situation=in_language(question.situation, question.situation_en),
        takes_many=question.kind == QuestionKind.MULTIPLE,
        options=tuple(
            OptionShown(
                id=option["id"],
                text=in_language(option["text"], option.get("text_en", "")),
                chosen=option["id"] in chosen,
                right=option["right"],
                why=in_language(option.get("why", ""), option.get("why_en", "")),
            )
            for option in options
        ),
        sequence=answer.sequence if answer else 0,
        receipt=receipt_of_answer(attempt.pk, stored(answer)) if answer else "",
        mark=mark,
    )


def _component_bars(paper: Paper, scores: Mapping[str, rules.Score]) -> tuple[ComponentBar, ...]:
    names = {
        component.code: in_language(component.name, component.name_en)
        for component in Component.objects.filter(framework=paper.framework_id, code__in=scores)
    }
    return tuple(
        ComponentBar(code, names.get(code, code), scores[code])
        for code in sorted(scores, key=_natural)
    )


def _natural(code: str) -> list[str]:
    """`1.10` after `1.9`."""
    return [part.zfill(4) for part in code.split(".")]
