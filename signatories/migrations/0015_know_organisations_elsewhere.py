import django.db.models.deletion
from django.db import migrations, models

from vault.rules import keeping


class Migration(migrations.Migration):
    dependencies = [
        ("signatories", "0014_move_organisations"),
    ]

    operations = [
        *keeping(
            "signatories_signature",
            migrations.AlterField(
                model_name="signature",
                name="organisation",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="signatures",
                    to="organisations.organisation",
                ),
            ),
        ),
        migrations.DeleteModel(name="Organisation"),
    ]
