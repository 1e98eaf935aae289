"""A real worker builds the list that one asks for and another approves; it leaves once."""

import hashlib

import pytest
from django.utils import timezone
from kombu import Connection

from config.celery import app
from exports.models import OPEN_FOR, Export, State
from letters.models import Role
from tests import cast
from tests.exports.conftest import ASKED, staff
from tests.faults.harness import settles, worker_alone

pytestmark = [pytest.mark.once, pytest.mark.processes, pytest.mark.django_db(transaction=True)]

LISTS = "/desk/letters/clean-rivers/exports/"


def test_t27_a_worker_builds_it_another_approves_it_and_it_leaves_once(broker, letter, log):
    cast.bela(letter)
    esra, dunya = staff("esra", Role.Kind.EXPORTER, letter), staff("dunya", Role.Kind.OWNER, letter)
    kept, unwanted = (_ask(esra) for _ in range(2))
    assert esra.post(f"{LISTS}{unwanted.pk}/cancel/").status_code == 302
    with Connection(broker) as connection, worker_alone(log, redis_url=broker):
        for export in (unwanted, kept):
            app.send_task("exports.build", [export.pk], connection=connection)
        assert settles(Export.objects.filter(pk=kept.pk, state=State.BUILT).exists), log.read_text()
    kept.refresh_from_db()
    dunya.post(f"{LISTS}{kept.pk}/approve/", {"sha256": kept.sha256})
    Export.objects.filter(pk=kept.pk).update(approved_at=timezone.now() - OPEN_FOR)
    assert esra.post(f"{LISTS}{kept.pk}/take/").status_code == 410
    dunya.post(f"{LISTS}{kept.pk}/approve/", {"sha256": kept.sha256})
    file = esra.post(f"{LISTS}{kept.pk}/take/")
    assert hashlib.sha256(file.getvalue()).hexdigest() == kept.sha256
    assert esra.post(f"{LISTS}{kept.pk}/take/").status_code == 410
    unwanted.refresh_from_db()
    assert (unwanted.state, unwanted.key) == (State.CANCELLED, None)


def _ask(client) -> Export:
    assert client.post(f"{LISTS}new/", ASKED).status_code == 302
    return Export.objects.latest("pk")
