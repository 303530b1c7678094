"""Loading the question bank."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotPossible
from hocvu.questions.models import Question
from hocvu.questions.rules import WrittenOption, flaws

BANK = Path(__file__).parent / "bank"
_TEXTS = ("kind", "stem", "stem_en", "situation", "situation_en", "options", "component_code")
_COMPARED = (*_TEXTS, "level", "topic", "target_group", "source")


class QuestionIsFlawed(NotPossible):
    """A written question cannot be asked as it is."""


class QuestionWasEdited(NotPossible):
    """A packaged question differs from the same version loaded before."""


def load_bank(*, at: datetime, folder: Path = BANK) -> int:
    """Load the packaged questions; the number that were new. A second run changes nothing."""
    with transaction.atomic():
        known = {(each.code, each.version): each for each in Question.objects.all()}
        new = []
        for question in _written(folder):
            before = known.get((question.code, question.version))
            if before is None:
                new.append(question)
            elif any(getattr(before, name) != getattr(question, name) for name in _COMPARED):
                raise QuestionWasEdited(
                    _("Question %(question)s has already been loaded with other content.")
                    % {"question": question},
                    _("Give the changed question a new version."),
                )
        Question.objects.bulk_create(new)
        if new:
            record("bank_loaded", "questions.question", by=None, at=at, questions=len(new))
        return len(new)


def _written(folder: Path) -> Iterator[Question]:
    for file in sorted(folder.glob("*.toml")):
        for written in tomllib.loads(file.read_text()).get("questions", []):
            yield _checked(_question(written))


def _question(written: Mapping[str, Any]) -> Question:
    return Question(
        code=written["code"],
        version=written["version"],
        kind=written["kind"],
        stem=written["stem"],
        stem_en=written.get("stem_en", ""),
        situation=written.get("situation", ""),
        situation_en=written.get("situation_en", ""),
        options=written["options"],
        component_code=written["component"],
        level=written["level"],
        topic=written["topic"],
        target_group=written["target_group"],
        source=written["source"],
    )


def _checked(question: Question) -> Question:
    options = [WrittenOption(o["id"], o["text"], o["right"]) for o in question.options]
    found = [flaw.name.lower() for flaw in flaws(question.kind, question.situation, options)]
    if found:
        raise QuestionIsFlawed(
            _("Question %(question)s cannot be asked: %(flaws)s.")
            % {"question": question, "flaws": ", ".join(found)},
            _("Correct it in the question bank, then load the bank again."),
        )
    return question
