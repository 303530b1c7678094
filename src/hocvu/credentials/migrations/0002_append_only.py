"""These rows are written once."""

from django.db import migrations

TABLES = ["credentials_recognitiondecision", "credentials_decisionentry", "credentials_certificate", "credentials_registerentry", "credentials_logcheckpoint"]


class Migration(migrations.Migration):
    dependencies = [("credentials", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
            f"DROP TRIGGER written_once ON {table};",
        )
        for table in TABLES
    ]
