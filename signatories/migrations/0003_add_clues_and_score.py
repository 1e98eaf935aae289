from django.db import migrations, models

from vault.rules import keeping


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0002_freeze_published_text"),
        ("signatories", "0002_keep_visibility_from_rising"),
    ]

    operations = keeping(
        "signatories_signature",
        migrations.DeleteModel(
            name="Limit",
        ),
        migrations.RemoveConstraint(
            model_name="signature",
            name="only_confirmed_signatures_go_on",
        ),
        migrations.RemoveConstraint(
            model_name="signature",
            name="erased_means_nothing_personal",
        ),
        migrations.RemoveField(
            model_name="signature",
            name="is_trapped",
        ),
        migrations.AddField(
            model_name="signature",
            name="clues",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="signature",
            name="domain",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="signature",
            name="name_key",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="signature",
            name="network",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="signature",
            name="score",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="signature",
            name="scored_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="signature",
            name="suspicions",
            field=models.JSONField(default=list),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("network__isnull", False)),
                fields=["letter", "network", "created_at"],
                name="signature_by_network",
            ),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(fields=["letter", "domain", "created_at"], name="signature_by_domain"),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(fields=["letter", "name_key", "created_at"], name="signature_by_name"),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_at__isnull", False),
                    models.Q(("corrected_at", None), ("enrolled_at", None), ("withdrawn_at", None)),
                    _connector="OR",
                ),
                name="only_confirmed_signatures_go_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at", None),
                    models.Q(
                        ("address", None),
                        ("affiliation__isnull", True),
                        ("clues__isnull", True),
                        ("corrected_name__isnull", True),
                        ("domain", None),
                        ("email__isnull", True),
                        ("name__isnull", True),
                        ("name_key", None),
                        ("network", None),
                        ("organisation_key", None),
                        ("organisation_name__isnull", True),
                        ("role__isnull", True),
                        ("salt__isnull", True),
                        ("website__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="erased_means_nothing_personal",
            ),
        ),
    )
