"""Versions in use stay as they are, entries are written once, and they alone move a blank.

The balance of a book is a count of its blanks by state; each blank has exactly one state, and its
last entry says the same: an entry must begin where the blank stands, and the blank follows it in
the same statement. So received = left + used + spoiled + lost + destroyed holds at every commit.
"""

from django.db import migrations

VERSION = """
CREATE FUNCTION stationery_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.approved_at IS NULL THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.retired_on IS NULL
     AND (to_jsonb(NEW) - 'retired_on' - 'retired_by_id') = (to_jsonb(OLD) - 'retired_on' - 'retired_by_id')
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a version that was put in use is never changed: no % here', TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON stationery_templateversion
  FOR EACH ROW EXECUTE FUNCTION stationery_keep_version();
"""
IMAGE = """
CREATE FUNCTION stationery_keep_image() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL
     AND (to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by_id') = (to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by_id')
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'an image of an issuer is never changed: no % here', TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON stationery_issuerimage
  FOR EACH ROW EXECUTE FUNCTION stationery_keep_image();
"""
ENTRY = """
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON stationery_blankentry
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON stationery_blankbook
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION stationery_move_blank() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE stationery_blank
     SET state = NEW.after, serial_number = NEW.serial_number, entry_count = NEW.sequence
   WHERE id = NEW.blank_id AND state = NEW.before AND entry_count = NEW.sequence - 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an entry of a blank begins where the blank stands'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER moves_its_blank AFTER INSERT ON stationery_blankentry
  FOR EACH ROW EXECUTE FUNCTION stationery_move_blank();
CREATE FUNCTION stationery_keep_blank() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.state = 'left' AND NEW.entry_count = 0 THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1
     AND (to_jsonb(NEW) - 'state' - 'serial_number' - 'entry_count')
       = (to_jsonb(OLD) - 'state' - 'serial_number' - 'entry_count')
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a blank is moved by entries alone: no % here', TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE OR DELETE ON stationery_blank
  FOR EACH ROW EXECUTE FUNCTION stationery_keep_blank();
"""
BACK = """
DROP TRIGGER kept ON stationery_blank;
DROP FUNCTION stationery_keep_blank();
DROP TRIGGER moves_its_blank ON stationery_blankentry;
DROP FUNCTION stationery_move_blank();
DROP TRIGGER written_once ON stationery_blankbook;
DROP TRIGGER written_once ON stationery_blankentry;
"""


class Migration(migrations.Migration):
    dependencies = [("stationery", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            VERSION,
            "DROP TRIGGER kept ON stationery_templateversion; DROP FUNCTION stationery_keep_version();",
        ),
        migrations.RunSQL(
            IMAGE,
            "DROP TRIGGER kept ON stationery_issuerimage; DROP FUNCTION stationery_keep_image();",
        ),
        migrations.RunSQL(ENTRY, BACK),
    ]
