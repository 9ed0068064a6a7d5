"""A database made for measuring and removed afterwards, with what comes with the site loaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from django.core.management import call_command
from django.db import connection

NAME = "bench_conference"  # not that of the tests, which may run at the same time


@contextmanager
def database() -> Iterator[str]:
    """Make a database with the loaded programme, its sample and their tickets; yield its DATABASE_URL."""
    old = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = NAME
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        for command, options in (("load_pages", []), ("load_programme", ["--sample"]), ("load_tickets", [])):
            call_command(command, *options, verbosity=0, stdout=_Silence())
        yield _address()
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)


class _Silence:
    def write(self, words: str) -> None:
        """Keep it to oneself."""


def _address() -> str:
    given = {**connection.settings_dict, "HOST": connection.settings_dict["HOST"] or ""}
    login = ":".join(quote(part, safe="") for part in (given["USER"], given["PASSWORD"]) if part)
    query = urlencode({"host": given["HOST"], "port": given["PORT"] or "5432"})
    return f"postgresql://{login}@/{given['NAME']}?{query}"
