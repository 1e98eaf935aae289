from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.db import DatabaseError

from outbox import claiming, clock, draining, pausing, posting, transports
from outbox.building import Later, Mail, Nothing
from outbox.models import Channel, Message, Rendered, State

pytestmark = pytest.mark.django_db


def post(count=1, kind="note", **more):
    return [posting.post(kind, subject=number, **more) for number in range(1, count + 1)]


def wait_no_longer():
    Message.objects.filter(state=State.READY).update(next_at=clock.now() - timedelta(seconds=1))


def test_it_sends_what_is_due_over_one_connection(postbox, letters_to):
    post(7)
    assert draining.drain() == 7
    assert postbox.recipients == [f"person{number}@mail.example" for number in range(1, 8)]
    assert postbox.connections == 1
    assert set(Message.objects.values_list("state", "attempts")) == {(State.SENT, 1)}


def test_what_was_sent_has_its_evidence(postbox, letters_to):
    post()
    draining.drain()
    message = Message.objects.get()
    assert message.last_reply == "250 2.0.0 queued as 1"
    assert message.evidence["server"] == f"127.0.0.1:{postbox.port}"
    assert message.message_id == postbox.message_ids[0]
    assert message.sent_at and not message.lease


def test_whatever_bytes_a_relay_answers_with_are_taken_down(postbox, letters_to):
    post()
    postbox.answers["RCPT"] = ["451 4.3.0 not \0 now\x1b[2J"]
    assert draining.drain() == 0
    message = Message.objects.get()
    assert (message.state, message.attempts) == (State.READY, 1)
    assert message.last_reply == "451 4.3.0 not now [2J"
    wait_no_longer()
    postbox.answers["DATA"] = ["250 2.0.0 \0 queued " + "x" * 5000]
    assert draining.drain() == 1
    message.refresh_from_db()
    assert message.state == State.SENT and message.last_reply.startswith("250 2.0.0 queued xxx")
    assert len(message.last_reply) <= len("250 ") + transports.LONGEST_REPLY


def test_a_second_drain_finds_nothing_to_do(postbox, letters_to):
    post(3)
    assert draining.drain() == 3
    assert draining.drain() == 0
    assert len(postbox.mails) == 3


def test_mail_leaves_in_the_order_in_which_it_became_due(postbox, letters_to):
    now = clock.now()
    posting.post("note", subject=1, at=now - timedelta(minutes=1))
    posting.post("note", subject=2, at=now - timedelta(minutes=3))
    posting.post("note", subject=3, at=now + timedelta(minutes=3))
    draining.drain()
    assert postbox.recipients == ["person2@mail.example", "person1@mail.example"]


def test_f10_a_refusal_for_now_is_tried_again_later(postbox, letters_to):
    post()
    postbox.answers["RCPT"] = ["451 4.7.1 greylisted"] * 3
    for _ in range(3):
        assert draining.drain() == 0
        wait_no_longer()
    assert draining.drain() == 1
    assert Message.objects.get().attempts == 4
    assert len(postbox.mails) == 1


def test_f09_the_pause_between_attempts_grows_to_an_hour_at_most():
    longest = [max(draining.wait(n) for _ in range(200)) for n in range(12)]
    assert all(
        pause <= min(timedelta(seconds=30 * 2**n), timedelta(hours=1)) for n, pause in enumerate(longest)
    )
    assert longest[11] > longest[0]


def test_f12_a_refusal_for_good_ends_it_and_is_told(postbox, builders):
    told = []

    @builders.message("note", dead=lambda message: told.append(message.subject))
    def note(message):
        return Mail(to=f"person{message.subject}@mail.example", subject="A note", text="Hello.")

    post(2)
    postbox.answers["RCPT"] = ["550 5.1.1 <person1@mail.example> no such mailbox"]
    assert draining.drain() == 1
    dead = Message.objects.get(state=State.DEAD)
    assert told == [1]
    assert "no such mailbox" in dead.last_reply
    assert "person1" not in dead.last_reply


