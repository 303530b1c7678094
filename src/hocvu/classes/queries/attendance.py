"""Who attended how much."""

from django.db import connection

from hocvu.classes.models import TrainingClass
from hocvu.classes.rules import Attendance

# Held: a session of which at least one bridge point has closed its roll. A bridge point that never
# called its roll therefore proves nobody's attendance, instead of proving everybody's.
_ATTENDANCE = """
WITH held AS (
  SELECT count(DISTINCT session.id) AS sessions
  FROM classes_classsession session
  JOIN classes_roll roll ON roll.session_id = session.id AND roll.closed_at IS NOT NULL
  WHERE session.training_class_id = %(class_id)s
), attended AS (
  SELECT mark.enrolment_id, count(*) AS sessions
  FROM classes_classsession session
  JOIN classes_roll roll ON roll.session_id = session.id AND roll.closed_at IS NOT NULL
  JOIN classes_rollmark mark ON mark.roll_id = roll.id
   AND mark.superseded_at IS NULL AND mark.presence = 'present'
  WHERE session.training_class_id = %(class_id)s
  GROUP BY mark.enrolment_id
)
SELECT enrolment.id, coalesce(attended.sessions, 0), held.sessions
FROM classes_enrolment enrolment
CROSS JOIN held
LEFT JOIN attended ON attended.enrolment_id = enrolment.id
WHERE enrolment.training_class_id = %(class_id)s AND enrolment.withdrawn_at IS NULL
"""


def attendance_of(training_class: TrainingClass) -> dict[int, Attendance]:
    """For every active enrolment: sessions attended and held, from closed rolls only."""
    with connection.cursor() as cursor:
        cursor.execute(_ATTENDANCE, {"class_id": training_class.pk})
        return {
            enrolment_id: Attendance(attended, held)
            for enrolment_id, attended, held in cursor.fetchall()
        }
