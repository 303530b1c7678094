"""Days on which certificates were checked, counted for their holders."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0005_forms_and_tails'),
        ('verification', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checked_on', models.DateField(db_index=True)),
                ('way', models.CharField(choices=[('page', 'page'), ('file', 'file'), ('program', 'program')], max_length=7)),
                ('count', models.PositiveIntegerField()),
                ('access_key', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='verification.accesskey')),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.certificate')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('certificate', 'checked_on', 'way', 'access_key'), name='checks_of_a_day_are_counted_together', nulls_distinct=False)],
            },
        ),
    ]
