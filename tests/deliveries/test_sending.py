import io
import re
import socket
import zlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from deliveries import preparing, sending
from deliveries.dossiers import editions, freezing
from deliveries.models import Delivery
from deliveries.papers import stamping
from deliveries.proofs import verifying
from letters.models import Recipient
from letters.translating import add_translation
from outbox import clock
from outbox.models import State
from signatories import signing
from signatories.enrolled import enrolling
from signatories.models import Signature
from tests import cast


@pytest.fixture
def deliveries(letter):
    return preparing.prepare(letter)


def fresh(delivery):
    return Delivery.objects.get(pk=delivery.pk)


def paper_in(mail):
    return next(mail.iter_attachments()).get_content()


def in_clear(pdf):
    """Everything in a PDF that a reader could find, its compressed streams opened."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    opened = [pdf]
    for stream in streams:
        try:
            # a stream whose last byte looks like a line break arrives without it
            opened.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(opened)


def due_now(delivery):
    Delivery.objects.filter(pk=delivery.pk).update(next_at=clock.now() - timedelta(seconds=1))


def test_t38_no_small_group_of_a_letter_at_risk_leaves(db, postbox):
    letter = cast.quiet_streets()
    for number in range(3):
        cast.confirmed(letter, email=f"p{number}@people.example", visibility="counted")
    cast.confirmed(
        letter, kind="organisation", organisation="Harbour Union", email=cast.UNION, visibility="counted"
    )
    Signature.objects.update(held_at=None, unsettled_at=clock.now())
    enrolling.enrol(at_once=True)
    delivery = preparing.prepare(letter)[0]
    assert sending.send(delivery)
    edition = freezing.edition_now(fresh(delivery).dossier)
    mail = postbox.mails[0]
    words = mail.get_body(("plain",)).get_content()
    assert edition["count"] == {"signatures": 4} and fresh(delivery).signatures == 4
    assert "4 signatories" in words and "Persons" not in words
    assert verifying.verify(paper_in(mail), keys=verifying.own_keys()).is_known
    dossier = fresh(delivery).dossier
    assert (dossier.persons, dossier.organisations) == (3, 1), "the desk knows"


def test_each_office_gets_one_mail_and_the_evidence_is_on_record(deliveries, postbox):
    assert [sending.send(delivery) for delivery in deliveries] == [True, True]
    assert postbox.recipients == [delivery.recipient.address for delivery in deliveries]
    sent = fresh(deliveries[0])
    assert sent.state == State.SENT and sent.signatures == 3
    assert sent.message_id == postbox.message_ids[0]
    assert sent.last_reply.startswith("250 2.0.0 queued as 1")
    assert sent.evidence["server"].endswith(str(postbox.port))
    assert sent.file_hash == editions.sha256(paper_in(postbox.mails[0]))
    assert sent.list_hash == sent.dossier.sent_hash


def test_sending_again_sends_nothing(deliveries, postbox):
    assert sending.send(deliveries[0])
    assert not sending.send(deliveries[0])
    assert not sending.send(fresh(deliveries[0]))
    assert len(postbox.mails) == 1


def test_answers_go_to_the_hosts_and_only_allowed_headers_leave(letter, deliveries, postbox):
    sending.send(deliveries[0])
    mail = postbox.mails[0]
    assert mail["Reply-To"] == letter.contact
    assert set(mail.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Reply-To",
        "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert socket.gethostname() not in " ".join(f"{name}: {value}" for name, value in mail.items())


def test_no_byte_that_leaves_holds_an_address_or_who_is_only_counted(deliveries, postbox):
    sending.send(deliveries[0])
    mail = postbox.mails[0]
    seen = in_clear(paper_in(mail)) + mail.get_body().get_content().encode()
    assert b"Bela" in seen and b"Rosa" in seen
    for canary in (b"canary.example", b"horvat.example", b"Carla", b"Unconfirmed", b"/tmp", b"/home"):
        assert canary not in seen


def test_the_paper_that_arrives_is_whole_and_ours(deliveries, postbox):
    sending.send(deliveries[0])
    assert verifying.verify(paper_in(postbox.mails[0]), keys=verifying.own_keys()).is_known


def test_f24_who_withdraws_between_freezing_and_sending_is_not_in_the_bytes(deliveries, postbox):
    signing.withdraw(Signature.objects.get(address=signing.address_index("rosa@canary.example")))
    sending.send(deliveries[0])
    assert b"Rosa" not in in_clear(paper_in(postbox.mails[0]))
    sent = fresh(deliveries[0])
    assert (sent.signatures, sent.evidence["frozen"]["signatures"]) == (2, 3)
    assert sent.list_hash != sent.evidence["frozen"]["list"]


def test_f24_who_withdraws_while_the_mail_is_made_is_not_in_it_either(deliveries, postbox, monkeypatch):
    make_ready, made = sending.make_ready, []

    def made_and_then_withdrawn(delivery):
        made.append(make_ready(delivery))
        signing.withdraw(Signature.objects.get(address=signing.address_index("rosa@canary.example")))
        return made[-1]

    monkeypatch.setattr(sending, "make_ready", made_and_then_withdrawn)
    assert sending.send(deliveries[0])
    assert len(made) == 2 and len(postbox.mails) == 1
    assert b"Rosa" not in in_clear(paper_in(postbox.mails[0]))


def test_an_office_is_written_to_in_its_language(postbox, letter):
    add_translation(letter.current, language="ur", title="صاف دریا", summary="مختصر", body="محترم،")
    Recipient.objects.update(language="ur")
    sending.send(preparing.prepare(letter)[0])
    assert "صاف دریا" in postbox.mails[0]["Subject"]


def test_what_is_put_off_waits_and_leaves_later(deliveries, postbox):
    postbox.answers["RCPT"] = ["451 4.3.0 later"]
    assert not sending.send(deliveries[0])
    waiting = fresh(deliveries[0])
    assert (waiting.state, waiting.attempts) == (State.READY, 1)
    assert waiting.next_at <= clock.now() + timedelta(seconds=30)
    due_now(waiting)
    assert sending.send(waiting)
    assert len(postbox.mails) == 1


@pytest.mark.parametrize(
    ("command", "answer", "state", "said"),
    [
        ("DATA", "250 2.0.0 \0 queued", State.SENT, "250 2.0.0 queued"),
        ("RCPT", "550 5.1.1 no \0 such office", State.DEAD, "550 5.1.1 no such office"),
        ("RCPT", "451 4.3.0 later\0", State.READY, "451 4.3.0 later"),
        ("DATA", "421 4.3.2 going\0down", State.UNCERTAIN, "421 4.3.2 going down"),
    ],
)
def test_whatever_bytes_a_relay_answers_with_a_delivery_ends_as_it_says(
    deliveries, postbox, command, answer, state, said
):
    postbox.answers[command] = [answer]
    assert sending.send(deliveries[0]) is (state == State.SENT)
    row = fresh(deliveries[0])
    assert (row.state, row.last_reply, row.attempts) == (state, said, 1)


def test_it_is_given_up_after_five_days(deliveries, postbox):
    Delivery.objects.update(tried_at=clock.now() - timedelta(days=5))
    postbox.answers["RCPT"] = ["451 4.3.0 later"]
    sending.send(deliveries[0])
    assert fresh(deliveries[0]).state == State.DEAD


def test_an_office_that_refuses_for_good_is_given_up_with_its_reason(deliveries, postbox):
    postbox.answers["RCPT"] = ["550 5.1.1 no such office"]
    assert not sending.send(deliveries[0])
    assert fresh(deliveries[0]).state == State.DEAD
    assert "no such office" in fresh(deliveries[0]).last_reply


@pytest.mark.parametrize(
    ("reply", "state"),
    [("452 4.2.2 mailbox full", State.READY), ("552 5.2.2 mailbox full for good", State.DEAD)],
)
def test_a_full_mailbox_is_tried_again_unless_it_is_full_for_good(deliveries, postbox, reply, state):
    postbox.answers["RCPT"] = [reply]
    assert not sending.send(deliveries[0])
    row = fresh(deliveries[0])
    assert row.state == state and "mailbox full" in row.last_reply and not row.is_link


@pytest.mark.parametrize("command", ["MAIL", "DATA"])
def test_what_a_server_finds_too_large_goes_as_a_link_and_once(deliveries, postbox, command):
    postbox.answers[command] = ["552 5.3.4 message size exceeds 5 MB"]
    assert not sending.send(deliveries[0])
    due_now(deliveries[0])
    assert sending.send(fresh(deliveries[0]))
    row, mail = fresh(deliveries[0]), postbox.mails[-1]
    assert row.is_link and list(mail.iter_attachments()) == []
    assert "/d/" in mail.get_body(("plain",)).get_content() and len(postbox.mails) == 1


def test_no_mail_server_costs_nothing_but_time(deliveries, settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:1?timeout=1"
    assert not sending.send(deliveries[0])
    assert fresh(deliveries[0]).state == State.READY


def test_an_ending_that_nobody_can_tell_waits_for_a_person(deliveries, postbox):
    postbox.answers["DATA"] = ["421 4.3.2 going down"]
    assert not sending.send(deliveries[0])
    assert fresh(deliveries[0]).state == State.UNCERTAIN
    assert len(postbox.mails) == 1
    sending.recover()
    assert sending.due() == [deliveries[1].pk]
    assert not sending.send(deliveries[0])
    assert len(postbox.mails) == 1


def test_a_sender_lost_before_it_began_costs_nothing_and_one_lost_after_is_uncertain(deliveries):
    first, second = deliveries
    past = clock.now() - timedelta(seconds=1)
    Delivery.objects.filter(pk=first.pk).update(state=State.CLAIMED, lease="lost", lease_until=past)
    Delivery.objects.filter(pk=second.pk).update(state=State.SENDING, lease="lost", lease_until=past)
    assert sending.recover() == 2
    assert (fresh(first).state, fresh(second).state) == (State.READY, State.UNCERTAIN)


def test_nothing_counts_as_sent_without_its_evidence(deliveries):
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=deliveries[0].pk).update(state=State.SENT, sent_at=clock.now())


def test_the_record_of_what_was_sent_never_changes(deliveries, postbox):
    sending.send(deliveries[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=deliveries[0].pk).update(last_reply="250 changed")


def test_the_unsigned_paper_can_be_made_again_byte_for_byte(deliveries, postbox):
    sending.send(deliveries[0])
    again = sending.make_ready(fresh(deliveries[0]))
    assert again.facts["paper_hash"] == fresh(deliveries[0]).paper_hash
    assert (
        stamping.check(paper_in(postbox.mails[0]))[1]
        == io.BytesIO(editions.text(freezing.edition_now(deliveries[0].dossier)).encode()).getvalue()
    )


def test_a_delivery_goes_to_one_office_under_the_name_it_keeps(letter, deliveries, postbox):
    postbox.answers["RCPT"] = ["451 4.3.0 later"]
    sending.send(deliveries[0])
    name = fresh(deliveries[0]).message_id
    due_now(deliveries[0])
    sending.send(deliveries[0])
    assert postbox.message_ids == [name]
    assert cast.BELA not in str(postbox.mails[0])
