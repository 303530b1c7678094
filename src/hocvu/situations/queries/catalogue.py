"""Cases as officers look through them, with their keys."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from hocvu.competency.queries import level_name
from hocvu.situations.models import Case
from hocvu.situations.queries.shown import NodeShown, RubricShown, node_shown, rubric_shown, said
from hocvu.situations.rules.drawing import Picture, numbers_of, picture_of
from hocvu.situations.rules.graph import ranks_of
from hocvu.situations.rules.scoring import Range, range_of


def newest(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Only the newest version of each case."""
    last = Case.objects.filter(code=OuterRef("code")).order_by("-version").values("pk")[:1]
    return cases.filter(pk=Subquery(last))


@dataclass(frozen=True)
class NodePreview:
    number: str
    node: NodeShown
    rubric: RubricShown | None


@dataclass(frozen=True)
class CasePreview:
    """A whole case with its key, the nodes in the order they are numbered."""

    case: Case
    title: str
    role: str
    summary: str
    level: str
    nodes: tuple[NodePreview, ...]
    picture: Picture
    range: Range
    sources: tuple[str, ...]


def case_preview(case: Case) -> CasePreview:
    written = case.written
    numbers, ranks = numbers_of(written), ranks_of(written)
    order = sorted(written.nodes, key=lambda name: (not numbers[name].isdecimal(), ranks[name]))
    return CasePreview(
        case=case,
        title=said(written.title),
        role=said(written.role),
        summary=said(written.summary),
        level=level_name(case.framework, case.level),
        nodes=tuple(
            NodePreview(
                numbers[name],
                node_shown(written, written[name]),
                rubric_shown(rubric) if (rubric := written[name].rubric) else None,
            )
            for name in order
        ),
        picture=picture_of(written),
        range=range_of(written),
        sources=tuple(map(said, written.sources)),
    )
