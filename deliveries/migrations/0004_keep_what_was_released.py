from django.db import migrations

from vault.rules import Rule, operation

REPORT = "deliveries_report"
# The picture of a receipt is sealed anew when keys are rotated; it never comes nor goes
REPORTED = (
    "OLD.delivery_id <> NEW.delivery_id OR OLD.kind <> NEW.kind OR OLD.source <> NEW.source "
    "OR OLD.at <> NEW.at OR OLD.words <> NEW.words OR COALESCE(OLD.by_id, 0) <> COALESCE(NEW.by_id, 0) "
    "OR COALESCE(OLD.digest, '') <> COALESCE(NEW.digest, '') OR (OLD.scan IS NULL) <> (NEW.scan IS NULL)"
)
MANIFEST = (
    "OLD.approved_at IS NOT NULL AND (OLD.manifest <> NEW.manifest OR OLD.manifest_hash <> NEW.manifest_hash "
    "OR OLD.dossier_id <> NEW.dossier_id OR OLD.version_id <> NEW.version_id "
    "OR OLD.approved_by_id <> NEW.approved_by_id OR OLD.approved_at <> NEW.approved_at)"
)


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0003_add_releases_and_reports")]

    operations = [
        operation(
            Rule(
                "dossier_keeps_its_part",
                "deliveries_dossier",
                "UPDATE",
                "OLD.part <> NEW.part OR (OLD.after_id IS NOT NULL AND OLD.after_id <> NEW.after_id)",
                "A dossier never changes; only its key can be destroyed.",
            ),
            Rule(
                "delivery_keeps_its_part",
                "deliveries_delivery",
                "UPDATE",
                "OLD.part <> NEW.part",
                "A delivery carries one dossier to one recipient.",
            ),
            Rule(
                "report_is_never_changed",
                REPORT,
                "UPDATE",
                REPORTED,
                "What was reported of a delivery never changes.",
            ),
            Rule(
                "report_is_kept",
                REPORT,
                "DELETE",
                "OLD.id = OLD.id",
                "What was reported of a delivery is kept.",
            ),
            Rule(
                "approved_release_is_fixed",
                "deliveries_release",
                "UPDATE",
                MANIFEST,
                "What was approved never changes.",
            ),
        )
    ]
