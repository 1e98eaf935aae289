from django.db import migrations, models

from vault.rules import keeping


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_chain_the_trail")]

    operations = keeping(
        "accounts_trail",
        migrations.AddField(
            model_name="trail",
            name="letter",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="letter"),
        ),
        migrations.AddIndex(
            model_name="trail",
            index=models.Index(fields=["letter", "-at", "-id"], name="trail_by_letter"),
        ),
    )
