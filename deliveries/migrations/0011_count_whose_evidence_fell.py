from django.db import migrations, models

from vault.rules import keeping


class Migration(migrations.Migration):
    dependencies = [
        ("deliveries", "0010_what_is_brought_has_no_mail"),
    ]

    operations = keeping(
        "deliveries_release",
        migrations.AddField(
            model_name="release",
            name="fallen",
            field=models.PositiveIntegerField(
                db_default=0, default=0, verbose_name="whose evidence fell meanwhile"
            ),
        ),
    )
