"""gunicorn with its own configuration, and https as it comes through a proxy."""

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "a-key-for-one-test-of-production-that-is-long-enough-0123456789"


@pytest.fixture
def serve():
    """A function that starts gunicorn in production's manner and returns a function that asks it."""
    started = []

    def serve(**environment):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = {"SITE_URL": "https://conference.example.org", "SECRET_KEY": KEY, "PORT": str(port)}
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--workers", "1"],
                cwd=ROOT,
                env=os.environ | settings | environment,
                stderr=subprocess.DEVNULL,
            )
        )

        def ask(path, **headers):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path, headers={"Host": "conference.example.org"} | headers)
            return connection.getresponse()

        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                ask("/healthz")
                break
            except OSError:
                time.sleep(0.1)
        return ask

    yield serve
    for process in started:
        process.terminate()
        process.wait(timeout=20)


def test_https_is_believed_from_the_proxy_beside_it(serve):
    ask = serve()
    secure = ask("/no/such/address/", **{"X-Forwarded-Proto": "https"})
    assert secure.status == 404
    assert secure.getheader("Strict-Transport-Security") == "max-age=31536000; includeSubDomains"
    plain = ask("/no/such/address/")
    assert (plain.status, plain.getheader("Location")) == (301, "https://conference.example.org/no/such/address/")
    assert ask("/healthz").status == 200, "the health check is not redirected"


def test_https_is_not_believed_from_anybody_else(serve):
    ask = serve(FORWARDED_ALLOW_IPS="192.0.2.1")
    assert ask("/no/such/address/", **{"X-Forwarded-Proto": "https"}).status == 301
