"""The certificate says what the record says, names nobody, and shows any change."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from pypdf import PdfReader

from answers import receiving
from deliveries import handing, links, preparing, recording, sending
from deliveries.models import Delivery
from deliveries.papers import stamping
from deliveries.proofs import certifying, verifying
from deliveries.returns import returned
from letters.models import Recipient
from tests import cast, entering
from tests.deliveries import bouncing
from tests.deliveries.test_sending import in_clear

pytestmark = [pytest.mark.once, pytest.mark.django_db]

AT = datetime(2026, 7, 6, 12, tzinfo=UTC)


@pytest.fixture
def delivery(letter, postbox, settings) -> Delivery:
    settings.BOUNCE_ADDRESS = "bounces@undersigned.example"
    row = preparing.prepare(letter)[0]
    assert sending.send(row)
    return fresh(row)


def fresh(row: Delivery) -> Delivery:
    return Delivery.objects.select_related("dossier__version__letter", "recipient").get(pk=row.pk)


def test_it_says_what_the_record_says(delivery):
    returned.record(bouncing.report(to=bouncing.return_path(delivery)))
    told = json.loads(stamping.check(certifying.certify(delivery, at=AT)).attached)
    assert told["office"]["office"] == delivery.recipient.office and told["signatures"] == 3
    assert told["message_id"] == delivery.message_id and told["reply"].startswith("250 2.0.0")
    assert told["hashes"]["file"] == delivery.file_hash and told["issued_at"] == "2026-07-06T12:00:00Z"
    assert [(one["kind"], one["words"][:9]) for one in told["reports"]] == [("bounced", "550 5.1.1")]


def test_it_names_no_signatory_nobody_of_the_desk_and_no_tag(delivery, letter):
    esra = cast.esra(letter)
    content = in_clear(certifying.certify(delivery, at=AT))
    for secret in ("Bela", "Rosa Villacorta", esra.email, delivery.return_tag, delivery.nonce):
        assert secret.encode() not in content


def test_verify_accepts_it_and_refuses_it_with_a_flipped_byte(delivery):
    paper = certifying.certify(delivery, at=AT)
    finding = verifying.verify(paper, keys=verifying.own_keys())
    assert finding.is_known and "the site’s own word" in " ".join(finding.checked)
    assert not verifying.verify(paper, keys=verifying.Keys(frozenset(), frozenset())).is_known
    for at in range(0, len(paper), len(paper) // 60):
        broken = paper[:at] + bytes([paper[at] ^ 1]) + paper[at + 1 :]
        with pytest.raises(verifying.CheckFailed):
            verifying.verify(broken, keys=verifying.own_keys(), unseal=stamping.check)


def test_a_statement_by_itself_is_checked_too(delivery):
    inside = stamping.check(certifying.certify(delivery, at=AT)).attached
    assert verifying.verify(inside, keys=verifying.own_keys()).is_known
    for before, after in ((b'"signatures":3', b'"signatures":4'), (b"bounces+d", b"bounces-d")):
        assert before in inside
        with pytest.raises(verifying.CheckFailed):
            verifying.verify(inside.replace(before, after), keys=verifying.own_keys())


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("a\u0f71\u0f72", "[U+0061][U+0F71][U+0F72]"),
        ("a\u0f71 \u0f72", "[U+0061][U+0F71][U+0F72]"),
        ("b\u1bab", "[U+0062][U+1BAB]"),
        ("q\u302a", "[U+0071][U+302A]"),
        ("\u0642\u1bab", "[U+0642][U+1BAB]"),
    ],
)
def test_an_office_keeps_nobody_from_proving_that_it_was_served(delivery, letter, client, written, printed):
    link = links.address(delivery).removeprefix("http://localhost:8000")
    assert client.post(link, {"act": "wrong", "words": f"Ask {written} instead."}).status_code == 200
    assert printed in told(client, letter, delivery).replace(" ", "")


@pytest.mark.parametrize(
    "sign", ["\x01", "\ue123", "\uf8ff", "\ufeff", "\ufffe", "\u0378", "\U00013430", "李"]
)
def test_what_was_recorded_before_or_by_machines_is_printed_by_its_number(delivery, letter, client, sign):
    receiving.wrong(delivery, words=f"Ask x{sign}y.")
    assert f"Ask x[U+{ord(sign):04X}]y." in told(client, letter, delivery)


def test_a_text_that_cannot_be_set_even_so_is_in_the_statement_alone(delivery, letter, client, monkeypatch):
    monkeypatch.setattr("deliveries.papers.typesetting.can_set", lambda *_text, **_as: False)
    receiving.wrong(delivery, words="Ask the “Ministry”.")
    shown = told(client, letter, delivery)
    assert "(in the attached statement)" in shown and "Ministry”" not in shown


def told(client, letter, delivery) -> str:
    """What a delivery's certificate says, which the desk gives out, as its case file does."""
    entering.enter(client, cast.esra(letter))
    page = f"/desk/letters/clean-rivers/deliveries/{delivery.pk}/"
    assert client.post(f"{page}case/").status_code == 200
    answer = client.post(f"{page}certificate/")
    assert answer.status_code == 200
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages)
    return " ".join(text.split())


@pytest.mark.parametrize("language", ["en", "ur", "prs", "ps"])
def test_it_is_in_the_reader_s_language(delivery, letter, client, language):
    entering.enter(client, cast.esra(letter))
    prefix = "" if language == "en" else f"/{language}"
    page = f"{prefix}/desk/letters/clean-rivers/deliveries/{delivery.pk}/"
    assert "Certificate of delivery" in client.get(page).content.decode() or language != "en"
    answer = client.post(f"{page}certificate/")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store" and ".pdf" in answer["Content-Disposition"]
    said = words(answer.content)
    for word in ("Certificate of delivery", "Envelope, from", "Nothing was reported", "of the list inside"):
        assert (word in said) == (language == "en")
    wanted = "en" if language == "en" else {"ur": "ur", "prs": "fa", "ps": "ps"}[language]
    assert f"/Lang ({wanted}".encode() in in_clear(answer.content)


def test_what_has_not_left_is_not_certified(letter, client):
    row = preparing.prepare(letter)[0]
    entering.enter(client, cast.esra(letter))
    page = f"/desk/letters/clean-rivers/deliveries/{row.pk}/"
    assert "To show others" not in client.get(page).content.decode()
    assert client.post(f"{page}certificate/").status_code == 404
    assert client.get(f"{page}certificate/").status_code == 405


def test_what_a_person_brought_is_certified_without_a_server(letter, client):
    Recipient.objects.update(channel="post", address="", postal="1 Quay Street")
    row = preparing.prepare(letter)[0]
    esra = cast.esra(letter)
    handing.hand_out(fresh(row), by=esra)
    recording.record(fresh(row), by=esra, at=timezone.now(), reference="RR 12")
    row = fresh(row)
    told = json.loads(stamping.check(certifying.certify(row, at=AT)).attached)
    assert (told["way"], told["reference"], told["server"]) == ("post", "RR 12", "")
    said = words(certifying.certify(row, at=AT))
    assert "That it was brought is no proof that anybody read it." in said and "a server" not in said


def test_of_a_mail_it_says_that_a_server_that_took_it_proves_no_reader(delivery):
    assert "That a server took the mail is no proof" in words(certifying.certify(delivery, at=AT))


def words(paper: bytes) -> str:
    """What a reader of the paper sees, in one line."""
    return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())
