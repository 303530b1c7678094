"""What the database itself refuses: changed rows, an annex that is not as long as article 1 says,
an entry dated before the one it follows."""

from django.db import migrations

WRITTEN_ONCE = ["credentials_resultrecord", "credentials_resultline", "credentials_correction", "credentials_registercopy", "credentials_numberformat"]

SETTLED_ONCE = """
CREATE FUNCTION keep_a_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  settled text[] := ARRAY['approved_by_id', 'approved_at', 'returned_by_id', 'returned_at', 'return_reason'];
BEGIN
  IF OLD.approved_at IS NOT NULL OR OLD.returned_at IS NOT NULL
     OR to_jsonb(NEW) - settled <> to_jsonb(OLD) - settled THEN
    RAISE EXCEPTION 'a proposal is approved or returned once, as it was proposed'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER a_proposal_is_settled_once BEFORE UPDATE ON credentials_proposal
  FOR EACH ROW EXECUTE FUNCTION keep_a_proposal();
CREATE TRIGGER written_once BEFORE DELETE ON credentials_proposal
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION keep_a_question() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  settled text[] := ARRAY['settled_by_id', 'settled_at', 'outcome', 'explanation'];
BEGIN
  IF OLD.settled_at IS NOT NULL OR to_jsonb(NEW) - settled <> to_jsonb(OLD) - settled THEN
    RAISE EXCEPTION 'a questioned certificate is settled once'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER a_question_is_settled_once BEFORE UPDATE ON credentials_questionedcertificate
  FOR EACH ROW EXECUTE FUNCTION keep_a_question();
CREATE TRIGGER written_once BEFORE DELETE ON credentials_questionedcertificate
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
UNDO_SETTLED_ONCE = """
DROP TRIGGER written_once ON credentials_questionedcertificate;
DROP TRIGGER a_question_is_settled_once ON credentials_questionedcertificate;
DROP FUNCTION keep_a_question();
DROP TRIGGER written_once ON credentials_proposal;
DROP TRIGGER a_proposal_is_settled_once ON credentials_proposal;
DROP FUNCTION keep_a_proposal();
"""

# Checked where a transaction ends for a new decision, and at once for lines that come too many.
ANNEX = """
CREATE FUNCTION refuse_a_list_of_another_length() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  lines integer;
BEGIN
  SELECT count(*) INTO lines FROM credentials_decisionentry WHERE decision_id = NEW.id;
  IF lines <> NEW.learner_count THEN
    RAISE EXCEPTION 'article 1 of decision % names % people, its list %', NEW.id, NEW.learner_count, lines
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER the_list_is_as_long_as_article_1_says
  AFTER INSERT ON credentials_recognitiondecision DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION refuse_a_list_of_another_length();

CREATE FUNCTION refuse_lines_beyond_article_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM credentials_recognitiondecision AS decision
    WHERE decision.id IN (SELECT DISTINCT decision_id FROM added)
      AND decision.learner_count <
        (SELECT count(*) FROM credentials_decisionentry WHERE decision_id = decision.id)
  ) THEN
    RAISE EXCEPTION 'a list holds no more people than article 1 names'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER no_line_comes_after_article_1
  AFTER INSERT ON credentials_decisionentry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_lines_beyond_article_1();
"""
UNDO_ANNEX = """
DROP TRIGGER no_line_comes_after_article_1 ON credentials_decisionentry;
DROP FUNCTION refuse_lines_beyond_article_1();
DROP TRIGGER the_list_is_as_long_as_article_1_says ON credentials_recognitiondecision;
DROP FUNCTION refuse_a_list_of_another_length();
"""

CLOCK = """
CREATE FUNCTION refuse_an_entry_before_the_last() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last_at timestamptz;
BEGIN
  SELECT at INTO last_at FROM credentials_registerentry
    WHERE leaf_index < NEW.leaf_index ORDER BY leaf_index DESC LIMIT 1;
  IF last_at > NEW.at THEN
    RAISE EXCEPTION 'entry % is dated before the one it follows', NEW.leaf_index
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER no_entry_is_dated_back BEFORE INSERT ON credentials_registerentry
  FOR EACH ROW EXECUTE FUNCTION refuse_an_entry_before_the_last();
"""
UNDO_CLOCK = """
DROP TRIGGER no_entry_is_dated_back ON credentials_registerentry;
DROP FUNCTION refuse_an_entry_before_the_last();
"""


class Migration(migrations.Migration):
    dependencies = [("credentials", "0003_chain"), ("audit", "0002_append_only")]
    operations = [
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
                f"DROP TRIGGER written_once ON {table};",
            )
            for table in WRITTEN_ONCE
        ),
        migrations.RunSQL(SETTLED_ONCE, UNDO_SETTLED_ONCE),
        migrations.RunSQL(ANNEX, UNDO_ANNEX),
        migrations.RunSQL(CLOCK, UNDO_CLOCK),
    ]
