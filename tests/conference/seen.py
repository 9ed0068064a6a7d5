"""Reading what the site says of itself: records made by hand, lines, and numbers."""

import json
import logging

from conference.logs.log_lines import JsonLines


def record(message, *values, name="tests", error=None, level=logging.ERROR, **more):
    """Return a record as the logging module makes it."""
    info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord(name, level, "", 0, message, values, info)
    vars(made).update(more)
    return made


def line(*args, **kwargs):
    """Return what the line of such a record says."""
    written = JsonLines().format(record(*args, **kwargs))
    assert "\n" not in written and written.isascii()
    return json.loads(written)


def raised(work):
    """Return the exception that this raises, with its traceback."""
    try:
        work()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def lines(text):
    """Return the lines of a log, each read as JSON: one that is not fails."""
    return [json.loads(each) for each in text.splitlines()]


def numbers(text):
    """Return what Prometheus would read: each name with its labels, as written, and its value."""
    rows = [each.rpartition(" ") for each in text.splitlines() if each and not each.startswith("#")]
    return {name: float(value) for name, _, value in rows}
