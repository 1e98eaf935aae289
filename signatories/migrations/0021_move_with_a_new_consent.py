from django.db import migrations

from vault.rules import Rule, operation, repeal

ONE_VERSION = Rule(
    "signature_names_one_version",
    "signatories_signature",
    "UPDATE",
    "OLD.version_id <> NEW.version_id OR OLD.letter_id <> NEW.letter_id",
    "People sign one text; a signature never moves to another.",
)
# the new version is a later one of the same letter, and published: its hash is what the consent names
AGREED = (
    "EXISTS (SELECT 1 FROM letters_version o, letters_version n "
    "WHERE o.id = OLD.version_id AND n.id = NEW.version_id AND n.letter_id = o.letter_id "
    "AND n.number > o.number AND n.published_at IS NOT NULL AND NEW.consent ->> 'text' = n.text_hash)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("signatories", "0020_add_second_looks"),
        ("letters", "0007_add_archived_at"),
    ]

    operations = [
        repeal(ONE_VERSION),
        operation(
            Rule(
                "signature_names_what_was_agreed_to",
                "signatories_signature",
                "UPDATE",
                f"OLD.letter_id <> NEW.letter_id OR (OLD.version_id <> NEW.version_id AND NOT {AGREED})",
                "People sign one text; a signature moves only to a later one that its signer agrees to.",
            )
        ),
    ]
