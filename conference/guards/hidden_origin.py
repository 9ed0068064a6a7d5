"""Lets the forms of personal pages through Django's protection against forged ones.

A page with `Referrer-Policy: no-referrer` sends its forms with `Origin: null`, as browsers have to, and Django refuses
what comes from nowhere. The browser itself says in another header, which no page can set, whether it came from this
site. A browser that does not say so yet (before 2023) gets the page that keeps what was typed, and sends it from there.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class TellHiddenOrigin:
    """Puts this site’s own origin where the browser hides it and vouches for it; the form’s token is still asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the site's answer."""
        if request.META.get("HTTP_ORIGIN") == "null" and request.META.get("HTTP_SEC_FETCH_SITE") == "same-origin":
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        return self.get_response(request)
