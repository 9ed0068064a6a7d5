"""gunicorn as production runs it: every line it writes is JSON, and its processes count together."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conference.seen import lines, numbers

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-of-the-tests-with-forty-characters"
KEY = "a-key-for-one-test-of-production-that-is-long-enough-0123456789"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def gunicorn(tmp_path, request):
    """gunicorn with two processes, and more environment if a test gives it; `end` ends it and returns its lines."""
    port, log = free_port(), tmp_path / "log"
    own = {"SITE_URL": "https://conference.example.org", "SECRET_KEY": KEY, "PORT": str(port), "TMPDIR": str(tmp_path)}
    more = {"METRICS_TOKEN": TOKEN, "WEB_CONCURRENCY": "2"} | getattr(request, "param", {})
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn"],
            cwd=ROOT, env=os.environ | own | more, stderr=stderr,
        )  # fmt: skip

    def ask(path, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        as_proxied = {"Host": "conference.example.org", "X-Forwarded-Proto": "https"}
        connection.request(method, path, headers=as_proxied | headers)
        response = connection.getresponse()
        return response.status, response.read().decode(), response.headers

    def send(raw):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(raw)
            return connection.recv(4096)

    def processes():
        """Return the numbers of the processes that answer."""
        said = lines(log.read_text())
        return [int(line["message"].rpartition(" ")[2]) for line in said if line["message"].startswith("Booting")]

    def end():
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        return lines(log.read_text())

    given = SimpleNamespace(ask=ask, send=send, processes=processes, end=end, port=port, folder=tmp_path)
    wait_for(given)
    yield given
    process.kill()
    process.wait()


def wait_for(gunicorn):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            return gunicorn.ask("/healthz")
        except OSError:
            time.sleep(0.1)
    raise AssertionError("gunicorn does not answer")


@contextmanager
def stopped(process):
    """Let one of the processes stand still, so that the other answers."""
    os.kill(process, signal.SIGSTOP)
    yield
    os.kill(process, signal.SIGCONT)


def test_its_processes_count_together(gunicorn):
    for process in gunicorn.processes():
        with stopped(process):
            for _ in range(3):
                assert gunicorn.ask("/robots.txt")[0] == 200
    _, text, _ = gunicorn.ask("/metrics", Authorization=f"Bearer {TOKEN}")
    assert numbers(text)['conference_request_seconds_count{route="pages:robots",status="200"}'] == 6
    [folder] = gunicorn.folder.glob("conference-metrics-*")
    assert len(list(folder.glob("histogram_*.db"))) == 2  # the control: both have answered
    gunicorn.end()
    assert not folder.exists()


def test_a_start_that_fails_leaves_no_folder(gunicorn):
    before = set(gunicorn.folder.iterdir())
    again = os.environ | {
        "SITE_URL": "http://localhost:8000",
        "PORT": str(gunicorn.port),
        "TMPDIR": str(gunicorn.folder),
    }
    command = [sys.executable, "-m", "gunicorn"]
    with subprocess.Popen(command, cwd=ROOT, env=again, stderr=subprocess.PIPE, text=True) as second:
        assert "Connection in use" in second.stderr.readline() + second.stderr.readline()
        second.terminate()
    assert set(gunicorn.folder.iterdir()) == before


@pytest.mark.parametrize("gunicorn", [{"DATABASE_URL": "postgresql://canary@127.0.0.1:1/none"}], indirect=True)
def test_without_postgresql_the_numbers_say_so(gunicorn):
    assert gunicorn.ask("/events/nothing/register/details/")[0] == 503
    status, text, _ = gunicorn.ask("/metrics", Authorization=f"Bearer {TOKEN}")
    found = numbers(text)
    assert (status, found["conference_database_up"], found["conference_database_away_total"]) == (200, 0, 1)
    assert found['conference_errors_total{status="503"}'] == 1
    away = "The database did not answer: psycopg.OperationalError: connection failed"
    assert len([line for line in gunicorn.end() if line["message"].startswith(away)]) == 1


def test_every_line_is_json_and_quotes_nobody(gunicorn):
    quoted = {"User-Agent": "canary", "Referer": "https://canary.example/"}
    status, _, headers = gunicorn.ask("/nowhere/?email=canary@example.org", **quoted)
    assert gunicorn.send(b"GET /canary HTTP/9.canary\r\nHost: canary\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert gunicorn.send(b"GET / HTTP/1.1\r\nHost: canary.example\r\n\r\n").startswith(b"HTTP/1.1 400")
    said = gunicorn.end()
    messages = [line["message"] for line in said]
    assert messages[0].startswith("Starting gunicorn") and f"http://127.0.0.1:{gunicorn.port}" in messages[1]
    assert {"Invalid request", "DisallowedHost"} <= set(messages)
    [missing] = [line for line in said if line.get("status") == status]
    assert (missing["request"], missing["path"]) == (headers["X-Request-ID"], "/nowhere/")
    assert "canary" not in str(said)
    assert "healthz" not in str(said)  # it was asked, and is not logged


def test_settings_that_are_not_right_are_said_in_words():
    run = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--workers", "1"],
        cwd=ROOT, env=os.environ | {"SITE_URL": "http://conference.example.org", "PORT": str(free_port())},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode != 0
    # gunicorn says it once more in plain words, for whoever started it by hand.
    written = [each for each in run.stderr.splitlines() if each.startswith("{")]
    [fault] = [line["exception"] for line in lines("\n".join(written)) if "exception" in line]
    assert "ImproperlyConfigured: SITE_URL is 'http://conference.example.org'" in fault
