from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_issued_passwords_and_kept_ticks'),
    ]

    operations = [
        migrations.AlterField(
            model_name='rolegrant',
            name='role',
            field=models.CharField(choices=[('training_officer', 'training officer'), ('registrar', 'registrar'), ('leader', 'leader'), ('inspector', 'inspector'), ('administrator', 'administrator'), ('teacher', 'teacher')], max_length=20),
        ),
    ]
