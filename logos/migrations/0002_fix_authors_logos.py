from django.db import migrations

from vault.rules import Rule, operation

PUBLISHED = (
    "EXISTS (SELECT 1 FROM letters_author a JOIN letters_letter l ON l.id = a.letter_id "
    "WHERE a.id = {row}.author_id AND l.published_at IS NOT NULL)"
)
SENTENCE = "The logo of who writes a letter is fixed once it is published."


class Migration(migrations.Migration):
    """It may still be deleted: a logo that stands there without right has to go."""

    dependencies = [("logos", "0001_add_logos"), ("letters", "0009_fix_authors")]

    operations = [
        operation(
            Rule("logo_is_not_added", "logos_logo", "INSERT", PUBLISHED.format(row="NEW"), SENTENCE),
            Rule("logo_is_fixed", "logos_logo", "UPDATE", PUBLISHED.format(row="OLD"), SENTENCE),
            Rule("logo_is_not_moved_in", "logos_logo", "UPDATE", PUBLISHED.format(row="NEW"), SENTENCE),
        )
    ]
