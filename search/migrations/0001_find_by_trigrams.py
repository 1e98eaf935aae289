from django.db import migrations

# As search/matching.py writes it: an index serves the very same expression only
PLAIN = "translate(lower({column}), 'يىكةہھۃـ', 'ییکهههه')"
INDEXES = {
    "listing_by_trigrams": ("signatories_listing", "name"),
    "translation_by_trigrams": ("letters_translation", "title"),
    "trail_by_trigrams": ("accounts_trail", "what"),
}


def add_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")  # who owns the database may
        for name, (table, column) in INDEXES.items():
            schema_editor.execute(
                f"CREATE INDEX {name} ON {table} USING gin (({PLAIN.format(column=column)}) gin_trgm_ops)"
            )


def drop_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_find_the_trail_of_a_letter"),
        ("letters", "0004_add_closings"),
        ("signatories", "0016_add_claims"),
    ]

    operations = [migrations.RunPython(add_indexes, drop_indexes)]
