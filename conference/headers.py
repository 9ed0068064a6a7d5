"""The headers that every answer carries: pages, static files, redirects and errors alike.

Content-Security-Policy comes from django-csp, X-Frame-Options and Strict-Transport-Security from Django. This
middleware adds the rest, and the constant ones of Django's once more, because SecurityMiddleware cannot put them
on an answer that it refused itself (a request for a wrong host).
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# What a page about a conference never needs, and what a hostile extension of ours must not get.
SWITCHED_OFF = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)


def constant_headers() -> dict[str, str]:
    """Return the headers whose value is the same for every answer."""
    return {
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in SWITCHED_OFF),
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Content-Type-Options": "nosniff",
    }


class HeadersMiddleware:
    """Adds the constant headers, unless the view gave its own (a personal page's stricter Referrer-Policy)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the site, and put the headers together once."""
        self.get_response = get_response
        self.headers = constant_headers()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the site's answer with the headers on it."""
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response
