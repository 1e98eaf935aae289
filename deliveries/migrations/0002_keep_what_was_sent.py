from django.db import migrations

from vault.rules import Rule, operation

FROZEN = (
    "version_id", "taken_at", "persons", "organisations", "size", "root", "head_at", "head_signature",
    "public_edition", "public_hash", "sent_hash", "names",
)  # fmt: skip
DOSSIER_CHANGED = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in FROZEN)
KEY_REVIVED = "(NEW.key IS NOT NULL AND OLD.key IS NULL)"


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0001_add_dossiers_and_deliveries")]

    operations = [
        operation(
            Rule(
                "dossier_is_frozen",
                "deliveries_dossier",
                "UPDATE",
                f"{DOSSIER_CHANGED} OR {KEY_REVIVED}",
                "A dossier never changes; only its key can be destroyed.",
            ),
            Rule(
                "dossier_is_kept",
                "deliveries_dossier",
                "DELETE",
                "OLD.id = OLD.id",
                "A dossier is never deleted.",
            ),
            Rule(
                "sent_delivery_is_frozen",
                "deliveries_delivery",
                "UPDATE",
                "OLD.state = 'sent'",
                "The record of what was sent never changes.",
            ),
            Rule(
                "delivery_keeps_its_end",
                "deliveries_delivery",
                "UPDATE",
                "OLD.recipient_id <> NEW.recipient_id OR OLD.dossier_id <> NEW.dossier_id",
                "A delivery carries one dossier to one recipient.",
            ),
            Rule(
                "delivery_is_kept",
                "deliveries_delivery",
                "DELETE",
                "OLD.id = OLD.id",
                "A delivery is never deleted: it is what keeps a government from getting it twice.",
            ),
        )
    ]
