import os
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts import trail
from deliveries import editions, preparing, releasing, rendering, stamping
from letters.models import Letter, Recipient
from signatories.enrolled import exporting, sheets

FORMATS = ("csv", "json", "pdf", "xlsx")
WRITE = {"csv": exporting.to_csv, "json": exporting.to_json, "xlsx": sheets.to_xlsx}


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
        letter = _letter(slug)
        office = _recipient(letter, recipient)
        try:
            releasing.check_operator()
        except releasing.ReleaseNotAllowed:
            raise CommandError(_("Set OPERATOR_MAY_RELEASE=1 to export from the command line.")) from None
        if options["format"] == "pdf" and profile != "government":
            raise CommandError(_("Only the government profile has a paper: use --profile government."))
        content, count = _content(letter, profile, options["format"], office)
        _write(output, content)
        digest = editions.sha256(content)
        trail.record(
            "exported",
            about=letter,
            by=None,
            profile=profile,
            format=options["format"],
            rows=count,
            sha256=digest,
        )
        self.stdout.write(_("%(count)s signatories, SHA-256 %(hash)s") % {"count": count, "hash": digest})


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


def _content(letter: Letter, profile: str, form: str, recipient: Recipient | None) -> tuple[bytes, int]:
    """The file's bytes and how many signatories it names."""
    if form == "pdf":
        version = recipient.version if recipient else letter.current
        assert version is not None  # noqa: S101 - a draft was turned away before
        edition = preparing.edition_of(version)
        paper = rendering.render(edition, recipient=recipient)
        return stamping.stamp(paper), len(edition["signatories"])
    rows = list(exporting.rows(letter, profile=profile, recipient=recipient))
    return WRITE[form](rows, profile=profile), len(rows)


def _write(output: Path, content: bytes) -> None:
    """A new file for its owner's eyes, or an old one replaced."""
    try:
        with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be written: %(reason)s") % {"file": output.name, "reason": error.strerror}
        ) from None
