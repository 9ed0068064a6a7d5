"""Refuses requests that are larger than any form of ours, before a byte of them is written to the disk.

Django bounds a form's fields but not its files: it would keep whatever anybody sends, to any address.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from conference import errors


def is_too_large(request: HttpRequest) -> bool:
    """Return whether the request says that it is too large; one that says nothing of its size is not read at all."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and (len(length) > 18 or int(length) > settings.LARGEST_BODY)


class RefuseLargeBodies:
    """Answers 400 to a request that is too large."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the site's answer, or 400."""
        return errors.too_large(request) if is_too_large(request) else self.get_response(request)
