import hashlib
import io
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts import trail
from deliveries import releasing
from deliveries.dossiers import freezing
from deliveries.papers import certificates, rendering, stamping
from letters.models import Letter, Recipient, Version
from signatories.enrolled import exporting, sheets, writing
from signatories.enrolled.exporting import Wanted

FORMATS = ("csv", "json", "pdf", "xlsx")
WRITE = {"csv": writing.to_csv, "json": writing.to_json, "xlsx": sheets.to_xlsx}


class Command(BaseCommand):
    help = "Write the signatories of a letter, as one profile may know them, to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--profile", choices=list(exporting.PROFILES), required=True)
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("--output", type=Path, required=True)
        parser.add_argument(
            "--recipient", type=int, help="number of the recipient the government profile is for"
        )

    def handle(
        self, *args: Any, slug: str, profile: str, output: Path, recipient: int | None = None, **options: Any
    ) -> None:
        letter, form = _letter(slug), options["format"]
        office = _recipient(letter, recipient)
        try:
            releasing.check_operator()
        except releasing.ReleaseNotAllowed:
            raise CommandError(_("Set OPERATOR_MAY_RELEASE=1 to export from the command line.")) from None
        if form == "pdf" and profile != "government":
            raise CommandError(_("Only the government profile has a paper: use --profile government."))
        files, count = _papers(letter, office) if form == "pdf" else _list(letter, profile, form, office)
        digest, *further = [
            _write(_beside(output, number), content) for number, content in enumerate(files, start=1)
        ]
        trail.record(
            "exported",
            about=letter,
            by=None,
            profile=profile,
            format=form,
            rows=count,
            sha256=digest,
            **({"further": " ".join(further)} if further else {}),
        )
        self.stdout.write(_("%(count)s signatories, SHA-256 %(hash)s") % {"count": count, "hash": digest})
        for number, digest in enumerate(further, start=2):
            told = {"file": _beside(output, number).name, "hash": digest}
            self.stdout.write(_("%(file)s: SHA-256 %(hash)s") % told)


def _letter(slug: str) -> Letter:
    letter = Letter.objects.select_related("current").filter(slug=slug).first()
    if letter is None:
        raise CommandError(_("There is no letter “%(slug)s”.") % {"slug": slug})
    if letter.current is None:
        raise CommandError(_("“%(slug)s” is a draft: nobody has signed it.") % {"slug": slug})
    return letter


def _recipient(letter: Letter, pk: int | None) -> Recipient | None:
    if pk is None:
        return None
    found = Recipient.objects.select_related("version").filter(pk=pk, version__letter=letter).first()
    if found is None:
        raise CommandError(_("The letter has no recipient %(number)s.") % {"number": pk})
    return found


def _version(letter: Letter, recipient: Recipient | None) -> Version:
    """The version that the recipient gets, or the one that is signed now."""
    version = recipient.version if recipient else letter.current
    assert version is not None  # noqa: S101 - a draft was turned away before
    return version


def _papers(letter: Letter, recipient: Recipient | None) -> tuple[list[IO[bytes]], int]:
    """The volumes of the dossier's paper and how many signatories they name."""
    edition = freezing.edition_of(_version(letter, recipient))
    papers = rendering.volumes(edition, recipient=recipient)
    try:
        files: list[IO[bytes]] = [io.BytesIO(stamping.stamp(paper)) for paper in papers]
    except (stamping.NoTimeStamp, certificates.CertificateUnusable) as error:
        raise CommandError(_("The paper could not be signed: %(reason)s") % {"reason": error}) from None
    return files, len(edition["signatories"])


def _list(
    letter: Letter, profile: str, form: str, recipient: Recipient | None
) -> tuple[list[IO[bytes]], int]:
    """The list as a file under no name, and how many signatories it names."""
    if form == "xlsx" and exporting.count(_version(letter, recipient), Wanted(profile)) > sheets.MOST:
        raise CommandError(
            _("A spreadsheet holds %(most)s rows, and the list has more: use --format csv or json.")
            % {"most": sheets.MOST}
        )
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed once it is copied
    rows = _Counted(exporting.rows(letter, profile=profile, recipient=recipient))
    WRITE[form](rows, file, profile=profile)
    return [file], rows.count


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterator[dict[str, Any]]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self._rows:
            self.count += 1
            yield row


def _beside(output: Path, number: int) -> Path:
    """Where a volume of a paper goes, by its number from 1."""
    return output if number == 1 else output.with_name(f"{output.stem}-{number}{output.suffix}")


def _write(output: Path, content: IO[bytes]) -> str:
    """A new file for its owner's eyes, or an old one replaced. Returns its SHA-256."""
    content.seek(0)
    digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    content.seek(0)
    try:
        with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # an old one too, before a name is in it
                os.fchmod(file.fileno(), 0o600)
                file.truncate()
            shutil.copyfileobj(content, file)
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be written: %(reason)s") % {"file": output.name, "reason": error.strerror}
        ) from None
    return digest
