"""Questions as files that other programs read. Keys leave the bank here, so it is recorded."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.items.content import Item, Media
from hocvu.items.storing import from_json, to_json
from hocvu.kernel.errors import NotPossible
from hocvu.people.models import Person
from hocvu.question_files import UNSAID_IN_GIFT, write_gift, write_moodle_xml, write_qti3
from hocvu.questions.models import Question, QuestionMedia
from hocvu.questions.queries.items import item_of
from hocvu.questions.queries.places import place_of
from hocvu.questions.queries.reach import questions_open_to
from hocvu.questions.queries.withheld import keys_withheld_from
from hocvu.questions.rules.places import tags_of

MOST_AT_ONCE = 5_000
_MEDIA_NAME = re.compile(r"media:([\w.-]+)", re.ASCII)


class TooManyQuestions(NotPossible):
    """More than one file should hold."""


class NothingToExport(NotPossible):
    """No question was chosen."""


class FileFormat(Enum):
    GIFT = "gift"
    MOODLE_XML = "moodle"
    QTI_3 = "qti"


@dataclass(frozen=True)
class ExportedFile:
    """`withheld`: how many questions are not in it, because their keys are withheld."""

    name: str
    content_type: str
    content: bytes
    withheld: int = 0


def export_questions(
    questions: Iterable[Question], file_format: FileFormat, *, by: Person, at: datetime
) -> ExportedFile:
    """Those of the questions that this person reaches, with keys, places as tags, and pictures.

    Questions that a test may still ask this person are left out.
    """
    wanted = {question.pk for question in questions}
    asked_for = questions_open_to(by).filter(pk__in=wanted).order_by("code", "version")
    reached = list(keys_withheld_from(by, at).without_them(asked_for))
    withheld = asked_for.count() - len(reached)
    if not reached and withheld:
        raise NothingToExport(
            _("Tests may still ask you these questions, so their keys are not given to you."),
            _("Please ask somebody else to take the file, or wait until the tests have closed."),
        )
    if not reached:
        raise NothingToExport(_("No question was chosen."), _("Please tick at least one."))
    if len(reached) > MOST_AT_ONCE:
        raise TooManyQuestions(
            _("More than 5,000 questions do not fit into one file."),
            _("Please choose fewer with the filters."),
        )
    with transaction.atomic():
        record(
            "questions_exported",
            "questions.question",
            by=by,
            at=at,
            questions=len(reached),
            withheld=withheld,
            format=file_format.value,
        )
        return replace(_written(reached, file_format), withheld=withheld)


def _written(questions: list[Question], file_format: FileFormat) -> ExportedFile:
    items, media = _with_their_own_pictures(questions)
    if file_format is FileFormat.GIFT:
        text = _left_out_of_gift(questions) + write_gift(items)
        return ExportedFile("cau-hoi.gift.txt", "text/plain; charset=utf-8", text.encode())
    if file_format is FileFormat.MOODLE_XML:
        content = write_moodle_xml(items, media)
        return ExportedFile("cau-hoi.moodle.xml", "application/xml", content)
    return ExportedFile("cau-hoi.qti3.zip", "application/zip", write_qti3(items, media))


def _left_out_of_gift(questions: list[Question]) -> str:
    """A remark at the top of the file: GIFT has no words for some kinds of question."""
    left_out = [each.code for each in questions if each.kind in UNSAID_IN_GIFT]
    if len(left_out) == len(questions):
        raise NothingToExport(
            _("GIFT has no words for these kinds of question."),
            _("Please choose Moodle XML or QTI 3."),
        )
    if not left_out:
        return ""
    remark = _("Not in this file, because GIFT has no words for them: %(codes)s")
    return f"// {remark % {'codes': ', '.join(left_out)}}\n\n"


def _with_their_own_pictures(questions: list[Question]) -> tuple[list[Item], dict[str, Media]]:
    """Items with their places as tags; pictures of one name but other bytes get other names."""
    hashes = {sha256 for question in questions for sha256 in question.media.values()}
    kept = {each.sha256: each for each in QuestionMedia.objects.filter(sha256__in=hashes)}
    media: dict[str, Media] = {}
    items = []
    for question in questions:
        names = {name: f"{sha256[:12]}-{name}" for name, sha256 in question.media.items()}
        for name, sha256 in question.media.items():
            picture = kept[sha256]
            media[names[name]] = Media(names[name], picture.content_type, bytes(picture.content))
        item = _renamed(item_of(question), names)
        tags = tuple(dict.fromkeys([*tags_of(place_of(question)), *item.tags]))
        items.append(replace(item, tags=tags, name=item.name or question.code))
    return items, media


def _renamed(item: Item, names: Mapping[str, str]) -> Item:
    """The item with every reference to these pictures under their new names."""
    if not names:
        return item
    written = _MEDIA_NAME.sub(
        lambda found: f"media:{names.get(found[1], found[1])}", json.dumps(to_json(item))
    )
    return from_json(json.loads(written))
