"""A cut score names its panel once, says why, and by which calibration it was put on the scale."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("measurement", "0003_work_and_growth")]
    operations = [
        migrations.AddField(
            model_name="cutscore",
            name="reason",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="cutscore",
            name="calibration",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="measurement.calibration",
            ),
        ),
        migrations.AlterField(
            model_name="cutscore",
            name="panel",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cut_score",
                to="measurement.panel",
            ),
        ),
        migrations.AddConstraint(
            model_name="panel",
            constraint=models.UniqueConstraint(
                condition=Q(closed_at=None),
                fields=("scale", "level"),
                name="one_panel_at_a_time_sits_for_a_level",
            ),
        ),
    ]
