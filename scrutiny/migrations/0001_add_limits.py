from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Limit",
            fields=[
                (
                    "name",
                    models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name="name"),
                ),
                ("value", models.PositiveIntegerField(verbose_name="value")),
            ],
            options={
                "verbose_name": "limit",
                "verbose_name_plural": "limits",
            },
        ),
    ]
