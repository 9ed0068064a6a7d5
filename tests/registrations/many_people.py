"""Many people at as many connections, who all begin at the same moment. No sleeps: a barrier."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

PATIENCE = 60  # seconds, after which a test has failed


def all_at_once(works):
    """Do these pieces of work at the same moment, each on a connection of its own.

    Return, in their order, what each returned or the exception by which it failed.
    """
    works = list(works)
    start = threading.Barrier(len(works))

    def one(work):
        connection.ensure_connection()
        # The database's own work is what is tested: nobody here may be turned away for having waited.
        connection.cursor().execute("SET lock_timeout = '60s'")
        start.wait(PATIENCE)
        try:
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()  # `connection` is another one in each thread

    with ThreadPoolExecutor(len(works)) as threads:
        return [future.result(PATIENCE) for future in [threads.submit(one, work) for work in works]]


def deadlocks() -> int:
    """Return how many deadlocks PostgreSQL has counted in this database. Its counting may lag a moment behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]
