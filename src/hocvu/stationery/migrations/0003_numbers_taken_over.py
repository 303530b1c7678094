"""How issuers write their numbers is taken over from `credentials`: no row is touched.

Trigger, constraint and keys go with the table; only it and its sequence are renamed.
"""

import django.db.models.deletion
from django.db import migrations, models


def moved(before: str, after: str) -> str:
    return (
        f"ALTER TABLE {before}_numberformat RENAME TO {after}_numberformat;"
        f"ALTER SEQUENCE {before}_numberformat_id_seq RENAME TO {after}_numberformat_id_seq;"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_birth_place"),
        ("stationery", "0002_kept"),
        ("units", "0001_initial"),
        ("credentials", "0012_recognition_moves_out"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(moved("credentials", "stationery"), moved("stationery", "credentials"))
            ],
            state_operations=[
                migrations.CreateModel(
                    name="NumberFormat",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("valid_from", models.DateField()),
                        ("serial", models.CharField(default="{issuer}-{year}-{number:06}", max_length=80)),
                        ("register_entry", models.CharField(default="{number:05}/{year}", max_length=80)),
                        ("register_copy", models.CharField(default="{number:05}/{year}/BS", max_length=80)),
                        ("set_at", models.DateTimeField()),
                        ("issuer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit")),
                        ("set_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("issuer", "valid_from"), name="an_issuer_has_one_number_format_a_day")],
                    },
                ),
            ],
        )
    ]
