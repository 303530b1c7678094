"""Links, when they were opened, requests for corrections, credentials for wallets."""

import datetime
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('credentials', '0005_forms_and_tails'),
        ('people', '0004_ethnic_group'),
    ]

    operations = [
        migrations.CreateModel(
            name='PortableCredential',
            fields=[
                ('certificate', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='credentials.certificate')),
                ('identifier', models.UUIDField(unique=True)),
                ('token', models.TextField()),
                ('document', models.TextField()),
                ('signed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.UUIDField()),
                ('purpose', models.CharField(max_length=200)),
                ('with_file', models.BooleanField()),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('seed', models.BinaryField()),
                ('token_sha256', models.BinaryField(unique=True)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='SharedCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.certificate')),
                ('share', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shown', to='wallet.share')),
            ],
            options={
                'ordering': ['share_id', 'position'],
            },
        ),
        migrations.CreateModel(
            name='ShareOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minute', models.DateTimeField()),
                ('way', models.CharField(choices=[('page', 'the page was opened'), ('file', 'a file was downloaded')], max_length=4)),
                ('count', models.PositiveIntegerField()),
                ('share', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='wallet.share')),
            ],
        ),
        migrations.CreateModel(
            name='CorrectionRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.UUIDField()),
                ('subject', models.CharField(choices=[('name', 'full name'), ('birth', 'date or place of birth'), ('unit', 'unit or post'), ('other', 'something else')], max_length=5)),
                ('should_say', models.CharField(max_length=300)),
                ('evidence', models.CharField(max_length=1000)),
                ('asked_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.certificate')),
                ('new_edition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.certificate')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('asked_by', 'client_id'), name='a_form_of_a_holder_asks_once'), models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('certificate', 'subject'), name='one_thing_is_asked_once_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('new_edition', None), ('settled_at', None)), models.Q(('answer', ''), ('new_edition__isnull', False), ('settled_at__isnull', False)), models.Q(('new_edition', None), ('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='a_request_is_followed_or_answered')],
            },
        ),
        migrations.AddConstraint(
            model_name='share',
            constraint=models.UniqueConstraint(fields=('holder', 'client_id'), name='a_form_of_a_holder_makes_one_share'),
        ),
        migrations.AddConstraint(
            model_name='share',
            constraint=models.CheckConstraint(condition=models.Q(('purpose', ''), _negated=True), name='a_share_says_what_it_is_for'),
        ),
        migrations.AddConstraint(
            model_name='share',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at')), ('expires_at__lte', django.db.models.expressions.CombinedExpression(models.F('made_at'), '+', models.Value(datetime.timedelta(days=366))))), name='a_share_ends_within_a_year'),
        ),
        migrations.AddConstraint(
            model_name='sharedcertificate',
            constraint=models.UniqueConstraint(fields=('share', 'position'), name='positions_are_unique_in_a_share'),
        ),
        migrations.AddConstraint(
            model_name='sharedcertificate',
            constraint=models.UniqueConstraint(fields=('share', 'certificate'), name='a_share_shows_a_certificate_once'),
        ),
        migrations.AddIndex(
            model_name='shareopening',
            index=models.Index(fields=['minute'], name='openings_by_minute'),
        ),
        migrations.AddConstraint(
            model_name='shareopening',
            constraint=models.UniqueConstraint(fields=('share', 'minute', 'way'), name='openings_are_counted_once_a_minute'),
        ),
    ]
