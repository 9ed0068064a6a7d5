"""What a request may say of its own letters: nothing, for here all is UTF-8.

Django decodes a query and a form by the `charset` of Content-Type, where anybody may name one that decodes to
half a letter (utf-7) or is none (rot13); and it fails on some other parameters before any middleware runs.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def is_plain(content_type: str) -> bool:
    """Return whether it can be read, and names no letters but UTF-8."""
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
    except (ValueError, LookupError):
        return False
    return charset.lower() in ("utf-8", "utf8")


def with_plain_content_type(application: Application) -> Application:
    """Return the application, asked without a Content-Type that is not plain: its form is then not read."""

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not is_plain(environ.get("CONTENT_TYPE", "")):
            environ["CONTENT_TYPE"] = ""
        return application(environ, start_response)

    return answer
