"""A roll mark is never deleted, and never changed but to say that a later one stands instead."""

from django.db import migrations

TRIGGER = """
CREATE FUNCTION keep_roll_marks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.superseded_at IS NOT NULL
     OR (NEW.id, NEW.roll_id, NEW.enrolment_id, NEW.presence, NEW.method, NEW.marked_by_id,
         NEW.marked_at, NEW.client_id, NEW.reason)
        IS DISTINCT FROM
        (OLD.id, OLD.roll_id, OLD.enrolment_id, OLD.presence, OLD.method, OLD.marked_by_id,
         OLD.marked_at, OLD.client_id, OLD.reason)
  THEN
    RAISE EXCEPTION 'roll marks are kept as they were made'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER marks_are_kept BEFORE UPDATE OR DELETE ON classes_rollmark
  FOR EACH ROW EXECUTE FUNCTION keep_roll_marks();
"""
UNDO = "DROP TRIGGER marks_are_kept ON classes_rollmark; DROP FUNCTION keep_roll_marks();"


class Migration(migrations.Migration):
    dependencies = [("classes", "0001_initial")]
    operations = [migrations.RunSQL(TRIGGER, UNDO)]
