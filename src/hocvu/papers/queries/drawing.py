"""What a paper with a blueprint can draw from."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from hocvu.competency.models import Framework
from hocvu.papers import rules
from hocvu.papers.models import BlueprintCell, Paper, QuestionExposure
from hocvu.questions.models import Question, QuestionQuerySet
from hocvu.questions.queries import questions_to_draw_from
from hocvu.units.models import Unit

_KEPT_FOR = timedelta(seconds=60)
_MOST_KEPT = 200


_kept: dict[int, tuple[datetime, rules.Pool]] = {}


def pool_of(paper: Paper, at: datetime, *, anew: bool = False) -> rules.Pool:
    """What a paper draws from. Two queries at most once a minute in each process.

    A kept pool may name a question that has just been retired: ask `all_in_use` before using what
    was drawn. The pool of a fixed paper has no cells.
    """
    kept = _kept.get(paper.pk)
    if kept and not anew and kept[0] <= at < kept[0] + _KEPT_FOR:
        return kept[1]
    pool = read_pool(paper)
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[paper.pk] = at, pool
    return pool


def read_pool(paper: Paper) -> rules.Pool:
    cells = cells_of(paper)
    return pool_for(cells, paper.owner, paper.framework) if cells else rules.Pool((), ())


def cells_of(paper: Paper) -> list[rules.Cell]:
    """In written order; none where the paper is fixed. One query."""
    rows = BlueprintCell.objects.filter(paper=paper).order_by("position")
    return [
        rules.Cell(rules.Place(component, level, topic), questions)
        for component, level, topic, questions in rows.values_list(
            "component_code", "level", "topic", "questions"
        )
    ]


def questions_for(owner: Unit | None, framework: Framework) -> QuestionQuerySet:
    """Questions in use that a paper of this unit may ask and this framework has a place for."""
    known = framework.components.values("code")
    return questions_to_draw_from(owner).filter(component_code__in=known)


def pool_for(cells: Iterable[rules.Cell], owner: Unit | None, framework: Framework) -> rules.Pool:
    """These cells, with the questions in use that fit them. One query."""
    exposure = QuestionExposure.objects.filter(question=OuterRef("pk")).values("shown")
    rows = (
        questions_for(owner, framework)
        .annotate(shown=Coalesce(Subquery(exposure), 0))
        .order_by("pk")
        .values_list("pk", "code", "component_code", "level", "topic", "shown")
    )
    return rules.Pool(
        cells,
        (
            rules.Candidate(pk, code, rules.Place(component, level, topic), shown)
            for pk, code, component, level, topic, shown in rows
        ),
    )


def all_in_use(form: Sequence[int]) -> bool:
    """Whether every question drawn is still in use at this moment. One query."""
    return Question.objects.in_use().filter(pk__in=form).count() == len(form)


def place_in_words(place: rules.Place) -> str:
    """`component 1.2, level CB2, topic AI1`, as far as a cell says."""
    said = [
        sentence % code
        for sentence, code in (
            (_("component %s"), place.component),
            (_("level %s"), place.level),
            (_("topic %s"), place.topic),
        )
        if code
    ]
    return ", ".join(said) or _("any question")
