from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0002_add_alerts"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="lane",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "first"), (1, "slow"), (2, "braked")],
                db_default=0,
                default=0,
                verbose_name="lane",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("lane__in", [0, 1, 2])), name="messages_wait_in_a_lane"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "ready")), fields=["lane", "next_at", "id"], name="message_due"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "sent")), fields=["sent_at", "lane"], name="message_left"
            ),
        ),
        migrations.RemoveIndex(
            model_name="message",
            name="message_ready",
        ),
        migrations.RemoveIndex(
            model_name="message",
            name="message_sent",
        ),
    ]
