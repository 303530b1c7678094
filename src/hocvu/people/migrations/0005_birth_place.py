from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_ethnic_group'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='birth_place',
            field=models.CharField(blank=True, db_default='', max_length=200),
        ),
    ]
