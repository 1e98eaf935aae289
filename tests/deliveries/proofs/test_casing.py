"""A case file holds all of one delivery, says when names are gone, and shows every changed byte."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Trail
from deliveries import preparing, retaining, sending
from deliveries.models import Delivery
from deliveries.papers import stamping
from deliveries.proofs import bundles, cases, casing, keys, verifying
from deliveries.returns import returned
from letters.models import Recipient
from signatories import signing
from signatories.models import Signature
from tests import cast, entering
from tests.deliveries import bouncing
from tests.logos import pictures

pytestmark = pytest.mark.django_db

AT = datetime(2026, 7, 6, 12, tzinfo=UTC)
WHOLE = {
    "manifest.json", "dossier-public.json", "certificate.pdf", "edition-sent.json", "paper-sent.pdf",
    "mail.eml", "delivery.json", "reports.json",
}  # fmt: skip


@pytest.fixture
def delivery(letter, postbox, settings) -> Delivery:
    settings.BOUNCE_ADDRESS = "bounces@undersigned.example"
    row = preparing.prepare(letter)[0]
    assert sending.send(row)
    returned.record(bouncing.report(to=bouncing.return_path(row)))
    return fresh(row)


def fresh(row) -> Delivery:
    return Delivery.objects.select_related("dossier__version__letter", "recipient").get(pk=row.pk)


def opened(case: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(case)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def verify(case: bytes) -> keys.Finding:
    return verifying.verify(case, keys=verifying.own_keys(), unseal=stamping.check)


def test_everything_is_in_it_and_verify_accepts_it(delivery, postbox, tmp_path):
    case = casing.build(delivery, at=AT, is_whole=True)
    files = opened(case)
    assert set(files) == WHOLE and list(files) == sorted(files)
    manifest = json.loads(files["manifest.json"])
    assert (manifest["format"], manifest["kind"]) == ("undersigned-case-1", "case")
    assert {one["name"] for one in manifest["files"]} == WHOLE - {"manifest.json"}
    assert files["paper-sent.pdf"] == next(postbox.mails[0].iter_attachments()).get_content()
    assert verify(case).is_known
    file = tmp_path / "case.zip"
    file.write_bytes(case)
    call_command("verify", str(file), stdout=(said := io.StringIO()))
    assert "signed by a key that is trusted" in said.getvalue()
    assert json.loads(files["reports.json"])["reports"][0]["kind"] == "bounced"
    record = json.loads(files["delivery.json"])
    assert record["names"] == "kept" and record["moments"]["sent_at"]


def test_the_tag_and_people_of_the_desk_are_not_in_it(delivery, letter):
    esra = cast.esra(letter)
    for name, content in opened(casing.build(delivery, at=AT, is_whole=True)).items():
        assert delivery.return_tag.encode() not in content, name
        assert esra.email.encode() not in content and esra.name.encode() not in content, name


def test_the_same_record_gives_the_same_files(delivery):
    first, second = (opened(casing.build(delivery, at=AT, is_whole=True)) for _ in range(2))
    signed_anew = {"certificate.pdf", "manifest.json"}
    assert [name for name in first if first[name] != second[name] and name not in signed_anew] == []
    assert cases.pack(first) == cases.pack(dict(reversed(first.items())))


def test_after_the_key_is_destroyed_it_is_without_the_names_and_says_so(delivery):
    assert retaining.destroy_keys(AT + timedelta(days=700)) == 1
    case = casing.build(fresh(delivery), at=AT, is_whole=True)
    gone = {"edition-sent.json", "paper-sent.pdf", "mail.eml", "dossier-public.json"}
    assert set(opened(case)) == WHOLE - gone
    assert b"Rosa Villacorta" not in case and "Bela Horvát".encode() not in case
    assert "destroyed, as promised" in " ".join(verify(case).checked)


def test_who_withdrew_since_is_in_no_case_file_but_of_what_left(delivery):
    signing.withdraw(Signature.objects.get(listing__name="Bela Horvát"))
    case = casing.build(fresh(delivery), at=AT)
    assert "Bela Horvát".encode() not in case and verify(case).is_known


def test_scans_and_what_a_person_brought_are_in_it(letter, client):
    Recipient.objects.update(channel="post", address="", postal="1 Quay Street")
    row = preparing.prepare(letter)[0]
    entering.enter(client, cast.esra(letter))
    receipt = SimpleUploadedFile("r.png", pictures.saved(pictures.mark()), "image/png")
    page = f"/desk/letters/clean-rivers/deliveries/{row.pk}/"
    assert client.post(f"{page}paper/").status_code == 200
    day = f"{timezone.now():%Y-%m-%dT%H:%M}"
    facts = {"day": day, "arrived": "on", "scan": receipt}
    assert client.post(f"{page}record/", facts).status_code == 302
    case = client.post(f"{page}case/").content
    scan = next(content for name, content in opened(case).items() if name.endswith(".webp"))
    assert scan[:4] == b"RIFF" and verify(case).is_known


def test_the_desk_gives_it_out_and_writes_it_down(delivery, letter, client):
    entering.enter(client, cast.esra(letter))
    page = f"/desk/letters/clean-rivers/deliveries/{delivery.pk}/"
    assert "Case file" in client.get(page).content.decode()
    answer = client.post(f"{page}case/")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "no-store" and verify(answer.content).is_known
    assert Trail.objects.filter(what="case file").count() == 1
    waiting = preparing.prepare(letter) or Delivery.objects.exclude(pk=delivery.pk)
    assert client.post(f"/desk/letters/clean-rivers/deliveries/{waiting[0].pk}/case/").status_code == 404


@pytest.fixture
def case(delivery) -> bytes:
    return casing.build(delivery, at=AT, is_whole=True)


def places(case: bytes) -> dict[str, tuple[int, int]]:
    """Where each file's bytes are in the ZIP, and the directory at its end."""
    with zipfile.ZipFile(io.BytesIO(case)) as archive:
        found = {}
        for entry in archive.infolist():
            begin = entry.header_offset + 30 + len(entry.filename)
            found[entry.filename] = (begin, begin + entry.file_size)
        return found | {"directory": (archive.start_dir, len(case))}


