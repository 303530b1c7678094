"""Runs shaped for their pages: one question, the result, the explanation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hocvu.competency.models import Component, Framework
from hocvu.exams.queries.shown import QuestionShown, Standing, Unfit, question_shown
from hocvu.measurement.models import AdaptiveRun, AdaptiveStep, Purpose
from hocvu.measurement.queries.growth import growth_of_person, pair_of
from hocvu.measurement.queries.learner import is_measured
from hocvu.measurement.queries.pools import pool_of
from hocvu.measurement.queries.runs import RunExplained, StepExplained, explain_run, steps_of
from hocvu.measurement.queries.scales import cuts_of
from hocvu.measurement.queries.wording import (
    AbilityTold,
    ChangeTold,
    ability,
    ability_told,
    because,
    change_told,
    level_in_words,
    plain,
)
from hocvu.measurement.rules.drawing import ScalePicture, WayPicture, scale_picture, way_picture
from hocvu.measurement.rules.measuring import (
    Cut,
    Estimate,
    Expected,
    contradict,
    expected_by_component,
    standing,
)
from hocvu.measurement.rules.measuring import (
    Standing as Level,
)
from hocvu.questions.models import Question
from hocvu.ui.languages import in_language


@dataclass(frozen=True)
class StepPage:
    """The question a run stands at."""

    run: AdaptiveRun
    step: AdaptiveStep
    question: QuestionShown
    title: str

    @property
    def most(self) -> int:
        return self.run.sitting.test.most_questions


def step_page(run: AdaptiveRun, unfit: Unfit | None = None) -> StepPage:
    """The open step of a run under way. Two queries."""
    step = AdaptiveStep.objects.filter(run=run, answered_at=None).latest("number")
    question = Question.objects.get(pk=step.question_id)
    shown = question_shown(question, step.number, Standing(answer=None, unfit=unfit), seed=run.seed)
    return StepPage(run, step, shown, title_of(run))


def title_of(run: AdaptiveRun) -> str:
    return in_language(run.sitting.test.title, run.sitting.test.title_en)


@dataclass(frozen=True)
class ComponentLine:
    """What is to be expected of a component: so many of its questions right."""

    code: str
    name: str
    expected: Expected
    asked: int

    @property
    def share(self) -> float:
        return self.expected.right / self.expected.questions


@dataclass(frozen=True)
class CutTold:
    """A level, its name and the ability it begins with, as they are written."""

    level: str
    name: str
    begins: str


@dataclass(frozen=True)
class ResultPage:
    """What an ended run showed. `level` none: too few answers or no cut scores to say one."""

    run: AdaptiveRun
    title: str
    answers: int
    measured: bool
    ability: AbilityTold
    cuts: tuple[CutTold, ...]
    level: str | None
    level_range: str  # the levels of both ends of the interval, where they differ
    picture: ScalePicture
    components: tuple[ComponentLine, ...]
    change: ChangeTold | None


def result_page(run: AdaptiveRun) -> ResultPage:
    """Of an ended run; few queries."""
    steps = [step for step in steps_of(run) if step.answered_at is not None]
    framework = run.sitting.test.scale.framework
    cuts = cuts_of(run.sitting.test.scale, run.ended_at or run.must_end_at)
    usable: Sequence[Cut] = () if contradict(cuts) else cuts
    known = Estimate(run.theta or 0.0, run.se or 1.0)
    found = standing(known, usable)
    measured = is_measured(run)
    says_level = measured and bool(usable)
    return ResultPage(
        run=run,
        title=title_of(run),
        answers=len(steps),
        measured=measured,
        ability=ability_told(known, found.low, found.high),
        cuts=tuple(
            CutTold(cut.level, level_in_words(framework, cut.level), ability(cut.theta))
            for cut in usable
        ),
        level=level_in_words(framework, run.level) if says_level else None,
        level_range=_range(found, framework) if says_level else "",
        picture=scale_picture(
            known.theta, found.low, found.high, [(cut.level, cut.theta) for cut in usable]
        ),
        components=tuple(_components(run, steps)) if measured else (),
        change=_change(run) if measured else None,
    )


def _range(found: Level, framework: Framework) -> str:
    if found.is_certain:
        return ""
    ends = (level_in_words(framework, level) for level in (found.lowest, found.highest))
    return " – ".join(ends)


def _components(run: AdaptiveRun, steps: Sequence[AdaptiveStep]) -> list[ComponentLine]:
    pool = pool_of(run.calibration_id)
    of_question = dict(zip(pool.question_ids, pool.components, strict=True))
    asked = [of_question[step.question_id] for step in steps]
    expected = expected_by_component(run.theta or 0.0, pool.curves, pool.components)
    framework = run.sitting.test.scale.framework_id
    named = Component.objects.filter(framework=framework, code__in=set(asked)).order_by("code")
    return [
        ComponentLine(
            each.code,
            in_language(each.name, each.name_en),
            expected[each.code],
            asked.count(each.code),
        )
        for each in named
    ]


def _change(run: AdaptiveRun) -> ChangeTold | None:
    """Shown with the second of two measurements."""
    if run.sitting.purpose != Purpose.AFTER:
        return None
    pair = pair_of(run.sitting.training_class_id)
    if pair is None or pair.after.pk != run.sitting_id:
        return None
    found = growth_of_person(pair, run.person)
    return change_told(found) if found else None


@dataclass(frozen=True)
class StepTold:
    """A step in words and numbers."""

    explained: StepExplained
    domain: str
    reasons: tuple[str, ...]
    seconds: int
    a: str
    b: str
    c: str
    information: str
    before: AbilityTold
    after: AbilityTold

    @property
    def step(self) -> AdaptiveStep:
        return self.explained.step


@dataclass(frozen=True)
class ExplanationPage:
    run: AdaptiveRun
    title: str
    explained: RunExplained
    steps: tuple[StepTold, ...]
    picture: WayPicture


def explanation_page(run: AdaptiveRun) -> ExplanationPage:
    """Every step of an ended run, recomputed from what it kept. Two queries."""
    explained = explain_run(run)
    domains = _domains(run)
    return ExplanationPage(
        run=run,
        title=title_of(run),
        explained=explained,
        steps=tuple(_told(each, domains) for each in explained.steps),
        picture=way_picture(
            (each.recomputed.theta, each.recomputed.se, bool(each.step.right))
            for each in explained.steps
        ),
    )


def _told(each: StepExplained, domains: dict[str, str]) -> StepTold:
    step, answered_at = each.step, each.step.answered_at
    taken = (answered_at - step.shown_at).total_seconds() if answered_at else 0
    return StepTold(
        explained=each,
        domain=domains.get(step.why.get("domain", ""), ""),
        reasons=tuple(because(reason) for reason in step.why.get("reasons", ())),
        seconds=int(taken),
        a=plain(step.a),
        b=ability(step.b),
        c=plain(step.c),
        information=plain(step.information),
        before=ability_told(Estimate(step.theta_before, step.se_before)),
        after=ability_told(step.known_after),
    )


def _domains(run: AdaptiveRun) -> dict[str, str]:
    """By the number in front of their components' codes."""
    rows = Component.objects.filter(framework=run.sitting.test.scale.framework_id)
    return {
        row.code.partition(".")[0]: in_language(row.domain, row.domain_en)
        for row in rows.order_by("-code")
    }


def time_left(run: AdaptiveRun, at: datetime) -> int:
    """Whole minutes until the run must end."""
    return max(0, int((run.must_end_at - at).total_seconds() // 60))
