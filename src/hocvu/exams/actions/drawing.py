"""Drawing the form of an attempt, and counting what was shown."""

from datetime import UTC, datetime

from django.db import connection
from procrastinate.contrib.django import app

from hocvu.exams.queries.asked import questions_met_by
from hocvu.papers import rules
from hocvu.papers.actions.drawing import note_exposures, refuse_if_short
from hocvu.papers.models import Paper
from hocvu.papers.queries.drawing import all_in_use, pool_of


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


# --- Exposure ----------------------------------------------------------------------------------

# Counted afresh from the attempts themselves: a counter on a question would be a lock that
# everybody starting at nine o'clock waits for, and could drift.
_SHOWN = """
SELECT met.id, sum(met.times)::bigint
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
"""


def fold_exposures(*, at: datetime) -> int:
    """Write down how many attempts have shown each question; how many figures changed."""
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN)
        return note_exposures(dict(cursor.fetchall()), at=at)


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="count_what_was_shown", pass_context=False)
def count_what_was_shown(timestamp: int) -> None:
    """Every quarter of an hour."""
    fold_exposures(at=datetime.fromtimestamp(timestamp, UTC))
