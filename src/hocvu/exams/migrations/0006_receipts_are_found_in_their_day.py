from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exams', '0005_markings_are_written_once'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(
                condition=models.Q(('sealed_in__isnull', False)),
                fields=['sealed_in', 'seal'],
                name='seals_of_a_day',
            ),
        ),
    ]
