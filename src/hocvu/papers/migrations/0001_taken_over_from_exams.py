"""Papers are taken over from `exams`: their tables stay as they are and keep their names.

Nothing happens in the database: whoever answers a test meanwhile notices nothing.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('exams', '0009_marking_by_people_moves_out'),
        ('competency', '0003_result_withdrawals'),
        ('people', '0004_ethnic_group'),
        ('questions', '0002_keys_reviews_and_files'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='QuestionExposure',
                    fields=[
                        ('question', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='questions.question')),
                        ('shown', models.PositiveBigIntegerField(default=0)),
                    ],
                    options={
                        'db_table': 'exams_questionexposure',
                    },
                ),
                migrations.CreateModel(
                    name='PaperPreset',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=60)),
                        ('version', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=250)),
                        ('name_en', models.CharField(max_length=250)),
                        ('questions', models.PositiveSmallIntegerField()),
                        ('minutes', models.PositiveSmallIntegerField()),
                        ('pass_mark', models.CharField(max_length=12)),
                        ('attempts_allowed', models.PositiveSmallIntegerField(null=True)),
                        ('shuffle', models.BooleanField(default=True)),
                        ('shows_key', models.CharField(db_default='when_closed', default='when_closed', max_length=11)),
                        ('issued_by', models.CharField(max_length=250)),
                        ('effective_from', models.DateField()),
                        ('effective_to', models.DateField(null=True)),
                    ],
                    options={
                        'db_table': 'exams_paperpreset',
                        'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='a_preset_has_one_version')],
                    },
                ),
                migrations.CreateModel(
                    name='Paper',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=60)),
                        ('version', models.PositiveSmallIntegerField()),
                        ('title', models.CharField(max_length=300)),
                        ('title_en', models.CharField(max_length=300)),
                        ('minutes', models.PositiveSmallIntegerField()),
                        ('pass_mark', models.CharField(max_length=12)),
                        ('level', models.CharField(max_length=6)),
                        ('shuffle', models.BooleanField(default=True)),
                        ('shows_key', models.CharField(db_default='when_closed', default='when_closed', max_length=11)),
                        ('made_at', models.DateTimeField(null=True)),
                        ('retired_at', models.DateTimeField(null=True)),
                        ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='competency.framework')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                        ('preset', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='papers.paperpreset')),
                    ],
                    options={
                        'db_table': 'exams_paper',
                    },
                ),
                migrations.CreateModel(
                    name='PaperSection',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('title', models.CharField(max_length=300)),
                        ('title_en', models.CharField(blank=True, max_length=300)),
                        ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='papers.paper')),
                    ],
                    options={
                        'db_table': 'exams_papersection',
                        'ordering': ['paper_id', 'position'],
                    },
                ),
                migrations.CreateModel(
                    name='PaperQuestion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='paper_questions', to='papers.paper')),
                        ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='questions.question')),
                        ('section', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='papers.papersection')),
                    ],
                    options={
                        'db_table': 'exams_paperquestion',
                        'ordering': ['paper_id', 'position'],
                    },
                ),
                migrations.CreateModel(
                    name='BlueprintCell',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('component_code', models.CharField(blank=True, max_length=12)),
                        ('level', models.CharField(blank=True, max_length=6)),
                        ('topic', models.CharField(blank=True, max_length=60)),
                        ('questions', models.PositiveSmallIntegerField()),
                        ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='papers.paper')),
                        ('section', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='papers.papersection')),
                    ],
                    options={
                        'db_table': 'exams_blueprintcell',
                        'ordering': ['paper_id', 'position'],
                    },
                ),
                migrations.AddConstraint(
                    model_name='paper',
                    constraint=models.UniqueConstraint(fields=('code', 'version'), name='a_paper_has_one_version'),
                ),
                migrations.AddConstraint(
                    model_name='papersection',
                    constraint=models.UniqueConstraint(fields=('paper', 'position'), name='a_section_has_its_place_in_a_paper'),
                ),
                migrations.AddConstraint(
                    model_name='paperquestion',
                    constraint=models.UniqueConstraint(fields=('paper', 'question'), name='a_question_stands_once_in_a_paper'),
                ),
                migrations.AddConstraint(
                    model_name='blueprintcell',
                    constraint=models.UniqueConstraint(fields=('paper', 'position'), name='a_cell_has_its_place_in_a_blueprint'),
                ),
                migrations.AddConstraint(
                    model_name='blueprintcell',
                    constraint=models.CheckConstraint(condition=models.Q(('questions__gt', 0)), name='a_cell_asks_something'),
                ),
            ],
        ),
    ]
