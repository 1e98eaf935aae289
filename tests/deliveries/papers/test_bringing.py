"""What goes with a paper that is brought: the address shows in the window, a receipt is one page."""

import re
import shutil
import subprocess

import pytest
from django.conf import settings
from django.test import Client

from deliveries import handing, links, preparing
from deliveries.dossiers import editions, freezing
from deliveries.models import Dossier
from deliveries.papers import bringing
from letters.models import Recipient
from tests import cast, entering

pytestmark = [pytest.mark.once, pytest.mark.django_db]

MM = 72 / 25.4  # points
POSTAL = "Ministry of Health\nMinister Bela Baker\n1 Quay Street\n12345 Lowmere\nCountry"
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


@pytest.fixture
def delivery(letter):
    """To be brought, and its paper is given out."""
    Recipient.objects.update(channel="post", address="", postal=POSTAL)
    row = preparing.prepare(letter)[0]
    handing.hand_out(row, by=cast.esra(letter))
    row.refresh_from_db()
    return row


def words(pdf: bytes, tmp_path) -> list[tuple[float, float, float, float, str]]:
    """Each word and where it is, in mm from the page's upper left corner; one page alone."""
    if shutil.which("pdftotext") is None:
        pytest.skip("Poppler is not installed (apt-get install poppler-utils)")
    (tmp_path / "paper.pdf").write_bytes(pdf)
    command = ["pdftotext", "-bbox", str(tmp_path / "paper.pdf"), "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.count("<page ") == 1
    return [(*(float(number) / MM for number in found[:4]), found[4]) for found in WORD.findall(said)]


@pytest.mark.parametrize(
    "postal", [POSTAL, "\n".join(f"A rather long line of an address {n}" for n in range(9))]
)
def test_the_address_shows_in_the_window(delivery, postal, tmp_path):
    delivery.recipient.postal = postal
    found = words(bringing.cover(delivery), tmp_path)
    wanted = postal.split()
    begin = next(at for at in range(len(found)) if [one[4] for one in found[at:]][: len(wanted)] == wanted)
    for left, top, right, bottom, word in found[begin : begin + len(wanted)]:
        assert left >= 20 and right <= 105 and top >= 45 + 17.6 and bottom <= 90, word
    inside = [one for one in found if one[1] < 90 and one[3] > 45]
    assert all(left >= 20 and right <= 105 for left, _top, right, _bottom, _word in inside)


def test_the_receipt_is_one_page_with_all_that_is_confirmed(delivery, tmp_path):
    text = " ".join(word for *_, word in words(bringing.receipt(delivery), tmp_path))
    edition = freezing.edition_now(delivery.dossier)
    assert editions.sha256(editions.text(edition).encode()) in text
    for said in (
        "Clean Rivers",
        "Stamp of the office",
        "Name",
        "Date and signature",
        f"delivery {delivery.pk}",
    ):
        assert said in text
    assert "Bela" not in text and "Rosa" not in text


def test_the_cover_leads_to_the_office_s_own_page_and_the_receipt_does_not(
    delivery, letter, client, tmp_path
):
    entering.enter(client, cast.esra(letter))
    page, desk = links.address(delivery), f"/desk/letters/clean-rivers/deliveries/{delivery.pk}/"
    made = [client.post(f"{desk}{what}/").content for what in ("cover", "receipt")]
    cover, receipt = ("".join(word for *_, word in words(one, tmp_path)) for one in made)
    assert page in cover and "/d/" not in receipt
    answer = Client().get(page.removeprefix(settings.SITE_URL))
    assert answer.status_code == 200 and "An open letter to" in answer.content.decode()


@pytest.mark.parametrize("channel", ["post", "hand"])
def test_the_desk_offers_a_cover_however_it_is_brought(letter, client, channel):
    Recipient.objects.update(channel=channel, postal=POSTAL, address="")
    row = preparing.prepare(letter)[0]
    handing.hand_out(row, by=cast.esra(letter))
    entering.enter(client, cast.esra(letter))
    page = f"/desk/letters/clean-rivers/deliveries/{row.pk}/"
    assert f"{page}cover/" in client.get(page).content.decode()
    assert client.post(f"{page}cover/").status_code == 200


def test_who_hands_it_in_by_a_web_form_is_told_the_office_s_own_page(letter, client):
    Recipient.objects.update(channel="portal", address="")
    row = preparing.prepare(letter)[0]
    handing.hand_out(row, by=cast.esra(letter))
    entering.enter(client, cast.esra(letter))
    page = client.get(f"/desk/letters/clean-rivers/deliveries/{row.pk}/").content.decode()
    assert links.address(row) in page and "/cover/" not in page


@pytest.mark.parametrize("language", ["ur", "prs", "ps", "xx"])
def test_it_is_in_the_office_s_language(delivery, language):
    delivery.recipient.language = language
    for made in (bringing.cover(delivery), bringing.receipt(delivery)):
        assert made.startswith(b"%PDF-")


def test_the_desk_gives_out_both_while_it_is_to_be_brought(delivery, letter, client):
    entering.enter(client, cast.esra(letter))
    page = f"/desk/letters/clean-rivers/deliveries/{delivery.pk}/"
    assert "Receipt" in client.get(page).content.decode()
    for what in ("cover", "receipt"):
        answer = client.post(f"{page}{what}/")
        assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert client.post(f"{page}nothing/").status_code == 404
    Dossier.objects.update(key=None)
    assert client.post(f"{page}cover/").status_code == 404


def test_what_leaves_by_mail_has_neither(letter, client):
    row = preparing.prepare(letter)[0]
    entering.enter(client, cast.esra(letter))
    page = f"/desk/letters/clean-rivers/deliveries/{row.pk}/"
    assert [client.post(f"{page}{what}/").status_code for what in ("cover", "receipt")] == [404, 404]


def test_a_case_file_is_for_who_has_proven_to_be_there(letter, client):
    row = preparing.prepare(letter)[0]
    entering.enter(client, cast.esra(letter), minutes_ago=20)
    answer = client.post(f"/desk/letters/clean-rivers/deliveries/{row.pk}/case/")
    assert answer.status_code == 302 and "reauthenticate" in answer.url
