"""Anybody checks a file on a page, and finds the keys."""

import ast
import inspect
import json
import re
import time
from collections.abc import Iterator
from types import ModuleType

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from deliveries import preparing, sending
from deliveries.dossiers import freezing
from deliveries.models import Delivery
from deliveries.papers import reading, rendering, stamping
from deliveries.proofs import (
    altered,
    bundles,
    cases,
    casing,
    certifying,
    checking,
    keys,
    statements,
    verifying,
)
from scrutiny import rationing
from scrutiny.models import Limit
from signatories.enrolled import receipts
from tests import bombs, cast

pytestmark = [pytest.mark.once, pytest.mark.django_db]


CHECKS = (altered, bundles, cases, checking, statements, verifying)
VERDICTS = re.compile(r'<li dir="auto">([^<]+)</li>')
# Two words in a row of Latin letters, but for what has no other name
ENGLISH = re.compile(r"(?<![\w-])(?!tree head)[A-Za-z]{2,} [a-z]{2,}")


@pytest.fixture
def delivered(letter, postbox) -> Delivery:
    row = preparing.prepare(letter)[0]
    assert sending.send(row)
    return Delivery.objects.select_related("dossier__version__letter", "recipient").get(pk=row.pk)


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """On a machine with much to do a processor is waited for longer; what a paper may use of it stays."""
    monkeypatch.setattr(reading, "PATIENCE", 120)


@pytest.fixture
def paper(letter) -> bytes:
    return stamping.stamp(rendering.render(freezing.edition_of(letter.current, edition="public")))


def checked(client, content: bytes, prefix: str = "", **headers):
    file = SimpleUploadedFile("paper.pdf", content)
    answer = client.post(f"{prefix}/verify/", {"file": file}, headers=headers)
    return answer, answer.content.decode()


def test_a_paper_of_ours_is_genuine(client, paper):
    answer, page = checked(client, paper)
    assert answer.status_code == 200 and "It is genuine" in page
    assert answer["Cache-Control"] == "no-store" and not answer.cookies


@pytest.mark.parametrize("prefix", ["/ur", "/prs", "/ps"])
def test_it_speaks_the_reader_s_language(client, paper, prefix):
    _answer, page = checked(client, paper, prefix)
    assert "It is genuine" not in page and 'dir="rtl"' in page
    told = VERDICTS.findall(page)
    assert len(told) == 5 and not any(ENGLISH.search(one) for one in told)


@pytest.mark.parametrize("prefix", ["/ur", "/prs", "/ps"])
def test_what_is_wrong_with_a_paper_is_said_in_the_reader_s_language(client, paper, prefix):
    altered = paper.replace(b"%PDF-", b"%PDF-1.7 ", 1) + b" "
    answer, page = checked(client, altered, prefix)
    [told] = re.findall(r"<strong>[^<]+</strong> <bdi>([^<]+)</bdi>", page)
    assert answer.status_code == 422 and not ENGLISH.search(told)


def test_every_sentence_of_a_check_is_there_in_every_language():
    sentences = [one for module in CHECKS for one in said(module)]
    assert len(sentences) > 50
    for language in ("ur", "prs", "ps"):
        with translation.override(language):
            assert [one for one in sentences if translation.gettext(one) == one] == []


@pytest.mark.parametrize("language", ["ur", "prs", "ps"])
def test_moments_hashes_and_names_of_files_run_from_left_to_right_in_whatever_sentence(language):
    with translation.override(language):
        for sentence in (one for module in CHECKS for one in said(module)):
            for part in re.findall(r"%\((?:at|hash|name|fingerprint|list)\)s", sentence):
                assert f"\u2066{part}\u2069" in translation.gettext(sentence), sentence


