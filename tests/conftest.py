"""Fixtures for every test. The builders of a programme are plain functions in `tests/builders.py`."""

import pytest


@pytest.fixture(autouse=True)
def no_stored_pages():
    """Have each test begin without stored pages, in memory and on the disk."""
    from django.core.cache import caches  # only once Django is set up

    from events.storing import page_store

    page_store.forget()
    caches["pages"].clear()
    (page_store._folder() / "newest").unlink(missing_ok=True)


@pytest.fixture
def event(db):
    """A published event on DAY, 9am to 5pm, without a programme."""
    from tests.builders import make_event  # the models are there only once Django is set up

    return make_event()


@pytest.fixture
def programme(event):
    """A small programme of that event: see `make_programme`."""
    from tests.builders import make_programme  # the models are there only once Django is set up

    return make_programme(event)


@pytest.fixture
def furnished(programme):
    """That programme with all that pages can show, and one of everything else that has a page: see `furnish`."""
    from tests.page_types import furnish  # the models are there only once Django is set up

    return furnish(programme)


@pytest.fixture(scope="session")
def test_database(django_db_setup, django_db_blocker):
    """The database of the tests, for a fixture that lives longer than one test; it never is the one of development.

    pytest-django makes none for a run in which no test asks for `db`, and leaves the connection as it is.
    """
    from django.db import connection  # only once Django is set up
    from django.test.utils import setup_databases, teardown_databases

    made = []
    with django_db_blocker.unblock():
        if connection.settings_dict["NAME"] != connection.settings_dict["TEST"]["NAME"]:
            made = setup_databases(verbosity=0, interactive=False)
        assert connection.settings_dict["NAME"].startswith("test_")
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def looking(test_database, django_db_blocker):
    """One transaction for all tests of a module that only look, rolled back at its end: what they look at is made once.

    Such tests ask for this (or for a fixture of the module that does) and not for `db`; one that writes, for `undone`.
    """
    from django.db import connection, transaction  # only once Django is set up

    with django_db_blocker.unblock():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        # Once Playwright has run, this may be a connection of its context, which nobody else would close.
        connection.close()


@pytest.fixture
def undone(looking):
    """A part of that transaction which is taken back after one test: it may write on what the module made once."""
    from django.db import connection, transaction  # only once Django is set up

    with transaction.atomic():
        yield
        connection.check_constraints()  # as at the end of a test with `db`
        transaction.set_rollback(True)


@pytest.fixture
def noted_templates(monkeypatch):
    """Answers tell from which templates, in which context, they were made: `plain_templates` keeps that from others."""
    from django.template import Template  # only once Django is set up
    from django.test.utils import instrumented_test_render

    monkeypatch.setattr(Template, "_render", instrumented_test_render)


REPORT = "document.addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective + e.blockedURI))"


@pytest.fixture
def said(page):
    """Whatever the browser complains of."""
    complaints = []
    page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(REPORT)
    return complaints


@pytest.fixture
def staff(page, live_server, django_user_model, said):
    """A browser of a superuser who has signed in already: `test_somebody_signs_in` shows how."""
    from django.conf import settings
    from django.test import Client

    (client := Client()).force_login(django_user_model.objects.create_superuser("staff"))
    session = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([session | {"url": live_server.url}])
    return page
