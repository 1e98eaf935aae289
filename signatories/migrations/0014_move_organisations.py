from django.core.management.color import no_style
from django.db import migrations


def move(apps, editor):
    """Copy every organisation under its number; the name is sealed anew, for its new place."""
    old = apps.get_model("signatories", "Organisation")
    organisations, names = (apps.get_model("organisations", model) for model in ("Organisation", "Name"))
    languages = dict(
        apps.get_model("signatories", "Signature")
        .objects.exclude(organisation=None)
        .order_by("-pk")
        .values_list("organisation", "language")
    )
    for row in old.objects.iterator():
        organisations.objects.create(
            pk=row.pk,
            public_id=row.public_id,
            website=row.website,
            country=row.country,
            created_at=row.created_at,
        )
        names.objects.create(
            organisation_id=row.pk,
            kind="main",
            language=languages.get(row.pk, "en"),
            text=row.name,
            key=row.key,
        )
    # the numbers were given by us, so the database has to be told which come next
    for sql in editor.connection.ops.sequence_reset_sql(no_style(), [organisations]):
        editor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0001_add_organisations"),
        ("signatories", "0013_count_cells"),
    ]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
