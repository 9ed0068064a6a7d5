"""How the headers of every kind of answer would score at MDN's HTTP Observatory: 145 or more.

The rules and numbers are those that MDN publishes for it (“Tests and scoring”, as of 2026): a hundred to begin with,
less for what is missing, more for what is done beyond. That a site is in the browsers' HSTS list (5 more) is its
owner's to decide.
"""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from events.storing import release
from tests.page_types import addresses
from tests.registrations.builders import NOW, make_ticket_type

WANTED = 145
SIX_MONTHS = 15_768_000
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def policy(answer: HttpResponse) -> dict[str, list[str]]:
    """Return the directives of the Content-Security-Policy."""
    listed = [each.split() for each in answer.get("Content-Security-Policy", "").split(";") if each.split()]
    return {name.lower(): sources for name, *sources in listed}


def of_policy(answer: HttpResponse) -> int:
    directives = policy(answer)
    if not directives:
        return -25
    script, style = (directives.get(name, directives.get("default-src", ["*"])) for name in ("script-src", "style-src"))
    if any(source in script for source in ("'unsafe-inline'", "*", "data:", "https:", "http:")):
        return -20
    if "'unsafe-eval'" in script:
        return -10
    if "'unsafe-inline'" in style:
        return 0
    return 10 if directives.get("default-src") == ["'none'"] else 5


def of_cookies(answer: HttpResponse) -> int:
    cookies = list(answer.cookies.values())
    if not cookies:
        return 0
    if not all(each["secure"] for each in cookies):
        return -20
    if not all(each["httponly"] for each in cookies if "csrf" not in each.key):
        return -30
    return 5 if all(each["samesite"] in ("Lax", "Strict") for each in cookies) else 0


def of_transport(answer: HttpResponse) -> int:
    words = [each.strip().lower() for each in answer.get("Strict-Transport-Security", "").split(";")]
    [age] = [int(each.partition("=")[2]) for each in words if each.startswith("max-age=")] or [-1]
    return -20 if age < 0 else 0 if age >= SIX_MONTHS else -10


def of_framing(answer: HttpResponse) -> int:
    if policy(answer).get("frame-ancestors") in (["'none'"], ["'self'"]):
        return 5
    return 0 if answer.get("X-Frame-Options") in ("DENY", "SAMEORIGIN") else -20


def of_referrer(answer: HttpResponse) -> int:
    given = answer.get("Referrer-Policy")
    return 0 if given is None else 5 if given in PRIVATE else -5


def of_value(name: str, good: set[str], more: int, less: int = 0):
    return lambda answer: less if answer.get(name) is None else more if answer[name] in good else min(less, -5)


TESTS = {
    "policy": of_policy,
    "cookies": of_cookies,
    "transport": of_transport,
    "framing": of_framing,
    "referrer": of_referrer,
    "types": of_value("X-Content-Type-Options", {"nosniff"}, 0, -5),
    "resources": of_value("Cross-Origin-Resource-Policy", {"same-origin", "same-site"}, 10),
    "opener": of_value("Cross-Origin-Opener-Policy", {"same-origin", "same-origin-allow-popups"}, 10),
    "embedder": of_value("Cross-Origin-Embedder-Policy", {"require-corp", "credentialless"}, 10),
    "sharing": lambda answer: -50 if answer.get("Access-Control-Allow-Origin") == "*" else 0,
    # No page has a script of its own so far; one that had would need its hash.
    "scripts": lambda answer: -5 if b"<script src" in answer.content and b"integrity=" not in answer.content else 0,
}


def score(answer: HttpResponse) -> int:
    """Return the score; what is done beyond counts only from 90 on."""
    found = [test(answer) for test in TESTS.values()]
    base = 100 + sum(number for number in found if number < 0)
    return base + sum(number for number in found if number > 0) if base >= 90 else base


@pytest.fixture
def asking(furnished, client, settings, time_machine):
    """Ask as over https, with the settings that a site has that is not on one's own computer."""
    time_machine.move_to(NOW, tick=False)
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 365 * 24 * 60 * 60, True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.IS_LOCAL, settings.SECURE_SSL_REDIRECT = False, True
    client.raise_request_exception = False
    return lambda address, method="get", secure=True, **more: getattr(client, method)(address, secure=secure, **more)


def test_every_kind_of_answer_reaches_it(asking, furnished):
    make_ticket_type(furnished.event)
    register = reverse("registrations:start", kwargs={"event": furnished.event.slug})
    wanted = {
        **addresses(furnished), "register": register, "find": "/my-day/find/", "admin": "/admin/login/",
        "404": "/no/such/page/", "robots": "/robots.txt", "site map": "/sitemap.xml", "alive": "/healthz",
        "redirect": "/events", "no photograph": f"/media/photographs/{'0' * 32}.webp", "no file": "/static/nothing.css",
    }  # fmt: skip
    found = {name: score(asking(address)) for name, address in wanted.items()}
    found["start"] = score(asking(register, "post"))
    found["405"] = score(asking("/events/", "post"))
    found["another host"] = score(asking("/", headers={"host": "evil.example"}))
    found["null byte"] = score(asking("/events/?q=%00"))
    assert {name: number for name, number in found.items() if number < WANTED} == {}
    assert len(found) > 25


def test_a_stored_page_has_them_too(asking, furnished):
    address = f"/events/{furnished.event.slug}/agenda/"
    assert score(asking(address)) == score(asking(address)) >= WANTED


def test_a_page_that_is_not_changed_keeps_those_that_came_with_it(asking, furnished, monkeypatch):
    address = f"/events/{furnished.event.slug}/agenda/"
    etag = asking(address)["ETag"]
    short = asking(address, headers={"if-none-match": etag})
    assert short.status_code == 304
    assert {"Content-Security-Policy", "Permissions-Policy"}.isdisjoint(short.headers)
    assert len(short.serialize_headers()) < 500 and "Strict-Transport-Security" in short.headers
    # A release may send others: whoever has the page of the one before gets the page again.
    monkeypatch.setattr(release, "name", lambda: "another")
    again = asking(address, headers={"if-none-match": etag})
    assert again.status_code == 200 and score(again) >= WANTED


@pytest.mark.parametrize(
    "name",
    ["Content-Security-Policy", "Strict-Transport-Security", "Referrer-Policy", "Cross-Origin-Resource-Policy",
     "Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy", "X-Content-Type-Options"],
)  # fmt: skip
def test_without_one_of_them_it_is_less(asking, name):
    """The negative control."""
    answer = asking("/")
    whole = score(answer)
    del answer.headers[name]
    assert score(answer) < whole
