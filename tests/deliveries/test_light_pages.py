"""Pages that only tell of a delivery leave its mail, and the lists of its dossier, in the database."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deliveries import preparing, releasing, sending
from deliveries.models import Delivery, Dossier, Release
from deliveries.models.dossiers import WIDE
from tests import cast, entering

pytestmark = pytest.mark.django_db

# The key is read alone, where a page asks whether it is there
COLUMNS = [
    '"deliveries_delivery"."mail"',
    '"deliveries_dossier"."names"',
    '"deliveries_dossier"."public_edition"',
]


@pytest.fixture
def released(letter, postbox) -> Release:
    """Approved, and with its one office; the other one is brought a dossier by the operator."""
    dunya, esra = cast.esra(letter, name="Dunya"), cast.esra(letter)
    row = releasing.propose(
        letter, by=dunya, recipients=[preparing.free(letter)[0]], in_office_hours=False
    )  # fmt: skip
    assert releasing.freeze(row)
    row.refresh_from_db()
    [delivery] = releasing.approve(row, manifest_hash=row.manifest_hash, by=esra)
    preparing.prepare(letter)
    assert sending.send(delivery)
    return row


def test_no_page_of_the_desk_reads_what_is_wide(letter, released):
    client = Client()
    entering.enter(client, cast.esra(letter))
    home = f"/desk/letters/{letter.slug}/deliveries/"
    pages = [home, f"{home}releases/{released.pk}/", *(f"{home}{row.pk}/" for row in Delivery.objects.all())]
    pages += ["/desk/", f"/desk/letters/{letter.slug}/answers/", f"/letters/{letter.slug}/"]
    read = {}
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        said = " ".join(query["sql"] for query in queries)
        read[page] = [column for column in COLUMNS if column in said]
    assert [page for page, columns in read.items() if columns] == []


def test_rows_have_all_that_they_are_asked_for(letter, released):
    light = Delivery.objects.of(letter).light().first()
    assert "mail" in light.get_deferred_fields() and set(WIDE) <= light.dossier.get_deferred_fields()
    assert light.unseal_mail() and len(light.dossier.unseal()) == 3
    assert set(WIDE) <= Dossier.objects.light().first().get_deferred_fields()


def test_what_is_light_tells_of_its_dossier_and_reads_nothing_wide(letter, django_assert_num_queries):
    """A column of a row that is not read with its delivery cannot be left out."""
    preparing.prepare(letter)
    with django_assert_num_queries(3) as asked:  # the delivery and its dossier, the version, the letter
        row = Delivery.objects.light().first()
        assert row.dossier.letter == letter
    said = " ".join(query["sql"] for query in asked)
    assert [column for column in COLUMNS if column in said] == []
