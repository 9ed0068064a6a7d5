"""Tells a worker that there may be something to send, so that nobody waits for the next sweep."""

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

# The job's name, and its lock: at most one of them waits at a time. It is in `tasks`, which procrastinate finds.
SEND = "send what is due"


def nudge() -> None:
    """Ask a worker to look into the outbox now rather than at the next sweep. Call it after the commit."""
    with connection.cursor() as cursor:
        # One that has not begun will find the message, which is committed.
        cursor.execute("SELECT FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'", [SEND])
        if cursor.fetchone() is not None:
            return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # The message itself is safe already; its sender need not wait for the disk once more.
            cursor.execute("SET LOCAL synchronous_commit TO off")
            app.tasks[SEND].defer()
    except AlreadyEnqueued:
        pass  # a worker will look in any case
