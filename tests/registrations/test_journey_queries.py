"""What each page of the journey costs: few queries, and as many for sixty workshops as for two."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Kind, Series
from tests.builders import make_appearance, make_person, new_session, save
from tests.registrations.builders import NOW, make_day, make_ticket_type
from tests.registrations.journeys import ADA, Journey, hidden, place

pytestmark = pytest.mark.django_db
# Page → the most queries that showing it and sending it may take, once the programme is remembered. Savepoints are
# the test's own.
MOST = {
    "": (2, 4), "details": (2, 4), "ticket": (3, 5), "workshops": (3, 5), "access": (2, 4), "check": (4, 22),
    "confirmed": (7, None), "colleague": (3, None),
}  # fmt: skip
MOST_AT_FIRST = 22


def queries(work):
    with CaptureQueriesContext(connection) as caught:
        work()
    return len([each for each in caught if "SAVEPOINT" not in each["sql"]])


def add_workshops(day):
    """Add a third series with many workshops, and somebody in each."""
    series = Series(event=day.event, number=3)
    sessions = [
        new_session(day.event, 15, kind=Kind.WORKSHOP, series=series, code=first + second, title="Reserves")
        for first in "ABCDE"
        for second in "ABCDEF"
    ]
    save(series, *sessions)
    make_appearance(sessions[0], make_person("Marcia Hale"))
    for number in range(8):
        make_ticket_type(day.event, f"Ticket {number}", order=2)


def costs(day, name):
    """Return what each page costs, shown and sent."""
    journey = Journey(day.event)
    found = {"": (queries(journey.get), queries(journey.post))}
    journey.get("details")
    sent = {
        "details": ADA | {"name": name},
        "ticket": {"ticket_type": day.ticket.pk},
        "workshops": place(day.a1),
        "access": {"bsl": 1},
    }
    for step, answers in sent.items():
        shown = queries(lambda step=step: journey.client.get(journey.address(step)))
        found[step] = shown, queries(lambda step=step, answers=answers: journey.post(step, answers))
    shown = queries(lambda: journey.client.get(journey.address("check")))
    page = journey.get("check")
    found["check"] = shown, queries(lambda: journey.post("check", shown=hidden(page, "shown")))
    for step in ("confirmed", "colleague"):
        found[step] = queries(lambda step=step: journey.client.get(journey.address(step))), None
    return found


def test_no_step_takes_many_queries_nor_more_for_more_workshops():
    with time_machine.travel(NOW, tick=False):
        day = make_day()
        first = costs(day, "Cy")
        few = costs(day, "Ada")
        add_workshops(day)
        costs(day, "Di")
        many = costs(day, "Bo")
    assert over(many, MOST) == {}
    assert over(first, dict.fromkeys(MOST, (MOST_AT_FIRST, MOST_AT_FIRST))) == {}
    assert many == few
    # The control: what is remembered was asked for once.
    assert first[""][1] > few[""][1]


def over(found, most):
    """Return the pages that cost more than they may."""
    return {
        page: numbers
        for page, numbers in found.items()
        if any(number is not None and number > limit for number, limit in zip(numbers, most[page], strict=True))
    }
