"""The commands people type. The slow ones run in a copy of this checkout, as on a new computer."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from conference import local_server
from conference.local_postgres import LocalPostgres

ROOT = Path(__file__).resolve().parents[2]
NOT_PASSED_ON = ("DATABASE_URL", "SITE_URL", "SECRET_KEY", "DEBUG", "DJANGO_SETTINGS_MODULE", "HOST", "PORT")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def plain_environment(**more):
    environment = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    return environment | more


@pytest.fixture
def taken_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_a_sentence(taken_port):
    run = subprocess.run(
        [sys.executable, "-m", "conference.local_server"],
        cwd=ROOT,
        env=plain_environment(PORT=str(taken_port)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert f"cannot listen on 127.0.0.1, port {taken_port}: Address already in use" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_free_port_is_not_refused():
    local_server.refuse_taken_port("127.0.0.1", str(free_port()))


@pytest.mark.parametrize("port", ["", "http", "0", "70000", "-1"])
def test_an_impossible_port_is_a_sentence(port):
    with pytest.raises(SystemExit, match="a number from 1 to 65535"):
        local_server.refuse_taken_port("127.0.0.1", port)


def test_a_secret_is_made_once_and_is_its_owners(tmp_path):
    path = tmp_path / "var" / "secret"
    first = local_server.made_once(path, 48)
    assert local_server.made_once(path, 48) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(first) >= 50


def test_the_server_never_debugs_and_development_does(monkeypatch, tmp_path):
    monkeypatch.setattr(local_server, "VAR_DIR", tmp_path)
    monkeypatch.setenv("DEBUG", "true")
    assert local_server.environment(develop=False)["DEBUG"] == "false"
    assert local_server.environment(develop=True)["DEBUG"] == "true"


def test_what_is_set_counts(monkeypatch, tmp_path):
    monkeypatch.setattr(local_server, "VAR_DIR", tmp_path)
    for name in NOT_PASSED_ON:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", "8123")
    environment = local_server.environment(develop=False)
    assert (environment["HOST"], environment["SITE_URL"]) == ("127.0.0.1", "http://localhost:8123")
    assert environment["SECRET_KEY"] == (tmp_path / "secret-key").read_text().strip()
    monkeypatch.setenv("SITE_URL", "https://conference.example.org")
    assert local_server.environment(develop=False)["SITE_URL"] == "https://conference.example.org"


def test_no_registry_is_named_where_packages_are_pinned():
    """Pins are for everybody's registry, so no address may have slipped in."""
    for path in ROOT.glob("requirements*"):
        assert "://" not in path.read_text(), path
        assert "index-url" not in path.read_text(), path


def test_every_pin_has_a_hash():
    for path in ROOT.glob("requirements*.txt"):
        pins = re.split(r"^(?=\S)", path.read_text(), flags=re.MULTILINE)[1:]
        assert pins
        assert all("--hash=sha256:" in pin for pin in pins)


# -- As on a new computer


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of this checkout, without what is not committed to it, under a home closed to others."""
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    site = home / "site"
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines():
        if (ROOT / name).exists():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, site / name)
    yield site
    database = LocalPostgres(site)
    database.stop()
    for folder in (database.state, database.socket):
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """A running script/server, and what it said."""

    def __init__(self, site, port, script="script/server"):
        self.port = port
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [site / script],
            cwd="/",
            env=plain_environment(PORT=str(port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C ends it" in line:
                break
        self.took = time.monotonic() - self.began

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read().decode()

    def end(self, number, everybody):
        """Send the signal: to its whole group, as a terminal does, or to the one process."""
        (os.killpg if everybody else os.kill)(self.process.pid, number)
        rest = self.process.communicate(timeout=60)[0]
        self.said += rest
        return self.process.returncode


@pytest.fixture
def start(copy):
    """A function that starts a server; whatever a failed test left running is ended."""
    started = []

    def start(port=None, script="script/server"):
        started.append(Server(copy, port or free_port(), script))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.end(signal.SIGTERM, everybody=False)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.slow
def test_the_first_start_the_second_and_their_ends(copy, start):
    port = free_port()
    first = start(port)
    assert f"The site is at http://localhost:{port}/" in first.said, first.said
    password = (copy / "var" / "staff-password").read_text().strip()
    assert f"as staff, password {password}" in first.said
    assert "Clinks" in first.get("/")
    assert first.get("/readyz") == "Ready.\n"
    assert first.end(signal.SIGINT, everybody=True) == 0
    assert "PostgreSQL is stopped." in first.said
    assert not listens(port)
    assert not LocalPostgres(copy).answers()

    second = start(port)
    assert second.took <= 5, f"the second start took {second.took:.1f} s:\n{second.said}"
    assert "Installing" not in second.said
    assert "Collecting" not in second.said
    assert second.end(signal.SIGTERM, everybody=False) == 0
    assert not listens(port)
    assert not LocalPostgres(copy).answers()


@pytest.mark.slow
def test_a_database_in_use_outlives_the_server(copy, start):
    server = start()
    with LocalPostgres(copy).connect():
        assert server.end(signal.SIGINT, everybody=True) == 0
        assert LocalPostgres(copy).answers()
    assert "PostgreSQL runs on: something else is using it." in server.said


@pytest.mark.slow
def test_development_reloads_and_debugs(start):
    port = free_port()
    server = start(port, "script/develop")
    with pytest.raises(urllib.error.HTTPError) as answer:
        server.get("/no/such/address/")
    assert "DEBUG = True" in answer.value.read().decode()
    assert server.end(signal.SIGINT, everybody=True) == 0
    assert not listens(port)


@pytest.mark.slow
def test_a_process_that_dies_ends_the_site(start):
    server = start()
    found = re.search(r"web\.1 started \(pid=(\d+)\)", server.said)
    os.killpg(int(found[1]), signal.SIGKILL)
    assert server.process.wait(timeout=30) == 1
    assert not listens(server.port)
