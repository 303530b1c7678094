"""Files that wait for a person's signature, and files that are kept provable."""

import django.db.models.deletion
from django.db import migrations, models


WRITTEN_ONCE = ["credentials_preparedfile", "credentials_archivedfile"]

RESERVED = """
CREATE FUNCTION refuse_what_is_reserved_otherwise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added JOIN credentials_preparedfile AS reserved
      ON reserved.issuer_id = added.issuer_id
      AND reserved.register_year = added.register_year
      AND reserved.register_number = added.register_number
    WHERE reserved.entry_id <> added.entry_id
  ) OR EXISTS (
    SELECT FROM added JOIN credentials_preparedfile AS reserved
      ON reserved.status_list = added.status_list AND reserved.status_index = added.status_index
    WHERE reserved.entry_id <> added.entry_id
  ) OR EXISTS (
    SELECT FROM added JOIN credentials_preparedfile AS reserved
      ON reserved.entry_id = added.entry_id AND added.edition = 1
    WHERE (reserved.issuer_id, reserved.register_year, reserved.register_number,
           reserved.serial_number, reserved.entry_number, reserved.verification_code,
           reserved.status_list, reserved.status_index)
      IS DISTINCT FROM
          (added.issuer_id, added.register_year, added.register_number,
           added.serial_number, added.entry_number, added.verification_code,
           added.status_list, added.status_index)
  ) THEN
    RAISE EXCEPTION 'a reserved number is given to the line it was reserved for, and that line gets no other'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER reserved_numbers_are_for_their_lines
  AFTER INSERT ON credentials_certificate REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_what_is_reserved_otherwise();

CREATE FUNCTION refuse_to_reserve_what_is_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added JOIN credentials_certificate AS given
      ON given.issuer_id = added.issuer_id
      AND given.register_year = added.register_year
      AND given.register_number = added.register_number
  ) OR EXISTS (
    SELECT FROM added JOIN credentials_certificate AS given ON given.entry_id = added.entry_id
  ) THEN
    RAISE EXCEPTION 'a number that was given is not reserved any more'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER given_numbers_are_not_reserved
  AFTER INSERT ON credentials_preparedfile REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_reserve_what_is_given();
"""
UNDO_RESERVED = """
DROP TRIGGER given_numbers_are_not_reserved ON credentials_preparedfile;
DROP FUNCTION refuse_to_reserve_what_is_given();
DROP TRIGGER reserved_numbers_are_for_their_lines ON credentials_certificate;
DROP FUNCTION refuse_what_is_reserved_otherwise();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0006_why_issuing_stops'),
        ('audit', '0002_append_only'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArchiveRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begun_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('examined', models.PositiveIntegerField(default=0)),
                ('renewed', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('stop_reason', models.CharField(blank=True, choices=[('no_authority', 'No timestamp authority is named for this installation.'), ('timestamp', 'The timestamp authority does not answer.'), ('settings', 'The file that names keys and authorities cannot be used.')], max_length=14)),
                ('stop_detail', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('stop_reason', ''), ('ended_at__isnull', False), _connector='OR'), name='an_archive_run_that_stopped_has_ended')],
            },
        ),
        migrations.CreateModel(
            name='ArchivedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveSmallIntegerField()),
                ('packed', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('protected_until', models.DateTimeField()),
                ('made_at', models.DateTimeField()),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='archived', to='credentials.certificate')),
            ],
            options={
                'indexes': [models.Index(fields=['protected_until'], name='archived_by_end')],
                'constraints': [models.UniqueConstraint(fields=('certificate', 'ordinal'), name='an_archived_file_has_its_ordinal_once'), models.CheckConstraint(condition=models.Q(models.Q(('ordinal', 0), ('packed', b'')), models.Q(('ordinal__gt', 0), models.Q(('packed', b''), _negated=True)), _connector='OR'), name='every_archived_file_but_the_first_adds_something')],
            },
        ),
        migrations.CreateModel(
            name='PreparedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register_year', models.PositiveSmallIntegerField()),
                ('register_number', models.PositiveIntegerField()),
                ('serial_number', models.CharField(max_length=40, unique=True)),
                ('entry_number', models.CharField(max_length=40)),
                ('verification_code', models.CharField(db_collation='C', max_length=16, unique=True)),
                ('status_list', models.PositiveSmallIntegerField()),
                ('status_index', models.PositiveIntegerField()),
                ('tail', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('prepared_at', models.DateTimeField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='prepared', to='credentials.decisionentry')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.printedform')),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('issuer', 'register_year', 'register_number'), name='a_register_number_is_reserved_once'), models.UniqueConstraint(fields=('status_list', 'status_index'), name='a_place_in_a_status_list_is_reserved_once')],
            },
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
                f"DROP TRIGGER written_once ON {table};",
            )
            for table in WRITTEN_ONCE
        ),
        migrations.RunSQL(RESERVED, UNDO_RESERVED),
    ]
