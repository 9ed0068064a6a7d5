"""Runs the whole site on one computer: what script/server and script/develop start, once .venv is there.

In this order: the database, its migrations and programme, the Procfile's processes, the address; and, on Ctrl-C
or SIGTERM, the end of all of it.
"""

import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from conference import local_postgres

BASE_DIR = local_postgres.BASE_DIR
VAR_DIR = BASE_DIR / "var"
STAFF_PASSWORD = VAR_DIR / "staff-password"
ANSWERS_WITHIN_SECONDS = 30


class Stopped(Exception):
    """Somebody asked for the end: Ctrl-C, SIGTERM, or a closed terminal."""


def say(words: str) -> None:
    """Print a line at once, also into a pipe."""
    print(words, flush=True)


def made_once(path: Path, length: int) -> str:
    """Return the secret in a file that only its owner can read; it is made, of `length` random bytes, if missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(length) + "\n")
    except FileExistsError:
        pass
    return path.read_text().strip()


def environment(develop: bool) -> dict[str, str]:
    """Return the environment of everything that is run here, with what nobody set filled in."""
    given = {name: value for name, value in os.environ.items() if value}
    port = given.get("PORT", "8000")
    defaults = {
        "HOST": "127.0.0.1",
        "PORT": port,
        "SITE_URL": f"http://localhost:{port}",
        "LOG_FORMAT": "plain",
        "SECRET_KEY": given.get("SECRET_KEY") or made_once(VAR_DIR / "secret-key", 48),
    }
    always = {
        "DEBUG": "true" if develop else "false",
        "DJANGO_SETTINGS_MODULE": "conference.settings",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{given.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }
    return defaults | given | always


def refuse_taken_port(host: str, port: str) -> None:
    """End with a sentence when nothing can listen there. Raises SystemExit."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise SystemExit(f"PORT is {port!r}; it has to be a number from 1 to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as problem:
            advice = f"If another program uses the port, choose one with PORT={int(port) % 65535 + 1} script/server."
            raise SystemExit(f"The site cannot listen on {host}, port {port}: {problem.strerror}. {advice}") from None


def wait_until_it_answers(env: dict[str, str], processes: subprocess.Popen) -> bool:
    """Return whether the site says that it is alive, before its processes end or the time is over."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(env["HOST"], env["HOST"])
    host = {"Host": urlsplit(env["SITE_URL"]).netloc}
    deadline = time.monotonic() + ANSWERS_WITHIN_SECONDS
    while time.monotonic() < deadline and processes.poll() is None:
        connection = HTTPConnection(reachable, int(env["PORT"]), timeout=5)
        try:
            connection.request("GET", "/healthz", headers=host)
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    return False


def tell_where(env: dict[str, str]) -> None:
    """Print the address, and how to sign in when the staff account is ours."""
    say(f"\nThe site is at {env['SITE_URL']}/")
    if local_postgres.is_wanted():
        password = STAFF_PASSWORD.read_text().strip()
        say(f"Staff sign in at {env['SITE_URL']}/admin/ as staff, password {password} (kept in var/staff-password)")
    else:
        say(f"Staff sign in at {env['SITE_URL']}/admin/ ; make the first one with: manage.py createsuperuser")
    say("Ctrl-C ends it.\n")


def run(env: dict[str, str], develop: bool) -> None:
    """Prepare the database and run the processes until they end. Raises SystemExit when either fails."""
    # A group of their own: Ctrl-C comes to us alone, and we end them in order.
    options = {"cwd": BASE_DIR, "env": env, "start_new_session": True, "stdin": subprocess.DEVNULL}
    children = [subprocess.Popen([sys.executable, "manage.py", "prepare"], **options)]
    try:
        if children[0].wait():
            raise SystemExit("The site was not started: see above.")
        procfile = "Procfile.develop" if develop else "Procfile"
        children.append(subprocess.Popen([sys.executable, "-m", "honcho", "-f", procfile, "start"], **options))
        if wait_until_it_answers(env, children[1]):
            tell_where(env)
        children[1].wait()
        raise SystemExit("A process of the site ended by itself, so all of it was ended: see above.")
    finally:
        for child in children:
            if child.poll() is None:
                child.terminate()
                child.wait()


def stop(number: int, frame: FrameType | None) -> None:
    """Turn the first signal into an exception, and be deaf to more while things are put away."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def main() -> None:
    """Run the site until somebody ends it."""
    parser = argparse.ArgumentParser(prog="script/server", description="Shows the site on this computer.")
    parser.add_argument("--develop", action="store_true", help="reload by itself, and show debug pages")
    develop = parser.parse_args().develop
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    env = environment(develop)
    refuse_taken_port(env["HOST"], env["PORT"])
    started_postgres = False
    try:
        started_postgres = local_postgres.ensure()
        run(env, develop)
    except Stopped:
        say("\nStopping.")
    finally:
        if started_postgres:
            database = local_postgres.LocalPostgres(BASE_DIR)
            kept = not database.stop_unless_used()
            say("PostgreSQL runs on: something else is using it." if kept else "PostgreSQL is stopped.")


if __name__ == "__main__":
    main()
