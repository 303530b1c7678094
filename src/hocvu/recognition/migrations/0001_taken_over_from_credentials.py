"""Results, proposals and decisions are taken over from `credentials`: no row is touched.

Their triggers, constraints and indexes go with them; only tables and their sequences are renamed.
What triggers run names tables in its text, so it is written anew.
"""

import django.db.models.deletion
from django.db import migrations, models

TABLES = ("resultrecord", "resultline", "proposal", "recognitiondecision", "decisionentry")

GUARDS = """
CREATE OR REPLACE FUNCTION refuse_a_list_of_another_length() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  lines integer;
BEGIN
  SELECT count(*) INTO lines FROM room_decisionentry WHERE decision_id = NEW.id;
  IF lines <> NEW.learner_count THEN
    RAISE EXCEPTION 'article 1 of decision % names % people, its list %', NEW.id, NEW.learner_count, lines
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION refuse_lines_beyond_article_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM room_recognitiondecision AS decision
    WHERE decision.id IN (SELECT DISTINCT decision_id FROM added)
      AND decision.learner_count <
        (SELECT count(*) FROM room_decisionentry WHERE decision_id = decision.id)
  ) THEN
    RAISE EXCEPTION 'a list holds no more people than article 1 names'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
"""


def moved(before: str, after: str) -> str:
    renamed = "".join(
        f"ALTER TABLE {before}_{table} RENAME TO {after}_{table};"
        f"ALTER SEQUENCE {before}_{table}_id_seq RENAME TO {after}_{table}_id_seq;"
        for table in TABLES
    )
    return renamed + GUARDS.replace("room_", f"{after}_")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('classes', '0005_sessions_moved_and_called_off'),
        ('exams', '0010_papers_move_out'),
        ('people', '0005_birth_place'),
        ('units', '0001_initial'),
        ('credentials', '0011_prepared_anew'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(moved("credentials", "recognition"), moved("recognition", "credentials"))
            ],
            state_operations=[
                migrations.CreateModel(
                    name='Proposal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('completion', 'certificate of completion'), ('certificate', 'certificate (statutory)')], db_default='completion', default='completion', max_length=12)),
                        ('number', models.PositiveIntegerField()),
                        ('symbol', models.CharField(max_length=40)),
                        ('decided_on', models.DateField()),
                        ('place', models.CharField(max_length=60)),
                        ('capacity', models.CharField(blank=True, max_length=60)),
                        ('signer_title', models.CharField(max_length=150)),
                        ('signer_name', models.CharField(max_length=150)),
                        ('learner_count', models.PositiveIntegerField()),
                        ('fingerprint', models.CharField(max_length=64)),
                        ('proposed_at', models.DateTimeField()),
                        ('approved_at', models.DateTimeField(null=True)),
                        ('returned_at', models.DateTimeField(null=True)),
                        ('return_reason', models.CharField(blank=True, max_length=500)),
                        ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('returned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='classes.trainingclass')),
                    ],
                ),
                migrations.CreateModel(
                    name='ResultRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('required_attendance', models.CharField(max_length=12)),
                        ('paper_code', models.CharField(blank=True, max_length=60)),
                        ('learner_count', models.PositiveIntegerField()),
                        ('earned_count', models.PositiveIntegerField()),
                        ('fingerprint', models.CharField(max_length=64)),
                        ('approved_at', models.DateTimeField()),
                        ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='classes.trainingclass')),
                    ],
                ),
                migrations.CreateModel(
                    name='ResultLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField()),
                        ('attended', models.PositiveSmallIntegerField()),
                        ('held', models.PositiveSmallIntegerField()),
                        ('points', models.DecimalField(decimal_places=3, max_digits=8, null=True)),
                        ('out_of', models.DecimalField(decimal_places=3, max_digits=8, null=True)),
                        ('passed', models.BooleanField(null=True)),
                        ('reasons', models.CharField(blank=True, max_length=120)),
                        ('attempt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exams.attempt')),
                        ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='classes.enrolment')),
                        ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='recognition.resultrecord')),
                    ],
                    options={
                        'ordering': ['record_id', 'position'],
                    },
                ),
                migrations.CreateModel(
                    name='RecognitionDecision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('completion', 'certificate of completion'), ('certificate', 'certificate (statutory)')], db_default='completion', default='completion', max_length=12)),
                        ('number', models.PositiveIntegerField()),
                        ('symbol', models.CharField(max_length=40)),
                        ('decided_on', models.DateField()),
                        ('place', models.CharField(max_length=60)),
                        ('capacity', models.CharField(blank=True, max_length=60)),
                        ('signer_title', models.CharField(max_length=150)),
                        ('signer_name', models.CharField(max_length=150)),
                        ('learner_count', models.PositiveIntegerField()),
                        ('year', models.PositiveSmallIntegerField()),
                        ('issued_at', models.DateTimeField()),
                        ('programme_name', models.CharField(max_length=300)),
                        ('class_code', models.CharField(blank=True, db_default='', max_length=40)),
                        ('class_name', models.CharField(blank=True, db_default='', max_length=300)),
                        ('opening_decision', models.CharField(blank=True, db_default='', max_length=100)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField()),
                        ('mode', models.CharField(max_length=12)),
                        ('evidence_hash', models.CharField(blank=True, db_default='', max_length=64)),
                        ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                        ('proposal', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='recognition.proposal')),
                        ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='classes.trainingclass')),
                        ('result_record', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='recognition.resultrecord')),
                    ],
                ),
                migrations.AddField(
                    model_name='proposal',
                    name='result_record',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recognition.resultrecord'),
                ),
                migrations.CreateModel(
                    name='DecisionEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField()),
                        ('full_name', models.CharField(max_length=150)),
                        ('birth_text', models.CharField(blank=True, max_length=10)),
                        ('post_title', models.CharField(blank=True, max_length=200)),
                        ('unit_name', models.CharField(max_length=500)),
                        ('sex', models.CharField(blank=True, db_default='', max_length=6)),
                        ('birth_place', models.CharField(blank=True, db_default='', max_length=200)),
                        ('ethnic_group', models.CharField(blank=True, db_default='', max_length=60)),
                        ('nationality', models.CharField(blank=True, db_default='', max_length=60)),
                        ('grade', models.CharField(blank=True, db_default='', max_length=60)),
                        ('enrolment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='classes.enrolment')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='recognition.recognitiondecision')),
                        ('result_line', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recognition.resultline')),
                    ],
                    options={
                        'ordering': ['decision_id', 'position'],
                        'constraints': [models.UniqueConstraint(fields=('decision', 'position'), name='positions_are_unique_in_a_decision')],
                    },
                ),
                migrations.AddConstraint(
                    model_name='resultrecord',
                    constraint=models.UniqueConstraint(fields=('training_class', 'number'), name='result_records_are_numbered_in_a_class'),
                ),
                migrations.AddConstraint(
                    model_name='resultline',
                    constraint=models.UniqueConstraint(fields=('record', 'enrolment'), name='a_learner_has_one_line_in_a_result_record'),
                ),
                migrations.AddConstraint(
                    model_name='resultline',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('attempt', None), ('passed', None)), models.Q(('attempt__isnull', False), ('passed__isnull', False)), _connector='OR'), name='a_result_names_its_attempt'),
                ),
                migrations.AddConstraint(
                    model_name='recognitiondecision',
                    constraint=models.UniqueConstraint(fields=('issuer', 'year', 'number'), name='a_decision_number_is_unique_in_its_year'),
                ),
                migrations.AddConstraint(
                    model_name='recognitiondecision',
                    constraint=models.CheckConstraint(condition=models.Q(('learner_count__gt', 0)), name='a_decision_recognises_somebody'),
                ),
                migrations.AddConstraint(
                    model_name='proposal',
                    constraint=models.UniqueConstraint(condition=models.Q(('approved_at', None), ('returned_at', None)), fields=('training_class',), name='a_class_has_one_open_proposal'),
                ),
                migrations.AddConstraint(
                    model_name='proposal',
                    constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='nobody_approves_their_own_proposal'),
                ),
                migrations.AddConstraint(
                    model_name='proposal',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('returned_at', None)), _connector='OR'), name='a_proposal_is_approved_by_somebody_or_returned'),
                ),
                migrations.AddConstraint(
                    model_name='proposal',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('returned_at', None), ('returned_by', None)), models.Q(('returned_at__isnull', False), ('returned_by__isnull', False), models.Q(('return_reason', ''), _negated=True)), _connector='OR'), name='a_returned_proposal_says_why'),
                ),
            ],
        ),
    ]
