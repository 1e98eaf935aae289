from django.db import migrations, models

from vault.rules import keeping


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0011_count_whose_evidence_fell")]

    operations = keeping(
        "deliveries_delivery",
        migrations.AddField(
            model_name="delivery",
            name="handed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="paper given out"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("handed_at", None),
                    models.Q(
                        models.Q(("channel", "email"), _negated=True),
                        ("signatures__isnull", False),
                        models.Q(("paper_hash", ""), _negated=True),
                        models.Q(("file_hash", ""), _negated=True),
                        models.Q(("list_hash", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_paper_given_out_is_known",
                violation_error_message="Of a paper that was given out, count and hashes are known.",
            ),
        ),
    )
