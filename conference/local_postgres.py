"""A private PostgreSQL for development and tests, used only when DATABASE_URL is unset.

It belongs to one checkout, listens on a Unix socket that only its owner can open, and is started by whatever needs
it first: manage.py, wsgi.py, the tests or script/server, never by reading the settings. By hand:
`.venv/bin/python -m conference.local_postgres start`, `stop`, `stop-unless-used` or `status`.
"""

import fcntl
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from conference.postgres_programs import NoPostgres, Runner, account_for_root, looks_alive_but_is_not

BASE_DIR = Path(__file__).resolve().parent.parent
NAME = "conference"  # of the database and of its user
START_SECONDS = 60
OTHER_CLIENTS = (
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


class LocalPostgres:
    """The PostgreSQL of one checkout: its data, its socket, and starting and stopping it."""

    def __init__(self, checkout: Path) -> None:
        """Work out where everything is; nothing is touched."""
        account = account_for_root()
        tag = hashlib.sha256(str(checkout.resolve()).encode()).hexdigest()[:8]
        # Root's checkout may be closed to the account that PostgreSQL runs as (/root is 0700).
        self.state = Path(f"/var/lib/{NAME}-dev-{tag}") if account else checkout.resolve() / "var" / "postgres"
        self.data = self.state / "data"
        self.log = self.state / "postgres.log"
        # The path of a Unix socket ends at 107 bytes, so it cannot be in the checkout.
        self.socket = Path(f"/tmp/{NAME}-{os.geteuid()}-{tag}")
        self.runner = Runner(self.state, account)

    def settings(self) -> dict[str, object]:
        """Return Django's settings for this database."""
        engine = "django.db.backends.postgresql"
        return {"ENGINE": engine, "NAME": NAME, "USER": NAME, "HOST": str(self.socket), "PORT": "5432"}

    def connect(self, database: str = NAME) -> psycopg.Connection:
        """Return a connection, in autocommit; raise psycopg.OperationalError when there is none."""
        return psycopg.connect(
            host=str(self.socket), port=5432, user=NAME, dbname=database, connect_timeout=5, autocommit=True
        )

    def answers(self, database: str = NAME) -> bool:
        """Return whether somebody can log in: the socket is there before the server or the database is."""
        try:
            self.connect(database).close()
        except psycopg.OperationalError:
            return False
        return True

    def ensure(self) -> bool:
        """Start PostgreSQL unless it runs, making the cluster and the database the first time.

        Return whether this call started it. Raises NoPostgres when there is none to start.
        """
        if self.answers():  # nearly always: one login, some 5 ms
            return False
        self.prepare_folders()
        with self.locked():
            if self.answers():  # another process was quicker
                return False
            programs = self.runner.find(self.data)
            print(f"Starting a private PostgreSQL ({programs}).", file=sys.stderr)
            if not (self.data / "PG_VERSION").exists():
                self.make_cluster(programs)
            self.start(programs)
            self.make_database()
            return True

    def prepare_folders(self) -> None:
        """Make the folders and give them to the account. Raises NoPostgres if the socket's is somebody else's."""
        for folder in (self.state, self.socket):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), self.runner.user_id()):
                raise NoPostgres(f"{folder} belongs to somebody else; remove it, then try again.")
            self.runner.hand_over(folder)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock that lets one process at a time start or stop the server."""
        with open(self.state / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def make_cluster(self, programs: Path) -> None:
        """Run initdb; a half-made cluster is never taken for a whole one."""
        new = self.state / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        command = [programs / "initdb", "-D", new, "-U", NAME, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]
        if (self.runner.version(programs) or 0) >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        answer = self.runner.run(*command, "--no-instructions")
        if answer.returncode:
            raise NoPostgres(f"PostgreSQL could not make its files in {new}:\n{answer.stdout}")
        new.rename(self.data)

    def start(self, programs: Path) -> None:
        """Start the server and wait until it answers; after a crash its last processes may still be leaving."""
        options = f"-k {self.socket} -c listen_addresses= -c unix_socket_permissions=0700 -c timezone=UTC"
        deadline = time.monotonic() + START_SECONDS
        while not self.answers("postgres"):
            self.drop_stale_pid_files()
            if not self.runs(programs):
                command = [programs / "pg_ctl", "start", "-w", "-D", self.data, "-l", self.log, "-o", options]
                if self.runner.run(*command).returncode == 0:
                    return
            if time.monotonic() > deadline:
                last_words = self.log.read_text()[-2000:] if self.log.exists() else ""
                raise NoPostgres(f"PostgreSQL did not start within {START_SECONDS} seconds:\n{last_words}")
            time.sleep(0.2)

    def make_database(self) -> None:
        """Create the database if this cluster has none yet."""
        with self.connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f'CREATE DATABASE "{NAME}"')

    def runs(self, programs: Path) -> bool:
        """Return whether pg_ctl believes that the server runs."""
        return self.runner.run(programs / "pg_ctl", "status", "-D", self.data).returncode == 0

    def drop_stale_pid_files(self) -> None:
        """Remove the pid files that a dead server left, when PostgreSQL would take it for a living one."""
        for pid_file in (self.data / "postmaster.pid", self.socket / ".s.PGSQL.5432.lock"):
            if pid_file.exists() and looks_alive_but_is_not(pid_file):
                pid_file.unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop the server, if it runs; clients are disconnected."""
        if not (self.data / "PG_VERSION").exists():
            return
        with self.locked():
            programs = self.runner.find(self.data)
            if self.runs(programs):
                self.runner.run(programs / "pg_ctl", "stop", "-m", "fast", "-w", "-D", self.data)

    def stop_unless_used(self, patience: float = 2.0) -> bool:
        """Stop the server unless somebody else is connected, and return whether it was stopped.

        Our own processes' connections need a moment to close, hence `patience` in seconds.
        """
        deadline = time.monotonic() + patience
        with self.connect() as connection:
            while connection.execute(OTHER_CLIENTS).fetchone()[0]:
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.1)
        self.stop()
        return True


def is_wanted() -> bool:
    """Return whether the private PostgreSQL is the database: nobody named another in DATABASE_URL."""
    return not os.environ.get("DATABASE_URL")


def settings() -> dict[str, object]:
    """Return Django's settings for the private PostgreSQL of this checkout; starts nothing."""
    return LocalPostgres(BASE_DIR).settings()


def ensure() -> bool:
    """Start the private PostgreSQL if it is wanted and does not run; return whether this call started it."""
    return is_wanted() and LocalPostgres(BASE_DIR).ensure()


def main(arguments: list[str]) -> None:
    """Start or stop it by hand, or say whether it answers."""
    database = LocalPostgres(BASE_DIR)
    match arguments:
        case ["start"]:
            database.ensure()
        case ["stop"]:
            database.stop()
        case ["stop-unless-used"] if database.answers():
            database.stop_unless_used()
        case words if words not in (["stop-unless-used"], ["status"]):
            raise SystemExit("Say start, stop, stop-unless-used or status.")
    print(f"{'Running' if database.answers() else 'Stopped'}: socket {database.socket}, data {database.data}")


if __name__ == "__main__":
    main(sys.argv[1:])
