"""Drawing the form of an attempt, and counting what was shown."""

from datetime import UTC, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from hocvu.audit.actions import record
from hocvu.exams import rules
from hocvu.exams.models import Paper
from hocvu.exams.queries.drawing import (
    all_in_use,
    place_in_words,
    pool_of,
    questions_met_by,
)
from hocvu.kernel.errors import NotPossible


class PaperCannotBeDrawn(NotPossible):
    """The bank lacks questions for a cell of the blueprint."""


def draw_form(paper: Paper, *, person_id: int, seed: int, at: datetime) -> list[int]:
    """The questions for one attempt of this person, in written order; nothing for a fixed paper.

    What was drawn from a pool kept in memory is held against the questions in use now.
    """
    pool = pool_of(paper, at)
    if not pool.cells:
        return []
    met = questions_met_by(person_id)
    form = rules.draw(pool, seed=seed, seen=met)
    if len(form) < pool.questions or not all_in_use(form):
        pool = pool_of(paper, at, anew=True)
        refuse_if_short(pool)
        form = rules.draw(pool, seed=seed, seen=met)
    return form


def must_be_drawable(paper: Paper, at: datetime) -> None:
    refuse_if_short(pool_of(paper, at, anew=True))


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


# --- Exposure ----------------------------------------------------------------------------------

# Counted afresh from the attempts themselves: a counter on a question would be a lock that
# everybody starting at nine o'clock waits for, and could drift.
_FOLD = """
INSERT INTO exams_questionexposure AS known (question_id, shown)
SELECT met.id, sum(met.times)
FROM (
    SELECT asked.id, count(*) AS times
    FROM exams_attempt AS attempt, unnest(attempt.form) AS asked(id)
    GROUP BY asked.id
    UNION ALL
    SELECT fixed.question_id, sat.times
    FROM (
        SELECT sitting.paper_id, count(*) AS times
        FROM exams_attempt AS attempt
        JOIN exams_sitting AS sitting ON sitting.id = attempt.sitting_id
        WHERE attempt.form = '{}'
        GROUP BY sitting.paper_id
    ) AS sat
    JOIN exams_paperquestion AS fixed ON fixed.paper_id = sat.paper_id
) AS met
GROUP BY met.id
ON CONFLICT (question_id) DO UPDATE SET shown = excluded.shown
WHERE known.shown <> excluded.shown
"""


def fold_exposures(*, at: datetime) -> int:
    """Write down how many attempts have shown each question; how many figures changed."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_FOLD)
            changed: int = cursor.rowcount
        if changed:
            record("exposures_folded", "exams.questionexposure", by=None, at=at, questions=changed)
        return changed


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="count_what_was_shown", pass_context=False)
def count_what_was_shown(timestamp: int) -> None:
    """Every quarter of an hour."""
    fold_exposures(at=datetime.fromtimestamp(timestamp, UTC))
