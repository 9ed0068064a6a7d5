"""What was answered with success is on the disk, whatever PostgreSQL, its database or its role does by default."""

from django.db import connection

# For the transaction under way. It counts at the commit, so writers send it with the last thing that they ask.
WAITS = "SET LOCAL synchronous_commit TO on"


def wait() -> None:
    """Have the commit of the transaction under way wait for the disk. One short round trip."""
    with connection.cursor() as cursor:
        cursor.execute(WAITS)
