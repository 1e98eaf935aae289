from django.db import migrations, models

from vault.rules import keeping


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0013_bring_what_was_given_out")]

    operations = keeping(
        "deliveries_release",
        migrations.AddField(
            model_name="release",
            name="ended_at",
            field=models.DateTimeField(null=True, verbose_name="called off"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at", None), ("step__in", ("void", "cancelled", "failed")), _connector="OR"
                ),
                name="what_is_open_has_no_end",
                violation_error_message="What is under way has not ended.",
            ),
        ),
    )
