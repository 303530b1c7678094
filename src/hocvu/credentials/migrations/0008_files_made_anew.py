"""Files made anew, by order of two persons."""

import django.db.models.deletion
from django.db import migrations, models

KEPT = """
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON credentials_remadefile
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION keep_an_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  later text[] := ARRAY['ended_at', 'stop_detail'];
BEGIN
  IF OLD.approved_at IS NULL THEN
    later := later || ARRAY['approved_by_id', 'approved_at'];
  END IF;
  IF to_jsonb(NEW) - later <> to_jsonb(OLD) - later THEN
    RAISE EXCEPTION 'an order for new files is approved once, as it was asked for'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER an_order_is_approved_once BEFORE UPDATE ON credentials_remakeorder
  FOR EACH ROW EXECUTE FUNCTION keep_an_order();
CREATE TRIGGER written_once BEFORE DELETE ON credentials_remakeorder
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
UNDO_KEPT = """
DROP TRIGGER written_once ON credentials_remakeorder;
DROP TRIGGER an_order_is_approved_once ON credentials_remakeorder;
DROP FUNCTION keep_an_order();
DROP TRIGGER written_once ON credentials_remadefile;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0007_files_before_and_after'),
        ('people', '0005_birth_place'),
        ('stationery', '0002_kept'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='RemakeOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('asked_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('stop_detail', models.CharField(blank=True, max_length=300)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stationery.templateversion')),
            ],
        ),
        migrations.CreateModel(
            name='RemadeFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tail', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remade', to='credentials.certificate')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.registerentry')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.printedform')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='credentials.remakeorder')),
            ],
        ),
        migrations.AddConstraint(
            model_name='remakeorder',
            constraint=models.UniqueConstraint(fields=('issuer', 'version'), name='files_are_made_anew_once_for_a_version'),
        ),
        migrations.AddConstraint(
            model_name='remakeorder',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('asked_by')), _negated=True), _connector='OR'), name='nobody_approves_their_own_order'),
        ),
        migrations.AddConstraint(
            model_name='remakeorder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='an_order_is_approved_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='remadefile',
            constraint=models.UniqueConstraint(fields=('certificate', 'order'), name='a_file_is_made_anew_once_for_an_order'),
        ),
        migrations.RunSQL(KEPT, UNDO_KEPT),
    ]
