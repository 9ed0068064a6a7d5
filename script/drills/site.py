"""The whole site of a drill: a PostgreSQL of its own, web servers, the worker and a mail server, in one folder."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from script.benchmarks import load
from script.drills.cluster import Cluster

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Site:
    """Where it is, and its processes."""

    folder: Path
    cluster: Cluster
    processes: list[subprocess.Popen] = field(default_factory=list)

    def web(self, port: int = load.PORT, application: str = "conference.wsgi", **environment: str) -> subprocess.Popen:
        """Start gunicorn on a port, and return it when it is ready."""
        var = Path(environment.get("VAR_DIR") or self.folder / f"web-{port}")
        var.mkdir(exist_ok=True)
        if not (var / "static").is_symlink():
            (var / "static").symlink_to(self.folder / "static")
        given = {"HOST": "127.0.0.1", "PORT": str(port), "VAR_DIR": str(var), "WEB_CONCURRENCY": "2"} | environment
        started = self.run([sys.executable, "-m", "gunicorn", application, "--log-level", "warning"], **given)
        wait_for(port)
        return started

    def worker(self, **environment: str) -> subprocess.Popen:
        """Start the worker, which sends messages."""
        return self.run([sys.executable, "manage.py", "worker"], **environment)

    def run(
        self, command: list[str], *, code: Path = ROOT, files: tuple[int, ...] = (), **environment: str
    ) -> subprocess.Popen:
        """Start a process that ends with the drill; what it says goes to a file in the drill's folder.

        `files` are open ones that it inherits.
        """
        log = (self.folder / "log.txt").open("ab")
        process = subprocess.Popen(
            command, cwd=code, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            pass_fds=files,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def said(self) -> str:
        """Return what the processes have said."""
        return (self.folder / "log.txt").read_text(errors="replace")


def end(process: subprocess.Popen) -> None:
    """Ask a process to end, and wait for it."""
    process.send_signal(signal.SIGCONT)
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(port: int, seconds: float = 30) -> None:
    """Return when a web server there is ready. Raises SystemExit when it does not get so."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"The web server on port {port} did not get ready.")


@contextmanager
def made(*, data: Path | None = None, code: Path = ROOT, **environment: str) -> Iterator[Site]:
    """Give a site with the sample conference open for booking; nothing of it is left afterwards.

    `data` is another place for what PostgreSQL writes, `code` the release that makes the database. The rest goes into
    the environment of every process.
    Django is set up for it in this process too, so that a drill can look into the database.
    """
    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    folder.chmod(0o755)
    site = Site(folder, Cluster(folder, data))
    os.environ.update(
        DJANGO_SETTINGS_MODULE="conference.settings", SITE_URL=f"http://localhost:{load.PORT}",
        SECRET_KEY=secrets.token_urlsafe(64), DATABASE_URL=site.cluster.url, VAR_DIR=str(folder),
        TRUSTED_PROXIES="127.0.0.1",
    )  # fmt: skip
    os.environ.update(environment)
    try:
        _prepare(code)
        yield site
    finally:
        for process in site.processes:
            end(process)
        site.cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)


# Run by the code that is to be prepared for, which may be an older release.
_PREPARE = """
import io, django
django.setup()
from django.core.management import call_command
from script.benchmarks import bookable
for command, options in (
    ("migrate", []), ("load_pages", []), ("load_programme", ["--sample"]), ("load_tickets", []),
    ("collectstatic", ["--no-input"]),
):
    call_command(command, *options, verbosity=0, stdout=io.StringIO())
bookable.sample()
"""


def _prepare(code: Path) -> None:
    subprocess.run([sys.executable, "-c", _PREPARE], cwd=code, check=True)
    import django

    django.setup()
