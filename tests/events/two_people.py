"""A second person at a second connection, for tests of two who write at once. No sleeps: PostgreSQL says who waits."""

import contextlib
import time
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection, transaction
from django.db.models.signals import post_save

PATIENCE = 20  # seconds, after which a test has failed


class Writer:
    """Somebody with a connection of their own. What they `start` runs there, one thing after the other."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self.pid = self.do(lambda: connection.ensure_connection() or connection.connection.info.backend_pid)

    def start(self, work) -> Future:
        """Begin a piece of work and return at once."""
        return self._thread.submit(work)

    def do(self, work):
        """Do a piece of work, and return what it returns or raise what it raises."""
        return self.start(work).result(PATIENCE)

    def begin(self, work=lambda: None):
        """Open a transaction that stays open, and do this in it."""
        self.do(lambda: transaction.set_autocommit(False))
        return self.do(work)

    def commit(self) -> Future:
        """Begin to commit the open transaction; roll it back if that fails."""
        return self.start(_commit)

    def leave(self) -> None:
        """Hang up."""
        self.do(lambda: connection.close())  # `connection` is another one in that thread
        self._thread.shutdown()


def _commit() -> None:
    try:
        connection.commit()
    except Exception:
        connection.rollback()
        raise
    finally:
        transaction.set_autocommit(True)


@contextlib.contextmanager
def two_writers():
    """Two people who write at once."""
    one, two = Writer(), Writer()
    try:
        yield one, two
    finally:
        one.leave()
        two.leave()


def wait_until_blocked(writer: Writer) -> None:
    """Return once PostgreSQL says that this writer waits for somebody's lock; fail if they never do."""
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [writer.pid])
            if cursor.fetchone()[0]:
                return
    raise AssertionError("they never waited")


def outcome(future: Future) -> str:
    """Return "saved", or the name of the constraint or the kind of error by which the work failed."""
    error = future.exception(PATIENCE)
    if error is None:
        return "saved"
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or type(error.__cause__ or error).__name__


@contextlib.contextmanager
def without_constraint(table: str, name: str, clear: str):
    """Take a constraint away; afterwards put it back, once the rows of the table `clear`, which broke it, are gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND conname = %s",
            [table, name],
        )
        definition = cursor.fetchone()[0]
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            cursor.execute(f"TRUNCATE {clear} CASCADE")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


@contextlib.contextmanager
def meeting_at(model, barrier):
    """Let whoever has written a row of this model wait at the barrier before going on."""

    def wait(**kwargs) -> None:
        barrier.wait(PATIENCE)

    post_save.connect(wait, sender=model, weak=False)
    try:
        yield
    finally:
        post_save.disconnect(wait, sender=model)
