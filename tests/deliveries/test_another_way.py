"""A letter that a server did not take is brought another way, and its record is of what was brought."""

import json

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Trail
from deliveries import preparing, sending
from deliveries.dossiers import editions
from deliveries.models import Delivery
from deliveries.proofs import cases, certifying, verifying
from outbox.models import State
from tests import cast, entering
from tests.deliveries.proofs.test_casing import opened
from tests.deliveries.test_recording import NOW, act, handed_out
from tests.deliveries.test_sending import due_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(letter, client):
    entering.enter(client, cast.esra(letter))
    return client


def refused_after_data(letter, postbox) -> Delivery:
    """The whole mail went out before its server said no."""
    delivery = preparing.prepare(letter)[0]
    postbox.answers["DATA"] = ["554 5.6.0 not wanted here"]
    assert not sending.send(delivery)
    delivery.refresh_from_db()
    assert delivery.state == State.DEAD and delivery.mail and delivery.file_hash
    return delivery


def uncertain_then_refused(letter, postbox) -> Delivery:
    """One mail was cut off, and the next one was refused before it went out."""
    delivery = preparing.prepare(letter)[0]
    Delivery.objects.filter(pk=delivery.pk).update(is_link=True)
    postbox.answers["DATA"] = ["421 4.3.0 going down"]
    assert not sending.send(delivery)
    Delivery.objects.filter(pk=delivery.pk, state=State.UNCERTAIN).update(state=State.READY)
    due_now(delivery)
    postbox.answers["RCPT"] = ["550 5.1.1 no such office"]
    assert not sending.send(delivery)
    delivery.refresh_from_db()
    assert delivery.state == State.DEAD and delivery.mail and delivery.is_link
    return delivery


@pytest.mark.parametrize("tried", [refused_after_data, uncertain_then_refused])
def test_nothing_of_the_mail_that_nobody_got_is_in_the_record(letter, desk, postbox, tried):
    delivery = tried(letter, postbox)
    mail = delivery.evidence["mail"]
    assert act(desk, delivery, "another-way", channel="hand").status_code == 302
    brought = editions.sha256(handed_out(desk, delivery))
    assert act(desk, delivery, "record", day=NOW, reference="RR 12").status_code == 302
    row = Delivery.objects.get(pk=delivery.pk)
    assert (row.mail, row.is_link, row.last_reply, row.message_id) == (None, False, "", None)
    assert row.file_hash == brought
    told = certifying.statement(row, at=row.sent_at)
    assert (told["reply"], told["server"], told["is_link"]) == ("", "", False)
    assert delivery.file_hash not in json.dumps(told) and mail not in json.dumps(told)
    page = desk.get(f"/desk/letters/clean-rivers/deliveries/{row.pk}/").content.decode()
    assert delivery.file_hash not in page and "not wanted here" not in page
    case = act(desk, row, "case").content
    assert verifying.verify(case, keys=verifying.own_keys()).is_known
    assert cases.MAIL not in opened(case)


def test_that_a_mail_was_tried_stays_on_the_trail(letter, desk, postbox):
    delivery = refused_after_data(letter, postbox)
    act(desk, delivery, "another-way", channel="post")
    line = Trail.objects.get(what="delivery by another way")
    assert line.detail["mail"] == delivery.evidence["mail"]


@pytest.mark.parametrize("kept", [{"mail": b"x"}, {"is_link": True}])
def test_what_a_person_brings_has_no_mail(letter, postbox, kept):
    delivery = preparing.prepare(letter)[0]
    Delivery.objects.filter(pk=delivery.pk).update(state=State.HELD, channel="post")
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(**kept)
