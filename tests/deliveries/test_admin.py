from django.contrib.auth import get_user_model

from deliveries.dossiers import freezing
from tests import entering


def test_a_dossier_is_looked_at_without_its_list_and_its_sealed_names(client, letter):
    dossier = freezing.freeze(letter)
    entering.enter(client, get_user_model().objects.create_superuser("repairer@desk.example"))
    page = client.get(f"/admin/deliveries/dossier/{dossier.pk}/change/")
    shown = page.context["adminform"].readonly_fields
    assert page.status_code == 200 and "public_hash" in shown
    assert not {"public_edition", "names", "key"} & set(shown)
    assert b"Bela" not in page.content
