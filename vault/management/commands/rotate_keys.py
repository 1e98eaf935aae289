from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from vault import rotating


class Command(BaseCommand):
    help = (
        "Seal everything that is encrypted in the database under the newest of FIELD_KEYS. The site may run "
        "meanwhile; interrupted, it goes on where it stopped. Afterwards the older keys can be removed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=rotating.BATCH, help="rows in one transaction")
        parser.add_argument("--dry-run", action="store_true", help="only say how much there is to do")

    def handle(self, *args: Any, batch: int, dry_run: bool = False, **options: Any) -> None:
        if dry_run:
            self.stdout.write(_("%(count)s rows are under older keys.") % {"count": rotating.left_over()})
            return
        unreadable = self._rotate(max(batch, 1))
        if unreadable:
            raise CommandError(
                _(
                    "%(count)s rows are sealed under a key that is not in FIELD_KEYS, or were altered. They "
                    "were left as they are: put the missing key back behind the newest, and begin again."
                )
                % {"count": unreadable}
            )
        if len(settings.FIELD_KEYS) > 1:
            self.stdout.write(_("Everything is under the newest key. The older ones can be removed."))
        else:
            self.stdout.write(_("Everything is under the one key there is."))

    def _rotate(self, batch: int) -> int:
        """Rotate and tell of it; how many rows no key opens."""
        done, unreadable = Counter[str](), 0
        try:
            for step in rotating.rotate(batch=batch):
                model = step.model._meta.label
                done[model] += step.resealed
                unreadable += step.unreadable
                self.stdout.write(f"{model}: {done[model]}")
        except rotating.RowsInUse as error:
            raise CommandError(
                _("Rows of %(model)s are being held by somebody. Begin again; what is done stays done.")
                % {"model": error}
            ) from None
        return unreadable
