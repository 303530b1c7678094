"""Tests that may still ask a person something, so that its keys would help them.

The rule is `hocvu.exams.rules.key_shown`; the bank asks through `keys_withheld_from`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q

from hocvu.exams import rules
from hocvu.exams.models import Attempt, Sitting
from hocvu.exams.queries.learner import SittingForLearner, sittings_that_may_ask
from hocvu.papers.models import BlueprintCell, Paper, PaperQuestion
from hocvu.papers.queries.drawing import questions_for
from hocvu.people.models import Person
from hocvu.questions.queries.withheld import MayBeAsked


def tests_that_may_ask(person: Person, at: datetime) -> Iterator[MayBeAsked]:
    """Two queries for whoever has no test ahead, three where there are some."""
    ahead = [met for met in sittings_that_may_ask(person, at) if _is_ahead(met, at)]
    cells = _cells_of([met.sitting for met in ahead])
    for met in ahead:
        paper = met.sitting.paper
        drawn = cells.get(paper.pk, [])
        if met.under_way is not None and not _is_forgotten(met.under_way, at):
            form = met.under_way.form
            asked = Q(pk__in=form) if form else _on_the_list_of(paper)
            yield MayBeAsked(asked, met.under_way.must_end_at)
        if _may_begin_again(met, at, is_fixed=not drawn):
            asked = _fitting(paper, drawn) if drawn else _on_the_list_of(paper)
            yield MayBeAsked(asked, met.sitting.closes_at)


def _is_ahead(met: SittingForLearner, at: datetime) -> bool:
    return met.under_way is not None or (at < met.sitting.closes_at and met.attempts_left != 0)


def _is_forgotten(attempt: Attempt, at: datetime) -> bool:
    """Its time is over; whoever looks next hands it in."""
    return rules.is_too_late(attempt.must_end_at, at)


def _may_begin_again(met: SittingForLearner, at: datetime, *, is_fixed: bool) -> bool:
    return rules.may_still_ask(
        at_once=met.sitting.paper.shows_key_at_once,
        may_begin=at < met.sitting.closes_at and met.attempts_left != 0,
        is_fixed=is_fixed,
        has_opened=met.sitting.opens_at <= at,
        handed_in=bool(met.handed_in),
    )


def _cells_of(sittings: Sequence[Sitting]) -> dict[int, list[BlueprintCell]]:
    """By paper; a fixed one has none."""
    found: dict[int, list[BlueprintCell]] = {}
    papers = {sitting.paper_id for sitting in sittings}
    for cell in BlueprintCell.objects.filter(paper__in=papers) if papers else ():
        found.setdefault(cell.paper_id, []).append(cell)
    return found


def _on_the_list_of(paper: Paper) -> Q:
    return Q(pk__in=PaperQuestion.objects.filter(paper=paper.pk).order_by().values("question"))


def _fitting(paper: Paper, cells: Sequence[BlueprintCell]) -> Q:
    """Whatever a paper may draw."""
    places = Q(pk__in=[])
    for cell in cells:
        wanted = {
            "component_code": cell.component_code,
            "level": cell.level,
            "topic": cell.topic,
        }
        places |= Q(pk__isnull=False, **{name: said for name, said in wanted.items() if said})
    pool = questions_for(paper.owner, paper.framework).filter(places)
    return Q(pk__in=pool.order_by().values("pk"))
