from typing import Any

from django.core.management import BaseCommand

from config import describing


class Command(BaseCommand):
    help = "Write the tables of docs/privacy.md anew, from what each app says of its columns (privacy.py)."

    def handle(self, *args: Any, **options: Any) -> None:
        describing.PAPER.write_text(describing.describe(describing.PAPER.read_text()))
        self.stdout.write(f"written: {describing.PAPER.name}")
