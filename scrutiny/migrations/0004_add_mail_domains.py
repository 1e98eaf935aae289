from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scrutiny", "0003_add_gatherings"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailDomain",
            fields=[
                ("index", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("first_seen_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "mail domain",
                "verbose_name_plural": "mail domains",
            },
        ),
    ]
