"""Refuses requests with a null byte, which PostgreSQL cannot store and nobody types.

Refused here once, because every query and form would otherwise need to think of it.
"""

from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError

from conference import errors


def words_of(values: QueryDict) -> Iterable[str]:
    """Yield the names and the values of a query or a form."""
    for name, listed in values.lists():
        yield name
        yield from listed


def has_null_byte(request: HttpRequest) -> bool:
    """Return whether the path, the query, a cookie or the form holds a null byte.

    Django decodes "\\000" in a quoted cookie, so a session key can hold one too. Too many fields raise
    SuspiciousOperation, which becomes a 400.
    """
    if "\0" in request.path:
        return True
    if request.method in ("GET", "HEAD") and not (request.META.get("QUERY_STRING") or request.META.get("HTTP_COOKIE")):
        return False  # nothing else was sent, as by most who only read
    if any("\0" in word for word in words_of(request.GET)):
        return True
    if any("\0" in value for value in request.COOKIES.values()):
        return True
    return request.method == "POST" and any("\0" in word for word in words_of(request.POST))


class RefuseNullBytes:
    """Answers 400 to a request with a null byte."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the site's answer, or 400."""
        try:
            refused = has_null_byte(request)
        except UnreadablePostError:  # the visitor went away in the middle of sending
            return errors.bad_request(request)
        return errors.null_byte(request) if refused else self.get_response(request)
