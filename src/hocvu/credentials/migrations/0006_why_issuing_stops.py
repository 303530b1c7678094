from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("credentials", "0005_forms_and_tails")]

    operations = [
        migrations.AlterField(
            model_name="issuingrun",
            name="stop_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    (
                        "key_away",
                        "The signing key cannot be reached: its token is not in its place.",
                    ),
                    ("certificate", "The certificate of the signing key is not valid today."),
                    ("timestamp", "The timestamp authority does not answer."),
                    ("cannot_print", "A line of the list cannot be printed."),
                    ("clock", "This computer's clock is behind the last entry of the register."),
                    ("register", "The register's log does not continue what was published."),
                    ("refused", "The signing service refused."),
                    (
                        "key_missing",
                        "No signing key is at hand: its file, PIN or name is missing.",
                    ),
                    ("keys_file", "The file that names the signing keys cannot be used."),
                    (
                        "wrong_pin",
                        "The signing key's PIN was refused. It is tried when you start again.",
                    ),
                    ("key_unsuited", "The signing key may not sign documents."),
                    ("signer_revoked", "The certificate of the signing key was revoked."),
                    ("evidence", "The lists of revoked signing certificates cannot be had."),
                ],
                max_length=14,
            ),
        ),
    ]
