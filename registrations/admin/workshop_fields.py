"""The questions about workshops on the pages of staff: in each series one list to choose from, and one to wait."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet

from events.models import Event, Kind, Session
from events.wording import british_time
from registrations import choice_rules
from registrations.answering.answers import Wish
from registrations.my_day import rechoosing

LATER = ("", "They will choose later")
NONE = (rechoosing.NO_PART, "None: they take no part in this series")
NO_WAIT = ("", "None")
Option = tuple[str, str]
Widget = type[forms.Select]


def of_event(event: Event) -> QuerySet[Session]:
    """Return the workshops of an event, series by series."""
    found = event.sessions.filter(kind=Kind.WORKSHOP, series__isnull=False).defer("abstract", "search")
    return found.select_related("series").order_by("series__number", "starts", "code", "pk")


def option(session: Session, event: Event, words: str) -> Option:
    """Return a workshop to choose: its code, title and time, and how it stands."""
    hours = british_time.hours_words(session.starts, session.ends, event.zone)
    return str(session.pk), f"{session} ({hours}) – {words}"


def place(options: Iterable[Option], label: str = "Workshop", widget: Widget = forms.Select) -> forms.ChoiceField:
    """Return the question which workshop they take."""
    return _choice(label, [LATER, *options, NONE], widget)


def wait(options: Iterable[Option], widget: Widget = forms.Select) -> forms.ChoiceField:
    """Return the question which workshop they wait for beside that."""
    return _choice("Also on the waiting list for", [NO_WAIT, *options], widget)


def _choice(label: str, options: list[Option], widget: Widget) -> forms.ChoiceField:
    wrong = {"invalid_choice": "Choose one of the workshops of this series."}
    return forms.ChoiceField(label=label, choices=options, required=False, error_messages=wrong, widget=widget)


def wish(given: Mapping[str, Any], series: int) -> Wish:
    """Return what was chosen in a series, from the answers of a valid form."""
    place, wait = (given.get(name) for name in (choice_rules.place_field(series), choice_rules.wait_field(series)))
    no_part = place == rechoosing.NO_PART
    return Wish(int(place) if place and not no_part else None, int(wait) if wait else None, no_part=no_part)
