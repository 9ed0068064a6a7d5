"""One site for all journeys: the supplied programme and what it leaves out, served as a browser sees it.

The programme is loaded once. These tests only look, and they run after all that use the database by themselves.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.journeys.visits import Visit


@pytest.fixture(scope="package")
def site(test_database: None, django_db_blocker) -> Iterator[str]:
    """The address of a site with the conference of 2023, the sample, and one event without a programme."""
    from django.core.management import call_command
    from django.db import connection
    from pytest_django.live_server_helper import LiveServer

    from tests.builders import london, make_event

    with django_db_blocker.unblock():
        assert connection.settings_dict["NAME"].startswith("test_")  # it is emptied below
        call_command("load_programme", sample=True, verbosity=0)
        call_command("load_tickets", verbosity=0)
        call_command("load_pages", verbosity=0)
        make_event(
            "An event to come", slug="bare", starts=london(9).replace(year=2090), ends=london(17).replace(year=2090)
        )
        server = LiveServer("localhost")
        yield server.url
        server.stop()
        call_command("flush", interactive=False, verbosity=0)
        # Playwright runs all of this in a context of its own, whose connection nobody else would close.
        connection.close()


@pytest.fixture(scope="package")
def visiting(site: str, browser) -> Iterator[Callable[..., Visit]]:
    """Make visits: `visiting(width=320)`; those with the same wishes share a context."""
    kept: dict[tuple, Visit] = {}

    def visit(**wishes: object) -> Visit:
        key = tuple(sorted(wishes.items()))
        if key not in kept:
            kept[key] = Visit(browser, site, **wishes)
        return kept[key]

    yield visit
    for each in kept.values():
        each.context.close()


@pytest.fixture
def visit(visiting: Callable[..., Visit]) -> Visit:
    """Look at the site on a phone of 320 pixels."""
    return visiting(width=320)
