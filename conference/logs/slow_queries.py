"""Logs the statements that took long: their text, never a value.

psycopg puts the values into the text on their way to PostgreSQL, whose own slow-query log would therefore hold what
people typed. Here the text is seen before that, with its placeholders. What stands between quotes in it is left out
all the same, in case somebody writes a value there some day.
"""

import logging
import re
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

log = logging.getLogger(__name__)
LONGEST = 2_000
_WORDS = re.compile(r"'(?:[^']|'')*'")
_ROW = re.compile(r"%s(?:, ?%s)+")


def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute a statement, and log it if it took long; also one that failed, for it may have waited till then."""
    begun = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = (perf_counter() - begun) * 1000
        if milliseconds >= settings.SLOW_QUERY_MS:
            told = {"ms": round(milliseconds, 1), "sql": shown(sql)}
            log.warning("A statement took long", extra={"told": told})


def shown(sql: Any) -> str:
    """Return the text of a statement without anything between quotes, in one line, and shortened."""
    return " ".join(_ROW.sub("%s, …", _WORDS.sub("'…'", str(sql))).split())[:LONGEST]


def watch(connection: BaseDatabaseWrapper, **more: Any) -> None:
    """Note the statements of this connection; first, so that whoever adds another takes away his own."""
    if note not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, note)


def watch_all() -> None:
    """Note the statements of every connection that is made from now on."""
    connection_created.connect(watch, dispatch_uid="conference.logs.slow_queries")
