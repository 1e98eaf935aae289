from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signatories", "0005_index_confirmations"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("network__isnull", False), ("clues__isnull", False), _connector="OR"),
                fields=["created_at"],
                name="signature_with_clues",
            ),
        ),
    ]
