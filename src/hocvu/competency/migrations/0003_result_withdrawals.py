"""Results may be withdrawn; that is written once too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("competency", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="ResultWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=600)),
                ("withdrawn_at", models.DateTimeField()),
                (
                    "result",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="competency.result",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            "CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON competency_resultwithdrawal "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
            "DROP TRIGGER written_once ON competency_resultwithdrawal;",
        ),
    ]
