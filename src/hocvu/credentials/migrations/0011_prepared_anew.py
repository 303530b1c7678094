"""Files of issued certificates that wait for a person's signature: corrected editions, new files."""

import django.db.models.deletion
from django.db import migrations, models

KEPT = """
CREATE FUNCTION keep_what_is_prepared_anew() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later text[] := ARRAY[]::text[];
BEGIN
  IF OLD.withdrawn_at IS NULL THEN
    later := ARRAY['withdrawn_at', 'withdrawn_by_id'];
  END IF;
  IF to_jsonb(NEW) - later <> to_jsonb(OLD) - later THEN
    RAISE EXCEPTION 'a file prepared anew is written once, and withdrawn once'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER prepared_anew_is_written_once BEFORE UPDATE ON credentials_preparedanew
  FOR EACH ROW EXECUTE FUNCTION keep_what_is_prepared_anew();
CREATE TRIGGER written_once BEFORE DELETE ON credentials_preparedanew
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_what_is_reserved_for_an_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added
      JOIN credentials_preparedanew AS reserved
        ON reserved.status_list = added.status_list AND reserved.status_index = added.status_index
      JOIN credentials_certificate AS earlier ON earlier.id = reserved.certificate_id
    WHERE reserved.order_id IS NULL
      AND (reserved.withdrawn_at IS NOT NULL
           OR (earlier.entry_id, reserved.edition) <> (added.entry_id, added.edition))
  ) OR EXISTS (
    SELECT FROM added
      JOIN credentials_certificate AS earlier ON earlier.entry_id = added.entry_id
      JOIN credentials_preparedanew AS reserved
        ON reserved.certificate_id = earlier.id AND reserved.edition = added.edition
    WHERE added.edition > 1 AND reserved.order_id IS NULL AND reserved.withdrawn_at IS NULL
      AND (reserved.serial_number, reserved.verification_code,
           reserved.status_list, reserved.status_index)
        IS DISTINCT FROM
          (added.serial_number, added.verification_code, added.status_list, added.status_index)
  ) THEN
    RAISE EXCEPTION 'what is reserved for a corrected edition is given to that edition, and it gets no other'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER reserved_editions_are_for_their_certificates
  AFTER INSERT ON credentials_certificate REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_what_is_reserved_for_an_edition();

CREATE FUNCTION refuse_to_reserve_a_given_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added
      JOIN credentials_certificate AS earlier ON earlier.id = added.certificate_id
      JOIN credentials_certificate AS given
        ON given.entry_id = earlier.entry_id AND given.edition >= added.edition
    WHERE added.order_id IS NULL
  ) OR EXISTS (
    SELECT FROM added
      JOIN credentials_certificate AS given
        ON given.status_list = added.status_list AND given.status_index = added.status_index
    WHERE added.order_id IS NULL
  ) THEN
    RAISE EXCEPTION 'an edition that was given is not reserved any more'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER given_editions_are_not_reserved
  AFTER INSERT ON credentials_preparedanew REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_reserve_a_given_edition();
"""
UNDO_KEPT = """
DROP TRIGGER given_editions_are_not_reserved ON credentials_preparedanew;
DROP FUNCTION refuse_to_reserve_a_given_edition();
DROP TRIGGER reserved_editions_are_for_their_certificates ON credentials_certificate;
DROP FUNCTION refuse_what_is_reserved_for_an_edition();
DROP TRIGGER written_once ON credentials_preparedanew;
DROP TRIGGER prepared_anew_is_written_once ON credentials_preparedanew;
DROP FUNCTION keep_what_is_prepared_anew();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0009_what_decisions_rest_on'),
        ('people', '0005_birth_place'),
    ]

    operations = [
        migrations.CreateModel(
            name='PreparedAnew',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tail', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('prepared_at', models.DateTimeField()),
                ('edition', models.PositiveSmallIntegerField()),
                ('serial_number', models.CharField(max_length=40)),
                ('verification_code', models.CharField(db_collation='C', max_length=16)),
                ('status_list', models.PositiveSmallIntegerField(null=True)),
                ('status_index', models.PositiveIntegerField(null=True)),
                ('says', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('facts', models.JSONField(default=dict)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prepared_anew', to='credentials.certificate')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.printedform')),
                ('order', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prepared', to='credentials.remakeorder')),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'verbose_name_plural': 'files prepared anew',
                'constraints': [models.UniqueConstraint(condition=models.Q(('order', None), ('withdrawn_at', None)), fields=('certificate',), name='one_corrected_edition_waits_at_a_time'), models.UniqueConstraint(fields=('certificate', 'order'), name='a_file_is_prepared_once_for_an_order'), models.UniqueConstraint(condition=models.Q(('order', None)), fields=('verification_code',), name='a_code_is_reserved_for_one_edition'), models.UniqueConstraint(condition=models.Q(('order', None)), fields=('status_list', 'status_index'), name='a_place_is_reserved_for_one_edition'), models.CheckConstraint(condition=models.Q(models.Q(('order__isnull', False), ('reason', ''), ('withdrawn_at', None)), models.Q(('edition__gt', 1), ('order', None), ('status_index__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='a_file_prepared_anew_rests_on_an_order_or_a_ruling'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='what_is_withdrawn_is_withdrawn_by_somebody')],
            },
        ),
        migrations.AlterField(
            model_name='issuingrun',
            name='stop_reason',
            field=models.CharField(blank=True, choices=[('key_away', 'The signing key cannot be reached: its token is not in its place.'), ('certificate', 'The certificate of the signing key is not valid today.'), ('timestamp', 'The timestamp authority does not answer.'), ('cannot_print', 'A line of the list cannot be printed.'), ('clock', "This computer's clock is behind the last entry of the register."), ('register', "The register's log does not continue what was published."), ('refused', 'The signing service refused.'), ('key_missing', 'No signing key is at hand: its file, PIN or name is missing.'), ('keys_file', 'The file that names the signing keys cannot be used.'), ('wrong_pin', "The signing key's PIN was refused. It is tried when you start again."), ('key_unsuited', 'The signing key may not sign documents.'), ('key_of_another', 'The certificate of the signing key names somebody else than who has to sign.'), ('signer_revoked', 'The certificate of the signing key was revoked.'), ('evidence', 'The lists of revoked signing certificates cannot be had.')], max_length=14),
        ),
        migrations.RunSQL(KEPT, UNDO_KEPT),
    ]
