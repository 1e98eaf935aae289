from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from deliveries import preparing, rechecking, releasing
from deliveries.dossiers import freezing
from deliveries.models import Delivery
from letters.models import Letter, Recipient
from outbox.models import State


class Command(BaseCommand):
    help = (
        "Prepare and queue the deliveries of an open or closed letter. Who was served already is left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--dry-run", action="store_true", help="only say who would be served")

    def handle(self, *args: Any, slug: str, dry_run: bool = False, **options: Any) -> None:
        letter = Letter.objects.select_related("current").filter(slug=slug).first()
        if letter is None:
            raise CommandError(_("There is no letter “%(slug)s”.") % {"slug": slug})
        try:
            releasing.check_operator()
            self._say_served(letter)
            if dry_run:
                self._say_unserved(letter)
            else:
                self._deliver(letter)
        except releasing.ReleaseNotAllowed:
            raise CommandError(_("Set OPERATOR_MAY_RELEASE=1 to deliver from the command line.")) from None
        except preparing.TakenDown:
            raise CommandError(
                _("“%(slug)s” was taken down: nothing of it leaves any more.") % {"slug": slug}
            ) from None
        except preparing.Archived:
            raise CommandError(_("“%(slug)s” is archived: its names are gone.") % {"slug": slug}) from None
        except freezing.NothingToDeliver:
            raise CommandError(
                _("“%(slug)s” is a draft: there is nothing to deliver.") % {"slug": slug}
            ) from None

    def _say_served(self, letter: Letter) -> None:
        for delivery in Delivery.objects.of(letter).standing().select_related("recipient__version"):
            told = {"office": _name(delivery.recipient, letter), "state": _state(delivery)}
            self.stdout.write(_("left alone: %(office)s (%(state)s)") % told)

    def _say_unserved(self, letter: Letter) -> None:
        for recipient in preparing.unserved(letter):
            self.stdout.write(_("would be served: %(office)s") % {"office": _name(recipient, letter)})

    def _look_again(self, letter: Letter) -> None:
        """Name whose evidence fell, and let the operator look at the list before it leaves."""
        looked = rechecking.recheck(letter)
        for organisation in looked.unknown:
            self.stdout.write(
                _("the DNS did not answer about %(name)s: its evidence stands as it was")
                % {"name": organisation.name}
            )
        for organisation in looked.fallen:
            self.stdout.write(
                _("%(name)s: what proved it by its domain is not there any more")
                % {"name": organisation.name}
            )
        if looked.uncarried:
            self.stdout.write(
                _("verified by the word of others until now, and waiting for a moderator: %(count)s")
                % {"count": looked.uncarried}
            )
        if looked.fallen or looked.uncarried:
            raise CommandError(
                _("Nothing was prepared. Look at these organisations at the desk, then run this again.")
            )

    def _deliver(self, letter: Letter) -> None:
        if preparing.unserved(letter):
            self._look_again(letter)
        deliveries = preparing.prepare(letter)
        for delivery in deliveries:
            said = _("waits for a person: %(office)s") if _is_held(delivery) else _("queued: %(office)s")
            self.stdout.write(said % {"office": _name(delivery.recipient, letter)})
        if not deliveries:
            self.stdout.write(_("Nobody is left to serve."))
        elif not preparing.queue(deliveries):
            self.stdout.write(_("No broker answers. The deliveries wait, and leave once a worker runs."))


def _is_held(delivery: Delivery) -> bool:
    return delivery.state == State.HELD


def _state(delivery: Delivery) -> str:
    return _("waits for a person") if _is_held(delivery) else str(State(delivery.state).label)


def _name(recipient: Recipient, letter: Letter) -> str:
    """The office, and which version it gets where that is not the present one."""
    if recipient.version_id == letter.current_id:
        return recipient.office
    number = recipient.version.number
    return _("%(office)s, version %(number)s") % {"office": recipient.office, "number": number}
