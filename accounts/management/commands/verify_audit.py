from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import chaining


class Command(BaseCommand):
    help = "Checks that no line of the trail was altered, removed or slipped in; exit code 1 if one was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head", default="", help="a hash from an auditor's mail: it has to be there still"
        )

    def handle(self, *, head: str, **options: Any) -> None:
        found = list(chaining.faults(head=head))
        for fault in found:
            self.stdout.write(fault)
        if found:
            raise CommandError("The trail is not as it was written.")
        last = chaining.head()
        self.stdout.write(f"Sound: {last.position} lines, {last.digest}" if last else "Sound, and empty.")
