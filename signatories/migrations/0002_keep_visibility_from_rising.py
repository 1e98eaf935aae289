from django.db import migrations

from vault.rules import Rule, operation

RANK = "CASE {row}.visibility WHEN 'public' THEN 2 WHEN 'recipient' THEN 1 ELSE 0 END"


class Migration(migrations.Migration):
    dependencies = [("signatories", "0001_add_signatures")]

    operations = [
        operation(
            Rule(
                "visibility_never_rises",
                "signatories_signature",
                "UPDATE",
                f"{RANK.format(row='NEW')} > {RANK.format(row='OLD')}",
                "Nobody can raise who sees a name.",
            ),
            Rule(
                "signature_names_one_version",
                "signatories_signature",
                "UPDATE",
                "OLD.version_id <> NEW.version_id OR OLD.letter_id <> NEW.letter_id",
                "People sign one text; a signature never moves to another.",
            ),
            Rule(
                "heads_never_change",
                "signatories_treehead",
                "UPDATE",
                "OLD.size = OLD.size",
                "A signed tree head never changes.",
            ),
        )
    ]
