from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from deliveries import retaining
from invitations import forgetting as invitations
from signatories import forgetting
from spaces import forgetting as spaces


class Command(BaseCommand):
    help = "Erase personal data whose time is over, as the clock does every hour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be erased, in counts")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        if dry_run:
            self._foretell()
            return
        at = timezone.now()
        erased = forgetting.forget(at=at) + retaining.retain(at=at)
        self.stdout.write(_("Erased: %(count)s signatures and keys of dossiers.") % {"count": erased})
        if gone := invitations.forget(at=at):
            self.stdout.write(_("Erased: %(count)s invitations.") % {"count": gone})
        if gone := spaces.forget(at=at):
            self.stdout.write(_("Erased: %(count)s accounts without a space.") % {"count": gone})

    def _foretell(self) -> None:
        at = timezone.now()
        rules = {
            _("rejected 30 days ago"): forgetting.rejected(at),
            _("withdrawn 30 days ago"): forgetting.withdrawn(at),
            _("closed, or without a closing date signed, 12 months ago"): forgetting.outlived(at),
            _("delivered to everyone 30 days ago"): forgetting.kept().filter(letter__in=retaining.over(at)),
        }
        told = [line for rule, rows in rules.items() for line in self._by_letter(rule, rows)]
        if expired := forgetting.expired(at):
            told.append(_("all letters, not confirmed in time: %(count)s attempts") % {"count": expired})
        if keys := retaining.destroyable(at).count():
            told.append(_("keys of dossiers that nobody needs any more: %(count)s") % {"count": keys})
        if gone := invitations.over(at).count() + invitations.declined(at).count():
            told.append(_("invitations answered or over: %(count)s") % {"count": gone})
        if gone := spaces.strays().count():
            told.append(_("accounts without a space: %(count)s") % {"count": gone})
        self.stdout.write("\n".join(told) or _("Nothing: no time is over."))

    def _by_letter(self, rule: str, rows: QuerySet) -> list[str]:
        counts = rows.order_by("letter__slug").values_list("letter__slug").annotate(Count("pk"))
        return [
            _("%(letter)s, %(rule)s: %(count)s signatures") % {"letter": slug, "rule": rule, "count": count}
            for slug, count in counts
        ]
