"""Who a bridge point's group is: those present on the roll of the day."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from hocvu.classes.models import BridgePoint, Roll
from hocvu.kernel.time import day_of
from hocvu.situations.models import Run


def roll_of_group(point: BridgePoint, at: datetime) -> Roll | None:
    """The roll of this bridge point that was opened last before a moment, on the same day."""
    rolls = Roll.objects.filter(bridge_point=point, session__held_on=day_of(at), opened_at__lte=at)
    return rolls.order_by("-opened_at", "-pk").first()


_PRESENT = """
SELECT run.id, enrolment.person_id
FROM situations_run run
CROSS JOIN LATERAL (
  SELECT roll.id
  FROM classes_roll roll
  JOIN classes_classsession session ON session.id = roll.session_id
  WHERE roll.bridge_point_id = run.bridge_point_id AND roll.opened_at <= run.started_at
    AND session.held_on = (run.started_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
  ORDER BY roll.opened_at DESC, roll.id DESC
  LIMIT 1
) called
JOIN classes_rollmark mark ON mark.roll_id = called.id
 AND mark.superseded_at IS NULL AND mark.presence = 'present'
JOIN classes_enrolment enrolment ON enrolment.id = mark.enrolment_id
WHERE run.id = ANY(%s)
ORDER BY run.id, enrolment.person_id
"""


def people_present_in(runs: Iterable[Run]) -> list[tuple[int, int]]:
    """(run, person) for everybody who stands as present, now, on the rolls of groups' runs.

    The roll is the one that was open when the run started (`roll_of_group`). One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT, [[run.pk for run in runs]])
        return [(run_id, person_id) for run_id, person_id in cursor.fetchall()]
