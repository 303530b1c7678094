"""People who take an adaptive test, and crowds who have answered."""

from uuid import uuid4

import numpy as np

from exams.scenes import MINUTE, NINE, person
from hocvu.exams.models import Answer, Attempt, Sitting
from hocvu.kernel.vietnamese import fold, given_name_sort_key
from hocvu.measurement.actions import answer_step
from hocvu.measurement.models import AdaptiveStep
from hocvu.papers.models import Paper
from hocvu.people.models import Person

SOON = NINE + MINUTE


def answer_until_the_end(run, someone, *, knows, at=SOON):
    """Answer every question of a run; `knows` says of a step whether the answer is right."""
    while True:
        step = AdaptiveStep.objects.filter(run=run, answered_at=None).order_by("number").last()
        lines = ["a"] if knows(step) else ["b"]
        reply = answer_step(run, step.number, lines, client_id=uuid4(), by=someone, at=at)
        if reply.run_has_ended:
            run.refresh_from_db()
            return run


def crowd(size):
    """So many people without accounts."""
    return Person.objects.bulk_create(
        Person(
            full_name=f"Người {at}",
            search_key=fold(f"Người {at}"),
            sort_key=given_name_sort_key(f"Người {at}"),
        )
        for at in range(size)
    )


def exam_of(framework, training_class, code="bai"):
    paper = Paper.objects.create(
        code=code,
        version=1,
        title=code,
        title_en=code,
        minutes=60,
        pass_mark="1/2",
        framework=framework,
        level="CB2",
    )
    return Sitting.objects.create(
        paper=paper, training_class=training_class, opens_at=NINE, closes_at=NINE + 90 * MINUTE
    )


def answers_of_a_crowd(exam, people, questions, difficulties, *, seed=1, abilities=None):
    """Everybody answers every question once, as the two-parameter model with slope 1.5 says."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=len(people)) if abilities is None else np.asarray(abilities)
    chance = 1 / (1 + np.exp(-1.5 * (theta[:, None] - np.asarray(difficulties))))
    right = rng.random(chance.shape) < chance
    attempts = attempts_at(exam, people)
    Answer.objects.bulk_create(
        [
            Answer(
                attempt=attempt,
                question=question,
                chosen=["a" if right[row, column] else "b"],
                sequence=1,
                client_id=uuid4(),
                saved_at=SOON,
            )
            for row, attempt in enumerate(attempts)
            for column, question in enumerate(questions)
        ],
        batch_size=5_000,
    )
    return right


def attempts_at(exam, people, *, number=1, at=NINE, **more):
    """Marked attempts of these people."""
    marked = {"handed_in_at": at, "marked_at": at, "points": 0, "out_of": 1, "passed": False}
    return Attempt.objects.bulk_create(
        Attempt(
            sitting=exam,
            person=each,
            number=number,
            seed=1,
            started_at=at,
            must_end_at=at + 60 * MINUTE,
            **(marked | more),
        )
        for each in people
    )


__all__ = [
    "SOON",
    "answer_until_the_end",
    "answers_of_a_crowd",
    "attempts_at",
    "crowd",
    "exam_of",
    "person",
]
