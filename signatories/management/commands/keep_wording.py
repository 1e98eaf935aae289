from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from signatories import consenting


class Command(BaseCommand):
    help = (
        "Write the sentences that signers agree to, in every language, to signatories/wordings/. "
        "For developers: whoever changes a sentence gives the wording a new name first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="replace a wording nobody has agreed to yet")

    def handle(self, *args: Any, again: bool = False, **options: Any) -> None:
        file = consenting.KEPT / f"{consenting.WORDING}.json"
        content = consenting.file_of([code for code, _ in settings.LANGUAGES])
        if file.exists() and file.read_bytes() != content and not again:
            raise CommandError(
                f"{file.name} is kept already and reads otherwise. Give WORDING in signatories/consenting.py "
                "a new name. Only if nobody has agreed to it yet: --again."
            )
        file.write_bytes(content)
        self.stdout.write(f"kept: {file.name}")
