"""Counts every request, and logs those that say something: what was written, refused, failed, or slow.

A rush is GET after GET of stored pages, each of which costs less than writing a line about it. So what was only looked
at, succeeded, and was quick is counted (`counted`) and not logged.
"""

import logging
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from conference import counted
from conference.logs import log_lines, request_ids

log = logging.getLogger("conference.requests")
SLOW = 1.0  # seconds
ONLY_LOOKING = ("GET", "HEAD")


class NoteRequests:
    """Gives each request its id, and notes what came of it. It stands first, so that it sees every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the site's answer with the id of the request on it."""
        begun = perf_counter()
        number = request_ids.begin(request)
        response = self.get_response(request)
        response.headers[request_ids.HEADER] = number
        seconds, status = perf_counter() - begun, response.status_code
        counted.request(route_of(request), status, seconds)
        if status >= 400 or seconds >= SLOW or request.method not in ONLY_LOOKING:
            _say(request, status, seconds)
        return response


def route_of(request: HttpRequest) -> str:
    """Return the name of the view that answered; “static” for files, “none” where no view did."""
    found = request.resolver_match
    if found is not None:
        return found.view_name or "none"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


def _say(request: HttpRequest, status: int, seconds: float) -> None:
    route = route_of(request)
    level = logging.ERROR if status >= 500 else logging.WARNING if seconds >= SLOW else logging.INFO
    told = {
        "method": request.method,
        "path": log_lines.masked(request.path),
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
    }
    log.log(level, "%s %s %s", request.method, route, status, extra={"told": told})
