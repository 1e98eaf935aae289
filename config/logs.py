"""One line per thing that happened, with nobody in it: JSON on a server, for people's eyes with DEBUG.

Modules log to `logging.getLogger(__name__)`. Every record, theirs or a library's, passes through the same
structlog processors: `settings.LOGGING` is what `configuration` says, and granian and Celery use it too.
"""

import json
import logging
import logging.config
import sys
import threading
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog

from config.redacting import chain_of, kind_of, redact, without_words

Event = MutableMapping[str, Any]
UNSAID = "a line could not be written"
FIELDS = ("at", "level", "logger", "event", "fault")
SHORTEST_WORDS = 4  # shorter ones, a KeyError's number for one, also stand elsewhere in a line


def configuration(*, readable: bool) -> dict[str, Any]:
    """The LOGGING of Django: one handler, one formatter, for everybody."""
    to_root: dict[str, Any] = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "config.logs.Lines", "readable": readable}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # these bring handlers of their own: mail to admins with what was posted, lines of another form
            "django": to_root | {"level": "INFO"},
            "django.server": to_root,
            "_granian": to_root,
            "granian.access": to_root,
            "celery": {"level": "WARNING"},
        },
    }


def configure(configuration: dict[str, Any]) -> None:
    """The LOGGING_CONFIG of Django: also what nobody caught, and warnings, become lines."""
    logging.config.dictConfig(configuration)
    logging.captureWarnings(True)
    if not configuration["formatters"]["line"]["readable"]:
        sys.excepthook = _uncaught
        threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


class Lines(structlog.stdlib.ProcessorFormatter):
    """Turns a record into its line. If that fails, what was to be logged is not printed instead."""

    def __init__(self, *, readable: bool = False) -> None:
        super().__init__(
            foreign_pre_chain=[
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
                structlog.stdlib.add_log_level,
                _logger_of_record,
            ],
            processors=[
                _without_exceptions_words,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_people,
                for_people if readable else structlog.processors.JSONRenderer(),
            ],
        )

    def format(self, record: logging.LogRecord) -> str:
        try:
            record = logging.makeLogRecord(record.__dict__)
            record.args = _kinds(record.args)
            return super().format(record)
        except Exception as error:
            # logging itself would print the record, with everything in it, to stderr
            event = {"level": "error", "logger": record.name, "event": f"{UNSAID}: {type(error).__name__}"}
            return json.dumps(event)


def for_people(logger: Any, method: str, event: Event) -> str:
    """A line for a developer's terminal, and below it where a fault came from."""
    line = f"{event['at'][11:19]} {event['level'].upper():<8} {event['event']}  ({event['logger']})"
    for fault in event.get("fault", []):
        line += "".join(f"\n    {_printable(text)}" for text in [*fault["places"], fault["kind"]])
    return line


def _logger_of_record(logger: Any, method: str, event: Event) -> Event:
    event["logger"] = event["_record"].name
    return event


def _without_exceptions_words(logger: Any, method: str, event: Event) -> Event:
    """Kind and place of a fault are enough to find it; its words quote what people typed."""
    event.pop("stack_info", None)
    # below the first line others repeat the exception (granian), or the body they could not read (Celery)
    event["event"] = event["event"].partition("\n")[0]
    error = (event.pop("exc_info", None) or (None, None))[1]
    if error is not None:
        event["fault"] = without_words(error)
        for each in chain_of(error):
            for words in (repr(each), str(each)):
                if len(words) >= SHORTEST_WORDS:
                    event["event"] = event["event"].replace(words, kind_of(each))
    return event


def _without_people(logger: Any, method: str, event: Event) -> Event:
    event["event"] = _printable(redact(event["event"]))
    return {name: event[name] for name in FIELDS if name in event}


def _printable(text: str) -> str:
    """The text on one line, with nothing that moves a cursor or turns the direction of writing."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _kinds(args: Any) -> Any:
    """The arguments of a line, with each exception replaced by its kind."""
    if isinstance(args, Mapping):
        return {name: _kind(value) for name, value in args.items()}
    return tuple(_kind(value) for value in args) if isinstance(args, tuple) else args


def _kind(value: Any) -> Any:
    return kind_of(value) if isinstance(value, BaseException) else value


def _uncaught(kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
    """What ends a process goes to the log like any fault. At a terminal a person may read it in full."""
    if sys.stderr.isatty() or issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)  # type: ignore[arg-type]
        return
    logging.getLogger(__name__).critical("nobody caught this", exc_info=(kind, error, where))  # type: ignore[arg-type]
