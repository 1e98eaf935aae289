from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deliveries", "0016_let_public_names_go_with_the_key"),
    ]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="kind",
            field=models.CharField(
                choices=[
                    ("delivered", "it arrived"),
                    ("delayed", "it is delayed"),
                    ("bounced", "it came back"),
                    ("noted", "something was noted"),
                    ("wrong", "another office is meant"),
                    ("retracted", "the office was told that the letter is withdrawn"),
                    ("closed", "the office’s own page was closed"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
    ]
