"""What a roster says, told by units and people that are known: the lines of its preview."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from django.db.models import F, FilteredRelation, Q

from hocvu.kernel.vietnamese import fold
from hocvu.people.models import Category, Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.people.rules.birth_date import PartialDate, Precision
from hocvu.people.rules.roster import Roster
from hocvu.people.rules.roster_problems import Problem, ProblemKind, Severity
from hocvu.people.rules.roster_row import RosterRow
from hocvu.people.rules.roster_taking import (
    KnownPeople,
    KnownPerson,
    LineProblem,
    RosterLine,
    TakingProblemKind,
    problem_of,
    take_line,
)
from hocvu.units.models import PROVINCIAL_KINDS, Unit, UnitKind
from hocvu.units.queries import KindOfMatch, UnitFinder, UnitMatch

_UNITS_NAMED: Final = 4


# --- Units of a roster -------------------------------------------------------------------------


def lines_resolved(roster: Roster, unit: Unit) -> list[RosterLine]:
    """Every row with the unit it means, below the unit the roster was uploaded for."""
    resolver = _UnitResolver(unit)
    return [_placed(resolver.line_of(row), roster) for row in roster.rows]


def _placed(line: RosterLine, roster: Roster) -> RosterLine:
    """The line with its sheet, where several were read."""
    if len(roster.sheets) == 1:
        return line
    problems = [
        replace(
            problem,
            place=roster.place_of(problem.row),
            other_row=roster.place_of(int(problem.other_row or 0)) or None,
        )
        for problem in line.problems
    ]
    return replace(line, place=roster.place_of(line.row), problems=tuple(problems))


class _UnitResolver:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._is_wide = unit.kind in (UnitKind.NATION, *PROVINCIAL_KINDS)
        self._finder = UnitFinder()

    def line_of(self, row: RosterRow) -> RosterLine:
        found, proposed, problems = self._resolved(row)
        started = row.started_on
        whole_day = started is not None and started.precision is Precision.DAY
        return RosterLine(
            row=row.row_number,
            full_name=row.full_name,
            unit_id=found.pk if found else None,
            unit_name=found.name if found else "",
            unit_text=row.unit_text,
            unit_proposed=proposed.pk if proposed else None,
            sex=row.sex.value if row.sex else "",
            birth=row.birth,
            birth_proposed=row.birth_proposed,
            identity_number=row.identity_number,
            identity_proposed=row.identity_proposed,
            title=row.post_title[:200],
            category=row.category.value if row.category else "",
            category_proposed="" if row.category else Category.CIVIL_SERVANT.value,
            ethnic_group=row.ethnic_group,
            ethnic_group_proposed=row.ethnic_group_proposed,
            birth_place=row.birth_place,
            phone=row.phone,
            email=row.email,
            from_on=started.earliest.isoformat() if started and whole_day else "",
            problems=(*(_kept(problem, row) for problem in row.problems), *problems),
        )

    def _resolved(self, row: RosterRow) -> tuple[Unit | None, Unit | None, list[LineProblem]]:
        """The unit, else the one proposed, and what there is to say about it."""
        if not (row.unit_text or row.commune_text):
            return self._without_text(row)
        places = {"commune": row.commune_text, "province": row.province_text}
        match = self._finder.find(row.unit_text, **places, within_path=self._unit.path)
        text = row.unit_text or row.commune_text
        match match.kind_of_match:
            case KindOfMatch.EXACT:
                return match.unit, None, []
            case KindOfMatch.LEGACY:
                return match.unit, None, [_about_unit(row, TakingProblemKind.UNIT_RENAMED, match)]
            case KindOfMatch.AMBIGUOUS if match.unit:
                return match.unit, None, [_about_unit(row, TakingProblemKind.UNIT_DIVIDED, match)]
            case KindOfMatch.AMBIGUOUS:
                names = _names(match.candidates)
                kind = TakingProblemKind.UNIT_AMBIGUOUS
                return (
                    None,
                    None,
                    [problem_of(kind, Severity.ERROR, row.row_number, found=text, proposed=names)],
                )
        return self._unknown(row, text, match)

    def _without_text(self, row: RosterRow) -> tuple[Unit | None, Unit | None, list[LineProblem]]:
        if not self._is_wide:
            return self._unit, None, []
        told = problem_of(
            TakingProblemKind.UNIT_MISSING,
            Severity.ERROR,
            row.row_number,
            proposed=self._unit.name,
            proposes="unit_proposed",
        )
        return None, self._unit, [told]

    def _unknown(
        self, row: RosterRow, text: str, match: UnitMatch
    ) -> tuple[Unit | None, Unit | None, list[LineProblem]]:
        elsewhere = self._finder.find(text, province=row.province_text)
        if not match.candidates and elsewhere.unit:
            told = problem_of(
                TakingProblemKind.UNIT_OUTSIDE,
                Severity.ERROR,
                row.row_number,
                found=text,
                proposed=self._unit.name,
            )
            return None, None, [told]
        proposed = next(iter(match.candidates), None if self._is_wide else self._unit)
        told = problem_of(
            TakingProblemKind.UNIT_UNKNOWN,
            Severity.ERROR,
            row.row_number,
            found=text,
            proposed=proposed.name if proposed else "",
            proposes="unit_proposed" if proposed else "",
        )
        return None, proposed, [told]


def _about_unit(row: RosterRow, kind: TakingProblemKind, match: UnitMatch) -> LineProblem:
    name = match.unit.name if match.unit else ""
    return problem_of(
        kind, Severity.WARNING, row.row_number, found=match.legacy_name, proposed=name
    )


def _names(units: Sequence[Unit]) -> str:
    named = ", ".join(unit.name for unit in units[:_UNITS_NAMED])
    return f"{named} …" if len(units) > _UNITS_NAMED else named


def _kept(problem: Problem, row: RosterRow) -> LineProblem:
    kind = problem.kind.value
    proposes = ""
    if problem.proposed and kind.startswith("identity") and row.identity_proposed:
        proposes = "identity_proposed"
    elif problem.proposed and kind.startswith("birth") and row.birth_proposed:
        proposes = "birth_proposed"
    elif problem.proposed and problem.kind is ProblemKind.ETHNIC_GROUP_UNCLEAR:
        proposes = "ethnic_group_proposed"
    return LineProblem(
        kind,
        problem.severity.value,
        problem.row,
        problem.column_letter,
        problem.found,
        problem.proposed,
        problem.other_row,
        proposes,
    )


# --- People already known ----------------------------------------------------------------------


def known_people_for(lines: Iterable[RosterLine], by: Person | None) -> list[KnownPerson]:
    """Everybody a line could mean: by number anywhere, by name in the units of the roster."""
    lines = list(lines)
    numbers = {line.identity_number for line in lines if line.identity_number}
    names = {fold(line.full_name) for line in lines}
    units = {line.unit_id for line in lines if line.unit_id}
    people = Person.objects.annotate(
        main_post=FilteredRelation("posts", condition=Q(posts__until_on=None, posts__is_main=True))
    ).annotate(
        post_id=F("main_post__pk"),
        unit_id=F("main_post__unit"),
        unit_path=F("main_post__unit__path"),
        title=F("main_post__title"),
        category=F("main_post__category"),
    )
    paths = () if by is None else scope_of(by).paths(Permission.IMPORT_PEOPLE)
    by_number = people.filter(identity_number__in=numbers)
    by_name = people.filter(search_key__in=names, unit_id__in=units)
    # Tuples, not objects: a large roster means tens of thousands of people.
    rows = {
        row[0]: row for query in (by_number, by_name) for row in query.values_list(*_KNOWN_COLUMNS)
    }
    return [_known(row, by is None, paths) for row in rows.values()]


_KNOWN_COLUMNS = (
    *("pk", "full_name", "sex", "birth_year", "birth_month", "birth_day", "identity_number"),
    *("phone", "email", "post_id", "unit_id", "title", "category", "ethnic_group"),
    *("birth_place", "unit_path"),
)


def _known(row: tuple[Any, ...], everywhere: bool, paths: tuple[str, ...]) -> KnownPerson:  # noqa: FBT001
    pk, full_name, sex, year, month, day, *others = row
    number, phone, email, post_id, unit_id, title, category, *others = others
    ethnic_group, birth_place, path = others
    return KnownPerson(
        pk,
        full_name,
        sex,
        PartialDate(year, month, day) if year else None,
        number,
        phone,
        email,
        post_id,
        unit_id,
        title or "",
        category or "",
        ethnic_group,
        birth_place,
        may_move=everywhere or (path or "").startswith(paths or ("\0",)),
    )


def people_expected(lines: Sequence[RosterLine], by: Person | None) -> list[RosterLine]:
    """The lines with what would happen to each if the roster were imported now."""
    known = KnownPeople(known_people_for(lines, by))
    takings = [take_line(line, known) for line in lines]
    return [replace(taking.line, outcome=taking.outcome.value) for taking in takings]
