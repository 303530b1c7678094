"""The statements that write answers, one or many at a time.

The lean view writes one answer, the edge many in one statement. It is the same statement, so the
two ways cannot come to differ.
"""

from collections.abc import Sequence
from typing import Any

from hocvu.exams.rules.delivery import HEARD_EVERY, MOST_LATE_ANSWERS, Delivery, as_json_list
from hocvu.exams.rules.time import GRACE

# A delivery whose session is gone is as if it had not been given.
_GIVEN = """
given AS (
    SELECT * FROM unnest(
        %(attempt)s::bigint[], %(person)s::bigint[], %(session)s::text[], %(question)s::bigint[],
        %(chosen)s::text[], %(sequence)s::bigint[], %(client_id)s::uuid[], %(at)s::timestamptz[],
        %(digest)s::bytea[], %(heard)s::boolean[]
    ) AS given (
        attempt_id, person_id, session, question_id,
        chosen, sequence, client_id, at,
        digest, heard
    )
    WHERE given.session IS NULL OR EXISTS (
        SELECT FROM django_session
        WHERE session_key = given.session AND expire_date > given.at
    )
)
"""

# Every check and the write in one statement: the share lock waits for a hand-in under way and then
# sees its result; of two answers the greater (sequence, client_id) stands; the chain grows.
# Rows come back only for answers that were written: (attempt, question, link, the attempt's end).
SAVE = f"""
WITH {_GIVEN}, heard AS (
    INSERT INTO exams_attemptseen AS seen (attempt_id, seen_at)
    SELECT attempt.id, max(given.at)
    FROM given JOIN exams_attempt AS attempt ON attempt.id = given.attempt_id
    WHERE given.heard AND attempt.person_id = given.person_id
    GROUP BY attempt.id ORDER BY attempt.id
    ON CONFLICT (attempt_id) DO UPDATE SET seen_at = excluded.seen_at
    WHERE seen.seen_at <= excluded.seen_at - %(heard_every)s::interval
), saved AS (
    INSERT INTO exams_answer AS standing
        (attempt_id, question_id, chosen, sequence, client_id, saved_at, digest, link)
    SELECT attempt.id, given.question_id, given.chosen::jsonb, given.sequence, given.client_id,
        given.at, given.digest, sha256(given.digest)
    FROM given JOIN exams_attempt AS attempt ON attempt.id = given.attempt_id
    WHERE attempt.person_id = given.person_id AND attempt.handed_in_at IS NULL
        AND attempt.must_end_at >= given.at - %(grace)s::interval
    FOR SHARE OF attempt
    ON CONFLICT (attempt_id, question_id) DO UPDATE
    SET chosen = excluded.chosen, sequence = excluded.sequence, client_id = excluded.client_id,
        saved_at = excluded.saved_at, digest = excluded.digest,
        earlier = standing.earlier || standing.digest,
        link = sha256(standing.link || excluded.digest)
    WHERE (standing.sequence, standing.client_id) < (excluded.sequence, excluded.client_id)
    RETURNING standing.attempt_id, standing.question_id, standing.link
)
SELECT saved.attempt_id, saved.question_id, saved.link, attempt.must_end_at
FROM saved JOIN exams_attempt AS attempt ON attempt.id = saved.attempt_id
"""  # noqa: S608 — put together from constants

# For what was not written: whose attempt it is, whether it has ended, and what stands instead.
# A delivery whose session is gone, or whose attempt is not this person's, gives no row.
LOOK = f"""
WITH {_GIVEN}
SELECT attempt.id, given.question_id, attempt.must_end_at, attempt.handed_in_at,
    attempt.voided_at, standing.sequence, standing.chosen::text, standing.link, standing.client_id,
    standing.saved_at
FROM given JOIN exams_attempt AS attempt ON attempt.id = given.attempt_id
LEFT JOIN exams_answer AS standing
    ON standing.attempt_id = given.attempt_id AND standing.question_id = given.question_id
WHERE attempt.person_id = given.person_id
"""  # noqa: S608 — put together from constants

# A device was heard without delivering anything.
HEARD = """
INSERT INTO exams_attemptseen AS seen (attempt_id, seen_at) VALUES (%(attempt)s, %(at)s)
ON CONFLICT (attempt_id) DO UPDATE SET seen_at = excluded.seen_at
WHERE seen.seen_at <= excluded.seen_at - %(heard_every)s::interval
"""

# What came late is kept once, whatever is delivered again; %(most)s bounds a runaway device.
# Rows come back for what is kept, now or before.
KEEP_LATE = f"""
WITH {_GIVEN}, kept AS (
    INSERT INTO exams_lateanswer
        (attempt_id, question_id, chosen, sequence, client_id, arrived_at, reason)
    SELECT attempt_id, question_id, chosen::jsonb, sequence, client_id, at, ''
    FROM given
    WHERE (
        SELECT count(*) FROM exams_lateanswer AS late WHERE late.attempt_id = given.attempt_id
    ) < %(most)s
    ON CONFLICT (attempt_id, client_id) DO NOTHING
    RETURNING attempt_id, client_id
)
SELECT attempt_id, client_id FROM kept
UNION
SELECT late.attempt_id, late.client_id FROM exams_lateanswer AS late
JOIN given ON late.attempt_id = given.attempt_id AND late.client_id = given.client_id
"""  # noqa: S608 — put together from constants


def parameters(deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """What the statements above are given: a column for each name, a row for each delivery."""
    return {
        "attempt": [each.attempt_id for each in deliveries],
        "person": [each.person_id for each in deliveries],
        "session": [each.session for each in deliveries],
        "question": [each.question_id for each in deliveries],
        "chosen": [as_json_list(each.chosen) for each in deliveries],
        "sequence": [each.sequence for each in deliveries],
        "client_id": [each.client_id for each in deliveries],
        "at": [each.at for each in deliveries],
        "digest": [each.digest for each in deliveries],
        "heard": [each.heard for each in deliveries],
        "grace": GRACE,
        "heard_every": HEARD_EVERY,
        "most": MOST_LATE_ANSWERS,
    }
