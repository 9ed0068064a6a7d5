"""The pages people see when something is wrong: 400, 403, 404, 410, 500 and 503.

They ask the database nothing, so that they work when it is gone: their context is made from the settings, and no
context processor runs. Should even their template fail, a plain sentence is sent instead.
"""

import logging
import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path
from django.utils.html import escape
from django.utils.http import escape_leading_slashes
from django.views.decorators.csrf import requires_csrf_token

from conference import counted
from conference.logs import request_ids, safe_tracebacks
from registrations import kept, long_answers

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5
# PostgreSQL is away, full, or too busy to answer in time: it will pass, and is no fault in the site.
DATABASE_IS_AWAY = (OperationalError, InterfaceError)
START_AGAIN = (
    "The page was open for so long that its button could not be sent safely. Nothing is lost: start again. If it does "
    "not help, allow cookies from this site."
)
TITLES = {
    400: "This request could not be read",
    403: "This page is not open to you",
    404: "Page not found",
    410: "This page is no longer here",
    429: "Please try again later",
    500: "Something went wrong",
    503: "Please try again in a moment",
}


def context(status: int, **more: object) -> dict[str, object]:
    """Return what an error page's template may use; it comes from the settings, and from the request its id."""
    site = {
        "name": "Clinks",
        "help_email": settings.HELP_EMAIL,
        "help_phone": settings.HELP_PHONE,
        "url": settings.SITE_URL,
    }
    title = f"{TITLES[status]} – {site['name']}"
    page = {"page_title": title, "page_description": "", "canonical": None, "noindex": True, "menu_pages": ()}
    ours = {"site": site, "code": status, "heading": TITLES[status], "request_id": request_ids.current()}
    return {**ours, **page, **more}


def plain_page(status: int) -> str:
    """Return an error page without a template, for the day when the template is what fails."""
    title = escape(TITLES[status])
    contact = escape(f"If it lasts, write to {settings.HELP_EMAIL} or ring {settings.HELP_PHONE}.")
    head = f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>{title}</title>'
    return f"{head}<h1>{title}</h1><p>{contact}</p>"


def page(status: int, **more: object) -> HttpResponse:
    """Return the designed page for a status; `more` is added to its context."""
    try:
        body = render_to_string(f"errors/{status}.html", context(status, **more))
    except Exception:  # whatever the template does, people get an answer
        log.exception("The page for status %s could not be made", status)
        body = plain_page(status)
    return HttpResponse(body, status=status, headers={"Cache-Control": "no-store"})


def has_answers(request: HttpRequest) -> bool:
    """Whether somebody has sent answers to a view that promises to lose none; the database is not asked."""
    if request.method != "POST":
        return False
    try:
        found = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return False
    return getattr(found.func, "keeps_answers", False)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for a request that cannot be read (handler400); for answers too long, they are kept in it."""
    if not has_answers(request):
        return page(400)
    found = too_long(request) if isinstance(exception, RequestDataTooBig) else None
    return found or page(400, has_answers=True)


@requires_csrf_token  # as below
def too_long(request: HttpRequest) -> HttpResponse | None:
    """Return the page for answers that are too long to be read as a form; None if they cannot be read at all."""
    return long_answers.page(request)


def _address(request: HttpRequest) -> str:
    """Return the path that was asked for as a link may hold it, on this site whatever it looks like."""
    return escape_leading_slashes(escape_uri_path(request.path))


def too_large(request: HttpRequest) -> HttpResponse:
    """Return the page for something larger than any form of ours takes, with the way back to that form."""
    if has_answers(request):
        return page(400, has_answers=True)
    most = f"{settings.LARGEST_BODY // 1024**2} MB"
    return page(400, too_large=most, back=_address(request))


@requires_csrf_token  # this comes before Django's middleware has read the visitor's token, or given one
def null_byte(request: HttpRequest) -> HttpResponse:
    """Return the page for a request with a null byte; answers are kept in it. A form is led back to."""
    if has_answers(request):
        return kept.unreadable(request)
    if request.method != "POST" or "\0" in request.path:
        return bad_request(request)
    return page(400, unreadable=True, back=_address(request))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for somebody who may not do this (handler403)."""
    return page(403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that was open too long, or was sent from elsewhere; `form_expired` says so.

    Answers that were sent are kept in it; where a form is only its button, one starts again.
    """
    if not has_answers(request):
        return page(403, form_expired=True)
    if set(request.POST) <= {"csrfmiddlewaretoken"} and not kept.from_elsewhere(request):
        return kept.page(request, 403, "Please start again", START_AGAIN, again=False)
    return kept.expired(request)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for an address that leads nowhere (handler404)."""
    return page(404)


def gone(request: HttpRequest) -> HttpResponse:
    """Return the page for something that was here and is not any more."""
    return page(410)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return the page for a database that does not answer, which asks to try again in some seconds.

    Answers that were sent are kept in it.
    """
    if has_answers(request):
        return kept.busy(request)
    response = page(503, retry_after=RETRY_AFTER_SECONDS)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for a fault of ours (handler500), or the 503 page if the fault is the database's absence.

    Django calls this inside its `except`, so the exception can be asked for; a fault in a middleware, such as the
    one that reads sessions, comes here and not to DesignedErrors.process_exception.
    """
    if isinstance(sys.exception(), DATABASE_IS_AWAY):
        counted.database_away()
        return unavailable(request)
    return page(500)


class DesignedErrors:
    """Gives the designed page to a view that only names a status, and to one whose database went away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace an error without a word (`HttpResponseGone()`) by the designed page."""
        response = self.get_response(request)
        if response.status_code == 503 and not response.streaming and not response.content:
            return unavailable(request)
        if response.status_code in TITLES and not response.streaming and not response.content:
            return page(response.status_code)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 when the database is away; with DEBUG, leave it to Django's debug page."""
        if settings.DEBUG or not isinstance(exception, DATABASE_IS_AWAY):
            return None
        counted.database_away()
        log.error("The database did not answer: %s", safe_tracebacks.kind_of(exception.__cause__ or exception))
        return unavailable(request)
