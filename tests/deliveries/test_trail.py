"""The desk's trail says in words who did what with a delivery: people, the site itself, or the operator."""

import re

import pytest
from django.test import Client

from deliveries import preparing, releasing
from tests import cast, entering

pytestmark = pytest.mark.django_db


def lines(letter, user) -> list[list[str]]:
    """What the rows of the letter's trail say, cell by cell, the newest first."""
    client = Client()
    entering.enter(client, user)
    page = client.get(f"/desk/letters/{letter.slug}/trail/").content.decode()
    rows = page.split("<tbody>")[1].split("<tr>")[1:]
    cells = [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in row] for row in cells]


def test_it_tells_who_and_what_in_words(letter):
    esra = cast.esra(letter)
    release = releasing.propose(letter, by=esra, recipients=[preparing.free(letter)[0]])
    releasing.freeze(release)
    release.refresh_from_db()
    preparing.prepare(letter)
    [by_operator, by_site, looked, by_esra] = [line[1:] for line in lines(letter, esra)][:4]
    assert by_operator[:2] == ["the operator", "prepared deliveries without a second person"]
    assert by_site == [
        "the site itself",
        "prepared a release for approval",
        f"number {release.pk} · signatures 3 · SHA-256 {release.manifest_hash}",
    ]
    assert looked[0] == "nobody at the desk: the operator, or the site itself"
    assert by_esra[:2] == ["Esra", "proposed a release"]
    assert by_esra[2] == f"number {release.pk} · offices 1 · version 1"
