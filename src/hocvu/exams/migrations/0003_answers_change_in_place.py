"""Room in every page, so that a changed answer stays in its page (HOT) and touches no index.

The chain of an answer grows by 32 bytes with each change: it ends before a runaway device could
fill the disk.
"""

from django.db import migrations

FORWARDS = """
ALTER TABLE exams_answer SET (fillfactor = 75);
ALTER TABLE exams_attemptseen SET (fillfactor = 50);
ALTER TABLE exams_answer ADD CONSTRAINT an_answer_changes_at_most_5000_times
    CHECK (octet_length(earlier) <= 160000);
"""
BACKWARDS = """
ALTER TABLE exams_answer DROP CONSTRAINT an_answer_changes_at_most_5000_times;
ALTER TABLE exams_attemptseen RESET (fillfactor);
ALTER TABLE exams_answer RESET (fillfactor);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('exams', '0002_rooms_forms_seals_and_marking'),
    ]

    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
