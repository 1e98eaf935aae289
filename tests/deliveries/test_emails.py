"""What the mail to an office says of what it brings: how many, and by which hash the files are known."""

import email
import email.policy
import hashlib

import pytest

from deliveries import emails, preparing, sending
from deliveries.dossiers import freezing
from deliveries.models import Delivery, Dossier
from signatories.enrolled import enrolling
from tests import cast

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def supplement(letter) -> Delivery:
    """To one office: Dara, who has signed since it got the letter."""
    first = preparing.prepare(letter)[0]
    cast.confirmed(letter, email="d@people.example", name="Dara Singh", visibility="public")
    enrolling.enrol(at_once=True)
    dossier = freezing.freeze(letter, after=Dossier.objects.get())
    return preparing.record(dossier, [first.recipient])[0]


def test_a_supplement_is_not_taken_for_a_letter_with_few_signatures(letter, postbox):
    mime = sending.make_ready(supplement(letter)).mime
    mail = email.message_from_bytes(mime, policy=email.policy.default)
    assert mail["Subject"] == "Supplement 1 to the open letter: Clean Rivers (1 more signatory)"


def test_the_mail_names_the_hash_of_each_file_as_it_is_attached(letter, postbox, monkeypatch):
    monkeypatch.setattr("deliveries.dossiers.parting.VOLUME", 1)
    delivery = preparing.prepare(letter)[0]
    assert sending.send(delivery)
    [mail] = postbox.mails
    files = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    assert sorted(files) == ["clean-rivers-2.pdf", "clean-rivers.pdf"]
    for name, content in files.items():
        assert f"SHA-256 of {name}: {hashlib.sha256(content).hexdigest()}" in text_of(mail)
    delivery.refresh_from_db()
    assert delivery.file_hash in text_of(mail) and delivery.paper_hash not in text_of(mail)


def test_what_leaves_as_a_link_names_no_hash(letter, postbox, monkeypatch):
    monkeypatch.setattr(emails, "MEGABYTE", 100)
    delivery = preparing.prepare(letter)[0]
    assert sending.send(delivery)
    assert "SHA-256" not in text_of(postbox.mails[0])
