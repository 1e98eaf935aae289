from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0010_more_ways_to_reach_an_office"),
    ]

    operations = [
        migrations.AddField(
            model_name="role",
            name="given_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="given"),
        ),
    ]
