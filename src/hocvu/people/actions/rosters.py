"""Rosters: read and shown first, taken over only when somebody says so, all rows or none."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import nfc
from hocvu.people import policies
from hocvu.people.actions.roster_writing import lines_with_outcomes, write_takings
from hocvu.people.events import PeopleChangedPosts
from hocvu.people.models import Person, RosterImport
from hocvu.people.queries.roster_lines import known_people_for, lines_resolved, people_expected
from hocvu.people.queries.rosters import lines_of, proposals_in
from hocvu.people.queries.unreadable_files import UNREADABLE_SENTENCES
from hocvu.people.rules.roster import Roster, read_roster
from hocvu.people.rules.roster_taking import (
    KnownPeople,
    LineProblem,
    Outcome,
    RosterLine,
    Taking,
    take_line,
    ticks_after,
)
from hocvu.spreadsheets import SpreadsheetIsUnreadable, read_grids
from hocvu.units.models import Unit


class RosterIsUnreadable(NotPossible):
    """The file is no spreadsheet that can be read; its reason says which sentence."""


class ImportIsDone(NotPossible):
    """The roster has been imported already."""


class ImportIsGivenUp(NotPossible):
    """The roster has been given up; a mended file starts anew."""


@dataclass(frozen=True)
class RosterOutcome:
    """How many rows had which outcome."""

    roster_import: RosterImport
    added: int = 0
    updated: int = 0
    moved: int = 0
    unchanged: int = 0
    refused: int = 0


# --- Uploading ---------------------------------------------------------------------------------


def upload_roster(
    unit: Unit, file_name: str, content: bytes, *, by: Person | None, at: datetime
) -> RosterImport:
    """Read the file and keep what it says, for somebody to look at. No person is touched yet."""
    if by is None or not policies.can_import_into(by, unit):
        raise NotAllowed(
            _("You may not import rosters into %(unit)s.") % {"unit": unit.name},
            _("Please ask the training officer of that unit."),
        )
    sha256 = hashlib.sha256(content).hexdigest()
    file_name = nfc(file_name)[-250:]
    roster = _read(file_name, content, day_of(at))
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=by.pk)  # a double click waits here
        waiting = RosterImport.objects.filter(
            unit=unit, file_sha256=sha256, uploaded_by=by, imported_at=None, given_up_at=None
        ).first()
        if waiting:
            return waiting
        lines = people_expected(lines_resolved(roster, unit), by)
        roster_import = RosterImport.objects.create(
            unit=unit,
            file_name=file_name,
            file_sha256=sha256,
            uploaded_by=by,
            uploaded_at=at,
            lines=[line.as_json() for line in lines],
            sheet_problems=_sheet_problems(roster),
        )
        record("roster_uploaded", roster_import, by=by, at=at, rows=len(lines), unit_id=unit.pk)
        return roster_import


def _read(file_name: str, content: bytes, reading_on: date) -> Roster:
    try:
        grids = read_grids(file_name, content)
    except SpreadsheetIsUnreadable as unreadable:
        sentence, next_step = UNREADABLE_SENTENCES[unreadable.reason]
        limit = f"{unreadable.limit:,}".replace(",", ".") if unreadable.limit else ""
        raise RosterIsUnreadable(str(sentence) % {"limit": limit}, next_step) from unreadable
    return read_roster(*grids, reading_on=reading_on)


def _sheet_problems(roster: Roster) -> list[dict[str, object]]:
    return [
        {
            "kind": problem.kind.value,
            "severity": problem.severity.value,
            "row": problem.row,
            "column_letter": problem.column_letter,
            "found": problem.found,
            "proposed": problem.proposed,
            "place": roster.place_of(problem.row),
        }
        for problem in roster.problems
    ]


# --- Importing ---------------------------------------------------------------------------------


def import_roster(
    roster_import: RosterImport,
    *,
    accepted_proposals: Collection[str],
    by: Person | None,
    at: datetime,
) -> RosterOutcome:
    """Take the roster over in one transaction. A roster already taken over gives its outcome again.

    `accepted_proposals` holds kinds of problem (`identity_zeros_lost`) or single ones
    (`12:unit_unknown`).
    """
    with transaction.atomic():
        roster_import = _locked(roster_import)
        _refuse_unless_allowed(roster_import, by)
        if roster_import.imported_at:
            return _outcome_of(roster_import)
        if roster_import.given_up_at:
            raise _given_up()
        if any(problem["severity"] == "error" for problem in roster_import.sheet_problems):
            raise RosterIsUnreadable(
                _("This file cannot be imported as it is."),
                _("Please mend what the preview names and upload the file again."),
            )
        accepted = frozenset(accepted_proposals)
        takings = _take(roster_import, accepted, by)
        changed = write_takings(takings, day_of(at))
        roster_import.lines = [line.as_json() for line in lines_with_outcomes(takings, changed)]
        roster_import.imported_at, roster_import.imported_by = at, by
        roster_import.accepted = sorted(accepted)
        roster_import.save(update_fields=["lines", "accepted", "imported_at", "imported_by"])
        outcome = _outcome_of(roster_import)
        record(
            "roster_imported", roster_import, by=by, at=at,
            added=outcome.added, updated=outcome.updated, moved=outcome.moved,
            unchanged=outcome.unchanged, refused=outcome.refused,
        )  # fmt: skip
        if changed.ids:
            publish(PeopleChangedPosts(tuple(sorted(changed.ids)), at))
        return outcome


def tick_proposals(
    roster_import: RosterImport,
    *,
    shown: Collection[str],
    ticked: Collection[str],
    by: Person | None,
    at: datetime,
) -> None:
    """Keep the ticks of one page of the preview until the roster is taken over."""
    with transaction.atomic():
        roster_import = _locked(roster_import)
        _refuse_unless_allowed(roster_import, by)
        if roster_import.imported_at:
            raise ImportIsDone(
                _("This roster has been imported already, so nothing more can be accepted."),
                _("Please look at the outcome; a mended file can still be uploaded."),
            )
        if roster_import.given_up_at:
            raise _given_up()
        accepted = ticks_after(roster_import.accepted, shown, ticked) & proposals_in(roster_import)
        if accepted != set(roster_import.accepted):
            roster_import.accepted = sorted(accepted)
            roster_import.save(update_fields=["accepted"])
            record("proposals_ticked", roster_import, by=by, at=at, ticked=len(accepted))


def give_up_roster(roster_import: RosterImport, *, by: Person | None, at: datetime) -> None:
    """Leave this upload aside; a mended file can be uploaded anew. Giving up twice is once."""
    with transaction.atomic():
        roster_import = _locked(roster_import)
        _refuse_unless_allowed(roster_import, by)
        if roster_import.imported_at:
            raise ImportIsDone(
                _("This roster has been imported already, so it cannot be cancelled."),
                _("Please look at the outcome; a mended file can still be uploaded."),
            )
        if roster_import.given_up_at is None:
            roster_import.given_up_at = at
            roster_import.save(update_fields=["given_up_at"])
            record("roster_given_up", roster_import, by=by, at=at)


def _locked(roster_import: RosterImport) -> RosterImport:
    return (
        RosterImport.objects.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=roster_import.pk)
    )


def _refuse_unless_allowed(roster_import: RosterImport, by: Person | None) -> None:
    if not policies.can_import_into(by, roster_import.unit):
        raise NotAllowed(
            _("You may not import rosters into %(unit)s.") % {"unit": roster_import.unit.name},
            _("Please ask the training officer of that unit."),
        )


def _given_up() -> ImportIsGivenUp:
    return ImportIsGivenUp(
        _("This roster was cancelled, so nothing was imported."),
        _("Please upload the file again."),
    )


def _take(roster_import: RosterImport, accepted: frozenset[str], by: Person | None) -> list[Taking]:
    lines = [
        line.before_meeting_people().with_accepted(accepted) for line in lines_of(roster_import)
    ]
    known = KnownPeople(known_people_for(lines, by))
    return [take_line(line, known) for line in _refusing_numbers_twice(lines)]


def _refusing_numbers_twice(lines: Sequence[RosterLine]) -> Iterable[RosterLine]:
    """Accepting a proposal can give two lines one number: then neither is taken."""
    counts = Counter(line.identity_number for line in lines if line.identity_number)
    for line in lines:
        if line.identity_number and counts[line.identity_number] > 1:
            other = next(
                each.shown_row
                for each in lines
                if each.identity_number == line.identity_number and each.row != line.row
            )
            yield line.with_problem(
                LineProblem(
                    "number_of_another",
                    "error",
                    line.row,
                    found=line.identity_number,
                    other_row=other,
                )
            )
        else:
            yield line


def _outcome_of(roster_import: RosterImport) -> RosterOutcome:
    counts = Counter(line.get("outcome", "") for line in roster_import.lines)
    return RosterOutcome(
        roster_import, **{outcome.value: counts[outcome.value] for outcome in Outcome}
    )
