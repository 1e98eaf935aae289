"""What whoever reads a signer's mailbox learns from our mails about a letter at risk: nothing."""

import email
import email.policy
import re
from email.message import EmailMessage

import pytest

from outbox import box, routing
from signatories import confirming, throttling
from signatories.models import LinkRequest
from tests import cast
from vault.indexing import address_index

pytestmark = pytest.mark.django_db

TELLTALES = [
    "quiet-streets",
    "Quiet Streets",
    "Undersigned",
    "Okoye",
    "River Watch",
    "Ministry",
    "petition",
]
WORDS = re.compile(
    r"\b(sign|signs|signed|signing|signature\w*|signator\w*|letters?|open letter|withdraw\w*)\b", re.I
)


@pytest.fixture
def quiet_streets(settings):
    settings.SITE_NAME = "Undersigned"
    settings.DEFAULT_FROM_EMAIL = "Undersigned <post@site.example>"
    settings.SITE_URL = "https://site.example"
    return cast.quiet_streets()


def opened(mail: box.BoxedMail) -> EmailMessage:
    raw = (routing.route().directory / f"{mail.id}.eml").read_bytes()
    return email.message_from_bytes(raw, policy=email.policy.default)


def everything_in(mail: box.BoxedMail) -> str:
    """Headers and both bodies as a mail program shows them, without the address it was sent to."""
    message = opened(mail)
    parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
    headers = [f"{name}: {value}" for name, value in message.items() if name != "To"]
    return "\n".join([*headers, *parts])


def check(mail: box.BoxedMail) -> None:
    text = everything_in(mail)
    assert [word for word in TELLTALES if word.casefold() in text.casefold()] == []
    assert WORDS.findall(re.sub(r"https://\S+", "", text)) == []
    assert opened(mail)["From"] == "post@site.example"
    paths = re.findall(r"https://site\.example(/[^\s\"<>]*)", text)
    assert paths
    assert all(re.fullmatch(r"(/[a-z]+)?/[smu]/[\w.~-]+/", path) for path in paths), paths
    assert "Delete this mail" in text


def test_t34_no_mail_about_a_letter_at_risk_tells_what_it_is_about(quiet_streets, mails):
    attempt = cast.ada(quiet_streets)
    (asked,) = mails()
    assert asked.subject == "Please confirm"
    confirming.confirm(attempt)
    (thanked,) = mails()
    assert thanked.subject == "It is recorded"
    cast.ada(quiet_streets)
    (already,) = mails()
    throttling.free(address_index(cast.ADA))
    confirming.ask_for_links(purpose=LinkRequest.Purpose.MANAGE, email=cast.ADA)
    (links,) = mails()
    for mail in (asked, thanked, already, links):
        check(mail)


def test_t34_one_letter_at_risk_keeps_the_mail_with_all_links_discreet(quiet_streets, mails):
    for letter in (quiet_streets, cast.clean_rivers()):
        confirming.confirm(cast.ada(letter))
    mails()
    confirming.ask_for_links(purpose=LinkRequest.Purpose.MANAGE, email=cast.ADA)
    (mail,) = mails()
    check(mail)
    assert "Clean Rivers" not in everything_in(mail)


def test_mails_about_an_ordinary_letter_say_which_and_who_writes(quiet_streets, mails):
    cast.ada(cast.clean_rivers())
    (mail,) = mails()
    text = everything_in(mail)
    assert "Clean Rivers" in text
    assert opened(mail)["From"] == "Undersigned <post@site.example>"
    assert "Delete this mail" not in text
