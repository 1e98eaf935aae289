"""A paper of several volumes is handed out whole: at the desk as one ZIP, by `export` as a file for each."""

import io
import zipfile

import pytest
from django.core.management import call_command

from accounts.models import Trail
from deliveries.dossiers import parting
from deliveries.proofs import verifying
from letters.models import Role
from signatories.enrolled import enrolling
from signatories.models import Visibility
from tests import cast
from tests.deliveries.proofs.test_verifying import check
from tests.deliveries.test_releasing import place, proposed, signed_in


@pytest.fixture
def desk(letter):
    return signed_in(cast.esra(letter, Role.Kind.DELIVERER, name="Dunya"))


@pytest.fixture
def many(letter, monkeypatch):
    """Five names, two to a volume."""
    monkeypatch.setattr(parting, "VOLUME", 2)
    for number in range(3):
        cast.confirmed(
            letter, name=f"Signer {number}", email=f"{number}@canary.example", visibility=Visibility.PUBLIC
        )
    enrolling.enrol(at_once=True)
    return letter


def kept(finding, of):
    """What `verify` says of a volume, if it is that one."""
    assert finding.is_known
    return of == 1 or f"volume {of} of 3" in finding.checked[1]


class TestTheDesk:
    def paper(self, letter, desk):
        """What somebody gets who has not proposed it."""
        release = proposed(letter, desk)
        office = release.recipients.first()
        return release, signed_in(cast.esra(letter)).post(
            place(letter, f"releases/{release.pk}/papers/{office.pk}/")
        )

    def test_gives_out_several_volumes_as_one_zip(self, many, desk):
        release, answer = self.paper(many, desk)
        assert answer["Content-Type"] == "application/zip" and answer["Cache-Control"] == "no-store"
        assert f"clean-rivers-{release.pk}.zip" in answer["Content-Disposition"]
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            entries = archive.infolist()
            papers = [archive.read(entry) for entry in sorted(entries, key=lambda one: len(one.filename))]
        names = sorted(entry.filename for entry in entries)
        assert names == sorted(parting.file_name(f"clean-rivers-{release.pk}", n) for n in (1, 2, 3))
        assert {(one.compress_type, one.date_time[0]) for one in entries} == {(zipfile.ZIP_STORED, 1980)}
        assert all(kept(check(paper), number) for number, paper in enumerate(papers, start=1))
        assert Trail.objects.filter(what="paper looked at", letter=many.pk).count() == 1

    def test_gives_out_one_as_the_pdf_it_is(self, letter, desk):
        _, answer = self.paper(letter, desk)
        assert answer["Content-Type"] == "application/pdf" and check(answer.content).is_known


class TestTheCommand:
    def test_writes_each_volume_beside_the_first(self, many, tmp_path, capsys):
        output = tmp_path / "list.pdf"
        call_command("export", many.slug, profile="government", format="pdf", output=output)
        written = [tmp_path / name for name in ("list.pdf", "list-2.pdf", "list-3.pdf")]
        assert sorted(tmp_path.iterdir()) == sorted(written)
        for number, file in enumerate(written, start=1):
            assert file.stat().st_mode & 0o777 == 0o600
            assert kept(verifying.verify(file.read_bytes(), keys=verifying.own_keys()), number)
        said = capsys.readouterr().out
        line = Trail.objects.get(what="exported")
        further = line.detail["further"].split()
        assert line.detail["rows"] == 5 and len(further) == 2
        assert all(digest in said for digest in [line.detail["sha256"], *further])
        assert "list-3.pdf: SHA-256" in said

    def test_writes_one_file_where_one_holds_all(self, letter, tmp_path):
        output = tmp_path / "list.pdf"
        call_command("export", letter.slug, profile="government", format="pdf", output=output)
        assert list(tmp_path.iterdir()) == [output]
        assert "further" not in Trail.objects.get(what="exported").detail
