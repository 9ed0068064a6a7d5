"""What a line of the log says: JSON for machines, or plain for whoever develops. Neither names anybody.

A record's own fields are few, and only those that our code puts into `extra={"told": {…}}` are added: what others add
may be a request with all that was sent, or a statement with its values. gunicorn uses the same lines
(`gunicorn_lines`).
"""

import datetime
import json
import logging
import re
from typing import Any

from conference.logs import request_ids, safe_tracebacks
from conference.logs.hidden_links import hidden

# What the words of others may quote: an e-mail address, what follows the “?” of an address.
_EMAIL = re.compile(r"[^\s@<>\"'(),;:/=]+@[^\s@<>\"'(),;:/=]+")
_QUERY = re.compile(r"\?[^\s\"'<>]+")
_VALUES_OF_A_JOB = re.compile(r"\(.*\)", re.DOTALL)
_PLACE_AND_KIND = re.compile(r".*?:\d+: \w+(?=:)")
# gunicorn says who sent something that is no request, and quotes it.
_INVALID_REQUEST = "Invalid request from "


def said(record: logging.LogRecord) -> str:
    """Return the message of a record without what it may quote of somebody."""
    if record.name.startswith("django.security.") and not record.name.endswith(".csrf"):
        return record.name.rpartition(".")[2]  # the kind of the exception, whose words are the message
    try:
        words = record.getMessage()
    except Exception:  # values that do not fit: logging would print them all
        words = str(record.msg)
    if record.name == "gunicorn.error" and words.startswith(_INVALID_REQUEST):
        return "Invalid request"
    if record.name.startswith("procrastinate"):
        words = _VALUES_OF_A_JOB.sub("(…)", words)
    if record.name == "py.warnings" and (found := _PLACE_AND_KIND.match(words)):
        words = found[0]
    if record.name == "asyncio":  # from its second line on, it shows the exception
        words = words.partition("\n")[0]
    return masked(words)


def masked(words: str) -> str:
    """Return words without personal links, e-mail addresses, and the queries of addresses."""
    return _EMAIL.sub("…@…", _QUERY.sub("?…", hidden(words)))


class JsonLines(logging.Formatter):
    """One line of JSON a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, in ASCII: nothing in it can end it, nor fail to be written."""
        time = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, Any] = {
            "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": said(record),
            "process": record.process,
        }
        if number := request_ids.current():
            line["request"] = number
        line |= getattr(record, "told", {})
        if error := _error_of(record):
            line["exception"] = safe_tracebacks.told(error)
        return json.dumps(line, default=str)


class PlainLines(logging.Formatter):
    """A line for people. `in_full` tells exceptions with all their words, for one's own computer."""

    def __init__(self, *, in_full: bool = False) -> None:
        """Take how much is told of exceptions."""
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")
        self._in_full = in_full

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line, with what our code adds after it."""
        record.message = said(record)
        told = getattr(record, "told", {})
        return " ".join([super().formatMessage(record), *(f"{name}={json.dumps(told[name])}" for name in told)])

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the exception below it."""
        if self._in_full or not (error := _error_of(record)):
            return super().format(record)
        record.asctime = self.formatTime(record)
        return f"{self.formatMessage(record)}\n{safe_tracebacks.told(error)}"


def _error_of(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


class OnlyFaults(logging.Filter):
    """Lets exceptions through. Django says of every other error what our own line says with more."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record has an exception."""
        return bool(record.exc_info)
