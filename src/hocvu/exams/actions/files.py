"""Handing in a file as the answer to a question."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.exams import policies
from hocvu.exams.actions.answering import (
    AnswerDoesNotFit,
    KeptLate,
    QuestionIsNotAsked,
    Receipt,
    save_answer,
)
from hocvu.exams.models import Attempt, HandedInFile
from hocvu.exams.queries.asked import question_asked_in
from hocvu.exams.rules.files import (
    KINDS,
    LARGEST_FILE,
    FileFlaw,
    SentFile,
    ending_of,
    file_name,
    flaw_in_file,
    kinds_taken,
)
from hocvu.items.answers import FILE
from hocvu.items.content import Item, Kind
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person
from hocvu.questions.queries import item_of

_MOST_FILES = 20  # for one question of an attempt: nobody changes their mind more often
MEGABYTE = 1024 * 1024


class FileDoesNotFit(NotPossible):
    """The file cannot be taken for this question."""


class TooManyFiles(NotPossible):
    pass


def hand_in_file(
    attempt: Attempt, question_id: int, file: SentFile, *, by: Person, at: datetime
) -> Receipt | KeptLate:
    """Keep the file and let it answer the question. The same file again changes nothing.

    One that comes after the end is kept too, as every late answer is.
    """
    with transaction.atomic():
        if not policies.can_answer(by, attempt):
            raise NotAllowed(
                _("Only the person who takes a test can answer it."),
                _("Please sign in with your own account."),
            )
        item = _item_asked(attempt, question_id)
        flaw = flaw_in_file(file.name, file.content, item.file_kinds)
        if flaw is not None:
            raise FileDoesNotFit(*why_not(flaw, item))
        name = sha256(file.content).hexdigest()
        _keep(attempt, question_id, file, name=name, by=by, at=at)
        return save_answer(
            attempt,
            question_id,
            [f"{FILE}={name}"],
            sequence=file.sequence,
            client_id=file.client_id,
            by=by,
            at=at,
        )


def _item_asked(attempt: Attempt, question_id: int) -> Item:
    question = question_asked_in(attempt, question_id)
    if question is None:
        raise QuestionIsNotAsked(
            _("This question is not part of this test."),
            _("Please load the page of the test again."),
        )
    if question.kind != Kind.FILE:
        raise AnswerDoesNotFit(
            _("This question is not answered with a file."),
            _("Please load the page of the test again."),
        )
    return item_of(question)


def _keep(
    attempt: Attempt, question_id: int, file: SentFile, *, name: str, by: Person, at: datetime
) -> None:
    kept = HandedInFile.objects.filter(attempt=attempt, question=question_id)
    if kept.filter(sha256=name).exists():
        return
    if kept.count() >= _MOST_FILES:
        raise TooManyFiles(
            _("Too many different files were handed in for this question."),
            _("The last one that was saved counts."),
        )
    row = HandedInFile(
        attempt=attempt,
        question_id=question_id,
        sha256=name,
        name=file_name(file.name),
        content_type=KINDS[ending_of(file.name)].content_type,
        content=file.content,
        arrived_at=at,
    )
    HandedInFile.objects.bulk_create([row], ignore_conflicts=True)  # the same file, sent twice
    record("file_kept", attempt, by=by, at=at, question_id=question_id, sha256=name)


def why_not(flaw: FileFlaw, item: Item) -> tuple[str, str]:
    """What is wrong with a file, and what to do."""
    kinds = ", ".join(kinds_taken(item.file_kinds))
    choose = _("Choose a file of one of these kinds: %(kinds)s.") % {"kinds": kinds}
    most = {"megabytes": LARGEST_FILE // MEGABYTE}
    return {
        FileFlaw.EMPTY: (_("This file is empty."), choose),
        FileFlaw.TOO_LARGE: (
            _("This file is larger than %(megabytes)s MB.") % most,
            _("Make it smaller, for example with pictures of lower resolution."),
        ),
        FileFlaw.KIND_NOT_TAKEN: (_("This kind of file is not taken here."), choose),
        FileFlaw.NOT_WHAT_IT_SAYS: (
            _("What this file holds is not what its name says."),
            _("Open it, save it again in the kind you want to hand in, and choose it once more."),
        ),
    }[flaw]
