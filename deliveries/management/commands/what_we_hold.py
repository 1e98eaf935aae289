from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from deliveries import telling
from deliveries.models import Dossier
from letters.models import Letter
from signatories import holding


class Command(BaseCommand):
    help = "Say in counts what is kept about the signers of a letter, and what its page says of that."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")

    def handle(self, *args: Any, slug: str, **options: Any) -> None:
        letter = Letter.objects.select_related("current").filter(slug=slug).first()
        if letter is None:
            raise CommandError(_("There is no letter “%(slug)s”.") % {"slug": slug})
        held = holding.count(letter)
        sealed = Dossier.objects.filter(version__letter=letter, key__isnull=False).count()
        for what, number in {
            _("attempts that are not confirmed"): held.unconfirmed,
            _("e-mail addresses"): held.addresses,
            _("names that are not public"): held.hidden_names,
            _("names on the public list"): held.listed_names,
            _("signatures that count without a person"): held.anonymous,
            _("dossiers whose sealed list can be opened"): sealed,
        }.items():
            self.stdout.write(f"{number:>9}  {what}")
        self.stdout.write("")
        for sentence in telling.still_held(letter, holding=held):
            self.stdout.write(sentence)
