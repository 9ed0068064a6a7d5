"""Which requests are logged, and what their line says."""

import ipaddress
import logging

import pytest
from django.test import Client

from conference.logs import access_lines
from tests.conference.seen import lines

pytestmark = pytest.mark.urls("tests.conference.probe_urls")


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.fixture
def said(capfd):
    """A function that returns the lines since it was asked last."""
    capfd.readouterr()
    return lambda: lines(capfd.readouterr().err)


@pytest.fixture
def slow(monkeypatch):
    """Let each request take two seconds, by the clock."""
    times = iter(range(0, 1000, 2))
    monkeypatch.setattr(access_lines, "perf_counter", lambda: next(times))


@pytest.mark.parametrize("address", ["/fine", "/moved", "/healthz", "/fine?x=y"])
def test_what_was_only_looked_at_and_quick_is_not_logged(visitor, said, address):
    assert visitor.get(address).status_code < 400 and visitor.head(address).status_code < 400
    assert said() == []


def test_what_is_written_is(visitor, said):
    response = visitor.post("/fine?email=canary@example.org", {"name": "canary"}, headers={"user-agent": "canary"})
    [line] = said()
    assert line.pop("ms") >= 0 and line.pop("time") and line.pop("process")
    route = "tests.conference.probe_urls.fine"  # it has no name
    assert line == {
        "level": "INFO", "logger": "conference.requests", "message": f"POST {route} 200",
        "request": response["X-Request-ID"], "method": "POST", "path": "/fine", "route": route, "status": 200,
    }  # fmt: skip


@pytest.mark.parametrize(("address", "status", "level"), [("/404", 404, "INFO"), ("/503", 503, "ERROR")])
def test_an_error_is_one_line(visitor, said, address, status, level):
    visitor.get(address)
    [line] = said()
    assert (line["status"], line["level"], line["path"]) == (status, level, address)


def test_a_fault_is_two_lines_of_one_request(visitor, said):
    response = visitor.get("/500")
    fault, line = said()
    assert fault["request"] == line["request"] == response["X-Request-ID"]
    assert fault["exception"].endswith("\nRuntimeError") and "a fault of ours" not in str(fault).replace(
        'RuntimeError("a fault of ours")', ""
    )
    assert (line["status"], line["level"]) == (500, "ERROR")


def test_what_was_slow_is_a_warning(visitor, said, slow):
    visitor.get("/fine")
    [line] = said()
    assert (line["level"], line["ms"]) == ("WARNING", 2000.0)


def test_the_view_is_named_and_the_secret_of_a_link_is_not(visitor, said, db):
    assert visitor.get("/my-day/open/1-abcdef/").status_code == 404
    [line] = said()
    assert (line["route"], line["path"]) == ("my_day:open", "/my-day/open/…/")


@pytest.mark.parametrize("path", ["/zoe@example.org/", "/a\nforged/", "/%3Fq=zoe/"])
def test_a_path_forges_no_line_and_quotes_no_address(visitor, said, db, path):
    visitor.get(path.replace("\n", "%0A"))
    assert len(found := said()) == 1 and "zoe" not in str(found)


def test_the_address_of_who_asks_is_in_no_line(visitor, said, settings):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("127.0.0.1")]
    visitor.post("/500", headers={"x-forwarded-for": "192.0.2.77"}, REMOTE_ADDR="192.0.2.78")
    found = str(said())
    assert "RuntimeError" in found and "192.0.2." not in found


def test_files_have_a_route_of_their_own(rf):
    request = rf.get("/static/a.css")
    request.resolver_match = None
    assert access_lines.route_of(request) == "static"
    request.path_info = "/events/"
    assert access_lines.route_of(request) == "none"


def test_without_it_nothing_is_said(visitor, said, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "NoteRequests" not in name]
    Client().get("/404")
    assert said() == []
    logging.getLogger("conference.requests").info("The control")
    assert [line["message"] for line in said()] == ["The control"]