def test_after_five_days_it_is_given_up(postbox, letters_to):
    post()
    postbox.answers["RCPT"] = ["451 later"] * 2
    draining.drain()
    Message.objects.update(tried_at=clock.now() - timedelta(days=5))
    wait_no_longer()
    draining.drain()
    assert Message.objects.get().state == State.DEAD


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("MAIL", "530 5.7.0 sign in first"),
        ("RCPT", "550 5.7.1 relaying denied"),
        ("DATA", "550 5.7.1 against our policy"),
        ("AUTH", "535 5.7.8 wrong password"),
    ],
)
def test_f13_a_relay_that_will_have_nothing_of_us_pauses_the_channel_once(
    postbox, letters_to, settings, caplog, command, answer
):
    if command == "AUTH":
        settings.EMAIL_URL = postbox.url.replace("127.0.0.1", "us:secret@127.0.0.1")
    post(3)
    postbox.answers[command] = [answer] * 3
    assert draining.drain() == 0
    assert draining.drain() == 0
    assert Channel.objects.is_paused()
    assert set(Message.objects.values_list("state", "attempts")) == {(State.READY, 0)}
    assert len([line for line in caplog.records if line.levelname == "ERROR"]) == 1
    postbox.answers.clear()
    assert pausing.resume("smtp")
    assert draining.drain() == 3


def test_a_paused_channel_tries_another_message_and_opens_itself(postbox, letters_to):
    post(3)
    postbox.answers["RCPT"] = ["550 5.7.1 not you"]
    draining.drain()
    Channel.objects.update(probe_at=clock.now())
    postbox.answers["RCPT"] = []
    assert draining.drain() == 3
    assert postbox.recipients[0] == "person2@mail.example"
    assert not Channel.objects.is_paused()


def test_one_address_cannot_stop_the_mail_of_all(postbox, letters_to):
    post(3)
    postbox.answers["RCPT"] = ["250 fine", "550 5.7.1 this recipient is refused"]
    assert draining.drain() == 2
    assert Message.objects.filter(state=State.DEAD).count() == 1
    assert not Channel.objects.is_paused()


def test_a_person_s_pause_lasts_until_somebody_resumes_it(postbox, letters_to):
    post()
    pausing.pause("smtp", reason="maintenance")
    assert draining.drain() == 0
    assert Channel.objects.get().probe_at is None
    pausing.resume("smtp")
    assert draining.drain() == 1


def test_f26_what_cannot_be_built_is_given_up_after_five_times_and_others_flow(postbox, builders, letters_to):
    @builders.message("poison")
    def poison(message):
        raise ZeroDivisionError("person1@mail.example")

    posting.post("poison", subject=1)
    posting.post("unheard of", subject=1)
    post(2)
    assert draining.drain() == 2
    for _ in range(4):
        wait_no_longer()
        draining.drain()
    dead = Message.objects.filter(state=State.DEAD)
    assert {(message.kind, message.faults) for message in dead} == {("poison", 5), ("unheard of", 5)}
    assert "ZeroDivisionError" in dead.get(kind="poison").last_reply
    assert "person1" not in dead.get(kind="poison").last_reply


def test_a_kinds_owner_sees_a_batch_before_its_messages_are_built(postbox, builders, letters_to):
    seen = []

    @builders.message("reminder", prepare=lambda messages: seen.append([m.subject for m in messages]))
    def reminder(message):
        seen.append(message.subject)
        return Nothing("not today")

    post(2)
    post(3, kind="reminder")
    assert draining.drain() == 2
    assert seen == [[1, 2, 3], 1, 2, 3]


def test_what_could_not_be_prepared_is_built_all_the_same(postbox, builders):
    @builders.message("note", prepare=lambda messages: 1 / 0)
    def note(message):
        return Mail(to="ada@mail.example", subject="A note", text="Hello.\n")

    post(2)
    assert draining.drain() == 2
    assert Message.objects.filter(state=State.SENT, faults=0).count() == 2


def test_a_builder_may_put_its_message_off(postbox, builders):
    moment = clock.now() + timedelta(minutes=10)
    builders.message("note")(lambda message: Later(moment))
    post()
    assert draining.drain() == 0
    message = Message.objects.get()
    assert (message.state, message.attempts, message.next_at) == (State.READY, 0, moment)


def test_a_builder_that_puts_its_message_off_to_the_past_does_not_keep_a_drain_running(postbox, builders):
    asked = []

    @builders.message("note")
    def note(message):
        asked.append(message.pk)
        return Later(clock.now() - timedelta(minutes=1))

    post()
    assert draining.drain() == 0
    assert len(asked) == 1


def test_a_builder_may_find_that_nothing_has_to_leave(postbox, builders):
    builders.message("note")(lambda message: Nothing("folded into another"))
    post()
    assert draining.drain() == 0
    message = Message.objects.get()
    assert (message.state, message.last_reply) == (State.VOID, "folded into another")


