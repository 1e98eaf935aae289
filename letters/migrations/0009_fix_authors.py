from django.db import migrations

from vault.rules import Rule, operation

PUBLISHED = (
    "EXISTS (SELECT 1 FROM letters_letter l WHERE l.id = {row}.letter_id AND l.published_at IS NOT NULL)"
)
SENTENCE = "Who writes a letter is fixed once it is published."


class Migration(migrations.Migration):
    dependencies = [("letters", "0008_add_corrections")]

    operations = [
        operation(
            Rule("author_is_not_added", "letters_author", "INSERT", PUBLISHED.format(row="NEW"), SENTENCE),
            Rule("author_is_fixed", "letters_author", "UPDATE", PUBLISHED.format(row="OLD"), SENTENCE),
            Rule("author_is_kept", "letters_author", "DELETE", PUBLISHED.format(row="OLD"), SENTENCE),
        )
    ]
