"""Django's PostgreSQL backend, which does not wait for ever for an answer: what gunicorn runs.

Whoever has waited for SUSPICIOUS seconds asks on a second connection whether PostgreSQL answers at all (`pulse`). If
it does, the statement may go on for as long as PostgreSQL itself allows (`statement_timeout`). If not, the connection
is given up, and so is every other one that is used before PostgreSQL is there again: each request ends at once, with a
stored page or with 503. So no request takes longer than SUSPICIOUS and one try to connect, some three seconds.
"""

from typing import Any, TypeVar

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from conference.impatient_postgresql.pulse import Pulse

Answer = TypeVar("Answer")
SUSPICIOUS = 1.0  # seconds; at most, also, what a try is given to say that it is there
# Where PostgreSQL is, as Django was told; the rest is what Django makes of its connections.
_how_to_connect: dict[str, Any] = {}
_DJANGOS_OWN = {"context", "cursor_factory", "prepare_threshold", "connect_timeout"}


def _is_there() -> bool:
    try:
        with psycopg.connect(**_how_to_connect, connect_timeout=2, autocommit=True):
            return True
    except psycopg.Error as error:
        # Somebody refused: full, starting, or another password. That is an answer, which others get as quickly.
        return not isinstance(error, psycopg.errors.ConnectionTimeout)


pulse = Pulse(_is_there)


class GaveUp(psycopg.OperationalError):
    """PostgreSQL did not answer, though it is neither down nor refuses."""


class ImpatientConnection(psycopg.Connection[Any]):
    """A connection that gives up on a PostgreSQL that hangs."""

    @classmethod
    def connect(cls, *args: Any, **kwargs: Any) -> "ImpatientConnection":
        """Connect, or raise GaveUp at once while PostgreSQL is known to hang."""
        if pulse.is_gone and not pulse.beats():
            raise GaveUp("PostgreSQL does not answer.")
        try:
            return super().connect(*args, **kwargs)
        except psycopg.errors.ConnectionTimeout:
            pulse.stopped()
            raise

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Return what PostgreSQL answers. Raises GaveUp when it hangs, and closes the connection."""
        if pulse.is_gone:
            self._give_up()
        try:
            return super().wait(gen, interval, SUSPICIOUS)
        except psycopg.OperationalError:
            if self.closed or self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise
        if not pulse.beats():
            self._give_up()
        return super().wait(gen, interval)

    def _give_up(self) -> None:
        self.close()
        raise GaveUp("PostgreSQL does not answer.")


class _Psycopg:
    """psycopg, whose connections are impatient ones."""

    connect = staticmethod(ImpatientConnection.connect)

    def __getattr__(self, name: str) -> Any:
        return getattr(psycopg, name)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's backend with such connections."""

    Database = _Psycopg()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a new connection, after noting for `pulse` where PostgreSQL is."""
        _how_to_connect.update({name: value for name, value in conn_params.items() if name not in _DJANGOS_OWN})
        return super().get_new_connection(conn_params)
