from django.db import migrations, models

from vault.rules import keeping


class Migration(migrations.Migration):
    dependencies = [
        ("deliveries", "0005_add_milestones"),
    ]

    operations = keeping(
        "deliveries_release",
        migrations.AddField(
            model_name="release",
            name="unprintable",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="without type on paper"),
        ),
    )
