"""What people see when something is wrong, and that no input makes it a fault of ours."""

import html5lib
import pytest
from django.conf import settings as site_settings
from django.test import Client

pytestmark = pytest.mark.urls("tests.conference.probe_urls")

DESIGNED = [
    ("/400", 400),
    ("/403", 403),
    ("/404", 404),
    ("/410", 410),
    ("/500", 500),
    ("/503", 503),
    ("/database-away", 503),
    ("/connection-closed", 503),
]
ADDRESSES_WITH_A_NULL_BYTE = ["/fine/%00", "/%00/", "/fine?%00=name", "/fine?name=a%00b", "/static/%00.css"]


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("address", "status"), DESIGNED)
def test_an_error_is_a_page_with_a_way_on(visitor, noted_templates, address, status):
    """Without @django_db, a query would raise: these pages make none."""
    response = visitor.get(address)
    body = response.content.decode()
    assert response.status_code == status
    assert html5lib.HTMLParser(strict=False).parse(body) is not None
    assert f"errors/{status}.html" in [template.name for template in response.templates]
    assert site_settings.HELP_EMAIL in body
    assert 'href="/' in body
    assert response["Cache-Control"] == "no-store"


def test_a_view_with_words_of_its_own_keeps_them(visitor):
    assert visitor.get("/410-worded").content == b"in words of its own"


@pytest.mark.parametrize("address", ["/503", "/database-away", "/connection-closed"])
def test_503_asks_to_come_back(visitor, address):
    assert visitor.get(address)["Retry-After"] == "5"


def test_a_fault_of_ours_is_no_503(visitor):
    response = visitor.get("/500")
    assert response.status_code == 500
    assert "Retry-After" not in response.headers


def test_a_fault_of_the_database_in_a_middleware_is_a_503_too(visitor, monkeypatch):
    from django.contrib.sessions.middleware import SessionMiddleware
    from django.db import OperationalError

    def away(*args):
        raise OperationalError("away")

    monkeypatch.setattr(SessionMiddleware, "process_request", away)
    assert visitor.get("/admin/").status_code == 503
    assert visitor.get("/fine").status_code == 200  # public pages ask nothing of what only staff need


def test_debugging_shows_the_fault_itself(settings):
    from django.db import OperationalError

    settings.DEBUG = True
    with pytest.raises(OperationalError):
        Client().get("/database-away")


def test_a_fault_in_the_page_itself_still_answers(visitor, monkeypatch):
    monkeypatch.setattr("conference.errors.render_to_string", lambda *args: 1 / 0)
    response = visitor.get("/404")
    assert response.status_code == 404
    assert "<h1>Page not found</h1>" in response.content.decode()


def test_a_form_from_elsewhere_is_a_designed_403(noted_templates):
    visitor = Client(enforce_csrf_checks=True)
    response = visitor.post("/form", {"name": "value"})
    assert response.status_code == 403
    assert "errors/403.html" in [template.name for template in response.templates]


@pytest.mark.parametrize("address", ADDRESSES_WITH_A_NULL_BYTE)
def test_a_null_byte_in_the_address_is_a_400(visitor, address):
    assert visitor.get(address).status_code == 400


@pytest.mark.parametrize("form", [{"name": "a\0b"}, {"a\0b": "value"}])
def test_a_null_byte_in_a_form_is_a_400(visitor, form):
    assert visitor.post("/fine", form).status_code == 400
    said = visitor.post("/fine", form).content.decode()
    assert "<h1>This could not be saved</h1>" in said and "paste it again as plain text" in said
    assert visitor.post("/fine", "&".join(f"{k}={v}" for k, v in form.items()), "application/x-www-form-urlencoded")


def test_a_null_byte_in_a_cookie_is_a_400(visitor):
    """Django decodes the octal escapes of a quoted cookie."""
    assert visitor.get("/fine", headers={"cookie": r'sessionid="\000\000\000\000\000\000\000\000"'}).status_code == 400


@pytest.mark.parametrize("name", ["a b", "ünïcödé", "‮right to left", "<script>", "%", "\n"])
def test_other_odd_letters_pass(visitor, name):
    assert visitor.get("/fine", {"name": name}).status_code == 200
    assert visitor.post("/fine", {"name": name}).status_code == 200


@pytest.mark.parametrize("address", [*ADDRESSES_WITH_A_NULL_BYTE[2:4]])
def test_without_the_guard_a_null_byte_reaches_the_view(settings, address):
    guard = "conference.guards.null_bytes.RefuseNullBytes"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != guard]
    assert Client().get(address).status_code == 200


def test_a_path_cannot_begin_a_line_of_the_log(caplog, rf):
    from django.db import OperationalError

    from conference.errors import DesignedErrors

    request = rf.get("/")
    request.path = "/a\n2027-01-01 ERROR conference: forged"
    DesignedErrors(lambda request: None).process_exception(request, OperationalError("away"))
    assert "\n" not in caplog.records[-1].getMessage()
