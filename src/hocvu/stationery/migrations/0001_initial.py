import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0004_ethnic_group'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='BlankBook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('certificate', 'certificate (chứng chỉ)'), ('completion', 'completion certificate (giấy chứng nhận)'), ('copy', 'copy from the root register')], max_length=12)),
                ('series', models.CharField(blank=True, max_length=20)),
                ('first_number', models.PositiveIntegerField()),
                ('last_number', models.PositiveIntegerField()),
                ('digits', models.PositiveSmallIntegerField(default=6)),
                ('received_from', models.CharField(max_length=200)),
                ('document_number', models.CharField(max_length=80)),
                ('received_on', models.DateField()),
                ('entered_at', models.DateTimeField()),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Blank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(blank=True, max_length=20)),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('left', 'left'), ('used', 'used'), ('spoiled', 'spoiled'), ('lost', 'lost'), ('destroyed', 'destroyed')], default='left', max_length=10)),
                ('serial_number', models.CharField(blank=True, max_length=40)),
                ('entry_count', models.PositiveIntegerField(default=0)),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='blanks', to='stationery.blankbook')),
            ],
        ),
        migrations.CreateModel(
            name='BlankEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField()),
                ('before', models.CharField(choices=[('left', 'left'), ('used', 'used'), ('spoiled', 'spoiled'), ('lost', 'lost'), ('destroyed', 'destroyed')], max_length=10)),
                ('after', models.CharField(choices=[('left', 'left'), ('used', 'used'), ('spoiled', 'spoiled'), ('lost', 'lost'), ('destroyed', 'destroyed')], max_length=10)),
                ('is_correction', models.BooleanField(default=False)),
                ('serial_number', models.CharField(blank=True, max_length=40)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('minutes_number', models.CharField(blank=True, max_length=80)),
                ('at', models.DateTimeField()),
                ('blank', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='stationery.blank')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'verbose_name_plural': 'blank entries',
            },
        ),
        migrations.CreateModel(
            name='CertificateTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('certificate', 'certificate (chứng chỉ)'), ('completion', 'completion certificate (giấy chứng nhận)'), ('copy', 'copy from the root register')], max_length=12)),
                ('name', models.CharField(max_length=150)),
                ('name_en', models.CharField(blank=True, max_length=150)),
                ('code', models.CharField(blank=True, max_length=40)),
                ('made_at', models.DateTimeField()),
                ('issuer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='IssuerImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('seal', 'seal'), ('signature', 'signature')], max_length=10)),
                ('signer_name', models.CharField(blank=True, max_length=150)),
                ('png', models.BinaryField()),
                ('width_mm', models.DecimalField(decimal_places=1, max_digits=4)),
                ('height_mm', models.DecimalField(decimal_places=1, max_digits=4)),
                ('sha256', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='TemplateVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('source', models.TextField()),
                ('look', models.JSONField(default=dict)),
                ('written_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('effective_from', models.DateField(null=True)),
                ('retired_on', models.DateField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('retired_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='stationery.certificatetemplate')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
        ),
        migrations.AddConstraint(
            model_name='blankbook',
            constraint=models.CheckConstraint(condition=models.Q(('last_number__gte', models.F('first_number'))), name='a_book_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='blankbook',
            constraint=models.CheckConstraint(condition=models.Q(('last_number__lt', django.db.models.expressions.CombinedExpression(models.F('first_number'), '+', models.Value(100000)))), name='a_book_holds_at_most_100000_blanks'),
        ),
        migrations.AddIndex(
            model_name='blank',
            index=models.Index(fields=['book', 'state', 'number'], name='blanks_by_state'),
        ),
        migrations.AddConstraint(
            model_name='blank',
            constraint=models.UniqueConstraint(fields=('issuer', 'series', 'number'), name='a_blank_is_received_once'),
        ),
        migrations.AddConstraint(
            model_name='blank',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'used')), fields=('issuer', 'serial_number'), name='a_certificate_is_printed_on_one_blank'),
        ),
        migrations.AddConstraint(
            model_name='blank',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'used'), models.Q(('serial_number', ''), _negated=True)), models.Q(models.Q(('state', 'used'), _negated=True), ('serial_number', '')), _connector='OR'), name='a_used_blank_names_its_certificate'),
        ),
        migrations.AddConstraint(
            model_name='blankentry',
            constraint=models.UniqueConstraint(fields=('blank', 'sequence'), name='entries_of_a_blank_follow_each_other'),
        ),
        migrations.AddConstraint(
            model_name='blankentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('after__in', ['used', 'spoiled', 'lost']), ('before', 'left'), ('is_correction', False)), models.Q(('after__in', ['spoiled', 'lost']), ('before', 'used'), ('is_correction', False)), models.Q(('after', 'destroyed'), ('before', 'spoiled'), ('is_correction', False)), models.Q(('after', 'left'), ('before__in', ['used', 'spoiled', 'lost']), ('is_correction', True)), _connector='OR'), name='a_blank_goes_from_state_to_state_in_order'),
        ),
        migrations.AddConstraint(
            model_name='blankentry',
            constraint=models.CheckConstraint(condition=models.Q(('after', 'used'), ('after', 'left'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_blank_that_is_gone_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='blankentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('after__in', ['destroyed', 'lost']), _negated=True), models.Q(('minutes_number', ''), _negated=True), _connector='OR'), name='destroyed_and_lost_blanks_have_their_minutes'),
        ),
        migrations.AddConstraint(
            model_name='blankentry',
            constraint=models.CheckConstraint(condition=models.Q(('is_correction', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_correction_gives_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='blankentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('after', 'used'), models.Q(('serial_number', ''), _negated=True)), models.Q(models.Q(('after', 'used'), _negated=True), ('serial_number', '')), _connector='OR'), name='an_entry_of_use_names_the_certificate'),
        ),
        migrations.AddConstraint(
            model_name='certificatetemplate',
            constraint=models.UniqueConstraint(fields=('issuer', 'kind', 'name'), name='a_template_has_its_own_name'),
        ),
        migrations.AddConstraint(
            model_name='certificatetemplate',
            constraint=models.UniqueConstraint(condition=models.Q(('issuer', None)), fields=('code',), name='a_packaged_template_has_one_code'),
        ),
        migrations.AddConstraint(
            model_name='certificatetemplate',
            constraint=models.CheckConstraint(condition=models.Q(('issuer', None), ('made_by__isnull', False), _connector='OR'), name='a_template_of_an_issuer_has_a_maker'),
        ),
        migrations.AddConstraint(
            model_name='issuerimage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'seal'), ('signer_name', '')), models.Q(('kind', 'signature'), models.Q(('signer_name', ''), _negated=True)), _connector='OR'), name='a_signature_names_its_signer'),
        ),
        migrations.AddConstraint(
            model_name='issuerimage',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('issuer', 'kind', 'signer_name'), name='one_image_of_a_kind_is_in_use'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.UniqueConstraint(fields=('template', 'number'), name='a_version_number_is_given_once'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.UniqueConstraint(condition=models.Q(('approved_at', None)), fields=('template',), name='a_template_has_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None), ('effective_from', None)), models.Q(('approved_at__isnull', False), ('effective_from__isnull', False)), _connector='OR'), name='a_version_in_use_says_since_when'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), ('written_by', None), models.Q(('approved_by', models.F('written_by')), _negated=True), _connector='OR'), name='who_wrote_a_version_does_not_put_it_in_use'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.CheckConstraint(condition=models.Q(('retired_on', None), ('effective_from__isnull', False), _connector='OR'), name='only_a_version_in_use_is_retired'),
        ),
    ]
