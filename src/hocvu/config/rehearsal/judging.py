"""Panels of judges: fictional lecturers say from which ability on a level is reached."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from hocvu.config.rehearsal import cast
from hocvu.config.rehearsal.fiction import Fiction
from hocvu.config.rehearsal.stage import Stage, officer
from hocvu.measurement.actions import (
    close_panel,
    open_panel,
    open_second_round,
    rate_question,
    set_cut_score,
)
from hocvu.measurement.models import ItemCalibration, Panel, PanelJudge, Scale
from hocvu.measurement.queries.panels import items_to_judge
from hocvu.measurement.rules.panels import ROUNDS, spread_evenly
from hocvu.people.actions import add_people, grant_role
from hocvu.people.models import Category, Person, Role
from hocvu.psychometrics.curves import ItemCurves, ItemParameters
from hocvu.units.queries import unit_with_code

_PANELS = tomllib.loads((Path(__file__).parent / "panels.toml").read_text(encoding="utf-8"))
_QUESTIONS = 12
_SEED, _NUMBER = 1979, 910_001
_SEVERITY, _DOUBT = 0.04, 0.10  # spread among judges, and of one judge from question to question
_TALKED_OVER = 0.12  # this far from the others, and a judge thinks again


def lines_are_drawn(stage: Stage) -> None:
    """One panel for each of the lower four levels, two rounds, and a decision for each."""
    scale = Scale.objects.get(code="circular-02-2025")
    judges = [cast.player(cast.TEACHER.username), *_lecturers(stage)]
    items = list(items_to_judge(scale))
    chosen = [items[at] for at in spread_evenly([each.b or 0.0 for each in items], _QUESTIONS)]
    chance = Random(_SEED)  # noqa: S311 — fiction
    for each in _PANELS["levels"]:
        panel = open_panel(
            scale,
            level=each["level"],
            title=each["title"],
            borderline=each["borderline"],
            judges=judges,
            questions=[item.question for item in chosen],
            by=officer(),
            at=stage.earlier_today,
        )
        _rate(panel, _expected(chosen, each["ability"]), chance, stage)
        _decide(panel, each, stage)


def _lecturers(stage: Stage) -> list[Person]:
    """Of the regional academies, each with the role a judge needs: judges see keys."""
    fiction = Fiction(_SEED, first_number=_NUMBER)
    rows = [
        fiction.person(unit_with_code(code), cast.TEACHER.title, Category.PUBLIC_EMPLOYEE)
        for code in _PANELS["academies"]
    ]
    people = Person.objects.in_bulk(add_people(rows, by=None, at=stage.earlier_today))
    for person in people.values():
        grant_role(
            person, Role.TEACHER, unit_with_code(cast.NATION), by=None, at=stage.earlier_today
        )
    return list(people.values())


def _expected(items: Sequence[ItemCalibration], ability: float) -> list[float]:
    """The share of people just at this ability who would be right, question by question."""
    curves = ItemCurves.of(ItemParameters(i.a or 1.0, i.b or 0.0, i.c or 0.0) for i in items)
    return [float(share) for share in curves.probability(ability).ravel()]


def _rate(panel: Panel, expected: Sequence[float], chance: Random, stage: Stage) -> None:
    """Everybody rates alone; then whoever stood apart comes closer to the others."""
    questions = list(panel.panel_questions.order_by("position"))
    judges = list(PanelJudge.objects.filter(panel=panel).select_related("person").order_by("pk"))
    severity = [chance.gauss(0, _SEVERITY) for _judge in judges]
    first = [
        [_percent(share + severe + chance.gauss(0, _DOUBT)) for severe in severity]
        for share in expected
    ]
    for question, said in zip(questions, first, strict=True):
        for judge, percent in zip(judges, said, strict=True):
            rate_question(
                question,
                percent=percent,
                panel_round=ROUNDS[0],
                by=judge.person,
                at=stage.earlier_today,
            )
    open_second_round(panel, by=officer(), at=stage.earlier_today)
    for question, said in zip(questions, first, strict=True):
        mean = sum(said) / len(said)
        for judge, percent in zip(judges, said, strict=True):
            if abs(percent - mean) > 100 * _TALKED_OVER:
                closer = _percent((percent + mean) / 200)
                rate_question(
                    question,
                    percent=closer,
                    panel_round=ROUNDS[1],
                    by=judge.person,
                    at=stage.earlier_today,
                )
    close_panel(panel, by=officer(), at=stage.earlier_today)


def _percent(share: float) -> int:
    """As people say it: in steps of five, and never certain."""
    return min(95, max(5, 5 * round(share * 20)))


def _decide(panel: Panel, drawn: Mapping[str, Any], stage: Stage) -> None:
    set_cut_score(
        panel,
        decision_number=drawn["decision"],
        decided_on=stage.today,
        reason=drawn["reason"],
        by=officer(),
        at=stage.earlier_today,
    )
