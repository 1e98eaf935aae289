from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from deliveries.demo import seeding


class Command(BaseCommand):
    help = "Put the demo letters into the database. Letters that are there already are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        new = seeding.seed()
        for letter in new:
            self.stdout.write(letter.slug)
        if not new:
            self.stdout.write(_("The demo letters are there already."))
