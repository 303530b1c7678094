"""Files of questions: read and shown first, taken into the bank only when somebody says so."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.items.identifiers import telling_nothing
from hocvu.items.storing import from_json, to_json
from hocvu.kernel.errors import NotPossible
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import nfc
from hocvu.people.models import Person
from hocvu.question_files import Diagnostic, Problem, Reading, Severity, format_of, read
from hocvu.questions.actions.locking import refuse_unless_can_write_for
from hocvu.questions.actions.pictures import keep_pictures
from hocvu.questions.actions.writing import new_codes
from hocvu.questions.models import BankImport, FoundQuestion, Question
from hocvu.questions.queries.files import Taken, known_questions, outcome_of
from hocvu.questions.queries.items import question_from_item
from hocvu.questions.queries.places import Places
from hocvu.questions.queries.words import sentence_of_file_problem
from hocvu.questions.rules.places import Place, place_from_tags
from hocvu.questions.rules.sameness import fingerprint, used_media
from hocvu.units.models import Unit

_ROWS_AT_ONCE = 500


class FileIsUnreadable(NotPossible):
    """Nothing of the file can be read; the sentence says why."""


class FileIsDone(NotPossible):
    """The file has been taken or given up already."""


# --- Uploading ---------------------------------------------------------------------------------


def upload_bank_file(
    owner: Unit | None, file_name: str, content: bytes, *, by: Person, at: datetime
) -> BankImport:
    """Read the file and keep what it holds, for somebody to look at. No question is made yet."""
    refuse_unless_can_write_for(owner, by)
    sha256 = hashlib.sha256(content).hexdigest()
    waiting = BankImport.objects.filter(
        owner=owner, file_sha256=sha256, uploaded_by=by, taken_at=None, given_up_at=None
    )
    if before := waiting.first():
        return before
    reading = read(content, file_name)
    if reading.problem:
        raise FileIsUnreadable(*sentence_of_file_problem(reading.problem, reading.detail))
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=by.pk)  # a double click waits here
        if before := waiting.first():
            return before
        bank_import = BankImport.objects.create(
            owner=owner,
            file_name=nfc(file_name)[-250:],
            file_sha256=sha256,
            uploaded_by=by,
            uploaded_at=at,
            format=_format(content, file_name),
            encoding=reading.encoding[:20],
            stated=reading.stated,
            media=_kept_media(reading),
            notes=[_as_json(each) for each in _about_no_question(reading)],
        )
        found = list(_found(bank_import, reading, Places.on(day_of(at))))
        FoundQuestion.objects.bulk_create(found, batch_size=_ROWS_AT_ONCE)
        record("bank_file_uploaded", bank_import, by=by, at=at, questions=len(found))
        return bank_import


def _format(content: bytes, file_name: str) -> str:
    found = format_of(content, file_name)
    return found.value if found else ""


def _kept_media(reading: Reading) -> dict[str, str]:
    names = list(reading.media)
    kept = keep_pictures(reading.media[name].content for name in names)
    return {name: sha256 for name, sha256 in zip(names, kept, strict=True) if sha256}


def _about_no_question(reading: Reading) -> Iterator[Diagnostic]:
    """What is said of the file, of headings, of descriptions: nothing that could be answered."""
    numbers = {each.number for each in reading.items}
    for said in reading.diagnostics:
        if said.number not in numbers and (not said.number or said.severity is not Severity.ERROR):
            yield said


def _found(bank_import: BankImport, reading: Reading, places: Places) -> Iterator[FoundQuestion]:
    """Every question of the file: those that were read, and those that could not be."""
    said: dict[int, list[Diagnostic]] = {}
    for each in reading.diagnostics:
        said.setdefault(each.number, []).append(each)
    first_with: dict[str, int] = {}
    for found in reading.items:
        print_ = fingerprint(found.item, used_media(found.item, bank_import.media))
        notes = [_as_json(each) for each in said.pop(found.number, [])]
        first = first_with.setdefault(print_, found.number)
        repeats = first != found.number
        if repeats and not any(each["code"] == Problem.REPEATED for each in notes):
            notes.append(_as_json(_repeated(found.number, found.line, first)))
        yield FoundQuestion(
            bank_import=bank_import,
            number=found.number,
            line=found.line,
            content=to_json(found.item),
            diagnostics=notes,
            fingerprint=print_,
            place=place_from_tags(
                [*found.item.tags, *found.item.category.split("/")],
                places.components,
                places.levels,
            ).as_json(),
            is_left_out=repeats,
        )
    for number, notes_of_one in said.items():
        errors = [each for each in notes_of_one if each.severity is Severity.ERROR]
        if number and errors:
            yield FoundQuestion(
                bank_import=bank_import,
                number=number,
                line=errors[0].line,
                diagnostics=[_as_json(each) for each in notes_of_one],
            )


def _repeated(number: int, line: int, first: int) -> Diagnostic:
    about = _("question %(number)s") % {"number": first}
    return Diagnostic(number, line, Severity.WARNING, Problem.REPEATED, about)


def _as_json(said: Diagnostic) -> dict[str, Any]:
    return {**asdict(said), "severity": said.severity.value, "code": said.code.value}


# --- Choosing and taking -----------------------------------------------------------------------


def choose_from_file(
    bank_import: BankImport,
    *,
    shown: Collection[int],
    ticked: Collection[int],
    places: Mapping[int, Place],
    for_all: Place | None,
    by: Person,
    at: datetime,
) -> None:
    """Keep what was ticked and given on one page of the preview: questions by their number.

    `for_all` is the place of questions that have none of their own; none: it stays as it is.
    """
    with transaction.atomic():
        bank_import = _locked(bank_import, by)
        _refuse_if_done(bank_import)
        found = list(bank_import.found.filter(number__in=set(shown), content__isnull=False))
        for each in found:
            each.is_left_out = each.number not in ticked
            if each.number in places:
                each.place = places[each.number].as_json()
        FoundQuestion.objects.bulk_update(found, ["is_left_out", "place"])
        if for_all is not None:
            bank_import.place = for_all.as_json()
            bank_import.save(update_fields=["place"])
        record("bank_file_chosen_from", bank_import, by=by, at=at, shown=len(found))


def take_bank_file(bank_import: BankImport, *, by: Person, at: datetime) -> Taken:
    """Make drafts of the questions that were not left out. A file taken before gives its outcome.

    A question whose words and key stand in the bank already is not made again.
    """
    with transaction.atomic():
        bank_import = _locked(bank_import, by)
        if bank_import.taken_at:
            return outcome_of(bank_import)
        _refuse_if_done(bank_import)
        chosen = list(bank_import.found.filter(content__isnull=False, is_left_out=False))
        known = known_questions(bank_import, {each.fingerprint for each in chosen})
        new = {each.fingerprint: each for each in reversed(chosen) if each.fingerprint not in known}
        made = _make_questions(bank_import, list(reversed(new.values())), by, at)
        for each in chosen:
            each.was_known = new.get(each.fingerprint) is not each
            each.question = made.get(each.fingerprint) or known[each.fingerprint]
        FoundQuestion.objects.bulk_update(
            chosen, ["question", "was_known"], batch_size=_ROWS_AT_ONCE
        )
        bank_import.taken_at, bank_import.taken_by = at, by
        bank_import.save(update_fields=["taken_at", "taken_by"])
        taken = outcome_of(bank_import)
        record("bank_file_taken", bank_import, by=by, at=at, **asdict(taken))
        return taken


def give_up_bank_file(bank_import: BankImport, *, by: Person, at: datetime) -> None:
    """Leave this upload aside; a mended file can be uploaded anew. Giving up twice is once."""
    with transaction.atomic():
        bank_import = _locked(bank_import, by)
        if bank_import.given_up_at:
            return
        _refuse_if_done(bank_import)
        bank_import.given_up_at = at
        bank_import.save(update_fields=["given_up_at"])
        record("bank_file_given_up", bank_import, by=by, at=at)


def _make_questions(
    bank_import: BankImport, found: list[FoundQuestion], by: Person, at: datetime
) -> dict[str, Question]:
    """Drafts of these, by fingerprint."""
    for_all = Place.from_json(bank_import.place)
    questions = [
        question_from_item(
            telling_nothing(from_json(each.content or {})),
            code=code,
            media=bank_import.media,
            owner=bank_import.owner,
            bank_import=bank_import,
            created_by=by,
            created_at=at,
            **asdict(Place.from_json(each.place).with_gaps_filled(for_all)),
        )
        for each, code in zip(found, new_codes(len(found)), strict=True)
    ]
    Question.objects.bulk_create(questions, batch_size=_ROWS_AT_ONCE)
    return {question.fingerprint: question for question in questions}


def _locked(bank_import: BankImport, by: Person) -> BankImport:
    held = (
        BankImport.objects.select_for_update(of=("self",))
        .select_related("owner")
        .get(pk=bank_import.pk)
    )
    refuse_unless_can_write_for(held.owner, by)
    return held


def _refuse_if_done(bank_import: BankImport) -> None:
    if bank_import.taken_at or bank_import.given_up_at:
        raise FileIsDone(
            _("This file was taken into the bank or cancelled before."),
            _("Please look at its outcome, or upload the file again."),
        )
