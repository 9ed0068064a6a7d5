"""A new release with a migration goes live while people read and register: no 5xx, and nobody is cut off."""

import argparse
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from script.benchmarks import load
from script.drills import site
from script.drills.site import ROOT, Site
from script.drills.verdict import Verdict
from script.drills.visitors import Bookers, Readers


def main() -> None:
    """Run it, and say what was lost."""
    parser = argparse.ArgumentParser(prog="script/drill deploy", description=__doc__)
    parser.add_argument("--old", help="the commit that runs before (the one before the newest migration)")
    commit, verdict = parser.parse_args().old or _before_the_newest_migration(), Verdict()
    with _checked_out(commit) as old, site.made(code=old) as here, _socket() as listening:
        verdict.say(
            True, f"the release before is {commit[:9]}; new in the database: {', '.join(_missing()) or 'nothing'}"
        )
        running = _serve(here, listening, old)
        with Readers() as readers, Bookers() as bookers:
            time.sleep(4)
            _manage("migrate", "--verbosity=0")
            time.sleep(4)  # the old code on the new schema
            _manage("collectstatic", "--no-input", "--verbosity=0")
            began = time.monotonic()
            site.end(running)
            _serve(here, listening, ROOT)
            pause = readers.back_after(began)
            time.sleep(5)
        faults = {status: number for status, number in bookers.noted.statuses.items() if status >= 500}
        verdict.say(set(readers.statuses) == {200}, f"every reading was answered with a page: {readers.statuses}")
        verdict.say(not faults, f"no answer to those who registered was a 5xx: {dict(bookers.noted.statuses)}")
        slowest = max(readers.slowest, bookers.slowest)
        verdict.say(
            slowest <= 5, f"the slowest answer, over the restart, took {slowest:.1f} s ({pause:.1f} s for the first)"
        )
        verdict.of_bookings(bookers)
    verdict.end()


def _before_the_newest_migration() -> str:
    log = ["git", "log", "-1", "--format=%H", "--diff-filter=A", "--", "*/migrations/0*.py"]
    newest = subprocess.run(log, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    parent = ["git", "rev-parse", f"{newest}^"]
    return subprocess.run(parent, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def _checked_out(commit: str) -> Iterator[Path]:
    """Give a folder with that commit."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="drill-old-") as folder:
        subprocess.run(["git", "worktree", "add", "--detach", "--quiet", folder, commit], cwd=ROOT, check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", folder], cwd=ROOT, check=True)


@contextmanager
def _socket() -> Iterator[socket.socket]:
    """Give the listening socket that systemd holds in production: while gunicorn restarts, people wait in its line."""
    with socket.create_server(("127.0.0.1", load.PORT), backlog=512) as listening:
        yield listening


def _serve(here: Site, listening: socket.socket, code: Path) -> subprocess.Popen:
    """Start gunicorn of that release on the socket, as systemd does."""
    number = listening.fileno()
    how = f'exec 3<&{number}; LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" -m gunicorn --log-level warning'
    started = here.run(["sh", "-c", how, sys.executable], code=code, files=(number,), WEB_CONCURRENCY="2")
    site.wait_for(load.PORT)
    return started


def _missing() -> list[str]:
    from conference import health

    return health.missing_migrations()


def _manage(*words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
