"""Papers are a room of their own: see `papers`, 0001. Nothing happens in the database."""

import django.db.models.deletion
from django.db import migrations, models

MOVED = (
    "QuestionExposure",
    "BlueprintCell",
    "PaperQuestion",
    "PaperSection",
    "Paper",
    "PaperPreset",
)


class Migration(migrations.Migration):
    dependencies = [
        ("exams", "0009_marking_by_people_moves_out"),
        ("papers", "0001_taken_over_from_exams"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="sitting",
                    name="paper",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="papers.paper",
                    ),
                ),
                *(migrations.DeleteModel(name=name) for name in MOVED),
            ]
        )
    ]
