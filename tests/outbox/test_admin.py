import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from outbox import pausing, posting
from outbox.models import Channel, Message, State
from tests import entering

pytestmark = pytest.mark.django_db


@pytest.fixture
def repairer(client, monkeypatch):
    """A browser of somebody who may repair."""
    monkeypatch.setattr(posting, "nudge", lambda: None)
    user = get_user_model().objects.create(email="chidi@desk.example", is_staff=True, is_superuser=True)
    entering.enter(client, user)
    return client


@pytest.fixture
def dead():
    message = posting.post("note", subject=1)
    Message.objects.update(state=State.DEAD, attempts=4, faults=5, last_reply="550 5.1.1 no such mailbox")
    return message


def test_what_was_given_up_is_shown_first_with_its_reason(repairer, dead):
    posting.post("other", subject=2)
    page = repairer.get("/admin/outbox/message/")
    assert page.status_code == 200
    assert [message.pk for message in page.context["cl"].result_list] == [dead.pk]
    assert "no such mailbox" in page.content.decode()


def test_it_can_be_tried_again_with_full_patience(repairer, dead):
    repairer.post("/admin/outbox/message/", {"action": "retry", "_selected_action": [dead.pk]})
    dead.refresh_from_db()
    assert (dead.state, dead.attempts, dead.faults) == (State.READY, 0, 0)


def test_what_has_left_is_not_sent_again(repairer):
    message = posting.post("note", subject=1)
    Message.objects.update(state=State.SENT, sent_at="2026-01-01T00:00Z", message_id="<1@localhost>")
    repairer.post("/admin/outbox/message/?what=all", {"action": "retry", "_selected_action": [message.pk]})
    message.refresh_from_db()
    assert message.state == State.SENT


def test_nothing_else_can_be_changed(repairer, dead):
    assert repairer.get("/admin/outbox/message/add/").status_code == 403
    assert repairer.post(f"/admin/outbox/message/{dead.pk}/delete/", {"post": "yes"}).status_code == 403
    repairer.post(f"/admin/outbox/message/{dead.pk}/change/", {"state": "sent", "subject": "9"})
    dead.refresh_from_db()
    assert (dead.state, dead.subject) == (State.DEAD, 1)


def test_a_channel_is_paused_and_resumed(repairer):
    Channel.objects.create(name="smtp")
    repairer.post("/admin/outbox/channel/", {"action": "pause", "_selected_action": ["smtp"]})
    assert Channel.objects.is_paused()
    repairer.post("/admin/outbox/channel/", {"action": "resume", "_selected_action": ["smtp"]})
    assert not Channel.objects.is_paused()


def test_an_operator_resumes_from_the_command_line(capsys):
    pausing.pause("smtp", reason="535 wrong password", probing=True)
    call_command("outbox_resume")
    assert capsys.readouterr().out == "smtp is open again.\n"
    assert not Channel.objects.is_paused()
