"""Copies that wait for a person's signature; who signs a file set anew, where it is somebody else."""

import django.db.models.deletion
from django.db import migrations, models

KEPT = """
CREATE FUNCTION keep_prepared_copies() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later text[] := ARRAY[]::text[];
BEGIN
  IF OLD.given_up_at IS NULL THEN
    later := ARRAY['given_up_at', 'given_up_by_id', 'given_up_reason'];
  END IF;
  IF to_jsonb(NEW) - later <> to_jsonb(OLD) - later THEN
    RAISE EXCEPTION 'a prepared copy is written once, and given up once'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.given_up_at IS NOT NULL AND EXISTS (
    SELECT FROM credentials_registercopy AS issued WHERE issued.client_id = NEW.client_id
  ) THEN
    RAISE EXCEPTION 'a copy that was issued is not given up' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER prepared_copies_are_written_once BEFORE UPDATE ON credentials_preparedcopy
  FOR EACH ROW EXECUTE FUNCTION keep_prepared_copies();
CREATE TRIGGER written_once BEFORE DELETE ON credentials_preparedcopy
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_what_is_reserved_for_a_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added
      JOIN credentials_preparedcopy AS reserved
        ON (reserved.issuer_id, reserved.year, reserved.number)
          = (added.issuer_id, added.year, added.number)
        OR reserved.client_id = added.client_id
    WHERE reserved.given_up_at IS NOT NULL
       OR (reserved.client_id, reserved.certificate_id, reserved.issuer_id, reserved.year,
           reserved.number, reserved.copy_number, reserved.recipient, reserved.purpose,
           reserved.place, reserved.capacity, reserved.signer_title, reserved.signer_name)
         IS DISTINCT FROM
          (added.client_id, added.certificate_id, added.issuer_id, added.year,
           added.number, added.copy_number, added.recipient, added.purpose,
           added.place, added.capacity, added.signer_title, added.signer_name)
  ) THEN
    RAISE EXCEPTION 'what is reserved for a copy is given to that copy, as it was prepared'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER reserved_copies_are_issued_as_prepared
  AFTER INSERT ON credentials_registercopy REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_what_is_reserved_for_a_copy();

CREATE FUNCTION refuse_to_reserve_a_given_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added
      JOIN credentials_registercopy AS given
        ON (given.issuer_id, given.year, given.number)
          = (added.issuer_id, added.year, added.number)
        OR given.client_id = added.client_id
  ) THEN
    RAISE EXCEPTION 'the number of a copy that was issued is not reserved any more'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER given_copies_are_not_reserved
  AFTER INSERT ON credentials_preparedcopy REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_reserve_a_given_copy();
"""
UNDO_KEPT = """
DROP TRIGGER given_copies_are_not_reserved ON credentials_preparedcopy;
DROP FUNCTION refuse_to_reserve_a_given_copy();
DROP TRIGGER reserved_copies_are_issued_as_prepared ON credentials_registercopy;
DROP FUNCTION refuse_what_is_reserved_for_a_copy();
DROP TRIGGER written_once ON credentials_preparedcopy;
DROP TRIGGER prepared_copies_are_written_once ON credentials_preparedcopy;
DROP FUNCTION keep_prepared_copies();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0012_recognition_moves_out'),
        ('people', '0005_birth_place'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PreparedCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('copy_number', models.CharField(max_length=40)),
                ('recipient', models.CharField(max_length=150)),
                ('purpose', models.CharField(blank=True, max_length=200)),
                ('place', models.CharField(max_length=60)),
                ('capacity', models.CharField(blank=True, max_length=60)),
                ('signer_title', models.CharField(max_length=150)),
                ('signer_name', models.CharField(max_length=150)),
                ('client_id', models.UUIDField(unique=True)),
                ('packed', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('prepared_at', models.DateTimeField()),
                ('given_up_at', models.DateTimeField(null=True)),
                ('given_up_reason', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'verbose_name_plural': 'prepared copies',
            },
        ),
        migrations.RemoveConstraint(
            model_name='preparedanew',
            name='a_file_is_prepared_once_for_an_order',
        ),
        migrations.RemoveConstraint(
            model_name='preparedanew',
            name='a_file_prepared_anew_rests_on_an_order_or_a_ruling',
        ),
        migrations.AddField(
            model_name='preparedanew',
            name='signer_name',
            field=models.CharField(blank=True, db_default='', max_length=150),
        ),
        migrations.AddConstraint(
            model_name='preparedanew',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('certificate', 'order'), name='one_file_waits_for_an_order_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='preparedanew',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('order__isnull', False), ('reason', '')), models.Q(('edition__gt', 1), ('order', None), ('status_index__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='a_file_set_anew_rests_on_an_order_or_a_ruling'),
        ),
        migrations.AddField(
            model_name='preparedcopy',
            name='certificate',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.certificate'),
        ),
        migrations.AddField(
            model_name='preparedcopy',
            name='given_up_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person'),
        ),
        migrations.AddField(
            model_name='preparedcopy',
            name='issuer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit'),
        ),
        migrations.AddField(
            model_name='preparedcopy',
            name='prepared_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person'),
        ),
        migrations.AddConstraint(
            model_name='preparedcopy',
            constraint=models.UniqueConstraint(fields=('issuer', 'year', 'number'), name='a_copy_number_is_reserved_once_in_its_year'),
        ),
        migrations.AddConstraint(
            model_name='preparedcopy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('given_up_at', None), ('given_up_by', None), ('given_up_reason', '')), models.Q(('given_up_at__isnull', False), ('given_up_by__isnull', False), models.Q(('given_up_reason', ''), _negated=True)), _connector='OR'), name='a_copy_is_given_up_by_somebody_who_says_why'),
        ),
        migrations.RunSQL(KEPT, UNDO_KEPT),
    ]
