"""Minutes that are counted (unlogged: a crash forgets them), and keys of organisations."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SpentAllowance",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False)),
                ("minute", models.BigIntegerField(db_index=True)),
                ("spent", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE verification_spentallowance SET UNLOGGED",
            "ALTER TABLE verification_spentallowance SET LOGGED",
        ),
        migrations.CreateModel(
            name="AccessKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organisation", models.CharField(max_length=200)),
                ("purpose", models.CharField(max_length=300)),
                ("public_part", models.CharField(max_length=8, unique=True)),
                ("secret_sha256", models.CharField(max_length=64)),
                ("granted_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(withdrawn_at=None, withdrawn_by=None)
                        | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                        name="a_withdrawn_key_names_who_withdrew_it",
                    )
                ],
            },
        ),
    ]
