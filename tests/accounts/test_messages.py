"""What a page says on the next one is sealed while it waits."""

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.test import Client, RequestFactory

from accounts.messages import SealedStorage
from signatories import claiming
from signatories.judging import suspecting
from tests import cast, entering

pytestmark = pytest.mark.django_db


def test_t28_a_name_in_a_message_is_in_no_session_in_clear():
    letter = cast.clean_rivers()
    row = cast.bela(letter)
    suspecting.hold([row], reason="Odd.")
    claiming.claim([row.pk], by=cast.esra(letter))
    client = Client()
    entering.enter(client, cast.chidi(letter))
    queue = f"/desk/letters/{letter.slug}/queue/"
    client.post(f"{queue}together/", {"signature": row.public_id, "act": "approve"})
    assert "Bela" not in str(dict(client.session.items()))
    assert "Left as it was: Bela Horvát." in client.get(queue).content.decode()


@pytest.mark.parametrize("kept", ["[]", "no base64!", "AAAA"])
def test_what_cannot_be_read_says_nothing(kept):
    request = RequestFactory().get("/")
    request.session = {}
    storage = SealedStorage(request)
    assert storage.deserialize_messages(kept) == []
    again = storage.deserialize_messages(storage.serialize_messages([Message(constants.INFO, "Saved.")]))
    assert [message.message for message in again] == ["Saved."]