def said(module: ModuleType) -> Iterator[str]:
    """What a module says in `_("…")` or `gettext_lazy("…")`."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "gettext_lazy"):
            yield ast.literal_eval(node.args[0])


def test_whatever_a_paper_is_refused_for_has_a_sentence():
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(reading))) if isinstance(node, ast.Call)]
    raised = [one.args[0] for one in calls if getattr(one.func, "id", "") == "PaperAltered"]
    reasons = {one.value for one in raised if isinstance(one, ast.Constant)}
    assert reasons == set(altered.SENTENCES)


def test_its_help_names_what_it_takes_and_it_takes_what_it_names(client, delivered):
    page = client.get("/verify/").content.decode()
    assert "a certificate of delivery (PDF)" in page and "a case file (ZIP)" in page
    for content in (certifying.certify(delivered), casing.build(delivered)):
        answer, page = checked(client, content)
        assert answer.status_code == 200 and "It is genuine" in page
        _answer, page = checked(client, content, "/ur")
        assert not any(ENGLISH.search(one) for one in VERDICTS.findall(page))


def test_one_flipped_byte_shows(client, paper):
    altered = bytearray(paper)
    altered[len(paper) // 2] ^= 1
    answer, page = checked(client, bytes(altered))
    assert answer.status_code == 422 and "It is not genuine." in page


def test_what_another_site_signed_is_told_apart(client, paper, monkeypatch):
    monkeypatch.setattr(keys, "own_keys", lambda: keys.Keys(frozenset(), frozenset()))
    answer, page = checked(client, paper)
    assert answer.status_code == 422 and "this site did not sign it" in page


@pytest.mark.parametrize("content", [b"", b"%PDF-", b"{}", b"\x00" * 1000, b"<script>alert(1)</script>"])
def test_whatever_it_is_not_is_said_in_words(client, db, content):
    answer, page = checked(client, content)
    assert answer.status_code == 422 and "<script>alert" not in page


@pytest.mark.parametrize("bomb", [bombs.of_references(1_000_000), bombs.of_nothing(1_500_000)])
def test_a_small_file_that_unpacks_to_a_large_one_costs_the_site_nothing(client, db, bomb):
    assert len(bomb) < 5000
    began, used = time.monotonic(), time.process_time()
    answer, page = checked(client, bomb)
    assert answer.status_code == 422 and "more time or memory than a paper" in page
    assert "It is not genuine" not in page
    assert time.process_time() - used < 1 and time.monotonic() - began < reading.SECONDS + reading.PATIENCE


def test_what_takes_too_long_is_ended(client, db, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 1)
    monkeypatch.setattr(reading, "MEMORY", 1 << 30)
    began = time.monotonic()
    answer, page = checked(client, bombs.of_nothing(5_000_000))
    assert answer.status_code == 422 and "more time or memory than a paper" in page
    assert time.monotonic() - began < reading.SECONDS + reading.PATIENCE


def test_one_file_at_a_time_is_read_and_who_comes_besides_is_asked_to_wait(client, paper, monkeypatch):
    monkeypatch.setattr(reading, "ENTRY", 0.01)
    with reading._one:
        _answer, page = checked(client, paper)
    assert "Please try again in a minute." in page and "It is not genuine" not in page
    assert checked(client, paper)[0].status_code == 200


def test_no_file_is_refused(client, db):
    assert client.post("/verify/").status_code == 422


def test_what_is_too_large_here_is_not_called_false(client, db, monkeypatch):
    monkeypatch.setattr(checking, "LARGEST", 1000)
    for size, status in ((2000, 422), (20_000, 413)):
        answer, page = checked(client, b"x" * size)
        assert answer.status_code == status and "It is not genuine" not in page
        assert "Check it with the command “verify”." in page
    assert "It could not be checked here." in page


def test_a_receipt_that_holds_no_proof_yet_is_not_called_false(client, letter):
    early = receipts.unproven(cast.fresh(letter.signatures.first()))
    answer, page = checked(client, json.dumps(early).encode())
    assert answer.status_code == 422 and "It is not genuine" not in page
    assert "It could not be checked here." in page and "Download it once more." in page


def test_a_later_format_is_not_called_false_but_anothers_is(client, db):
    _answer, page = checked(client, b'{"format": "undersigned-dossier-2"}')
    assert "It could not be checked here." in page and "It is not genuine" not in page
    _answer, page = checked(client, b'{"format": "x"}')
    assert "It is not genuine." in page


@pytest.mark.parametrize("prefix", ["/ur", "/prs", "/ps"])
def test_what_cannot_be_told_is_said_in_the_reader_s_language(client, letter, prefix):
    early = receipts.unproven(cast.fresh(letter.signatures.first()))
    _answer, page = checked(client, json.dumps(early).encode(), prefix)
    assert "could not be checked" not in page and "Download it once more" not in page


def test_a_network_that_has_too_many_files_checked_waits_and_others_do_not(client, db, monkeypatch):
    monkeypatch.setattr(rationing, "_remembered", {})
    Limit.objects.create(name="files_checked_per_network_in_10_minutes", value=2)
    mine, theirs = Client(REMOTE_ADDR="192.0.2.7"), Client(REMOTE_ADDR="192.0.2.8")
    assert [checked(mine, b"x", prefix)[0].status_code for prefix in ("", "/ur", "/ps")] == [422, 422, 429]
    answer, page = checked(mine, b"x")
    assert answer.status_code == 429 and 0 < int(answer["Retry-After"]) <= 600 and "Please wait" in page
    assert checked(theirs, b"x")[0].status_code == 422
    assert mine.get("/verify/").status_code == 200, "the page itself is read without end"


def test_another_site_cannot_make_a_browser_ask(client, paper):
    assert checked(client, paper, **{"Sec-Fetch-Site": "cross-site"})[0].status_code == 403


def test_the_keys_are_those_that_verify_takes(client, db):
    answer = client.get("/.well-known/undersigned-keys.json")
    assert keys.read_keys(answer.content).roll >= keys.own_keys().roll
    assert keys.read_keys(answer.content).certificates >= keys.own_keys().certificates
