"""Exceptions for the log: where it happened and what kind of fault it was, never what somebody typed.

The words of an exception may quote anything: PostgreSQL says “Key (email)=(ada@example.org) already exists”, a form
says what it was sent, `int()` says what is no number. The lines of code that it came through quote nothing. So every
exception is told by its kind and its place, and by more only where that comes from the code, the schema, or the system.
"""

import errno
import os
import traceback
from collections.abc import Iterator

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from environs import EnvError

# Their words are made of names in the code, settings and templates. Subclasses may say what they like, hence not.
WORDS_OF_THE_CODE = (
    AttributeError, ImportError, ImproperlyConfigured, ModuleNotFoundError, NameError, RecursionError,
    TemplateDoesNotExist, TemplateSyntaxError, UnboundLocalError, ZeroDivisionError,
)  # fmt: skip
MOST_FRAMES = 60  # the last ones; recursion has a thousand
CAUSED = "\nThe above exception was the direct cause of the following exception:\n\n"
MEANWHILE = "\nDuring handling of the above exception, another exception occurred:\n\n"


def told(error: BaseException) -> str:
    """Return an exception with what led to it, as Python tells it, but for the words that may quote somebody."""
    return "".join(_parts(error, set())).rstrip("\n")


def kind_of(error: BaseException) -> str:
    """Return one line: the kind of an exception, and what may be said of it."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    more = _more(error)
    return f"{name}: {more}" if more else name


def _parts(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before, words = error.__cause__, CAUSED
    if before is None and not error.__suppress_context__:
        before, words = error.__context__, MEANWHILE
    if before is not None and id(before) not in seen:
        yield from _parts(before, seen)
        yield words
    if error.__traceback__:
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(error.__traceback__, limit=-MOST_FRAMES)
    yield f"{kind_of(error)}\n"
    for each in getattr(error, "exceptions", ()) if isinstance(error, BaseExceptionGroup) else ():
        yield from _parts(each, seen)


def _more(error: BaseException) -> str:
    if isinstance(error, psycopg.Error):
        return _of_postgresql(error)
    if isinstance(error, OSError) and error.errno in errno.errorcode:
        return os.strerror(error.errno)
    if type(error) in WORDS_OF_THE_CODE or isinstance(error, EnvError):
        return str(error)
    return ""


def _of_postgresql(error: psycopg.Error) -> str:
    """Return the names that PostgreSQL gives beside its words; of a connection that failed, the words."""
    if error.sqlstate:
        said = {name: getattr(error.diag, f"{name}_name") for name in ("constraint", "table", "column")}
        return ", ".join([f"SQLSTATE {error.sqlstate}", *(f"{name} {value}" for name, value in said.items() if value)])
    # Without a SQLSTATE no statement was answered: it is about the connection, whose words are libpq's.
    return str(error).partition("\n")[0] if type(error) is psycopg.OperationalError else ""
