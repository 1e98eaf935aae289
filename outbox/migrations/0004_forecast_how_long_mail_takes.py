from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0003_let_messages_wait_in_lanes"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="wait",
            field=models.PositiveIntegerField(
                db_default=0, default=0, verbose_name="how many minutes mail may take"
            ),
        ),
    ]
