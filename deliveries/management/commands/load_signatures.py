from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from deliveries.demo import loading
from letters.models import Letter


class Command(BaseCommand):
    help = "Add synthetic confirmed signatures to a letter, for measuring. Never on a letter that matters."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--count", type=int, required=True)

    def handle(self, *args: Any, slug: str, count: int, **options: Any) -> None:
        letter = Letter.objects.select_related("current").filter(slug=slug).first()
        if letter is None:
            raise CommandError(_("There is no letter “%(slug)s”.") % {"slug": slug})
        if count < 1:
            raise CommandError(_("--count must be 1 or more."))
        try:
            loading.load(letter, count=count)
        except loading.NothingToSign:
            raise CommandError(
                _("“%(slug)s” is a draft: there is no text to sign.") % {"slug": slug}
            ) from None
        self.stdout.write(_("%(count)s signatures loaded and enrolled.") % {"count": count})
