"""A signer's journey with real processes; then logs, broker and database are searched for her."""

import contextlib
import logging
import re
import socket
import threading
from urllib.parse import urlsplit

import pytest
from django.test import Client

from outbox.models import Message
from signatories.enrolled import enrolling
from tests import cast, secrets_typed
from tests.faults.harness import settles, worker

pytestmark = [pytest.mark.once, pytest.mark.processes]

CANARY = "canary-7f3"
PERSON = {
    "kind": "person",
    "name": "Zorahcanary Hiddenname",
    "email": f"{CANARY}@people.example",
    "role": "Hiddenrole",
    "affiliation": "Hiddenschool",
    "country": "NG",
    "visibility": "recipient",
    "consent": "on",
}
SECRETS = (CANARY, "zorahcanary", "hiddenname", "hiddenrole", "hiddenschool", "hiddenrepresentative")


@pytest.fixture
def overheard(broker):
    """Every command that goes through the broker meanwhile, as Redis sees it; call it for the text."""
    place = urlsplit(broker)
    heard: list[bytes] = []
    with socket.create_connection((place.hostname, place.port)) as line:
        line.sendall(b"MONITOR\r\n")
        assert line.recv(100).startswith(b"+OK")

        def listen() -> None:
            with contextlib.suppress(OSError):
                while piece := line.recv(65536):
                    heard.append(piece)

        threading.Thread(target=listen, daemon=True).start()
        yield lambda: b"".join(heard).decode("latin-1")
        line.shutdown(socket.SHUT_RDWR)


def dump() -> str:
    """Every value of every table, as a thief of the database would read it."""
    return "\n".join(text for _, text in secrets_typed.tables())


def whose(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text.casefold()]


def test_t20_logs_broker_and_database_name_nobody(
    client: Client, postbox, overheard, broker, log, caplog, settings
):
    settings.CELERY_BROKER_URL = broker
    letter = cast.clean_rivers()
    caplog.set_level(logging.DEBUG)
    organisation = PERSON | {
        "kind": "organisation",
        "name": "Hiddenrepresentative Person",
        "organisation": "Hiddenname Society",
        "website": "https://hiddenname.example/",
        "authorised": "on",
        "visibility": "counted",
    }
    with worker(log, redis_url=broker) as process:
        for answers in (PERSON, PERSON | {"name": "=1+1 Hiddenname"}, organisation):
            client.post("/letters/clean-rivers/sign/", answers)
        assert settles(lambda: postbox.mails), process.output
        text = postbox.mails[0].get_body(("plain",)).get_content()
        link = re.search(r"/s/[\w.-]+/", text)[0]
        client.post("/letters/clean-rivers/code/", {"email": PERSON["email"], "code": "AAAAAAAA"})
        client.post("/letters/clean-rivers/resend/", {"email": PERSON["email"]})
        client.post(link)
        assert settles(lambda: enrolling.tally(letter).signatures == 1), process.output
        Message.objects.create(kind="attempt", subject=10**9)  # a poisoned row: its builder fails
        assert settles(lambda: "10" in process.output or Message.objects.filter(attempts__gt=0))
        client.get("/letters/clean-rivers/signatories/", {"q": "Hiddenname"})
    stored = dump()
    assert "clean-rivers" in stored and "outbox.drain" in overheard(), "the search itself works"
    assert whose(stored) == []
    assert whose(overheard()) == []
    assert whose(process.output) == []
    assert whose(caplog.text) == []
    token = link.split("/")[2]
    for where in (process.output, stored, overheard()):
        assert token not in where


def test_t28_a_name_is_in_clear_only_where_its_owner_made_it_public(db):
    letter = cast.clean_rivers()
    cast.confirmed(letter, name="Publicname Person", email=f"{CANARY}@people.example")
    assert dump().count("Publicname Person") == 1
    assert CANARY not in dump()
