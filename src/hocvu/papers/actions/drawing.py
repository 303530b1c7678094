"""Refusing a paper the bank has too few questions for, and noting what attempts have shown."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotPossible
from hocvu.papers import rules
from hocvu.papers.queries.drawing import place_in_words


class PaperCannotBeDrawn(NotPossible):
    """The bank lacks questions for a cell of the blueprint."""


def refuse_if_short(pool: rules.Pool) -> None:
    """Say of each cell that cannot be filled how many questions it lacks."""
    short = rules.shortages(pool)
    if short:
        raise PaperCannotBeDrawn(
            _("The question bank has too few questions in use for this paper: %(cells)s.")
            % {"cells": "; ".join(_in_words(pool.cells[each.cell], each) for each in short)},
            _("Ask for fewer there, or put more questions in use."),
        )


def _in_words(cell: rules.Cell, short: rules.Shortage) -> str:
    return _("%(cell)s asks for %(asked)s, there are %(there)s, %(lacks)s lacking") % {
        "cell": place_in_words(cell.place),
        "asked": cell.questions,
        "there": short.available,
        "lacks": short.lacks,
    }


_NOTE = """
INSERT INTO exams_questionexposure AS known (question_id, shown)
SELECT met.id, met.shown FROM unnest(%s::bigint[], %s::bigint[]) AS met (id, shown)
ON CONFLICT (question_id) DO UPDATE SET shown = excluded.shown
WHERE known.shown <> excluded.shown
"""


def note_exposures(shown: Mapping[int, int], *, at: datetime) -> int:
    """Write down how many attempts have shown each question; how many figures changed."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [list(shown), list(shown.values())])
            changed: int = cursor.rowcount
        if changed:
            record("exposures_folded", "exams.questionexposure", by=None, at=at, questions=changed)
        return changed
