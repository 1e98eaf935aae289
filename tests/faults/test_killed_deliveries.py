"""The worker is killed at each marked moment between proposing a letter's delivery and its record.

Whatever the moment: no office gets the letter twice, none is forgotten, and what nobody can know is asked.
"""

from collections import Counter
from datetime import timedelta

import pytest

from deliveries import releasing, sending
from deliveries.models import Delivery, Release, Step
from letters.models import Role
from outbox import clock
from outbox.models import State
from tests import cast
from tests.faults.harness import running

pytestmark = pytest.mark.processes

ACT = """
import sys, django
django.setup()
from deliveries import releasing, sending
from deliveries.models import Delivery, Release
from accounts.models import User
release = releasing.fresh(Release.objects.get())
if sys.argv[1] == "freeze":
    releasing.freeze(release)
elif sys.argv[1] == "approve":
    releasing.approve(release, manifest_hash=release.manifest_hash, by=User.objects.get(name="Esra"))
else:
    for delivery in Delivery.objects.order_by("pk"):
        sending.send(delivery)
"""
FREEZING = ("dossier_before_save", "release_after_dossier", "release_before_proposed")
APPROVING = ("release_before_approved", "release_after_approved")
SENDING = (
    "delivery_after_claim", "delivery_after_paper", "delivery_before_sending", "delivery_before_data",
    "delivery_after_250", "delivery_after_record",
)  # fmt: skip


@pytest.fixture
def letter(postbox, settings, tmp_path):
    settings.PDF_CERTIFICATE = str(tmp_path / "certificate.p12")
    letter = cast.clean_rivers()
    cast.bela(letter)
    return letter


@pytest.fixture
def act(log, tmp_path):
    """Take a step in a process of its own, which is killed at the moment if there is one."""

    def go(step: str, moment: str = "") -> None:
        environment = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PDF_CERTIFICATE": str(tmp_path / "certificate.p12"),
            "REDIS_URL": "redis://127.0.0.1:1",  # nobody hears of it: the clock has to find what is left
            **({"FAILPOINT": f"{moment}:kill"} if moment else {}),
        }
        with running("-c", ACT, step, log=log, **environment) as process:
            assert process.wait() == (-9 if moment else 0), process.output

    return go


def later() -> None:
    """So much time passes that whoever died is known to be dead."""
    Release.objects.filter(step=Step.FREEZING).update(begun_at=clock.now() - timedelta(hours=1))
    Delivery.objects.in_flight().update(lease_until=clock.now())
    sending.recover()


@pytest.mark.parametrize("moment", [*FREEZING, *APPROVING, *SENDING])
def test_f25_killed_at_any_moment_no_office_is_served_twice_and_none_forgotten(letter, act, postbox, moment):
    esra, dunya = cast.esra(letter), cast.esra(letter, Role.Kind.DELIVERER, name="Dunya")
    offices = list(letter.current.recipients.all())
    releasing.propose(letter, recipients=offices, by=dunya, in_office_hours=False)
    if moment in FREEZING:
        act("freeze", moment)
        assert Release.objects.get().step == Step.FREEZING and not Delivery.objects.exists()
        later()
    assert releasing.freeze(releasing.fresh(Release.objects.get()))
    if moment in APPROVING:
        act("approve", moment)
    release = releasing.fresh(Release.objects.get())
    if release.step == Step.PROPOSED:
        releasing.approve(release, manifest_hash=release.manifest_hash, by=esra)
    if moment in SENDING:
        act("send", moment)
    later()
    for pk in sending.due():  # as the clock's sweep does
        sending.send(Delivery.objects.get(pk=pk))
    arrived = Counter(postbox.recipients)
    known = {one.recipient.address: State(one.state) for one in Delivery.objects.all()}
    assert set(known) == {office.address for office in offices}
    unsure = {"delivery_before_data", "delivery_after_250"}
    assert sorted(known.values()) == (
        [State.SENT, State.UNCERTAIN] if moment in unsure else [State.SENT, State.SENT]
    )
    assert all(arrived[address] == 1 for address, state in known.items() if state == State.SENT)
    assert all(count == 1 for address, count in arrived.items() if address in known)
