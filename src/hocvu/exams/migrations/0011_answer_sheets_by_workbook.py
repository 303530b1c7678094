"""Answer sheets by workbook: the files, and which attempts came from sheets. Adds two tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exams', '0010_papers_move_out'),
        ('people', '0005_birth_place'),
    ]

    operations = [
        migrations.CreateModel(
            name='SheetFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=250)),
                ('file_sha256', models.CharField(max_length=64)),
                ('reason', models.CharField(max_length=300)),
                ('uploaded_at', models.DateTimeField()),
                ('rows', models.JSONField(default=list)),
                ('left_empty', models.PositiveIntegerField(default=0)),
                ('taken_in_at', models.DateTimeField(null=True)),
                ('new_attempts', models.PositiveIntegerField(null=True)),
                ('given_up_at', models.DateTimeField(null=True)),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheet_files', to='exams.sitting')),
                ('taken_in_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='SheetTakenIn',
            fields=[
                ('attempt', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sheet', serialize=False, to='exams.attempt')),
                ('brought_in_at', models.DateTimeField()),
                ('row', models.PositiveIntegerField(null=True)),
                ('brought_in_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='exams.sheetfile')),
            ],
        ),
        migrations.AddConstraint(
            model_name='sheetfile',
            constraint=models.CheckConstraint(condition=models.Q(('taken_in_at', None), models.Q(('given_up_at', None), ('new_attempts__isnull', False), ('taken_in_by__isnull', False)), _connector='OR'), name='a_sheet_file_taken_in_says_by_whom_and_is_not_given_up'),
        ),
    ]
