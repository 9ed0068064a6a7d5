"""The headers that every answer carries: pages, static files, redirects and errors alike.

All but one: 304 stands for a page that the browser has, with the headers that came with it, and is kept short. The two
policies would be two thirds of it, and browsers do not read them there (RFC 9110, 15.4.5).

Content-Security-Policy comes from django-csp, X-Frame-Options and Strict-Transport-Security from Django. This
middleware adds the rest, and the constant ones of Django's once more, because SecurityMiddleware cannot put them
on an answer that it refused itself (a request for a wrong host).
"""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
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
PERSONAL = "/my-day/"
NOT_MODIFIED = 304


OURS = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in SWITCHED_OFF),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}


def of_django() -> dict[str, str]:
    """Return the headers that Django's SecurityMiddleware adds to every answer but its own; the last tells by which."""
    return {
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Content-Type-Options": "nosniff",
    }


class PolicyMiddleware(CSPMiddleware):
    """Adds django-csp's Content-Security-Policy, put together once: ours is the same for every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the site."""
        super().__init__(get_response)
        self.policy = build_policy()
        self.without = (NOT_MODIFIED, 404, 500) if settings.DEBUG else (NOT_MODIFIED,)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the site's answer with the policy on it, unless it is 304 or Django's own debug page.

        No nonce is made: no page of ours has an inline script.
        """
        response = self.get_response(request)
        if response.status_code not in self.without:
            response.headers.setdefault(HEADER, self.policy)
        return response


class HeadersMiddleware:
    """Adds the constant headers, unless the view gave its own (a personal page's stricter Referrer-Policy)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the site, and put the headers together once."""
        self.get_response = get_response
        self.of_django = of_django()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the site's answer with the headers on it."""
        response = self.get_response(request)
        if request.path.startswith(PERSONAL):  # redirects and errors too: an address there may hold a secret
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers.setdefault("Cache-Control", "no-store, private")
        if response.status_code != NOT_MODIFIED:
            for name, value in OURS.items():
                response.headers[name] = value
        if "X-Content-Type-Options" not in response.headers:  # SecurityMiddleware was not asked
            for name, value in self.of_django.items():
                response.headers.setdefault(name, value)
        return response
