"""Answer sheets of fictional learners: abler in one place than in another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log
from random import Random
from typing import Self

from hocvu.classes.models import Enrolment
from hocvu.exams.actions import AnswerSheet
from hocvu.exams.models import Sitting
from hocvu.papers.models import PaperQuestion
from hocvu.questions.models import Question

_SPREAD_OF_PEOPLE, _SPREAD_OF_QUESTIONS = 0.75, 0.9  # in logits
_WIDER = 1.1  # both spreads pull the share of right answers towards one half


@dataclass(frozen=True)
class Trait:
    """How a question behaves in this fiction; always the same for the same question."""

    discrimination: float
    difficulty: float
    lure: tuple[float, ...]  # how often each option would be chosen by who does not know

    @classmethod
    def of(cls, question: Question) -> Self:
        chance = Random(question.code)  # noqa: S311 — fiction
        return cls(
            discrimination=chance.lognormvariate(0.15, 0.35),
            difficulty=chance.gauss(0, _SPREAD_OF_QUESTIONS),
            lure=tuple(chance.uniform(0.1, 1) for _option in question.options),
        )


def known_share(trait: Trait, skill: float) -> float:
    """How likely somebody of this skill is to know the answer."""
    return 1 / (1 + exp(-trait.discrimination * (skill - trait.difficulty)))


def answer_sheets(
    sitting: Sitting,
    *,
    ability: float,
    share: float,
    only: set[int] | None,
    chance: Random,
    at: datetime,
) -> list[AnswerSheet]:
    """Sheets of about `share` of the class; about `ability` of all answers are right."""
    asked = PaperQuestion.objects.filter(paper=sitting.paper).select_related("question")
    questions = [_Asked.of(each.question) for each in asked.order_by("position")]
    learners = (
        Enrolment.objects.active()
        .filter(training_class=sitting.training_class)
        .order_by("pk")
        .values_list("person_id", "unit__path")
    )
    minutes = sitting.paper.minutes
    sheets = []
    for person_id, path in learners:
        if (only is not None and person_id not in only) or chance.random() > share:
            continue
        skill = _skill_at(path, ability) + chance.gauss(0, _SPREAD_OF_PEOPLE)
        started = sitting.opens_at + timedelta(minutes=chance.randint(0, 600))
        started = min(started, at - timedelta(minutes=minutes))
        sheets.append(
            AnswerSheet(
                person_id=person_id,
                started_at=started,
                handed_in_at=started + timedelta(minutes=chance.randint(12, minutes)),
                answers=dict(_answers(questions, skill, chance)),
            )
        )
    return sheets


def _skill_at(path: str, ability: float) -> float:
    """Provinces and communes differ; the same place is always equally able."""
    province, place = path.split(".")[1], Random(path)  # noqa: S311 — fiction
    usual = _WIDER * log(ability / (1 - ability))
    return usual + Random(province).uniform(-0.6, 0.5) + place.uniform(-0.6, 0.6)  # noqa: S311


@dataclass(frozen=True)
class _Asked:
    question_id: int
    trait: Trait
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    lure: tuple[float, ...]

    @classmethod
    def of(cls, question: Question) -> Self:
        trait = Trait.of(question)
        wrong = [at for at, option in enumerate(question.options) if not option["right"]]
        return cls(
            question_id=question.pk,
            trait=trait,
            right=tuple(option["id"] for option in question.options if option["right"]),
            wrong=tuple(question.options[at]["id"] for at in wrong),
            lure=tuple(trait.lure[at] for at in wrong),
        )


def _answers(
    questions: Sequence[_Asked], skill: float, chance: Random
) -> Iterator[tuple[int, tuple[str, ...]]]:
    for each in questions:
        knows = chance.random() < known_share(each.trait, skill)
        yield (
            each.question_id,
            each.right if knows else tuple(chance.choices(each.wrong, each.lure)),
        )
