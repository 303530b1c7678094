"""Parameters and cut scores are written once; an answered step never changes."""

from django.db import migrations

WRITTEN_ONCE = ["measurement_itemcalibration", "measurement_cutscore"]
KEEP_STEPS = """
CREATE FUNCTION keep_answered_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.answered_at IS NOT NULL THEN
        RAISE EXCEPTION 'an answered step of an adaptive run never changes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answered_steps_stand BEFORE UPDATE OR DELETE ON measurement_adaptivestep
FOR EACH ROW EXECUTE FUNCTION keep_answered_steps();
"""
LET_STEPS_GO = """
DROP TRIGGER answered_steps_stand ON measurement_adaptivestep;
DROP FUNCTION keep_answered_steps();
"""


class Migration(migrations.Migration):
    dependencies = [("measurement", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
                f"DROP TRIGGER written_once ON {table};",
            )
            for table in WRITTEN_ONCE
        ),
        migrations.RunSQL(KEEP_STEPS, LET_STEPS_GO),
    ]
