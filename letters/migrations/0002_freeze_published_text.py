from django.db import migrations

from vault.rules import Rule, operation

PUBLISHED = (
    "EXISTS (SELECT 1 FROM letters_version v WHERE v.id = {row}.version_id AND v.published_at IS NOT NULL)"
)
RECIPIENT_CHANGED = (
    "(OLD.office <> NEW.office OR OLD.person <> NEW.person OR OLD.country <> NEW.country "
    "OR OLD.version_id <> NEW.version_id)"
)


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_add_letters")]

    operations = [
        operation(
            Rule(
                "version_is_frozen",
                "letters_version",
                "UPDATE",
                "OLD.published_at IS NOT NULL",
                "A published version never changes.",
            ),
            Rule(
                "version_is_kept",
                "letters_version",
                "DELETE",
                "OLD.published_at IS NOT NULL",
                "A published version is never deleted.",
            ),
            Rule(
                "translation_is_frozen",
                "letters_translation",
                "UPDATE",
                "OLD.frozen_at IS NOT NULL",
                "A frozen translation never changes.",
            ),
            Rule(
                "translation_is_kept",
                "letters_translation",
                "DELETE",
                "OLD.frozen_at IS NOT NULL",
                "A frozen translation is never deleted.",
            ),
            Rule(
                "recipient_is_fixed",
                "letters_recipient",
                "UPDATE",
                f"{RECIPIENT_CHANGED} AND {PUBLISHED.format(row='OLD')}",
                "Recipients are fixed with the version people sign.",
            ),
            Rule(
                "recipient_is_not_added",
                "letters_recipient",
                "INSERT",
                PUBLISHED.format(row="NEW"),
                "A new recipient is a new version.",
            ),
            Rule(
                "recipient_is_kept",
                "letters_recipient",
                "DELETE",
                PUBLISHED.format(row="OLD"),
                "Recipients are fixed with the version people sign.",
            ),
        )
    ]
