"""Wrong room codes are counted; what an attempt was promised is never taken back.

Whatever happens to a clock, the end of an attempt only moves away, it is handed in once, voided
once, and asks what it asked from the start.
"""

from django.db import migrations, models

TRIGGER = """
CREATE FUNCTION keep_what_an_attempt_was_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.must_end_at < OLD.must_end_at
     OR (OLD.handed_in_at IS NOT NULL AND NEW.handed_in_at IS DISTINCT FROM OLD.handed_in_at)
     OR (OLD.voided_at IS NOT NULL AND NEW.voided_at IS DISTINCT FROM OLD.voided_at)
     OR (NEW.sitting_id, NEW.person_id, NEW.number, NEW.seed, NEW.form, NEW.started_at)
        IS DISTINCT FROM
        (OLD.sitting_id, OLD.person_id, OLD.number, OLD.seed, OLD.form, OLD.started_at)
  THEN
    RAISE EXCEPTION 'an attempt keeps its start, its form and the time it was given'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER an_attempt_keeps_its_time BEFORE UPDATE ON exams_attempt
  FOR EACH ROW EXECUTE FUNCTION keep_what_an_attempt_was_promised();
"""
UNDO = """
DROP TRIGGER an_attempt_keeps_its_time ON exams_attempt;
DROP FUNCTION keep_what_an_attempt_was_promised();
"""


class Migration(migrations.Migration):
    dependencies = [("exams", "0003_answers_change_in_place")]
    operations = [
        migrations.CreateModel(
            name="RoomCodeAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tried_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "tried_at"], name="room_codes_of_a_person")
                ],
            },
        ),
        migrations.RunSQL(TRIGGER, UNDO),
    ]
