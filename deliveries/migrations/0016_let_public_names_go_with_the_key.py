import json

from django.db import migrations

from vault.rules import Rule, operation, repeal

DOSSIER, NAME = "deliveries_dossier", "dossier_is_frozen"
SENTENCE = "A dossier never changes; only its key can be destroyed."
FROZEN = (
    "version_id", "taken_at", "persons", "organisations", "size", "root", "head_at", "head_signature",
    "public_hash", "sent_hash", "names",
)  # fmt: skip
CHANGED = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in FROZEN)
EDITION_CHANGED = "OLD.public_edition <> NEW.public_edition"
KEY_REVIVED = "(NEW.key IS NOT NULL AND OLD.key IS NULL)"
KEY_DESTROYED = "(NEW.key IS NULL AND OLD.key IS NOT NULL)"
OF_THE_LIST = ("edition", "count", "total", "signatories", "unnamed", "left", "seal")
BEFORE = Rule(NAME, DOSSIER, "UPDATE", f"{CHANGED} OR {EDITION_CHANGED} OR {KEY_REVIVED}", SENTENCE)
AFTER = Rule(
    NAME,
    DOSSIER,
    "UPDATE",
    f"{CHANGED} OR ({EDITION_CHANGED} AND NOT {KEY_DESTROYED}) OR {KEY_REVIVED}",
    "A dossier never changes; only its key can be destroyed, and with it the names.",
)


def let_names_go(apps, schema_editor):
    """Leave of dossiers whose key is destroyed what names no signatory."""
    dossiers = apps.get_model("deliveries", "Dossier").objects
    for pk in dossiers.filter(key__isnull=True).values_list("pk", flat=True):
        edition = json.loads(dossiers.values_list("public_edition", flat=True).get(pk=pk))
        frame = {name: value for name, value in edition.items() if name not in OF_THE_LIST}
        text = json.dumps(frame, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        dossiers.filter(pk=pk).update(public_edition=text)


class Migration(migrations.Migration):
    dependencies = [
        ("deliveries", "0015_close_gaps_in_the_rules"),
    ]

    operations = [
        repeal(BEFORE),
        migrations.RunPython(let_names_go, migrations.RunPython.noop),
        operation(AFTER),
    ]
