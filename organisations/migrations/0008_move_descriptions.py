from django.db import migrations


def move(apps, editor):
    """What it says of itself is taken to be in the language of the name by which it is listed."""
    organisations, descriptions, names = (
        apps.get_model("organisations", model) for model in ("Organisation", "Description", "Name")
    )
    languages = dict(names.objects.filter(kind="main").values_list("organisation", "language"))
    for row in organisations.objects.exclude(description__isnull=True).iterator():
        language = languages.get(row.pk, "en")
        descriptions.objects.create(organisation_id=row.pk, language=language, text=row.description)


def back(apps, editor):
    """Of several languages the first stays."""
    organisations, descriptions = (
        apps.get_model("organisations", model) for model in ("Organisation", "Description")
    )
    for row in descriptions.objects.order_by("-pk"):
        organisations.objects.filter(pk=row.organisation_id).update(description=row.text)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0007_add_descriptions")]

    operations = [migrations.RunPython(move, back)]
