from django.db import migrations

from vault.rules import Rule, operation

PICTURE = "deliveries_picture"


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0007_keep_the_logos_that_were_shown")]

    operations = [
        operation(
            Rule(
                "picture_is_frozen",
                PICTURE,
                "UPDATE",
                "OLD.id = OLD.id",
                "A dossier never changes, nor the logos in it.",
            ),
            Rule(
                "picture_is_kept",
                PICTURE,
                "DELETE",
                "OLD.id = OLD.id",
                "A dossier is never deleted, nor the logos in it.",
            ),
        )
    ]
