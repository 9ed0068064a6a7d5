"""The files for a server are whole: what checks them says nothing against them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

GIVEN = Path(__file__).resolve().parents[2] / "docs" / "deploying"


def program(name):
    """Return where a program is; a computer without it skips the test."""
    return shutil.which(name) or pytest.skip(f"needs {name}")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture
def units(tmp_path):
    """The units as systemd would find them, with a Python that is there."""
    for file in GIVEN.glob("conference-*.*"):
        words = file.read_text().replace("/srv/conference/current/.venv/bin/python", sys.executable)
        words = re.sub(r"(?m)^ExecStart=.*/script/", f"ExecStart={sys.executable} ", words)
        (tmp_path / file.name.replace("@", "@8000")).write_text(words)
    return tmp_path


def verify(units):
    answer = run(program("systemd-analyze"), "verify", *(str(each) for each in sorted(units.iterdir())))
    ours = [line for line in (answer.stdout + answer.stderr).splitlines() if "conference" in line]
    return answer.returncode, ours


def test_systemd_takes_the_units(units):
    assert len(list(units.iterdir())) >= 3
    assert verify(units) == (0, [])


def test_what_is_wrong_in_a_unit_is_found(units):
    """The negative control."""
    (units / "conference-worker.service").write_text("[Service]\nExecStart=/no/such/thing\n")
    assert verify(units) != (0, [])


def nginx(tmp_path, words):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = run(
        program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
        "-keyout", str(key), "-out", str(certificate),
    )  # fmt: skip
    assert made.returncode == 0
    words = re.sub(r"/etc/letsencrypt\S+fullchain.pem", str(certificate), words)
    words = re.sub(r"/etc/letsencrypt\S+privkey.pem", str(key), words)
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid; events {{}}\nhttp {{\n{words}\n}}\n")
    return run(program("nginx"), "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")).returncode


def test_nginx_takes_its_file(tmp_path):
    words = (GIVEN / "nginx.conf").read_text()
    assert nginx(tmp_path, words) == 0
    assert nginx(tmp_path, words.replace("client_max_body_size", "client_most_body_size")) != 0  # the control


def test_caddy_takes_its_file(tmp_path):
    words = (GIVEN / "Caddyfile").read_text()
    for text, good in ((words, True), (words.replace("reverse_proxy", "reverse_proxies"), False)):
        (tmp_path / "Caddyfile").write_text(text)
        answer = run(program("caddy"), "adapt", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile")
        assert (answer.returncode == 0) is good, answer.stderr


def test_the_shell_takes_the_script():
    assert run("bash", "-n", str(GIVEN / "deploy.sh")).returncode == 0


def test_the_shell_reads_the_settings_as_systemd_does():
    """A value with a space and no quotes would be a command to the shell, and nothing to systemd."""
    command = f'set -eu; set -a; . "{GIVEN / "conference.env"}"; printf "%s|%s" "$HELP_PHONE" "$DATABASE_URL"'
    answer = run("bash", "-c", command)
    assert answer.stdout == "020 7946 0958|postgresql://conference@/conference?host=/run/postgresql", answer.stderr
    assert run("bash", "-c", "set -eu; HELP_PHONE=020 7946 0958").returncode != 0  # the control


def test_both_proxies_lead_the_same_requests_to_the_same_pool():
    """Personal pages and forms never go to the pool that only sends pages."""
    nginx_says, caddy_says = (GIVEN / "nginx.conf").read_text(), (GIVEN / "Caddyfile").read_text()
    booking = [re.compile(each) for each in re.findall(r'"~(\S+ \S+)"\s+booking;', nginx_says)]
    assert len(booking) == 2
    [paths] = re.findall(r"not path (.*)", caddy_says)
    for path in ("/admin/", "/my-day/", "/my-day/open/x/", "/events/day/register/", "/events/day/register/details/"):
        assert any(each.search(f"GET {path}") for each in booking), path
        assert any(re.fullmatch(each.replace("*", ".*"), path) for each in paths.split()), path
    for path in ("/", "/events/day/agenda/", "/static/css/base.css", "/events/register/"):
        assert not any(each.search(f"GET {path}") for each in booking), path
        assert not any(re.fullmatch(each.replace("*", ".*"), path) for each in paths.split()), path
