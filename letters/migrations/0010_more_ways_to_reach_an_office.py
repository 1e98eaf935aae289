from django.db import migrations, models

from vault.rules import keeping


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0009_fix_authors"),
    ]

    operations = keeping(
        "letters_recipient",
        migrations.RemoveConstraint(
            model_name="recipient",
            name="one_recipient_per_address_and_version",
        ),
        migrations.AddField(
            model_name="recipient",
            name="postal",
            field=models.TextField(blank=True, db_default="", max_length=400, verbose_name="postal address"),
        ),
        migrations.AddField(
            model_name="recipient",
            name="size_limit",
            field=models.PositiveSmallIntegerField(
                db_default=10, default=10, verbose_name="largest mail it takes, in MB"
            ),
        ),
        migrations.AddField(
            model_name="recipient",
            name="time_zone",
            field=models.CharField(blank=True, db_default="", max_length=40, verbose_name="time zone"),
        ),
        migrations.AlterField(
            model_name="recipient",
            name="address",
            field=models.EmailField(blank=True, max_length=254, verbose_name="address"),
        ),
        migrations.AlterField(
            model_name="recipient",
            name="channel",
            field=models.CharField(
                choices=[
                    ("email", "e-mail"),
                    ("post", "post"),
                    ("hand", "by hand"),
                    ("portal", "the office’s own web form"),
                ],
                default="email",
                max_length=10,
                verbose_name="channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("address", ""), _negated=True),
                fields=("version", "address"),
                name="one_recipient_per_address_and_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "email"), _negated=True),
                    models.Q(("address", ""), _negated=True),
                    _connector="OR",
                ),
                name="recipient_by_mail_has_an_address",
                violation_error_message="An office that gets the letter by e-mail has an address.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "post"), _negated=True),
                    models.Q(("postal", ""), _negated=True),
                    _connector="OR",
                ),
                name="recipient_by_post_has_an_address",
                violation_error_message="An office that gets the letter by post has a postal address.",
            ),
        ),
    )
