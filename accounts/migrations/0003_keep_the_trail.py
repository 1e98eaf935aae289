from django.db import migrations

from vault.rules import Rule, operation


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_add_trail")]

    operations = [
        operation(
            Rule(
                "trail_never_changes",
                "accounts_trail",
                "UPDATE",
                "OLD.id = OLD.id",
                "What was done stays written.",
            ),
            Rule(
                "trail_is_kept",
                "accounts_trail",
                "DELETE",
                "OLD.at > now() - interval '2 years'",
                "The trail is kept for two years.",
            ),
        )
    ]
