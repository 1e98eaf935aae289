from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deliveries", "0017_close_the_page_of_an_office"),
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
                    ("opened", "the office was given a new page"),
                    ("lost", "the mail with the address of the new page did not arrive"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
    ]
