"""What a marker sees: the text and the rubric, never the author or another marker."""

from dataclasses import dataclass
from fractions import Fraction

from hocvu.situations.models import Disposition
from hocvu.situations.queries.running import text_at, total_of
from hocvu.situations.queries.shown import NodeShown, RubricShown, node_shown, rubric_shown
from hocvu.situations.rules.cases import Rubric


def rubric_of(disposition: Disposition) -> Rubric:
    rubric = disposition.run.exercise.case.written[disposition.node].rubric
    if rubric is None:
        raise LookupError(disposition.node)
    return rubric


def totals_of(disposition: Disposition) -> list[Fraction]:
    """Totals of the marks given so far, in the order they were given."""
    return [total_of(mark) for mark in disposition.marks.order_by("pk")]


@dataclass(frozen=True)
class MarkingPage:
    """One disposition as its markers see it. `number` stands for the author's name."""

    number: int
    node: NodeShown
    text: str
    rubric: RubricShown


def marking_page(disposition: Disposition) -> MarkingPage:
    case = disposition.run.exercise.case.written
    return MarkingPage(
        number=disposition.pk,
        node=node_shown(case, case[disposition.node]),
        text=text_at(disposition.run, disposition.node),
        rubric=rubric_shown(rubric_of(disposition)),
    )