@pytest.mark.once
def test_one_flipped_byte_anywhere_is_noticed(case):
    tried = 0
    for begin, end in places(case).values():
        for at in {begin, end - 1, *range(begin, end, max(1, (end - begin) // 25))}:
            tried += 1
            with pytest.raises(verifying.CheckFailed):
                verify(case[:at] + bytes([case[at] ^ 1]) + case[at + 1 :])
    assert tried > 200


@pytest.mark.once
def test_any_flipped_byte_is_noticed(case):
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(at=st.integers(0, len(case) - 1), mask=st.integers(1, 255))
    def flipped(at, mask):
        with pytest.raises(verifying.CheckFailed):
            verify(case[:at] + bytes([case[at] ^ mask]) + case[at + 1 :])

    flipped()


@pytest.mark.once
def test_repacked_with_a_file_changed_missing_or_added_it_is_refused(case):
    files = opened(case)
    for name, content in files.items():
        at = len(content) // 2
        changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        without = {one: files[one] for one in files if one != name}
        for broken in (files | {name: changed}, without, files | {name: content + b" "}):
            with pytest.raises(verifying.CheckFailed):
                verify(cases.pack(broken))
    for added in ("scan-1.webp", "scan-99.webp"):
        with pytest.raises(verifying.CheckFailed, match="added"):
            verify(cases.pack(files | {added: b"x"}))


@pytest.mark.once
def test_a_file_of_another_case_does_not_fit(delivery, case, letter):
    other = next(one for one in Delivery.objects.exclude(pk=delivery.pk))
    assert sending.send(other)
    theirs = opened(casing.build(fresh(other), at=AT, is_whole=True))
    for name in ("certificate.pdf", "paper-sent.pdf", "delivery.json"):
        with pytest.raises(verifying.CheckFailed):
            verify(cases.pack(opened(case) | {name: theirs[name]}))


@pytest.mark.once
def test_a_record_that_contradicts_its_files_is_refused_even_sealed(case):
    files = {name: content for name, content in opened(case).items() if name != "manifest.json"}
    files["mail.eml"] += b"."
    sealed = bundles.manifest(
        files, kind="case", letter="clean-rivers", at="2026-07-06T12:00:00Z", form=cases.FORMAT
    )
    with pytest.raises(verifying.CheckFailed, match="on record"):
        verify(cases.pack(files | {"manifest.json": sealed}))


@pytest.mark.once
def test_another_bundle_is_no_case_file(case):
    files = {name: content for name, content in opened(case).items() if name != "manifest.json"}
    sealed = bundles.manifest(files, kind="archive", letter="clean-rivers", at="2026-07-06T12:00:00Z")
    with pytest.raises(verifying.CheckFailed, match="none of a case file"):
        verify(cases.pack(files | {"manifest.json": sealed}))


def zipped(*entries: tuple[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.once
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_bombs_and_paths_are_refused_before_anything_is_unpacked(case, monkeypatch):
    nasty = [
        zipped(("mail.eml", b"\0" * 50_000_000), how=zipfile.ZIP_DEFLATED),
        zipped(("../mail.eml", b"x")),
        zipped(("/etc/passwd", b"x")),
        zipped(("scan-1.webp/../../x", b"x")),
        zipped(("mail.eml", b"x"), ("mail.eml", b"y")),
        zipped(*[(f"scan-{number}.webp", b"") for number in range(500)]),
        zipped(),
        b"PK\x03\x04" + b"\0" * 100,
        case + b"\0",
        case[:-1],
        b"\0" + case,
    ]

    def never(*_):
        raise AssertionError("unpacked")

    for content in nasty[:6]:
        with monkeypatch.context() as patch, pytest.raises(verifying.CheckFailed):
            patch.setattr(zipfile.ZipFile, "read", never)
            verify(content)
    for content in nasty:
        with pytest.raises(verifying.CheckFailed):
            verify(content)
    monkeypatch.setattr(cases, "LARGEST", 1000)
    with pytest.raises(verifying.CheckFailed, match="larger"):
        verify(case)


@pytest.mark.once
def test_the_command_refuses_it_by_name(case, tmp_path):
    file = tmp_path / "case.zip"
    file.write_bytes(case.replace(b"Message-ID", b"Massage-ID", 1))
    with pytest.raises(CommandError, match="Not genuine"):
        call_command("verify", str(file))
