"""The headers of every kind of answer."""

from pathlib import Path

import pytest
from django.test import Client

pytestmark = pytest.mark.urls("tests.conference.probe_urls")

POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
CONSTANT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Referrer-Policy": "same-origin",
}
# The address, the host it is asked of, and the status of the answer.
ANSWERS = [
    ("/fine", "localhost", 200),
    ("/moved", "localhost", 302),
    ("/400", "localhost", 400),
    ("/fine", "somebody-elses.example.org", 400),
    ("/fine?name=%00", "localhost", 400),
    ("/403", "localhost", 403),
    ("/404", "localhost", 404),
    ("/no/such/address/", "localhost", 404),
    ("/410", "localhost", 410),
    ("/500", "localhost", 500),
    ("/503", "localhost", 503),
    ("/database-away", "localhost", 503),
    ("/static/probe.css", "localhost", 200),
    ("/static/missing.css", "localhost", 404),
    ("/healthz", "localhost", 200),
]


@pytest.fixture
def visitor(settings):
    Path(settings.STATIC_ROOT, "probe.css").write_text("p { color: black }")
    return Client(raise_request_exception=False)


@pytest.fixture
def production(settings):
    settings.IS_LOCAL = False
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True


def assert_has_every_header(response):
    assert {rule.strip() for rule in response["Content-Security-Policy"].split(";")} == POLICY
    for name, value in CONSTANT.items():
        assert response[name] == value
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize(("address", "host", "status"), ANSWERS)
def test_every_answer_has_every_header(visitor, address, host, status):
    response = visitor.get(address, headers={"host": host})
    assert response.status_code == status
    assert_has_every_header(response)


@pytest.mark.parametrize(("address", "host", "status"), ANSWERS)
def test_every_answer_by_https_has_them_and_hsts(production, visitor, address, host, status):
    response = visitor.get(address, headers={"host": host}, secure=True)
    assert response.status_code == status
    assert_has_every_header(response)
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_there_is_no_hsts_on_this_computer(visitor):
    assert "Strict-Transport-Security" not in visitor.get("/fine").headers


def test_http_is_redirected_in_production_except_for_the_health_checks(production, visitor):
    redirect = visitor.get("/fine")
    assert redirect.status_code == 301
    assert redirect["Location"] == "https://testserver/fine"
    assert_has_every_header(redirect)
    assert visitor.get("/healthz").status_code == 200


def test_a_wrong_host_is_refused_with_headers_also_before_the_redirect(production, visitor):
    response = visitor.get("/fine", headers={"host": "somebody-elses.example.org"})
    assert response.status_code == 400
    assert_has_every_header(response)


def test_a_view_may_be_stricter(visitor):
    assert visitor.get("/strict")["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "middleware", ["conference.guards.headers.HeadersMiddleware", "conference.guards.headers.PolicyMiddleware"]
)
def test_without_the_middleware_these_tests_would_fail(settings, visitor, middleware):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != middleware]
    with pytest.raises((KeyError, AssertionError)):
        assert_has_every_header(visitor.get("/fine"))


def test_public_pages_are_compressed_and_personal_ones_never(visitor):
    accepting = {"accept-encoding": "gzip"}
    assert visitor.get("/fine", headers=accepting)["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in visitor.get("/secret", headers=accepting).headers
    assert "Content-Encoding" not in visitor.get("/fine").headers
