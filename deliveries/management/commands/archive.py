from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts import trail
from deliveries.papers import certificates, stamping
from deliveries.proofs import archiving
from letters.models import Letter


class Command(BaseCommand):
    help = (
        "Write an archive bundle of a letter: a folder of plain, signed files, which any web server can "
        "mirror. The letter itself is not archived by that: its names stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("folder", type=Path, help="a new folder, or one that is empty")

    def handle(self, *args: Any, slug: str, folder: Path, **options: Any) -> None:
        letter = Letter.objects.select_related("current").filter(slug=slug).first()
        if letter is None:
            raise CommandError(_("There is no letter “%(slug)s”.") % {"slug": slug})
        try:
            names = archiving.write(letter, folder)
        except archiving.NotPublic:
            raise CommandError(
                _("“%(slug)s” is a draft, or was taken down: there is nothing to write a bundle of.")
                % {"slug": slug}
            ) from None
        except archiving.InTheWay:
            raise CommandError(
                _("There is something in %(folder)s already. Name a new folder.") % {"folder": folder}
            ) from None
        except (stamping.NoTimeStamp, certificates.CertificateUnusable) as error:
            raise CommandError(_("The paper could not be signed: %(reason)s") % {"reason": error}) from None
        except OSError as error:
            raise CommandError(
                _("%(folder)s cannot be written: %(reason)s") % {"folder": folder, "reason": error.strerror}
            ) from None
        trail.record("letter written as an archive", about=letter, by=None, files=len(names))
        self.stdout.write(
            _("%(count)s files in %(folder)s. Check them: manage.py verify %(folder)s")
            % {"count": len(names), "folder": folder}
        )
