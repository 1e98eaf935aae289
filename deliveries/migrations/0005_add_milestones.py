import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deliveries", "0004_keep_what_was_released"),
        ("letters", "0010_more_ways_to_reach_an_office"),
    ]

    operations = [
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("signatures", models.PositiveIntegerField(verbose_name="signatures")),
                ("reached_at", models.DateTimeField(verbose_name="reached at")),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="letters.letter",
                    ),
                ),
            ],
            options={
                "verbose_name": "milestone",
                "verbose_name_plural": "milestones",
                "ordering": ["reached_at", "signatures"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("letter", "signatures"), name="a_milestone_is_reached_once"
                    )
                ],
            },
        ),
    ]
