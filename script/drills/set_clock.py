"""The site with a clock that a drill can set: gunicorn serves `application`, CLOCK names the file with its offset."""

import datetime
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import time_machine

from conference.wsgi import application as site

_file = Path(os.environ["CLOCK"])
_escape = time_machine.escape_hatch.datetime.datetime
_set = time_machine.travel(datetime.datetime.now(datetime.UTC), tick=True).start()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Set the clock as the file says, and answer."""
    off = datetime.timedelta(seconds=float(_file.read_text()))
    _set.move_to(_escape.now(datetime.UTC) + off, tick=True)
    return site(environ, start_response)
