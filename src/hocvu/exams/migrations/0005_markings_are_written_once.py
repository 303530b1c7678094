"""Fresh markings, markers released, corrections carried out; and what is written only once.

A marking, a fresh marking and a remarking never change. A correction only learns that everybody
was marked anew, an appeal only its answer: each once.
"""

import django.db.models.deletion
from django.db import migrations, models

WRITTEN_ONCE = ("exams_marking", "exams_freshmarking", "exams_remarking")

TRIGGERS = """
CREATE FUNCTION keep_a_key_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.remarked_at IS NOT NULL
     OR (NEW.question_id, NEW.key, NEW.decision_number, NEW.decided_on, NEW.reason, NEW.made_by_id,
         NEW.made_at) IS DISTINCT FROM
        (OLD.question_id, OLD.key, OLD.decision_number, OLD.decided_on, OLD.reason, OLD.made_by_id,
         OLD.made_at)
  THEN
    RAISE EXCEPTION 'a key correction is written once and carried out once'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER a_correction_is_carried_out_once BEFORE UPDATE ON exams_keycorrection
  FOR EACH ROW EXECUTE FUNCTION keep_a_key_correction();
CREATE TRIGGER written_once BEFORE DELETE ON exams_keycorrection
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION keep_an_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.answered_at IS NOT NULL
     OR (NEW.attempt_id, NEW.question_id, NEW.client_id, NEW.text, NEW.raised_at)
        IS DISTINCT FROM
        (OLD.attempt_id, OLD.question_id, OLD.client_id, OLD.text, OLD.raised_at)
  THEN
    RAISE EXCEPTION 'an appeal is raised once and answered once'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER an_appeal_is_answered_once BEFORE UPDATE ON exams_appeal
  FOR EACH ROW EXECUTE FUNCTION keep_an_appeal();
CREATE TRIGGER written_once BEFORE DELETE ON exams_appeal
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
UNDO = """
DROP TRIGGER written_once ON exams_appeal;
DROP TRIGGER an_appeal_is_answered_once ON exams_appeal;
DROP FUNCTION keep_an_appeal();
DROP TRIGGER written_once ON exams_keycorrection;
DROP TRIGGER a_correction_is_carried_out_once ON exams_keycorrection;
DROP FUNCTION keep_a_key_correction();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
        ("exams", "0004_room_codes_and_clocks"),
        ("people", "0003_teachers"),
        ("questions", "0002_keys_reviews_and_files"),
    ]
    operations = [
        migrations.CreateModel(
            name="FreshMarking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cause", models.CharField(max_length=30)),
                ("called_at", models.DateTimeField()),
                (
                    "appeal",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fresh_marking",
                        to="exams.appeal",
                    ),
                ),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fresh_markings",
                        to="exams.attempt",
                    ),
                ),
                (
                    "called_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="questions.question",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["attempt", "question"], name="fresh_markings_of_an_answer")
                ],
            },
        ),
        migrations.AddField(
            model_name="keycorrection",
            name="attempts",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="keycorrection",
            name="remarked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="marker",
            name="released_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.UniqueConstraint(
                fields=("attempt", "question"),
                name="an_attempt_or_a_question_of_it_is_appealed_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="keycorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("remarked_at", None), ("attempts__isnull", False), _connector="OR"
                ),
                name="a_correction_carried_out_says_whom_it_concerned",
            ),
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
                f"DROP TRIGGER written_once ON {table};",
            )
            for table in WRITTEN_ONCE
        ),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
