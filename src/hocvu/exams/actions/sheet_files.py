"""Workbooks of answer sheets: read and shown first, taken in only when somebody says so."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.exams import policies
from hocvu.exams.actions.marking import hold_keys
from hocvu.exams.actions.sheet_writing import AnswerSheet, SheetSource
from hocvu.exams.actions.sheets import (
    SheetsDoNotFit,
    lock_learners,
    refuse_if_drawn_anew,
    take_in_answer_sheets,
)
from hocvu.exams.models import SheetFile, Sitting
from hocvu.exams.queries.sheet_files import (
    JudgedRow,
    judged_rows,
    new_among,
    people_named,
    rows_of,
)
from hocvu.exams.queries.sheet_words import told_of_file
from hocvu.exams.queries.sheets import asked_on_paper
from hocvu.exams.rules.sheet_rows import FileDoesNotFit, SheetsRead, read_sheets
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.vietnamese import nfc
from hocvu.people.models import Person
from hocvu.people.queries.unreadable_files import UNREADABLE_SENTENCES
from hocvu.spreadsheets import SpreadsheetIsUnreadable, read_grids


class SheetFileIsUnreadable(NotPossible):
    """The file is no workbook of this sitting's answer sheets."""


class SheetFileIsDone(NotPossible):
    """The file has been taken in already."""


class SheetFileIsGivenUp(NotPossible):
    """The file has been given up; a mended one starts anew."""


def note_booklet_printed(sitting: Sitting, *, by: Person, at: datetime) -> None:
    """Somebody took the paper out of the house, perhaps before the test: that is on record."""
    if not policies.can_print_booklet(by, sitting):
        raise NotAllowed(
            _("You learn in this class, so you cannot print its test."),
            _("Please ask whoever runs the class to print it."),
        )
    refuse_if_drawn_anew(sitting)
    with transaction.atomic():
        record("booklet_printed", sitting, by=by, at=at)


def upload_sheet_file(
    sitting: Sitting, file_name: str, content: bytes, *, reason: str, by: Person, at: datetime
) -> SheetFile:
    """Read the file and keep what it says, for somebody to look at. No attempt is made yet.

    The same file again leads to what became of it.
    """
    _refuse_unless_allowed(sitting, by)
    refuse_if_drawn_anew(sitting)
    sha256 = hashlib.sha256(content).hexdigest()
    file_name = nfc(file_name)[-250:]
    read = _read(sitting, file_name, content)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=by.pk)  # a double click waits here
        known = SheetFile.objects.filter(
            sitting=sitting, file_sha256=sha256, uploaded_by=by, given_up_at=None
        ).first()
        if known:
            return known
        file = SheetFile.objects.create(
            sitting=sitting,
            file_name=file_name,
            file_sha256=sha256,
            reason=reason,
            uploaded_by=by,
            uploaded_at=at,
            rows=[row.as_json() for row in read.rows],
            left_empty=read.left_empty,
        )
        facts = {"sitting_id": sitting.pk, "sheets": len(read.rows)}
        record("sheet_file_uploaded", file, by=by, at=at, reason=reason, **facts)
        return file


def take_in_sheet_file(file: SheetFile, *, by: Person, at: datetime) -> SheetFile:
    """Take all its sheets in as attempts, or none. Taking it in twice is once."""
    with transaction.atomic():
        file = _locked(file)
        _refuse_unless_allowed(file.sitting, by)
        if file.taken_in_at:
            return file
        if file.given_up_at:
            raise _given_up()
        hold_keys()
        rows = rows_of(file)
        lock_learners(file.sitting, people_named(file.sitting, rows))
        judged = judged_rows(file.sitting, rows, by=by, at=at)
        _refuse_unfit(judged)
        new = new_among(judged)
        file.new_attempts = take_in_answer_sheets(
            file.sitting,
            [_sheet(each) for each in new],
            by=by,
            at=at,
            source=_source(file, new),
        )
        file.taken_in_at, file.taken_in_by = at, by
        file.save(update_fields=["new_attempts", "taken_in_at", "taken_in_by"])
        record("sheet_file_taken_in", file, by=by, at=at, sheets=file.new_attempts)
        return file


def give_up_sheet_file(file: SheetFile, *, by: Person, at: datetime) -> None:
    """Leave it aside; what was read of it is forgotten. Giving up twice is once."""
    with transaction.atomic():
        file = _locked(file)
        _refuse_unless_allowed(file.sitting, by)
        if file.taken_in_at:
            raise SheetFileIsDone(
                _("These answer sheets have been taken in already."),
                _("An attempt can still be voided, with the reason."),
            )
        if file.given_up_at is None:
            file.given_up_at, file.rows = at, []
            file.save(update_fields=["given_up_at", "rows"])
            record("sheet_file_given_up", file, by=by, at=at)


def _read(sitting: Sitting, file_name: str, content: bytes) -> SheetsRead:
    try:
        return read_sheets(read_grids(file_name, content), asked_on_paper(sitting))
    except SpreadsheetIsUnreadable as unreadable:
        sentence, next_step = UNREADABLE_SENTENCES[unreadable.reason]
        limit = f"{unreadable.limit:,}".replace(",", ".") if unreadable.limit else ""
        raise SheetFileIsUnreadable(str(sentence) % {"limit": limit}, next_step) from unreadable
    except FileDoesNotFit as unfit:
        raise SheetFileIsUnreadable(*told_of_file(unfit)) from unfit


def _locked(file: SheetFile) -> SheetFile:
    locked = SheetFile.objects.select_for_update(of=("self",))
    return locked.select_related("sitting__paper", "sitting__training_class__host_unit").get(
        pk=file.pk
    )


def _refuse_unless_allowed(sitting: Sitting, by: Person) -> None:
    if not policies.can_bring_in_sheets(by, sitting):
        raise NotAllowed(
            _("You have no room or bridge point in this test, so you cannot bring in its sheets."),
            _("Please ask whoever runs the class."),
        )


def _refuse_unfit(judged: list[JudgedRow]) -> None:
    unfit = [each for each in judged if each.troubles]
    if unfit:
        raise SheetsDoNotFit(
            _("%(n)s of %(all)s answer sheets do not fit. None was taken in.")
            % {"n": len(unfit), "all": len(judged)},
            _("Please look at the preview, mend the file and upload it again."),
        )


def _given_up() -> SheetFileIsGivenUp:
    return SheetFileIsGivenUp(
        _("This file was cancelled, so nothing was taken in."), _("Please upload the file again.")
    )


def _source(file: SheetFile, new: list[JudgedRow]) -> SheetSource:
    rows = {each.person_id: each.row.row for each in new if each.person_id}
    return SheetSource(file.pk, file.file_sha256, rows, file.reason)


def _sheet(judged: JudgedRow) -> AnswerSheet:
    row = judged.row
    assert judged.person_id  # noqa: S101 — a row without trouble names its learner
    assert row.started_at  # noqa: S101 — and both times
    assert row.handed_in_at  # noqa: S101
    return AnswerSheet(judged.person_id, row.started_at, row.handed_in_at, row.answers)
