"""A letter in four languages goes to three governments, and each lets it arrive in its own way.

Of one the mail server is down at first, and while it takes the letter at last somebody withdraws; another's
takes it and returns it; the third wants post. In the end page, certificate and case files say what happened.
"""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from deliveries import releasing, sending
from deliveries.models import Delivery, Report
from deliveries.returns import returned
from letters import publishing
from letters.models import Letter, Recipient, Role, Version
from letters.translating import add_translation
from outbox.models import State
from signatories import signing
from signatories.enrolled import enrolling
from tests import cast, entering
from tests.deliveries import bouncing
from tests.deliveries.test_sending import due_now
from tests.emptying import empty_cache
from tests.logos import pictures
from tests.postbox import Postbox, open_postbox
from tests.servers import free_port

pytestmark = pytest.mark.django_db(transaction=True)

TITLES = {"ur": "صاف دریا", "prs": "دریاهای پاک", "ps": "پاک سیندونه"}
PLACE = "/desk/letters/clean-rivers/deliveries/"


@pytest.fixture
def letter(site, settings, tmp_path) -> Letter:
    """In four languages, to three offices, and signed by Bela and Dara."""
    settings.PDF_CERTIFICATE = str(tmp_path / "certificate.p12")
    settings.BOUNCE_ADDRESS = "bounces@undersigned.example"
    letter = cast.letter("clean-rivers", "Clean Rivers", published=False)
    version = Version.objects.get(letter=letter)
    text = version.translations.get()
    for language, title in TITLES.items():
        add_translation(version, language=language, title=title, summary=text.summary, body=text.body)
    version.recipients.all().delete()
    by_post = {"channel": "post", "address": "", "postal": "1 Quay Street\nLowmere"}
    for order, (office, language, more) in enumerate(
        [("Lowmere", "ur", {}), ("Velmora", "prs", {}), ("Estria", "ps", by_post)]
    ):
        Recipient.objects.create(
            version=version, order=order, office=f"Government of {office}", language=language,
            **{"address": f"office@{office.lower()}.example"} | more,
        )  # fmt: skip
    publishing.publish(letter)
    letter = Letter.objects.select_related("current").get(pk=letter.pk)
    cast.bela(letter)
    cast.confirmed(letter, name="Dara Singh", email="dara@people.example", visibility="public")
    enrolling.enrol(at_once=True)
    return letter


@pytest.fixture
def desk(letter) -> Client:
    client = Client()
    entering.enter(client, cast.esra(letter))
    return client


def approved(letter, desk) -> dict[str, Delivery]:
    """Dunya proposes, Esra approves; the deliveries by language."""
    dunya = cast.esra(letter, Role.Kind.DELIVERER, name="Dunya")
    offices = list(letter.current.recipients.all())
    release = releasing.propose(letter, recipients=offices, by=dunya, in_office_hours=False)
    assert releasing.freeze(releasing.fresh(release))
    release = releasing.fresh(release)
    answer = desk.post(f"{PLACE}releases/{release.pk}/approve/", {"sha256": release.manifest_hash})
    assert answer.status_code == 302
    return {one.recipient.language: one for one in Delivery.objects.of(letter)}


def flipped(content: bytes) -> bytes:
    altered = bytearray(content)
    altered[len(altered) // 2] ^= 1
    return bytes(altered)


def verified(content: bytes, name: str, folder: Path) -> None:
    """`verify` accepts the file, and refuses it with one byte flipped."""
    for bytes_, good in ((content, True), (flipped(content), False)):
        file = folder / name
        file.write_bytes(bytes_)
        if good:
            call_command("verify", str(file))
        else:
            with pytest.raises(CommandError):
                call_command("verify", str(file))


def sent_by_mail(letter, deliveries: dict[str, Delivery], port: int) -> Postbox:
    """Lowmere's server is down, then takes the letter while Bela withdraws; Velmora's takes it, too."""
    lowmere, velmora = deliveries["ur"], deliveries["prs"]
    assert not sending.send(lowmere)
    lowmere.refresh_from_db()
    assert lowmere.state == State.READY and lowmere.next_at > timezone.now()
    postbox = Postbox(port)
    postbox.before_rcpt = lambda: signing.withdraw(letter.signatures.get(listing__name="Bela Horvát"))
    with open_postbox(postbox=postbox):
        for delivery in (lowmere, velmora):
            due_now(delivery)
            assert sending.send(delivery)
    assert [mail["To"] for mail in postbox.mails] == ["office@lowmere.example", "office@velmora.example"]
    assert TITLES["ur"] in postbox.mails[0]["Subject"] and TITLES["prs"] in postbox.mails[1]["Subject"]
    return postbox


def posted(delivery: Delivery, desk: Client) -> None:
    """Somebody prints Estria's, takes it to the post office and keeps the slip."""
    assert desk.post(f"{PLACE}{delivery.pk}/paper/").status_code == 200
    slip = SimpleUploadedFile("slip.png", pictures.saved(pictures.mark()), "image/png")
    now = f"{timezone.now():%Y-%m-%dT%H:%M}"
    facts = {"day": now, "reference": "RR 42", "arrived": "on", "scan": slip}
    assert desk.post(f"{PLACE}{delivery.pk}/record/", facts).status_code == 302


def test_three_governments_get_a_letter(letter, desk, page, site, settings, tmp_path):
    port = free_port()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}?timeout=2&data_timeout=2"
    deliveries = approved(letter, desk)
    postbox = sent_by_mail(letter, deliveries, port)
    assert returned.record(bouncing.report(to=bouncing.return_path(deliveries["prs"])))
    posted(deliveries["ps"], desk)

    rows = list(Delivery.objects.of(letter))
    assert [(row.state, row.signatures) for row in rows] == [(State.SENT, 1)] * 3
    assert {row.dossier.signatures for row in rows} == {2}, "so many were approved"
    assert sorted(Report.objects.values_list("kind", flat=True)) == ["bounced", "delivered"]
    empty_cache()
    page.goto(f"{site}/letters/clean-rivers/")
    story = page.get_by_role("region", name="What has happened")
    expect(story).to_contain_text("Sent to Government of Lowmere with 1 signature")
    expect(story).to_contain_text("Came back from Government of Velmora undelivered")
    expect(story).to_contain_text("Posted to Government of Estria with 1 signature")
    expect(story).to_contain_text("Delivered to Government of Estria: that is proven")
    expect(story).not_to_contain_text("Delivered to Government of Lowmere")

    paper = next(postbox.mails[0].iter_attachments()).get_content()
    verified(rows[0].dossier.public_edition.encode(), "edition.json", tmp_path)
    verified(paper, "paper.pdf", tmp_path)
    for row in rows:
        proven(row, desk, tmp_path)


def proven(row: Delivery, desk: Client, folder: Path) -> None:
    """Its certificate and its case file are true, and name nobody who withdrew or is only counted."""
    certificate = desk.post(f"{PLACE}{row.pk}/certificate/")
    verified(certificate.content, "certificate.pdf", folder)
    case = desk.post(f"{PLACE}{row.pk}/case/")
    content = b"".join(case.streaming_content) if case.streaming else case.content
    verified(content, "case.zip", folder)
    with zipfile.ZipFile(BytesIO(content)) as files:
        inside = b"".join(files.read(name) for name in files.namelist())
    assert row.recipient.office.encode() in inside and b"people.example" not in inside