def test_it_tells_when_the_mail_left_and_a_failing_ear_sends_nothing_twice(postbox, builders):
    told = []

    def left(message, at):
        told.append((message.subject, at))
        if message.subject == 2:
            raise DatabaseError

    builders.message("note", left=left)(
        lambda message: Mail(to=f"person{message.subject}@mail.example", subject="A note", text="Hello.")
    )
    post(2)
    assert draining.drain() == 2
    assert told == list(Message.objects.order_by("pk").values_list("subject", "sent_at"))
    assert draining.drain() == 0


def test_no_more_leave_in_an_hour_than_the_relay_allows(postbox, letters_to, settings):
    settings.MAIL_PER_HOUR = 3
    post(5)
    assert draining.drain() == 3
    assert draining.drain() == 0
    Message.objects.filter(state=State.SENT).update(sent_at=clock.now() - timedelta(minutes=61))
    assert draining.drain() == 2
    assert postbox.recipients == [f"person{number}@mail.example" for number in range(1, 6)]


def test_a_connection_that_breaks_between_mails_is_replaced(postbox, letters_to):
    post(4)
    postbox.answers["MAIL"] = ["250 fine", "421 4.3.2 enough for one line"]
    assert draining.drain() == 4
    assert postbox.connections == 2
    assert len(set(postbox.message_ids)) == 4


def test_f11_no_answer_after_the_last_byte_sends_again_under_the_same_message_id(postbox, letters_to):
    post()
    postbox.answers["DATA"] = ["421 4.3.2 going down"]
    assert draining.drain() == 0
    wait_no_longer()
    assert draining.drain() == 1
    assert len(postbox.mails) == 2
    assert len(set(postbox.message_ids)) == 1


def test_f09_a_mail_server_that_is_down_takes_one_attempt_of_one_message(settings, letters_to, free_port):
    settings.EMAIL_URL = f"smtp://127.0.0.1:{free_port}"
    post(3)
    assert draining.drain() == 0
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert not Message.objects.in_flight().exists()


def test_an_expired_lease_lets_the_message_go_again(postbox, letters_to):
    claimed, sending, held_by_another = post(3)
    past, ahead = clock.now() - timedelta(seconds=1), clock.now() + timedelta(minutes=1)
    taken = {"lease": "x", "message_id": "<1@localhost>"}
    Message.objects.filter(pk=claimed.pk).update(state=State.CLAIMED, lease="w", lease_until=past)
    Message.objects.filter(pk=sending.pk).update(state=State.SENDING, lease_until=past, **taken)
    Message.objects.filter(pk=held_by_another.pk).update(state=State.CLAIMED, lease="y", lease_until=ahead)
    assert draining.drain() == 2
    assert "<1@localhost>" in postbox.message_ids
    assert Message.objects.get(pk=held_by_another.pk).state == State.CLAIMED


def test_beyond_the_number_of_senders_a_drain_leaves_the_rest_to_them(postbox, letters_to):
    post(claiming.SENDERS + 1)
    ahead = clock.now() + timedelta(minutes=1)
    for number, message in enumerate(Message.objects.all()[: claiming.SENDERS]):
        Message.objects.filter(pk=message.pk).update(
            state=State.CLAIMED, lease=str(number), lease_until=ahead
        )
    assert draining.drain() == 0


def test_it_stops_between_two_mails_when_told_to(postbox, letters_to):
    post(5)
    assert draining.drain(stopping=lambda: len(postbox.mails) >= 2) == 2
    assert Message.objects.filter(state=State.READY).count() == 3


def test_f15_a_line_that_cannot_be_encrypted_sends_nothing_and_alerts_once(
    postbox, letters_to, settings, caplog
):
    settings.EMAIL_URL = postbox.url.replace("smtp:", "smtp+tls:")
    post(2)
    for _ in range(3):
        assert draining.drain() == 0
        wait_no_longer()
    assert len([line for line in caplog.records if line.levelname == "ERROR"]) == 1
    settings.EMAIL_URL = postbox.url
    assert draining.drain() == 2
    assert Channel.objects.get().alerted_at is None


def test_nothing_personal_is_logged(postbox, letters_to, caplog):
    post(3)
    postbox.answers["RCPT"] = ["550 5.1.1 <person1@mail.example> unknown", "451 <person2@mail.example> later"]
    draining.drain()
    assert "person" not in caplog.text


def test_rendered_mail_is_forgotten_once_it_has_left(postbox, settings):
    settings.EMAIL_BACKEND = "outbox.backends.OutboxBackend"
    send_mail("Code", "1234", None, ["ada@mail.example"], html_message="<p>1234</p>")
    assert Rendered.objects.count() == 1
    assert draining.drain() == 1
    assert not Rendered.objects.exists()
    assert postbox.mails[0].get_body(("html",)).get_content().strip() == "<p>1234</p>"
