from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_teachers'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='ethnic_group',
            field=models.CharField(blank=True, db_default='', max_length=2),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('ethnic_group', ''), ('ethnic_group__regex', '^(0[1-9]|[1-4]\\d|5[0-4])$'), _connector='OR'), name='ethnic_group_is_one_of_the_54'),
        ),
    ]
