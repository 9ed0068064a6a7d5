"""What every test of registrations stands on: staff's changes happen at NOW, whatever the real date is."""

import copy

import pytest


@pytest.fixture(autouse=True)
def staff_work_now(monkeypatch):
    """Give the listener of the programme, the one place that reads the clock, the tests' own moment."""
    # The models are there only once Django is set up.
    from events import changes
    from registrations.programme_changes.listener import ProgrammeListener
    from tests.registrations.builders import NOW

    for listener in changes._listeners:
        if isinstance(listener, ProgrammeListener):
            monkeypatch.setattr(listener, "_clock", lambda: NOW)


@pytest.fixture(scope="module")
def busy_day_once(looking):
    """The day of `a_busy_day`, made once for all tests of a module."""
    from tests.registrations.staff import a_busy_day  # the models are there only once Django is set up

    return a_busy_day()


@pytest.fixture
def busy_day(busy_day_once, undone):
    """That day; what the test does with it is undone."""
    return copy.deepcopy(busy_day_once)
