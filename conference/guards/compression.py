"""Compresses public pages, and only those: a compressed page with a secret in it can leak the secret (BREACH)."""

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import has_vary_header


def may_hold_a_secret(response: HttpResponse) -> bool:
    """Return whether a response depends on who asks, sets a cookie, or says that it must not be stored."""
    return bool(
        response.cookies
        or has_vary_header(response, "Cookie")
        or "no-store" in response.get("Cache-Control", "")
        or "private" in response.get("Cache-Control", "")
    )


class CompressPublicPages(GZipMiddleware):
    """Django's compression, for responses that are the same for everybody."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Return the response, compressed if it is public and the browser accepts it.

        One that says that it depends on Accept-Encoding (a stored page) has chosen already.
        """
        if response.headers.get("Vary") == "Accept-Encoding" or has_vary_header(response, "Accept-Encoding"):
            return response
        if may_hold_a_secret(response):
            return response
        return super().process_response(request, response)
