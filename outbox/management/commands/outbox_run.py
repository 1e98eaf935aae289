"""Send waiting mail without Celery: nothing but the database is needed."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections, connection
from django.utils.translation import gettext as _

from outbox import draining
from outbox.draining import place

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send waiting mail until stopped. SIGTERM finishes the mail at hand first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=2.0, help=_("seconds between looks at the queue"))
        parser.add_argument("--once", action="store_true", help=_("stop when nothing is due"))

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            self.drain(stop)
            if options["once"]:
                return
            stop.wait(options["every"])

    def drain(self, stop: threading.Event) -> None:
        close_old_connections()
        try:
            draining.drain(stopping=stop.is_set)
        except Error as error:
            # The database restarts; what was being sent is in the hands of its lease.
            logger.error("sending was interrupted: %s", place(error))
            connection.close()
