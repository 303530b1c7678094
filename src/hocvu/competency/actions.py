"""Loading frameworks; recording what assessments showed."""

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.competency.events import AssessmentsRecorded, ResultsWithdrawn
from hocvu.competency.models import Component, Framework, Result, ResultWithdrawal
from hocvu.competency.rules import Share
from hocvu.kernel.errors import NotPossible
from hocvu.kernel.events import publish
from hocvu.people.models import Person

FRAMEWORKS = Path(__file__).parent / "frameworks"
_BATCH = 2_000


class FrameworkWasEdited(NotPossible):
    """A packaged framework differs from the same version loaded before."""


class ComponentIsUnknown(NotPossible):
    """A result names a component its framework does not have."""


@dataclass(frozen=True)
class NewResult:
    """A marked assessment: `evidence` names it (`exams.attempt:123`) and makes it count once.

    `components` maps component codes of the framework to the points of their questions.
    """

    person_id: int
    framework_id: int
    level: str
    passed: bool
    points: Decimal
    out_of: Decimal
    assessed_at: datetime
    evidence: str
    components: Mapping[str, Share]
    valid_until: date | None = None


def load_frameworks(*, at: datetime, folder: Path = FRAMEWORKS) -> int:
    """Load the packaged frameworks; the number that were new. A second run changes nothing."""
    with transaction.atomic():
        loaded = [
            framework
            for file in sorted(folder.glob("*.toml"))
            if (framework := _load(tomllib.loads(file.read_text())))
        ]
        if loaded:
            ids = [framework.pk for framework in loaded]
            record("frameworks_loaded", "competency.framework", by=None, at=at, framework_ids=ids)
        return len(loaded)


def record_results(results: Sequence[NewResult], *, at: datetime) -> int:
    """Write results that are not there yet, and tell; the number written.

    A result is named by its evidence, so the same assessment delivered again changes nothing.
    """
    with transaction.atomic():
        new = _not_there_yet(results)
        if not new:
            return 0
        components = _component_ids({result.framework_id for result in new})
        rows = Result.objects.bulk_create([_row(result) for result in new], batch_size=_BATCH)
        _copy_components(
            (row.pk, _component_of(components, result, code), share)
            for row, result in zip(rows, new, strict=True)
            for code, share in result.components.items()
        )
        for framework_id in sorted({result.framework_id for result in new}):
            people = {r.person_id for r in new if r.framework_id == framework_id}
            framework = f"competency.framework:{framework_id}"
            record("results_recorded", framework, by=None, at=at, people=len(people))
            publish(AssessmentsRecorded(framework_id, tuple(sorted(people)), at))
        return len(new)


def withdraw_results(
    evidence: Collection[str], *, reason: str, by: Person | None, at: datetime
) -> int:
    """These results count no more, and whoever counted them hears of it; how many were new.

    Evidence nothing was recorded of, or that was withdrawn before, is passed over. Set-based.
    """
    with transaction.atomic():
        results = list(Result.objects.standing().filter(evidence__in=list(evidence)))
        ResultWithdrawal.objects.bulk_create(
            [ResultWithdrawal(result=result, reason=reason, withdrawn_at=at) for result in results],
            batch_size=_BATCH,
        )
        for framework_id in sorted({result.framework_id for result in results}):
            people = {r.person_id for r in results if r.framework_id == framework_id}
            framework = f"competency.framework:{framework_id}"
            record(
                *("results_withdrawn", framework),
                by=by,
                at=at,
                reason=reason,
                people=len(people),
            )
            publish(ResultsWithdrawn(framework_id, tuple(sorted(people)), at))
        return len(results)


def _not_there_yet(results: Sequence[NewResult]) -> list[NewResult]:
    by_evidence = {result.evidence: result for result in results}
    known = Result.objects.filter(evidence__in=list(by_evidence))
    there = set(known.values_list("evidence", flat=True))
    return [result for evidence, result in by_evidence.items() if evidence not in there]


def _component_ids(framework_ids: set[int]) -> dict[tuple[int, str], int]:
    rows = Component.objects.filter(framework__in=framework_ids)
    return {(row.framework_id, row.code): row.pk for row in rows}


def _component_of(ids: Mapping[tuple[int, str], int], result: NewResult, code: str) -> int:
    if (result.framework_id, code) not in ids:
        raise ComponentIsUnknown(
            _("The framework has no component %(code)s.") % {"code": code},
            _("Correct the component of the questions concerned, then mark again."),
        )
    return ids[result.framework_id, code]


def _row(result: NewResult) -> Result:
    return Result(
        person_id=result.person_id,
        framework_id=result.framework_id,
        level=result.level,
        passed=result.passed,
        points=result.points,
        out_of=result.out_of,
        assessed_at=result.assessed_at,
        valid_until=result.valid_until,
        evidence=result.evidence,
    )


_COPY_COMPONENTS = """
COPY competency_componentresult (result_id, component_id, points, out_of) FROM STDIN
"""


def _copy_components(rows: Iterable[tuple[int, int, Share]]) -> None:
    """Many small rows: COPY writes a hundred thousand of them in about a second."""
    with connection.cursor() as cursor, cursor.copy(_COPY_COMPONENTS) as copy:
        for result_id, component_id, share in rows:
            copy.write_row((result_id, component_id, share.points, share.out_of))


def _load(written: Mapping[str, Any]) -> Framework | None:
    """The framework, if it was not there before."""
    wanted = _framework(written)
    components = _components(written)
    known = Framework.objects.filter(code=wanted.code, version=wanted.version).first()
    if known is None:
        wanted.save()
        for component in components:
            component.framework = wanted
        Component.objects.bulk_create(components)
        return wanted
    if _content(known, list(known.components.all())) != _content(wanted, components):
        raise FrameworkWasEdited(
            _("Framework %(code)s version %(version)s has already been loaded with other content.")
            % {"code": wanted.code, "version": wanted.version},
            _("Give the changed framework a new version."),
        )
    return None


def _framework(written: Mapping[str, Any]) -> Framework:
    document = written["issuing_document"]
    dates = {**document, **written}
    return Framework(
        code=written["code"],
        version=str(written["version"]),
        name=written["name_vi"],
        name_en=written["name_en"],
        issued_by=f"{document['kind_vi']} {document['number']}, {document['issuer_vi']}",
        effective_from=dates["effective_from"],
        effective_to=dates.get("effective_to"),
        levels=written["levels"],
    )


def _components(written: Mapping[str, Any]) -> list[Component]:
    domains = {domain["code"]: domain for domain in written["domains"]}
    return [
        Component(
            code=component["code"],
            domain=domains[component["domain"]]["name_vi"],
            domain_en=domains[component["domain"]]["name_en"],
            name=component["name_vi"],
            name_en=component["name_en"],
        )
        for component in written["components"]
    ]


def _content(framework: Framework, components: Iterable[Component]) -> tuple[object, ...]:
    """Everything a framework says, for comparing what is packaged with what was loaded."""
    return (
        framework.name,
        framework.name_en,
        framework.issued_by,
        framework.effective_from,
        framework.effective_to,
        framework.levels,
        sorted((c.code, c.domain, c.domain_en, c.name, c.name_en) for c in components),
    )
