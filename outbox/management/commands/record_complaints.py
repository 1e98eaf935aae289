"""Read what comes back of our mail, from where the mail server has put it."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from outbox import returning
from outbox.returning import Return

STDIN = "-"


class Command(BaseCommand):
    help = (
        "Note which of our mails were complained about (RFC 5965) or came back (RFC 3464). Reads mails from "
        "files, from directories such as a Maildir, or one from standard input. The same report twice is "
        "counted once, and anything else is left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("places", nargs="+", metavar="FILE", help="a file, a directory, or - for stdin")

    def handle(self, *args: Any, places: list[str], **options: Any) -> None:
        counts = Counter(returning.record(content) for place in places for content in mails(place))
        self.stdout.write(
            _("Complaints: %(complaints)s. Bounces: %(bounces)s. Nothing new: %(others)s.")
            % {
                "complaints": counts[Return.COMPLAINT],
                "bounces": counts[Return.BOUNCE],
                "others": counts[None],
            }
        )


def mails(place: str) -> Iterator[bytes]:
    """The mails at a place, as they were received. Raises CommandError."""
    if place == STDIN:
        yield sys.stdin.buffer.read(returning.MOST)
        return
    path = Path(place)
    if not path.exists():
        raise CommandError(_("There is no such file or directory: %(path)s") % {"path": path})
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    for file in files:
        if file.is_file() and file.parent.name != "tmp":  # where a Maildir's mails are still being written
            with file.open("rb") as mail:
                yield mail.read(returning.MOST)
