"""Organisations that were known before the directory are found in it, joined to what they signed."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from organisations import recognising
from organisations.models import Organisation
from signatories.models import Signature
from tests import cast

BEFORE = ("signatories", "0013_count_cells")
AFTER = ("signatories", "0015_know_organisations_elsewhere")


def migrate(to):
    executor = MigrationExecutor(connection)
    latest = [node for node in executor.loader.graph.leaf_nodes() if node[0] != to[0]]
    executor.migrate([to] if to == BEFORE else [*latest, *executor.loader.graph.leaf_nodes("signatories")])
    return MigrationExecutor(connection).loader.project_state([to]).apps


@pytest.mark.django_db(transaction=True)
def test_names_move_with_their_signatures():
    signature = cast.union(cast.clean_rivers(), language="en")
    try:
        old = migrate(BEFORE).get_model("signatories", "Organisation")
        row = old.objects.create(
            name="Harbour Workers' Union",
            key=recognising.index("harbour workers' union"),
            website="https://harbour-workers.example/",
            country="PT",
        )
        assert row.name
        Signature.objects.filter(pk=signature.pk).update(organisation=row.pk)
    finally:
        migrate(AFTER)
    moved = Organisation.objects.get()
    assert (moved.pk, moved.public_id) == (row.pk, row.public_id)
    assert (moved.name, moved.website) == ("Harbour Workers' Union", "https://harbour-workers.example/")
    assert moved.signatures.get() == signature
    again = recognising.recognise("HARBOUR WORKERS' UNION", language="ur", website=None, country="PK")
    other = recognising.recognise("Mill Society", language="en", website=None, country="GB")
    assert again == moved and other != moved
