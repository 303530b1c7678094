"""What a page for writing papers offers to choose from, and what a written paper looks like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from hocvu.classes.queries import units_to_choose
from hocvu.competency.models import Component, Framework
from hocvu.competency.queries import frameworks_in_force, level_name
from hocvu.kernel.vietnamese import fold
from hocvu.papers import rules
from hocvu.papers.models import BlueprintCell, Paper, PaperQuestion, QuestionExposure
from hocvu.papers.queries.drawing import questions_for, read_pool
from hocvu.people.models import Person
from hocvu.people.rules.access import Permission
from hocvu.questions.models import Question
from hocvu.ui.languages import in_language
from hocvu.units.models import COMMUNAL_KINDS, Unit

_MANY_UNITS = 400
_QUESTIONS_SHOWN = 40

Group = tuple[str, list[tuple[str, str]]]


# --- Choices -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choices:
    """What the fields of a blueprint's row offer, "any" first."""

    component: list[Any]
    level: list[Any]
    topic: list[Any]


def units_to_write_for(person: Person) -> QuerySet[Unit]:
    """Units this person writes questions for; of a wide scope, all but the communes."""
    units = units_to_choose(person, Permission.WRITE_QUESTIONS, "")
    if units.count() > _MANY_UNITS:
        return units.exclude(kind__in=COMMUNAL_KINDS)
    return units


def framework_levels(on: date) -> list[Group]:
    """Frameworks in force with their levels; the value of a choice is `<framework>:<level>`."""
    return [
        (
            in_language(framework.name, framework.name_en),
            [
                (f"{framework.pk}:{level['code']}", level_name(framework, level["code"]))
                for level in framework.levels
            ],
        )
        for framework in _frameworks(on)
    ]


def cell_choices(person: Person, on: date) -> Choices:
    """Components and levels of the frameworks in force, topics of the questions in use."""
    frameworks = _frameworks(on)
    codes: dict[int, list[Component]] = {}
    for component in Component.objects.filter(framework__in=frameworks):
        codes.setdefault(component.framework_id, []).append(component)
    owner = units_to_write_for(person).first()
    topics = {
        topic
        for framework in frameworks
        for topic in questions_for(owner, framework).values_list("topic", flat=True).distinct()
    }
    return Choices(
        component=[
            ("", _("any")),
            *((_named(each), _components(codes.get(each.pk, []))) for each in frameworks),
        ],
        level=[("", _("any")), *((_named(each), _levels(each)) for each in frameworks)],
        topic=[("", _("any")), *((topic, topic) for topic in sorted(topics - {""}))],
    )


def _frameworks(on: date) -> list[Framework]:
    """The newest version of each in force."""
    newest: dict[str, Framework] = {}
    for framework in frameworks_in_force(on):
        newest.setdefault(framework.code, framework)
    return list(newest.values())


def _named(framework: Framework) -> str:
    return in_language(framework.name, framework.name_en)


def _components(components: Sequence[Component]) -> list[tuple[str, str]]:
    def place(component: Component) -> list[str]:
        return [part.zfill(4) for part in component.code.split(".")]

    return [
        (each.code, f"{each.code} {in_language(each.name, each.name_en)}")
        for each in sorted(components, key=place)
    ]


def _levels(framework: Framework) -> list[tuple[str, str]]:
    return [(each["code"], level_name(framework, each["code"])) for each in framework.levels]


# --- Picking questions -------------------------------------------------------------------------


def picked_questions(
    owner: Unit | None, framework: Framework | None, ids: Sequence[int]
) -> list[Question]:
    """Those of these questions that a paper of this unit may ask, in the order they were given."""
    if framework is None:
        return []
    known = questions_for(owner, framework).in_bulk(ids)
    return [known[pk] for pk in dict.fromkeys(ids) if pk in known]


def found_questions(
    owner: Unit | None, framework: Framework, text: str, *, without: Sequence[int]
) -> list[Question]:
    """Some questions that hold every word, or stand at the skill or topic named."""
    found = questions_for(owner, framework).exclude(pk__in=without)
    for word in text.split():
        found = found.filter(
            Q(code__icontains=word)
            | Q(stem__icontains=word)
            | Q(search_key__contains=fold(word))
            | Q(component_code=word)
            | Q(topic__iexact=word)
        )
    return list(found.order_by("component_code", "code")[:_QUESTIONS_SHOWN])


# --- A paper as it stands ----------------------------------------------------------------------


@dataclass(frozen=True)
class CellRow:
    """A row of a blueprint: what it asks for, and what the bank holds for it."""

    section: str
    component: str
    level: str
    topic: str
    questions: int
    available: int
    lacks: int
    shown_least: int
    shown_most: int


@dataclass(frozen=True)
class AskedRow:
    """A question of a fixed paper, and in how many attempts it was shown."""

    position: int
    section: str
    question: Question
    shown: int
    is_in_use: bool


@dataclass(frozen=True)
class PaperContent:
    """What a paper asks: the rows of its blueprint, or its questions."""

    cells: tuple[CellRow, ...]
    asked: tuple[AskedRow, ...]

    @property
    def number(self) -> int:
        return sum(cell.questions for cell in self.cells) or len(self.asked)

    @property
    def lacks(self) -> int:
        return sum(cell.lacks for cell in self.cells)


def content_of(paper: Paper) -> PaperContent:
    """Three queries, whatever the size of the bank."""
    pool = read_pool(paper)
    if not pool.cells:
        return PaperContent((), _asked(paper))
    lacking = {each.cell: each.lacks for each in rules.shortages(pool)}
    rows = BlueprintCell.objects.filter(paper=paper).select_related("section").order_by("position")
    names = {
        each.code: in_language(each.name, each.name_en)
        for each in Component.objects.filter(framework=paper.framework_id)
    }
    return PaperContent(
        tuple(
            _cell_row(row, pool.shown(number), lacking.get(number, 0), names)
            for number, row in enumerate(rows)
        ),
        (),
    )


def _cell_row(
    row: BlueprintCell, shown: Sequence[int], lacks: int, names: dict[str, str]
) -> CellRow:
    section = row.section
    name = names.get(row.component_code, "")
    return CellRow(
        section=in_language(section.title, section.title_en) if section else "",
        component=f"{row.component_code} {name}".strip(),
        level=row.level,
        topic=row.topic,
        questions=row.questions,
        available=len(shown),
        lacks=lacks,
        shown_least=min(shown, default=0),
        shown_most=max(shown, default=0),
    )


def _asked(paper: Paper) -> tuple[AskedRow, ...]:
    exposure = QuestionExposure.objects.filter(question=OuterRef("question")).values("shown")
    rows = (
        PaperQuestion.objects.filter(paper=paper)
        .select_related("question", "section")
        .annotate(shown=Coalesce(Subquery(exposure), 0))
        .order_by("position", "pk")
    )
    return tuple(
        AskedRow(
            position=row.position,
            section=in_language(row.section.title, row.section.title_en) if row.section else "",
            question=row.question,
            shown=row.shown,
            is_in_use=row.question.put_in_use_at is not None and row.question.retired_at is None,
        )
        for row in rows
    )


def versions_of(papers: QuerySet[Paper], paper: Paper) -> list[Paper]:
    """The versions of a paper among those somebody may see, newest first."""
    return list(papers.filter(code=paper.code).order_by("-version"))
