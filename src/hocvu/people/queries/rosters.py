"""Rosters between upload and outcome: what rows say, what is wrong with them, what will happen."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _

from hocvu.kernel.vietnamese import fold
from hocvu.people.models import Category, Person, RosterImport, Sex
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.people.rules.birth_date import PartialDate, Precision
from hocvu.people.rules.roster import Roster, RosterRow
from hocvu.people.rules.roster_problems import Problem, Severity
from hocvu.people.rules.roster_taking import (
    KnownPeople,
    KnownPerson,
    LineProblem,
    Outcome,
    RosterLine,
    TakingProblemKind,
    problem_of,
    take_line,
)
from hocvu.spreadsheets import UnreadableReason, write_table
from hocvu.units.models import PROVINCIAL_KINDS, Unit, UnitKind
from hocvu.units.queries import KindOfMatch, UnitFinder, UnitMatch

ROWS_ON_A_PAGE: Final = 25
_UNITS_NAMED: Final = 4

_SAVE_AS_XLSX = _("Please open the list in Excel, save it as .xlsx and upload it again.")
UNREADABLE_SENTENCES: Final = {
    UnreadableReason.TOO_LARGE: (
        _("The file is larger than 20 MB."),
        _("Please leave out pictures and other sheets, or divide the list, and upload it again."),
    ),
    UnreadableReason.EXPANDS_TOO_MUCH: (
        _("The file unpacks to far more than a list of people can hold."),
        _("Please copy the list into a new workbook and upload that one."),
    ),
    UnreadableReason.TOO_MANY_ROWS: (
        _("The sheet has more than %(limit)s rows."),
        _("Please delete empty rows below the list, or divide the list into several files."),
    ),
    UnreadableReason.TOO_MANY_COLUMNS: (
        _("The sheet has more than %(limit)s columns."),
        _("Please delete the columns to the right of the list."),
    ),
    UnreadableReason.PASSWORD_PROTECTED: (
        _("The file is protected with a password, so it cannot be read."),
        _("Please remove the password in Excel (File, Info, Protect Workbook) and upload again."),
    ),
    UnreadableReason.WEB_PAGE: (
        _("The file is a web page saved under the name of a spreadsheet."),
        _SAVE_AS_XLSX,
    ),
    UnreadableReason.PDF: (
        _("The file is a PDF, not a spreadsheet, whatever its name says."),
        _("Please ask for the list as an Excel file, or fill in the template."),
    ),
    UnreadableReason.IMAGE: (
        _("The file is a picture, not a spreadsheet."),
        _("Please ask for the list as an Excel file, or fill in the template."),
    ),
    UnreadableReason.WORD_DOCUMENT: (
        _("The file is a Word document, not a spreadsheet."),
        _("Please copy the table into Excel, save it as .xlsx and upload it."),
    ),
    UnreadableReason.ARCHIVE: (
        _("The file is an archive of other files."),
        _("Please unpack it and upload the spreadsheet inside."),
    ),
    UnreadableReason.UNKNOWN_FORMAT: (
        _("The file is not a spreadsheet that can be read (.xlsx, .xls, .ods or .csv)."),
        _SAVE_AS_XLSX,
    ),
    UnreadableReason.DAMAGED: (_("The file is damaged and cannot be read."), _SAVE_AS_XLSX),
    UnreadableReason.EMPTY: (
        _("The file holds nothing."),
        _("Please check that the right file was chosen and upload it again."),
    ),
}

OUTCOME_WORDS: Final = {
    Outcome.ADDED: _("new person"),
    Outcome.UPDATED: _("brought up to date"),
    Outcome.MOVED: _("moved to this unit"),
    Outcome.UNCHANGED: _("known, nothing changes"),
    Outcome.REFUSED: _("not imported"),
}

FIELD_WORDS: Final = {
    "full_name": _("full name"),
    "birth": _("date of birth"),
    "identity": _("identity number"),
    "unit": _("unit"),
}

_TEMPLATE_COLUMNS: Final = (
    _("No."), _("Full name"), _("Date of birth"), _("Sex"), _("Identity number"), _("Post"),
    _("Unit"), _("Category"), _("Telephone"), _("E-mail"),
)  # fmt: skip


# --- Which imports -----------------------------------------------------------------------------


def imports_open_to(person: Person) -> QuerySet[RosterImport]:
    """Rosters of the units whose people this person keeps."""
    reached = scope_of(person).reach(Permission.IMPORT_PEOPLE)
    return RosterImport.objects.filter(reached).select_related("unit", "uploaded_by")


def lines_of(roster_import: RosterImport) -> list[RosterLine]:
    return [RosterLine.from_json(each) for each in roster_import.lines]


def sheet_problems_of(roster_import: RosterImport) -> list[LineProblem]:
    return [LineProblem(**each) for each in roster_import.sheet_problems]


# --- Sentences ---------------------------------------------------------------------------------


def sentence_of(problem: Problem | LineProblem) -> str:
    """What is wrong and what is proposed, in the language in force, as plain text."""
    kind = problem.kind if isinstance(problem.kind, str) else problem.kind.value
    context = {
        "found": _said(problem.found),
        "proposed": _said(problem.proposed),
        "other_row": problem.other_row,
    }
    try:
        template = get_template(f"people/parts/problem_sentences.html#{kind}")
    except TemplateDoesNotExist:  # pragma: no cover - a test holds the template complete
        return kind
    return " ".join(template.render(context).split())


def _said(text: str) -> str:
    """Values the rules speak of by their code, in words."""
    if text in Sex.values:
        return str(Sex(text).label)
    return str(FIELD_WORDS.get(text, text))


# --- Units of a roster -------------------------------------------------------------------------


def lines_resolved(roster: Roster, unit: Unit) -> list[RosterLine]:
    """Every row with the unit it means, below the unit the roster was uploaded for."""
    resolver = _UnitResolver(unit)
    return [resolver.line_of(row) for row in roster.rows]


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
    rows = {person.pk: person for query in (by_number, by_name) for person in query}
    return [_known(person, by is None, paths) for person in rows.values()]


def _known(person: Any, everywhere: bool, paths: tuple[str, ...]) -> KnownPerson:  # noqa: FBT001
    birth = (person.birth_year, person.birth_month, person.birth_day)
    return KnownPerson(
        person.pk,
        person.full_name,
        person.sex,
        PartialDate(*birth) if person.birth_year else None,
        person.identity_number,
        person.phone,
        person.email,
        person.post_id,
        person.unit_id,
        person.title or "",
        person.category or "",
        may_move=everywhere or (person.unit_path or "").startswith(paths or ("\0",)),
    )


def people_expected(lines: Sequence[RosterLine], by: Person | None) -> list[RosterLine]:
    """The lines with what would happen to each if the roster were imported now."""
    known = KnownPeople(known_people_for(lines, by))
    takings = [take_line(line, known) for line in lines]
    return [replace(taking.line, outcome=taking.outcome.value) for taking in takings]


# --- The preview -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """One kind of proposal, to be accepted for all its rows at once."""

    kind: str
    count: int
    example: str


@dataclass(frozen=True)
class ShownLine:
    """A row of the preview or of the outcome."""

    line: RosterLine
    tone: str
    state: Any
    sentences: tuple[tuple[str, str], ...]  # (column letter, sentence)


@dataclass(frozen=True)
class RosterPreview:
    """What a roster says and what would happen, one page of rows at a time."""

    roster_import: RosterImport
    page_number: int = 1
    only_problems: bool = False

    @cached_property
    def lines(self) -> list[RosterLine]:
        return lines_of(self.roster_import)

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(line.outcome for line in self.lines)

    @property
    def total(self) -> int:
        return len(self.lines)

    @cached_property
    def with_problems(self) -> int:
        return sum(line.has_problems for line in self.lines)

    @cached_property
    def to_take(self) -> int:
        return self.total - self.counts[Outcome.REFUSED.value]

    @property
    def refused(self) -> int:
        return self.counts[Outcome.REFUSED.value]

    @cached_property
    def sheet_sentences(self) -> list[tuple[str, str]]:
        """(tone, sentence) of what concerns the whole file."""
        return [
            ("bad" if problem.is_error else "warn", _placed(problem))
            for problem in sheet_problems_of(self.roster_import)
        ]

    @property
    def can_be_imported(self) -> bool:
        return bool(self.lines) and not any(
            problem.is_error for problem in sheet_problems_of(self.roster_import)
        )

    @cached_property
    def proposals(self) -> list[Proposal]:
        first: dict[str, LineProblem] = {}
        counts: Counter[str] = Counter()
        for line in self.lines:
            for problem in line.problems:
                if problem.proposes:
                    first.setdefault(problem.kind, problem)
                    counts[problem.kind] += 1
        without_category = sum(bool(line.category_proposed) for line in self.lines)
        proposals = [
            Proposal(kind, counts[kind], _placed(problem)) for kind, problem in first.items()
        ]
        if without_category:
            missing = LineProblem(TakingProblemKind.CATEGORY_MISSING.value, "warning")
            proposals.append(Proposal(missing.kind, without_category, sentence_of(missing)))
        return proposals

    @cached_property
    def _chosen(self) -> list[RosterLine]:
        """Problems first: errors, then decisions, then warnings, then the rest as in the file."""
        chosen = [line for line in self.lines if line.has_problems or not self.only_problems]
        return sorted(
            chosen,
            key=lambda line: (
                not line.has_errors, not line.needs_a_decision, not line.has_problems, line.row,
            ),
        )  # fmt: skip

    @property
    def last_page(self) -> int:
        return max(1, -(-len(self._chosen) // ROWS_ON_A_PAGE))

    @property
    def page(self) -> int:
        return min(max(1, self.page_number), self.last_page)

    @cached_property
    def rows(self) -> list[ShownLine]:
        first = (self.page - 1) * ROWS_ON_A_PAGE
        return [_shown(line) for line in self._chosen[first : first + ROWS_ON_A_PAGE]]


def preview_of(
    roster_import: RosterImport, *, page: int = 1, only_problems: bool = False
) -> RosterPreview:
    return RosterPreview(roster_import, page, only_problems)


def _placed(problem: LineProblem) -> str:
    if not problem.row:
        return sentence_of(problem)
    place = (_("Row %(row)s, column %(column)s") if problem.column_letter else _("Row %(row)s")) % {
        "row": problem.row,
        "column": problem.column_letter,
    }
    return f"{place}: {sentence_of(problem)}"


def _shown(line: RosterLine) -> ShownLine:
    outcome = Outcome(line.outcome) if line.outcome else Outcome.REFUSED
    waits = outcome is Outcome.REFUSED and all(
        problem.proposes for problem in line.problems if problem.is_error
    )
    tone = "warn" if waits or (line.has_problems and outcome is not Outcome.REFUSED) else "good"
    if outcome is Outcome.REFUSED and not waits:
        tone = "bad"
    state = _("waits for your decision") if waits else OUTCOME_WORDS[outcome]
    sentences = tuple((problem.column_letter, sentence_of(problem)) for problem in line.problems)
    return ShownLine(line, tone, state, sentences)


# --- The outcome -------------------------------------------------------------------------------


def outcome_file_of(roster_import: RosterImport) -> bytes:
    """An .xlsx with one line per row of the roster: what became of it, and why."""
    headings = [_("Row"), _("Full name"), _("Date of birth"), _("Unit"), _("Outcome"), _("Notes")]
    return write_table(
        str(_("Outcome of the import: %(file)s") % {"file": roster_import.file_name}),
        [str(heading) for heading in headings],
        _outcome_rows(roster_import),
        sheet_name=str(_("Outcome")),
    )


def _outcome_rows(roster_import: RosterImport) -> Iterator[list[object]]:
    for line in lines_of(roster_import):
        yield [
            line.row,
            line.full_name,
            str(line.birth or ""),
            line.unit_name or line.unit_text,
            str(OUTCOME_WORDS[Outcome(line.outcome)]) if line.outcome else "",
            " ".join(sentence_of(problem) for problem in line.problems),
        ]


def template_file() -> bytes:
    """An empty roster whose cells are text, so that leading zeros stay."""
    headings = [str(heading) for heading in _TEMPLATE_COLUMNS]
    return write_table(str(_("List of people")), headings, [], sheet_name=str(_("List")))
