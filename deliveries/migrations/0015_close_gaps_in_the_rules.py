from django.db import migrations

from vault.rules import Rule, operation, repeal

DELIVERY, RELEASE, REPORT = "deliveries_delivery", "deliveries_release", "deliveries_report"


def differs(*columns: str) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


BEFORE = (
    Rule(
        "report_is_never_changed",
        REPORT,
        "UPDATE",
        "OLD.delivery_id <> NEW.delivery_id OR OLD.kind <> NEW.kind OR OLD.source <> NEW.source "
        "OR OLD.at <> NEW.at OR OLD.words <> NEW.words OR COALESCE(OLD.by_id, 0) <> COALESCE(NEW.by_id, 0) "
        "OR COALESCE(OLD.digest, '') <> COALESCE(NEW.digest, '') "
        "OR (OLD.scan IS NULL) <> (NEW.scan IS NULL)",
        "What was reported of a delivery never changes.",
    ),
    Rule(
        "approved_release_is_fixed",
        RELEASE,
        "UPDATE",
        "OLD.approved_at IS NOT NULL AND (OLD.manifest <> NEW.manifest "
        "OR OLD.manifest_hash <> NEW.manifest_hash OR OLD.dossier_id <> NEW.dossier_id "
        "OR OLD.version_id <> NEW.version_id OR OLD.approved_by_id <> NEW.approved_by_id "
        "OR OLD.approved_at <> NEW.approved_at)",
        "What was approved never changes.",
    ),
)
APPROVED = differs(
    "letter_id", "version_id", "after_id", "dossier_id", "manifest", "manifest_hash", "leaves_at",
    "in_office_hours",
    "proposed_by_id", "proposed_at", "approved_by_id", "approved_at",
)  # fmt: skip
REPORTED = differs("delivery_id", "kind", "source", "at", "words", "facts", "by_id", "digest")
AFTER = (
    Rule(
        "report_is_never_changed",
        REPORT,
        "UPDATE",
        # the picture of a receipt is sealed anew when keys are rotated; it never comes nor goes
        f"{REPORTED} OR (OLD.scan IS NULL) <> (NEW.scan IS NULL)",
        "What was reported of a delivery never changes.",
    ),
    Rule(
        "approved_release_is_fixed",
        RELEASE,
        "UPDATE",
        f"OLD.approved_at IS NOT NULL AND ({APPROVED})",
        "What was approved never changes.",
    ),
    Rule(
        "delivery_has_its_dossiers_part",
        DELIVERY,
        "INSERT",
        "NEW.part <> (SELECT d.part FROM deliveries_dossier d WHERE d.id = NEW.dossier_id)",
        "A delivery is of the part of its dossier.",
    ),
    Rule(
        "delivery_goes_to_its_versions_office",
        DELIVERY,
        "INSERT",
        "(SELECT r.version_id FROM letters_recipient r WHERE r.id = NEW.recipient_id) "
        "<> (SELECT d.version_id FROM deliveries_dossier d WHERE d.id = NEW.dossier_id)",
        "A dossier goes to an office of its own version.",
    ),
    Rule(
        "delivery_is_what_was_approved",
        DELIVERY,
        "INSERT",
        "NEW.release_id IS NOT NULL AND NEW.dossier_id IS DISTINCT FROM "
        "(SELECT r.dossier_id FROM deliveries_release r WHERE r.id = NEW.release_id)",
        "A delivery carries what its release approved.",
    ),
    Rule(
        "delivery_keeps_its_release",
        DELIVERY,
        "UPDATE",
        differs("release_id"),
        "A delivery keeps its release.",
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("deliveries", "0014_note_when_a_release_ended"),
        ("letters", "0011_since_when_a_role_is_held"),
    ]

    operations = [repeal(*BEFORE), operation(*AFTER)]
