"""Answer sheets of fictional learners: abler in one place than in another."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from hocvu.classes.models import Enrolment
from hocvu.exams.actions import AnswerSheet
from hocvu.exams.models import PaperQuestion, Sitting
from hocvu.questions.models import Question


def answer_sheets(
    sitting: Sitting,
    *,
    ability: float,
    share: float,
    only: set[int] | None,
    chance: Random,
    at: datetime,
) -> list[AnswerSheet]:
    """Sheets of about `share` of the class; a learner knows an answer with about `ability`."""
    asked = PaperQuestion.objects.filter(paper=sitting.paper).select_related("question")
    questions = [each.question for each in asked.order_by("position")]
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
        known = _ability_at(path, ability) + chance.gauss(0, 0.07)
        started = sitting.opens_at + timedelta(minutes=chance.randint(0, 600))
        started = min(started, at - timedelta(minutes=minutes))
        sheets.append(
            AnswerSheet(
                person_id=person_id,
                started_at=started,
                handed_in_at=started + timedelta(minutes=chance.randint(12, minutes)),
                answers=dict(_answers(questions, known, chance)),
            )
        )
    return sheets


def _ability_at(path: str, ability: float) -> float:
    """Provinces and communes differ; the same place is always equally able."""
    province, place = path.split(".")[1], Random(path)  # noqa: S311 — fiction
    return ability + Random(province).uniform(-0.1, 0.08) + place.uniform(-0.1, 0.1)  # noqa: S311


def _answers(
    questions: list[Question], known: float, chance: Random
) -> Iterator[tuple[int, tuple[str, ...]]]:
    for question in questions:
        right = tuple(option["id"] for option in question.options if option["right"])
        if chance.random() < known:
            yield question.pk, right
            continue
        wrong = [option["id"] for option in question.options if not option["right"]]
        yield question.pk, (chance.choice(wrong),)
