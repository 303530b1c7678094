"""Papers say when their key is shown; sealed days keep their tree in pages.

Lesson checks under Resolution 398 are there to learn from: their key is shown at once. Days sealed
before get the place of each attempt, in the order they were sealed in, and their pages.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from hocvu.register.merkle import leaf_hash, root_of

_PAGE = 256

LESSON_CHECKS = """
UPDATE exams_paperpreset SET shows_key = 'at_once' WHERE code = 'resolution-398-lesson';
UPDATE exams_paper SET shows_key = 'at_once' WHERE preset_id IN
  (SELECT id FROM exams_paperpreset WHERE code = 'resolution-398-lesson');
"""
PLACES = """
UPDATE exams_attempt SET sealed_as = placed.place - 1
FROM (
  SELECT id, row_number() OVER (PARTITION BY sealed_in_id ORDER BY handed_in_at, id) AS place
  FROM exams_attempt WHERE sealed_in_id IS NOT NULL
) AS placed
WHERE exams_attempt.id = placed.id;
"""


def write_pages(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 — as Django calls it
    attempts = apps.get_model("exams", "Attempt").objects
    page = apps.get_model("exams", "SealedPage")
    for sealed in apps.get_model("exams", "SealedDay").objects.all():
        seals = attempts.filter(sealed_in=sealed).order_by("sealed_as").values_list("seal", flat=True)
        leaves = [leaf_hash(bytes(seal or b"")) for seal in seals]
        parts = [leaves[start : start + _PAGE] for start in range(0, len(leaves), _PAGE)]
        page.objects.bulk_create(
            page(sealed_day=sealed, number=number, leaves=b"".join(part), root=root_of(part))
            for number, part in enumerate(parts)
        )


class Migration(migrations.Migration):
    dependencies = [("exams", "0006_receipts_are_found_in_their_day")]

    operations = [
        *(
            migrations.AddField(
                model_name=model,
                name="shows_key",
                field=models.CharField(
                    db_default="when_closed", default="when_closed", max_length=11
                ),
            )
            for model in ("paperpreset", "paper")
        ),
        migrations.AddField(
            model_name="attempt",
            name="sealed_as",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="SealedPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("leaves", models.BinaryField()),
                ("root", models.BinaryField(max_length=32)),
                (
                    "sealed_day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="exams.sealedday",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sealed_day", "number"),
                        name="a_page_has_its_place_in_a_sealed_day",
                    )
                ],
            },
        ),
        migrations.RunSQL(LESSON_CHECKS, migrations.RunSQL.noop),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
        migrations.RunPython(write_pages, migrations.RunPython.noop),
    ]
