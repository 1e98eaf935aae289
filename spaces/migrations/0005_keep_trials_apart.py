from django.db import migrations

from organisations.recognising import plain
from vault.indexing import blind_index


def part(apps, editor):
    """Who is on trial gets a space apart, with the name and the facts of the one where they were."""
    members = apps.get_model("spaces", "Membership").objects
    organisations = apps.get_model("organisations", "Organisation").objects
    signatures = apps.get_model("signatories", "Signature").objects
    for member in members.filter(by_invitation=True).select_related("organisation"):
        shared = member.organisation
        name = shared.names.get(kind="main")
        apart = organisations.create(website=shared.website, country=shared.country)
        key = blind_index("organisation on trial", f"{member.user_id} {plain(name.text)}")
        apart.names.create(kind="main", language=name.language, text=name.text, key=key)
        members.filter(pk=member.pk).update(organisation=apart)
        if not (signatures.filter(organisation=shared).exists() or shared.evidence.exists()):
            shared.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0009_drop_description"),
        ("signatories", "0021_move_with_a_new_consent"),
        ("spaces", "0004_let_two_sign"),
    ]

    operations = [migrations.RunPython(part, migrations.RunPython.noop)]
