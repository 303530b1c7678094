"""Rosters: read and shown first, taken over only when somebody says so, all rows or none."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import nfc
from hocvu.people import policies
from hocvu.people.actions.joining import NewPerson, insert_people
from hocvu.people.events import PeopleChangedPosts
from hocvu.people.models import Category, Person, Post, RosterImport
from hocvu.people.queries.rosters import (
    UNREADABLE_SENTENCES,
    known_people_for,
    lines_of,
    lines_resolved,
    people_expected,
)
from hocvu.people.rules.birth_date import PartialDate
from hocvu.people.rules.roster import Roster, read_roster
from hocvu.people.rules.roster_problems import Severity
from hocvu.people.rules.roster_taking import (
    KnownPeople,
    LineProblem,
    Outcome,
    RosterLine,
    Taking,
    TakingProblemKind,
    take_line,
)
from hocvu.spreadsheets import SpreadsheetIsUnreadable, read_grids
from hocvu.units.models import Unit

_ROWS_AT_ONCE = 2_000


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
    roster, left_out = _read(file_name, content, day_of(at))
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
            sheet_problems=_sheet_problems(roster, left_out),
        )
        record("roster_uploaded", roster_import, by=by, at=at, rows=len(lines), unit_id=unit.pk)
        return roster_import


def _read(file_name: str, content: bytes, reading_on: date) -> tuple[Roster, list[str]]:
    """The sheet with the most people, and the names of other sheets that hold people too."""
    try:
        grids = read_grids(file_name, content)
    except SpreadsheetIsUnreadable as unreadable:
        sentence, next_step = UNREADABLE_SENTENCES[unreadable.reason]
        limit = f"{unreadable.limit:,}".replace(",", ".") if unreadable.limit else ""
        raise RosterIsUnreadable(str(sentence) % {"limit": limit}, next_step) from unreadable
    rosters = [(read_roster(grid, reading_on=reading_on), grid.name) for grid in grids]
    best, name = max(rosters, key=lambda each: len(each[0].rows))
    return best, [other for roster, other in rosters if roster.rows and other != name]


def _sheet_problems(roster: Roster, left_out: list[str]) -> list[dict[str, object]]:
    problems: list[dict[str, object]] = [
        {
            "kind": problem.kind.value,
            "severity": problem.severity.value,
            "row": problem.row,
            "column_letter": problem.column_letter,
            "found": problem.found,
            "proposed": problem.proposed,
        }
        for problem in roster.problems
    ]
    if left_out:
        problems.append(
            {
                "kind": TakingProblemKind.SHEETS_LEFT_OUT.value,
                "severity": Severity.WARNING.value,
                "found": ", ".join(left_out),
            }
        )
    return problems


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
        takings = _take(roster_import, frozenset(accepted_proposals), by)
        changed = _write(takings, day_of(at))
        roster_import.lines = [line.as_json() for line in _lines_with_outcomes(takings, changed)]
        roster_import.imported_at, roster_import.imported_by = at, by
        roster_import.save(update_fields=["lines", "imported_at", "imported_by"])
        outcome = _outcome_of(roster_import)
        record(
            "roster_imported", roster_import, by=by, at=at,
            added=outcome.added, updated=outcome.updated, moved=outcome.moved,
            unchanged=outcome.unchanged, refused=outcome.refused,
        )  # fmt: skip
        if changed.ids:
            publish(PeopleChangedPosts(tuple(sorted(changed.ids)), at))
        return outcome


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
                each.row
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


@dataclass(frozen=True)
class _Written:
    """People whose posts changed, and the new ones by row."""

    ids: set[int]
    added: dict[int, int]


def _write(takings: Sequence[Taking], today: date) -> _Written:
    added = [taking for taking in takings if taking.outcome is Outcome.ADDED]
    new_ids = insert_people([_new_person(taking.line) for taking in added])
    _update_people([taking for taking in takings if taking.person_changes])
    changed = [taking for taking in takings if taking.post_changes and taking.person]
    _update_posts(changed, today)
    ids = {*new_ids, *(taking.person.pk for taking in changed if taking.person)}
    return _Written(ids, dict(zip((t.line.row for t in added), new_ids, strict=True)))


def _new_person(line: RosterLine) -> NewPerson:
    birth = line.birth
    return NewPerson(
        full_name=line.full_name,
        unit_id=line.unit_id or 0,
        category=line.category or line.category_proposed or Category.OTHER.value,
        sex=line.sex,
        birth_year=birth.year if birth else None,
        birth_month=birth.month if birth else None,
        birth_day=birth.day if birth else None,
        identity_number=line.identity_number,
        title=line.title,
        phone=line.phone,
        email=line.email,
        from_on=date.fromisoformat(line.from_on) if line.from_on else None,
    )


def _update_people(takings: Sequence[Taking]) -> None:
    changes = {taking.person.pk: taking.person_changes for taking in takings if taking.person}
    people = list(Person.objects.select_for_update().filter(pk__in=changes).order_by("pk"))
    for person in people:
        for name, value in changes[person.pk].items():
            if isinstance(value, PartialDate):
                person.birth_year, person.birth_month, person.birth_day = (
                    value.year,
                    value.month,
                    value.day,
                )
            else:
                setattr(person, name, value)
    Person.objects.bulk_update(
        people,
        ["sex", "identity_number", "phone", "email", "birth_year", "birth_month", "birth_day"],
        batch_size=_ROWS_AT_ONCE,
    )


def _update_posts(takings: Sequence[Taking], today: date) -> None:
    """A title or category is put right in place; a new unit ends the old post, begins another."""
    wanted = {taking.person.pk: taking for taking in takings if taking.person}
    held = {
        post.person_id: post
        for post in Post.objects.select_for_update()
        .filter(person__in=wanted, until_on=None, is_main=True)
        .order_by("pk")
    }
    mended: list[Post] = []
    ended: list[Post] = []
    new: list[Post] = []
    for pk, taking in wanted.items():
        post = held.get(pk)
        starts = date.fromisoformat(taking.line.from_on) if taking.line.from_on else today
        if post is None:
            new.append(_post(pk, taking.line, starts))
        elif "unit_id" not in taking.post_changes or (post.from_on and post.from_on >= today):
            for name, value in taking.post_changes.items():
                setattr(post, name, value)
            mended.append(post)
        else:
            post.until_on = today
            ended.append(post)
            category = taking.line.category or post.category
            new.append(_post(pk, replace(taking.line, category=category), today))
    Post.objects.bulk_update(mended, ["unit", "title", "category"], batch_size=_ROWS_AT_ONCE)
    Post.objects.bulk_update(ended, ["until_on"], batch_size=_ROWS_AT_ONCE)
    Post.objects.bulk_create(new, batch_size=_ROWS_AT_ONCE)


def _post(person_id: int, line: RosterLine, starts: date) -> Post:
    return Post(
        person_id=person_id,
        unit_id=line.unit_id or 0,
        title=line.title,
        category=line.category or Category.OTHER.value,
        from_on=starts,
    )


def _lines_with_outcomes(takings: Iterable[Taking], written: _Written) -> Iterable[RosterLine]:
    for taking in takings:
        known = taking.person.pk if taking.person else written.added.get(taking.line.row)
        yield replace(taking.line, outcome=taking.outcome.value, person_id=known)


def _outcome_of(roster_import: RosterImport) -> RosterOutcome:
    counts = Counter(line.get("outcome", "") for line in roster_import.lines)
    return RosterOutcome(
        roster_import, **{outcome.value: counts[outcome.value] for outcome in Outcome}
    )
