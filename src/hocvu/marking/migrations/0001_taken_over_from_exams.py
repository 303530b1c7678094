"""The tables of marking by people are taken over from `exams`: no row is touched.

Their triggers, constraints and indexes go with them; only tables and their sequences are renamed.
"""

import django.db.models.deletion
from django.db import migrations, models

TABLES = ("marker", "marking", "appeal", "freshmarking")


def renamed(before: str, after: str) -> str:
    return "".join(
        f"ALTER TABLE {before}_{table} RENAME TO {after}_{table};"
        f"ALTER SEQUENCE {before}_{table}_id_seq RENAME TO {after}_{table}_id_seq;"
        for table in TABLES
    )


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("exams", "0009_marking_by_people_moves_out"),
        ("people", "0004_ethnic_group"),
        ("questions", "0002_keys_reviews_and_files"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(renamed("exams", "marking"), renamed("marking", "exams"))
            ],
            state_operations=[
                migrations.CreateModel(
                    name='Appeal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('client_id', models.UUIDField(unique=True)),
                        ('text', models.TextField()),
                        ('raised_at', models.DateTimeField()),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('upheld', models.BooleanField(null=True)),
                        ('answer', models.TextField(blank=True)),
                        ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exams.attempt')),
                        ('question', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='questions.question')),
                    ],
                ),
                migrations.CreateModel(
                    name='FreshMarking',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('cause', models.CharField(max_length=30)),
                        ('called_at', models.DateTimeField()),
                        ('appeal', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fresh_marking', to='marking.appeal')),
                        ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exams.attempt')),
                        ('called_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='questions.question')),
                    ],
                ),
                migrations.CreateModel(
                    name='Marker',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('appointed_at', models.DateTimeField()),
                        ('released_at', models.DateTimeField(null=True)),
                        ('appointed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exams.sitting')),
                    ],
                ),
                migrations.CreateModel(
                    name='Marking',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('round', models.PositiveSmallIntegerField()),
                        ('points', models.DecimalField(decimal_places=2, max_digits=6)),
                        ('out_of', models.DecimalField(decimal_places=2, max_digits=6)),
                        ('by_criterion', models.JSONField(default=dict)),
                        ('remarks', models.TextField(blank=True)),
                        ('marked_at', models.DateTimeField()),
                        ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exams.attempt')),
                        ('marker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='questions.question')),
                    ],
                ),
                migrations.AddConstraint(
                    model_name='appeal',
                    constraint=models.UniqueConstraint(fields=('attempt', 'question'), name='an_attempt_or_a_question_of_it_is_appealed_once', nulls_distinct=False),
                ),
                migrations.AddConstraint(
                    model_name='appeal',
                    constraint=models.CheckConstraint(condition=models.Q(('answered_at', None), models.Q(('answered_by__isnull', False), ('upheld__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='an_answered_appeal_says_what_and_by_whom'),
                ),
                migrations.AddIndex(
                    model_name='freshmarking',
                    index=models.Index(fields=['attempt', 'question'], name='fresh_markings_of_an_answer'),
                ),
                migrations.AddConstraint(
                    model_name='marker',
                    constraint=models.UniqueConstraint(fields=('sitting', 'person'), name='a_marker_is_appointed_once'),
                ),
                migrations.AddConstraint(
                    model_name='marking',
                    constraint=models.UniqueConstraint(fields=('attempt', 'question', 'marker'), name='a_marker_marks_an_answer_once'),
                ),
                migrations.AddConstraint(
                    model_name='marking',
                    constraint=models.UniqueConstraint(fields=('attempt', 'question', 'round'), name='a_round_of_marking_happens_once'),
                ),
                migrations.AddConstraint(
                    model_name='marking',
                    constraint=models.CheckConstraint(condition=models.Q(('points__gte', 0), ('points__lte', models.F('out_of'))), name='a_marking_lies_between_nothing_and_all'),
                ),
            ],
        ),
    ]
