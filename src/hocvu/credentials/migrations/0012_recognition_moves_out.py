"""Results, proposals and decisions are a room of their own: see `recognition`, 0001.

Nothing happens in the database: keys follow the tables they lead to.
"""

import django.db.models.deletion
from django.db import migrations, models

MOVED = ("DecisionEntry", "RecognitionDecision", "Proposal", "ResultLine", "ResultRecord")


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0011_prepared_anew"),
        ("recognition", "0001_taken_over_from_credentials"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="certificate",
                    name="entry",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="certificate",
                        to="recognition.decisionentry",
                    ),
                ),
                migrations.AlterField(
                    model_name="preparedfile",
                    name="entry",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="prepared",
                        to="recognition.decisionentry",
                    ),
                ),
                migrations.AlterField(
                    model_name="issuingrun",
                    name="decision",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="recognition.recognitiondecision",
                    ),
                ),
                *(migrations.DeleteModel(name=name) for name in MOVED),
            ]
        )
    ]
