"""One line per thing that happened, with nobody in it."""

import logging
import re
import traceback
from types import TracebackType

SECRET_LINK = re.compile(r"/(s|m|u|o|d)/[^/\s?\"']+")
ADDRESS = re.compile(r"[^\s@<>\"'=(]+@[^\s@<>\"')]+")


class LineWithoutPeople(logging.Formatter):
    """Takes out addresses and secret links, and of an exception the words.

    Other people's code logs too: Django the path of a page that is not there, which may be a mistyped
    secret link, and a database's complaint quotes the row. Kind and place of a fault are enough to find it.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = SECRET_LINK.sub(r"/\1/...", super().format(record))
        return ADDRESS.sub("...@...", line)

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        error = ei[1]
        lines = []
        while error is not None:
            places = traceback.extract_tb(error.__traceback__)
            lines += [f"  {place.filename}:{place.lineno} in {place.name}" for place in places]
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or error.__context__
        return "\n".join(lines)
