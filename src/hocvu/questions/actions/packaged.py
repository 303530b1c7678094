"""Loading the questions that come with the program."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.items.content import Item, Kind
from hocvu.items.identifiers import telling_nothing
from hocvu.items.marking import item_flaws
from hocvu.kernel.errors import NotPossible
from hocvu.questions.models import Question
from hocvu.questions.queries.items import item_from, item_of, question_from_item

BANK = Path(__file__).parent.parent / "bank"
_NAMES = {"component": "component_code"}  # written otherwise in a file than in the table
_PLACE = ("component_code", "level", "topic", "target_group", "source")
_TOLD_BY_ORDER = frozenset({Kind.ORDERING, Kind.MATCHING})  # written a, b, c in the right order


class QuestionIsFlawed(NotPossible):
    """A written question cannot be asked as it is."""


class QuestionWasEdited(NotPossible):
    """A packaged question differs from the same version loaded before."""


def load_bank(*, at: datetime, folder: Path = BANK) -> int:
    """Load the packaged questions; the number that were new. A second run changes nothing.

    They are in use at once; a later version retires the one before it.
    """
    with transaction.atomic():
        known = {(each.code, each.version): each for each in Question.objects.all()}
        new = []
        for question in _written(folder):
            before = known.get((question.code, question.version))
            if before is None:
                new.append(question)
            elif _differ(before, question):
                raise QuestionWasEdited(
                    _("Question %(question)s has already been loaded with other content.")
                    % {"question": question},
                    _("Give the changed question a new version."),
                )
        for version in sorted({question.version for question in new}):
            _put_in_use([each for each in new if each.version == version], at)
        if new:
            record("bank_loaded", "questions.question", by=None, at=at, questions=len(new))
        return len(new)


def _differ(before: Question, after: Question) -> bool:
    return item_of(before) != item_of(after) or any(
        getattr(before, name) != getattr(after, name) for name in _PLACE
    )


def _put_in_use(questions: Sequence[Question], at: datetime) -> None:
    Question.objects.bulk_create(questions)
    new = {question.code: question for question in questions}
    earlier = list(Question.objects.in_use().filter(code__in=new))
    for question in earlier:
        question.retired_at, question.replaced_by = at, new[question.code]
    Question.objects.bulk_update(earlier, ["retired_at", "replaced_by"])
    for question in questions:
        question.put_in_use_at = at
    Question.objects.bulk_update(questions, ["put_in_use_at"], batch_size=500)


def _written(folder: Path) -> Iterator[Question]:
    for file in sorted(folder.glob("*.toml")):
        for written in tomllib.loads(file.read_text(encoding="utf-8")).get("questions", []):
            yield _question(written)


def _question(written: Mapping[str, Any]) -> Question:
    named = {_NAMES.get(name, name): value for name, value in written.items()}
    code, version = named.pop("code"), named.pop("version")
    place = {name: named.pop(name) for name in _PLACE}
    item = item_from(named)
    if item.kind in _TOLD_BY_ORDER:
        item = telling_nothing(item)
    _refuse_flaws(f"{code} v{version}", item)
    return question_from_item(item, code=code, version=version, media={}, **place)


def _refuse_flaws(name: str, item: Item) -> None:
    found = [" ".join(filter(None, [flaw.kind.value, flaw.where])) for flaw in item_flaws(item)]
    if found:
        raise QuestionIsFlawed(
            _("Question %(question)s cannot be asked: %(flaws)s.")
            % {"question": name, "flaws": ", ".join(found)},
            _("Correct it in the question bank, then load the bank again."),
        )
