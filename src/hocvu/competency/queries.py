"""Frameworks in force, and what people have shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Max, Q, QuerySet

from hocvu.competency.models import Component, ComponentResult, Framework, Result
from hocvu.competency.rules import Share, Shown, best_shown
from hocvu.people.models import Person
from hocvu.ui.languages import in_language


def frameworks_in_force(on: date) -> QuerySet[Framework]:
    return Framework.objects.filter(
        Q(effective_to=None) | Q(effective_to__gt=on), effective_from__lte=on
    ).order_by("code", "-effective_from", "-pk")


def framework_in_force(code: str, on: date) -> Framework:
    """The version in force on a day; `Framework.DoesNotExist` if there is none."""
    framework = frameworks_in_force(on).filter(code=code).first()
    if framework is None:
        raise Framework.DoesNotExist(code)
    return framework


def results_of(person: Person) -> QuerySet[Result]:
    """A person's own results, newest first. Withdrawn ones count for nothing."""
    return Result.objects.standing().filter(person=person).order_by("-assessed_at", "-pk")


def passed_results_in_force(framework: Framework, on: date) -> QuerySet[Result]:
    """Passed results that hold on a day, not withdrawn; one person may have several."""
    return Result.objects.standing().filter(
        Q(valid_until=None) | Q(valid_until__gte=on), framework=framework, passed=True
    )


@dataclass(frozen=True)
class Skill:
    """One component on a person's page: what it is called, and the best they have shown in it."""

    code: str
    name: str
    ratio: Fraction | None
    share: Share | None
    level: str
    assessed_at: datetime | None
    evidence: str


@dataclass(frozen=True)
class SkillDomain:
    name: str
    skills: tuple[Skill, ...]


@dataclass(frozen=True)
class SkillsPage:
    """A person's lamps against one framework, grouped by domain."""

    framework: Framework
    framework_name: str
    domains: tuple[SkillDomain, ...]
    shown: int
    total: int
    level_reached: str  # the highest level of a passed result that still holds, in words


def framework_shown_for(person: Person, on: date) -> Framework | None:
    """The framework a person was last assessed against, else one that is in force."""
    last = Framework.objects.filter(pk__in=results_of(person).values("framework")[:1]).first()
    return last or frameworks_in_force(on).first()


def skills_of(person: Person, framework: Framework, *, on: date) -> SkillsPage:
    """Three queries: components, what was shown in them, the passed results."""
    components = sorted(framework.components.all(), key=lambda each: _numbers(each.code))
    best = best_shown(_shown_by(person, framework), on=on)
    domains: dict[str, list[Skill]] = {}
    for component in components:
        domain = in_language(component.domain, component.domain_en)
        domains.setdefault(domain, []).append(_skill(component, best.get(component.pk), framework))
    passed = passed_results_in_force(framework, on).filter(person=person)
    return SkillsPage(
        framework=framework,
        framework_name=in_language(framework.name, framework.name_en),
        domains=tuple(SkillDomain(name, tuple(skills)) for name, skills in domains.items()),
        shown=len(best),
        total=len(components),
        level_reached=_highest_level(framework, list(passed.values_list("level", flat=True))),
    )


def last_assessed_at(person: Person) -> datetime | None:
    latest: datetime | None = results_of(person).aggregate(latest=Max("assessed_at"))["latest"]
    return latest


def level_name(framework: Framework, code: str) -> str:
    """`CB2` as a reader knows it; the code itself where the framework does not name it."""
    for level in framework.levels:
        if level["code"] == code:
            return in_language(level["name_vi"], level["name_en"])
    return code


def _shown_by(person: Person, framework: Framework) -> list[Shown]:
    rows = ComponentResult.objects.filter(
        result__person=person, result__framework=framework, result__withdrawal=None
    ).select_related("result")
    return [
        Shown(
            row.component_id,
            Share(row.points.normalize(), row.out_of.normalize()),
            row.result.level,
            row.result.assessed_at,
            row.result.valid_until,
            row.result.evidence,
        )
        for row in rows
    ]


def _skill(component: Component, shown: Shown | None, framework: Framework) -> Skill:
    return Skill(
        code=component.code,
        name=in_language(component.name, component.name_en),
        ratio=shown.share.ratio if shown else None,
        share=shown.share if shown else None,
        level=level_name(framework, shown.level) if shown else "",
        assessed_at=shown.assessed_at if shown else None,
        evidence=shown.evidence if shown else "",
    )


def _highest_level(framework: Framework, codes: Sequence[str]) -> str:
    upwards = [level["code"] for level in framework.levels]
    reached = sorted((code for code in codes if code in upwards), key=upwards.index)
    return level_name(framework, reached[-1]) if reached else ""


def _numbers(code: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part) for part in code.split(".")]
