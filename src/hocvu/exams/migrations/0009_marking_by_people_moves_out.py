"""Markers, markings, fresh markings and appeals are a room of their own: see `marking`, 0001.

Their tables stay as they are, and are taken over there.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exams", "0008_answers_settled_by_people")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name=name)
                for name in ("FreshMarking", "Appeal", "Marking", "Marker")
            ]
        )
    ]
