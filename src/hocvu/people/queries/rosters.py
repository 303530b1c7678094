"""Rosters between upload and outcome: what rows say, what is wrong with them, what will happen."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any, Final

from django.db.models import QuerySet
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _

from hocvu.people.models import Person, RosterImport, Sex
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.people.rules.roster_problems import Problem
from hocvu.people.rules.roster_taking import (
    LineProblem,
    Outcome,
    RosterLine,
    TakingProblemKind,
)
from hocvu.spreadsheets import write_table

ROWS_ON_A_PAGE: Final = 25
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
    _("No."), _("Full name"), _("Date of birth"), _("Sex"), _("Identity number"),
    _("Post"), _("Unit"), _("Category"), _("Telephone"), _("E-mail"), _("Ethnic group"),
    _("Place of birth"),
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


def proposals_in(roster_import: RosterImport) -> frozenset[str]:
    """Everything that can be ticked: kinds of proposal, and single proposals of one row."""
    offered: set[str] = set()
    for line in lines_of(roster_import):
        for problem in line.problems:
            if problem.proposes:
                offered |= {problem.kind, problem.key}
        if line.category_proposed:
            offered |= {TakingProblemKind.CATEGORY_MISSING.value, line.category_key}
    return frozenset(offered)


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
    return unescape(" ".join(template.render(context).split()))


def _said(text: str) -> str:
    """Values the rules speak of by their code, in words."""
    if text in Sex.values:
        return str(Sex(text).label)
    return str(FIELD_WORDS.get(text, text))


# --- The preview -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """One kind of proposal, to be accepted for all its rows at once."""

    kind: str
    count: int
    example: str
    is_ticked: bool


@dataclass(frozen=True)
class ShownSentence:
    """What is said of a row; with a `key` where it can be accepted for this row alone."""

    column: str
    words: str
    key: str = ""
    is_ticked: bool = False


@dataclass(frozen=True)
class ShownLine:
    """A row of the preview or of the outcome."""

    line: RosterLine
    tone: str
    state: Any
    sentences: tuple[ShownSentence, ...]


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
        without_category = self._without_category
        proposals = [
            Proposal(kind, counts[kind], _placed(problem), kind in self._accepted)
            for kind, problem in first.items()
        ]
        if without_category:
            missing = LineProblem(TakingProblemKind.CATEGORY_MISSING.value, "warning")
            proposals.append(
                Proposal(
                    missing.kind,
                    without_category,
                    sentence_of(missing),
                    missing.kind in self._accepted,
                )
            )
        return proposals

    @property
    def takes_ticks(self) -> bool:
        """Whether it still waits for decisions."""
        done = self.roster_import.imported_at or self.roster_import.given_up_at
        return not done and self.can_be_imported and bool(self.proposals)

    @cached_property
    def ticked_rows(self) -> int:
        """Proposals accepted one by one so far."""
        return sum(":" in key for key in self._accepted)

    @cached_property
    def _accepted(self) -> frozenset[str]:
        return frozenset(self.roster_import.accepted)

    @cached_property
    def _without_category(self) -> int:
        return sum(bool(line.category_proposed) for line in self.lines)

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
        return [self._shown(line) for line in self._chosen[first : first + ROWS_ON_A_PAGE]]

    def _shown(self, line: RosterLine) -> ShownLine:
        tone, state = _state_of(line)
        return ShownLine(line, tone, state, tuple(self._sentences(line)))

    def _sentences(self, line: RosterLine) -> Iterator[ShownSentence]:
        for problem in line.problems:
            key = problem.key if problem.proposes and self.takes_ticks else ""
            yield ShownSentence(
                problem.column_letter, sentence_of(problem), key, key in self._accepted
            )
        # A list without any categories is settled at the top, for all its rows at once.
        if line.category_proposed and self.takes_ticks and self._without_category < self.total:
            missing = LineProblem(TakingProblemKind.CATEGORY_MISSING.value, "warning")
            key = line.category_key
            yield ShownSentence("", sentence_of(missing), key, key in self._accepted)


def preview_of(
    roster_import: RosterImport, *, page: int = 1, only_problems: bool = False
) -> RosterPreview:
    return RosterPreview(roster_import, page, only_problems)


def _placed(problem: LineProblem) -> str:
    if not problem.row:
        return sentence_of(problem)
    place = (_("Row %(row)s, column %(column)s") if problem.column_letter else _("Row %(row)s")) % {
        "row": problem.place or problem.row,
        "column": problem.column_letter,
    }
    return f"{place}: {sentence_of(problem)}"


def _state_of(line: RosterLine) -> tuple[str, Any]:
    """Tone and words of what becomes of a row."""
    outcome = Outcome(line.outcome) if line.outcome else Outcome.REFUSED
    waits = outcome is Outcome.REFUSED and all(
        problem.proposes for problem in line.problems if problem.is_error
    )
    tone = "warn" if waits or (line.has_problems and outcome is not Outcome.REFUSED) else "good"
    if outcome is Outcome.REFUSED and not waits:
        tone = "bad"
    state = _("waits for your decision") if waits else OUTCOME_WORDS[outcome]
    return tone, state


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
            line.place or line.row,
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
