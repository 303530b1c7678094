"""What people settled about written answers stands with the attempt, as an exact share.

Filled from the marks given so far: of each answer, the latest marking from the beginning that is
settled. Rounds 1 to 3 are the first marking, 4 to 6 the first fresh one, and so forth.
"""

from collections import defaultdict
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

_MARKERS, _AT_MOST, _LARGEST_DIFFERENCE = 2, 3, Fraction(1, 5)


def settled(shares: list[Fraction]) -> Fraction | None:
    """As `hocvu.items.double_marking` said when this was written."""
    ordered = sorted(shares)
    if len(ordered) < _MARKERS:
        return None
    gaps = [high - low for low, high in pairwise(ordered)]
    if len(ordered) == _MARKERS:
        return None if gaps[0] > _LARGEST_DIFFERENCE else sum(ordered) / Fraction(2)
    if gaps[0] == gaps[1]:
        return ordered[1]
    nearest = gaps.index(min(gaps))
    return (ordered[nearest] + ordered[nearest + 1]) / 2


def fill(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 — as Django calls it
    marks = apps.get_model("exams", "Marking").objects.order_by("attempt_id", "question_id", "round")
    made = apps.get_model("exams", "SettledAnswer")
    rows = []
    for (attempt, question), given in groupby(
        marks.iterator(), key=lambda each: (each.attempt_id, each.question_id)
    ):
        turns = defaultdict(list)
        for each in given:
            turns[(each.round - 1) // _AT_MOST].append(each)
        for _, turn in sorted(turns.items(), reverse=True):
            share = settled([Fraction(each.points) / Fraction(each.out_of) for each in turn])
            if share is not None:
                rows.append(
                    made(
                        attempt_id=attempt,
                        question_id=question,
                        share=str(share),
                        settled_at=turn[-1].marked_at,
                    )
                )
                break
    made.objects.bulk_create(rows, batch_size=1_000)


class Migration(migrations.Migration):
    dependencies = [
        ("exams", "0007_keys_shown_later_and_sealed_pages"),
        ("questions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SettledAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("share", models.CharField(max_length=40)),
                ("settled_at", models.DateTimeField()),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settled_answers",
                        to="exams.attempt",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="questions.question",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("attempt", "question"),
                        name="one_share_stands_for_a_written_answer",
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
