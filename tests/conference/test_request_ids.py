"""The id of a request: its own, on the answer, on the page of a fault, and a proxy's only if it is believed."""

import ipaddress
import re

import pytest
from django.test import Client, RequestFactory

from conference.logs import request_ids

OURS = re.compile(r"[0-9a-f]{12}")
THEIRS = "9f86d081884c7d659a2feaa0c55ad015"


def begun(given=None, remote="203.0.113.7"):
    headers = {} if given is None else {"HTTP_X_REQUEST_ID": given}
    return request_ids.begin(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))


@pytest.fixture
def proxies(settings):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]


def test_each_request_has_its_own_until_the_next():
    first = begun()
    assert OURS.fullmatch(first) and request_ids.current() == first
    assert begun() != first != request_ids.current()
    request_ids.forget()
    assert request_ids.current() == ""


def test_a_proxys_is_taken_over(proxies):
    assert begun(THEIRS, "10.1.2.3") == THEIRS


@pytest.mark.parametrize("remote", ["203.0.113.7", "nonsense"])
def test_anybody_elses_is_not(proxies, remote):
    assert OURS.fullmatch(begun(THEIRS, remote))


def test_nobodys_is_unless_somebody_is_trusted():
    assert OURS.fullmatch(begun(THEIRS, "127.0.0.1"))


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "ada@example.org", "a b c d e f", "12345678\n", "é" * 12])
def test_nor_is_what_looks_like_none(proxies, given):
    assert OURS.fullmatch(begun(given, "10.1.2.3"))


@pytest.mark.urls("tests.conference.probe_urls")
@pytest.mark.parametrize("address", ["/fine", "/404", "/500", "/400", "/moved", "/static/missing.css"])
def test_it_is_on_every_answer(address):
    assert OURS.fullmatch(Client(raise_request_exception=False).get(address)["X-Request-ID"])


@pytest.mark.urls("tests.conference.probe_urls")
def test_the_page_of_a_fault_says_it_and_others_do_not():
    client = Client(raise_request_exception=False)
    fault, missing = client.get("/500"), client.get("/404")
    assert f"<strong>{fault['X-Request-ID']}</strong>" in fault.content.decode()
    assert missing["X-Request-ID"] not in missing.content.decode()
