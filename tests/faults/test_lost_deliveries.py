"""A worker dies with deliveries in its hands: each office gets its letter once, or a person is asked."""

import pytest

from deliveries import preparing, sending
from deliveries.models import Delivery
from letters import publishing
from letters.models import Recipient, Version
from outbox import clock
from outbox.models import State
from tests import cast
from tests.faults.harness import running

pytestmark = pytest.mark.processes

SEND = """
import sys, django
django.setup()
from deliveries import sending
from deliveries.models import Delivery
for pk in map(int, sys.argv[1:]):
    sending.send(Delivery.objects.get(pk=pk))
"""


@pytest.fixture
def deliveries(postbox, settings, tmp_path):
    """A letter to seven offices, signed by Bela, ready to leave."""
    settings.PDF_CERTIFICATE = str(tmp_path / "certificate.p12")
    letter = cast.clean_rivers()
    draft = publishing.amend(letter)
    Recipient.objects.bulk_create(
        Recipient(
            version=draft, order=9 + number, office=f"Office {number}", address=f"o{number}@gov.example"
        )
        for number in range(5)
    )
    publishing.publish(letter)
    letter.refresh_from_db()
    assert Version.objects.get(pk=letter.current_id).recipients.count() == 7
    cast.bela(letter)
    return preparing.prepare(letter)


def send(deliveries, log, tmp_path, **environment):
    """Send in a process of its own, which may die of it; its exit code."""
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PDF_CERTIFICATE": str(tmp_path / "certificate.p12"),
    }
    numbers = [str(delivery.pk) for delivery in deliveries]
    with running("-c", SEND, *numbers, log=log, **environment) as process:
        return process.wait(), process.output


def states():
    return sorted(Delivery.objects.values_list("state", flat=True))


def lease_runs_out():
    Delivery.objects.in_flight().update(lease_until=clock.now())
    sending.recover()


def test_f25_killed_between_two_offices_the_rest_is_sent_and_nobody_is_served_twice(
    deliveries, postbox, log, tmp_path
):
    assert send(deliveries[:3], log, tmp_path)[0] == 0
    assert send(deliveries[3:], log, tmp_path, FAILPOINT="delivery_after_claim:kill")[0] == -9
    assert states() == [State.CLAIMED] + [State.READY] * 3 + [State.SENT] * 3
    lease_runs_out()
    for pk in sending.due():
        assert sending.send(Delivery.objects.get(pk=pk))
    assert states() == [State.SENT] * 7
    assert sorted(postbox.recipients) == sorted(one.recipient.address for one in deliveries)
    assert len(set(postbox.message_ids)) == 7


def test_f07_killed_after_the_last_answer_it_is_uncertain_and_not_sent_again(
    deliveries, postbox, log, tmp_path
):
    assert send(deliveries[:1], log, tmp_path, FAILPOINT="delivery_after_250:kill")[0] == -9
    lease_runs_out()
    assert states() == [State.READY] * 6 + [State.UNCERTAIN]
    assert not sending.send(Delivery.objects.get(pk=deliveries[0].pk))
    assert len(postbox.mails) == 1
