"""How issuers write their numbers belongs to what they print on: see `stationery`, 0003."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0013_prepared_copies"),
        ("stationery", "0003_numbers_taken_over"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="NumberFormat")]
        )
    ]
