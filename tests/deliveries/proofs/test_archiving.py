"""A letter as a folder that anybody can mirror and check."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from deliveries import preparing, sending, timeline
from deliveries.models import Report
from deliveries.proofs import bundles
from letters import taking_down
from letters.models import Letter
from letters.translating import add_translation
from signatories import signing
from signatories.enrolled import enrolling
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "archive"


def archive(letter, folder: Path) -> dict[str, bytes]:
    call_command("archive", letter.slug, str(folder))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def verify(path: Path) -> None:
    call_command("verify", str(path))


def test_it_holds_what_everybody_may_know_and_no_more(letter, folder, postbox, capsys):
    sending.send(preparing.prepare(letter)[0])
    files = archive(letter, folder)
    assert {"index.html", "feed.atom", "keys.json", "roll-1.txt", "edition-1.json", "paper-1.pdf"} <= set(
        files
    )
    page = files["index.html"].decode()
    assert "Bela Horvát" in page and "Sent to <bdi>Ministry of the Interior</bdi>" in page
    every = b"".join(files.values())
    for canary in (b"Rosa", b"Carla", b"canary.example", b"Ada Unconfirmed", b"office0@"):
        assert canary not in every
    verify(folder)
    verify(folder / "manifest.json")
    assert "All 9 files are there" in capsys.readouterr().out


@pytest.mark.once
def test_each_file_with_one_flipped_byte_is_refused(letter, folder, tmp_path):
    for name, content in archive(letter, folder).items():
        place = len(content) // 2
        altered = bytearray(content)
        altered[place] ^= 1
        other = shutil.copytree(folder, tmp_path / f"altered-{name}")
        (other / name).write_bytes(altered)
        with pytest.raises(CommandError, match="Not genuine"):
            verify(other)


def test_of_what_became_of_a_delivery_it_tells_what_the_timeline_tells(letter, folder, postbox):
    delivery = preparing.prepare(letter)[0]
    assert sending.send(delivery)
    for kind in Report.Kind:
        Report.objects.create(delivery=delivery, kind=kind, source=Report.Source.SERVER)
    (told,) = json.loads(archive(letter, folder)["deliveries.json"])
    assert {one["kind"] for one in told["reports"]} == {"delivered", "bounced", "wrong"} == set(timeline.TOLD)


@pytest.mark.once
@pytest.mark.parametrize("change", ["missing", "added", "folder", "no manifest"])
def test_what_is_missing_or_was_added_is_refused(letter, folder, change):
    archive(letter, folder)
    if change == "missing":
        (folder / "roll-1.txt").unlink()
    elif change == "added":
        (folder / "more.txt").write_text("More.")
    elif change == "folder":
        (folder / "more").mkdir()
    else:
        (folder / bundles.NAME).unlink()
    with pytest.raises(CommandError, match="Not genuine"):
        verify(folder)


@pytest.mark.once
def test_a_manifest_that_leads_out_of_its_folder_is_refused(letter, folder):
    archive(letter, folder)
    (folder.parent / "secret").write_text("secret")
    sealed = bundles.manifest({"../secret": b"secret"}, kind="archive", letter=letter.slug, at="now")
    (folder / bundles.NAME).write_bytes(sealed)
    with pytest.raises(CommandError, match="cannot lie beside it"):
        verify(folder)


def test_it_is_written_in_each_language(letter, folder):
    text = letter.current.translations.get()
    add_translation(letter.current, language="ur", title="صاف دریا", summary=text.summary, body=text.body)
    files = archive(letter, folder)
    assert 'dir="rtl"' in files["index-ur.html"].decode() and "صاف دریا" in files["index-ur.html"].decode()
    assert b"index-ur.html" in files["index.html"]


def test_who_withdrew_is_not_in_it(letter, folder):
    signing.withdraw(letter.signatures.get(listing__name="Bela Horvát"))
    assert b"Bela" not in b"".join(archive(letter, folder).values())


def test_of_a_letter_whose_names_are_gone_it_holds_none(letter, folder):
    now = timezone.now()
    Letter.objects.filter(pk=letter.pk).update(closes_at=now - timedelta(days=3), archived_at=now)
    files = archive(letter, folder)
    assert "paper-1.pdf" not in files and b"Bela" not in b"".join(files.values())
    assert json.loads(files["roll-1.json"])["size"] == 3
    verify(folder)


@pytest.mark.once
def test_nothing_is_written_over_what_lies_there(letter, folder):
    folder.mkdir()
    (folder / "mine.txt").write_text("Mine.")
    with pytest.raises(CommandError, match="something in"):
        archive(letter, folder)
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
    assert [path.name for path in folder.parent.iterdir()] == ["archive"], "no half of it stays"


def test_a_draft_or_what_was_taken_down_has_none(letter, folder):
    with pytest.raises(CommandError, match="nothing to write a bundle of"):
        archive(cast.night_trains(), folder)
    taking_down.take_down(letter, reason="A mistake.", by=cast.esra(letter))
    with pytest.raises(CommandError, match="nothing to write a bundle of"):
        archive(letter, folder)
    with pytest.raises(CommandError, match="no letter"):
        call_command("archive", "none", str(folder))


def test_the_same_moment_gives_the_same_words(letter, folder, monkeypatch):
    """And, but for the signature on the papers, which is made anew, the same files."""
    enrolling.enrol(at_once=True)
    at = timezone.now().replace(microsecond=0) + timedelta(seconds=1)  # it was published this very second
    monkeypatch.setattr(timezone, "now", lambda: at)
    first = archive(letter, folder)
    second = archive(letter, folder.parent / "second")
    anew = {"paper-1.pdf", bundles.NAME}
    assert "edition-1.json" in first and set(first) == set(second) > anew
    assert {name for name in first if first[name] != second[name]} <= anew
