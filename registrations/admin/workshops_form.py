"""Somebody's workshops, asked again by staff: what they have is chosen already, and can always be kept."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from django import forms
from django.http import QueryDict

from events.models import Series, Session
from registrations import availability
from registrations.admin import workshop_fields
from registrations.answering.answers import Wish
from registrations.choice_rules import place_field, wait_field
from registrations.models import Registration
from registrations.my_day import rechoosing

WANTED = "Workshop they would like"
HELD, HELD_AND_FULL, WAITED = "theirs now", "theirs now; full for everybody else", "they are on its waiting list now"
ASKED, SHUT = "what they wait for now", "cannot be chosen at present"


def seen_field(series: int) -> str:
    """Return the name of the hidden field that says what they had of a series when the page was made."""
    return f"seen-{series}"


class ChangeWorkshopsForm(forms.Form):
    """A question for each series with anything to choose or to keep, and one for a waiting list where one is full.

    What was sent stays among the answers, so that it is kept while `booking` says why it cannot be. A series that
    was not touched follows what is true now: the page may have been open while a waiting list moved.
    """

    def __init__(self, data: QueryDict | None, *, registration: Registration, now: datetime.datetime) -> None:
        """Take what was sent, whose workshops they are, and the moment."""
        self.event, self.now, self.waits_for_event = registration.event, now, registration.is_waiting
        self.has = rechoosing.has(registration)
        self.places = availability.of_everything(self.event).workshops
        found = groupby(workshop_fields.of_event(self.event), key=lambda session: session.series)
        by_series = {series: list(sessions) for series, sessions in found}
        super().__init__(data if data is None else self._brought_up_to_date(data, [each.pk for each in by_series]))
        self.series: dict[int, str] = {}
        for series, sessions in by_series.items():
            self._ask(series, sessions)

    def _brought_up_to_date(self, data: QueryDict, keys: Iterable[int]) -> QueryDict:
        data = data.copy()
        for key in keys:
            names = place_field(key), wait_field(key)
            if "-".join(data.get(name, "") for name in names) == data.get(seen_field(key)):
                mine = self.has.get(key, Wish())
                data[names[0]], data[names[1]] = rechoosing.taken(mine), str(mine.wait or "")
                data[seen_field(key)] = rechoosing.word(mine)
        return data

    def _ask(self, series: Series, sessions: Sequence[Session]) -> None:
        mine, chosen, line = self.has.get(series.pk, Wish()), place_field(series.pk), wait_field(series.pk)
        roomy = [each for each in sessions if self._has_room(each) or self._stays(each, mine.place, chosen)]
        full = [
            each
            for each in sessions
            if (self._is_full(each) and each.pk != mine.place) or self._stays(each, mine.wait, line)
        ]
        if not roomy and not full:
            return
        self.series[series.pk] = series.name
        label = WANTED if self.waits_for_event else "Workshop"
        self.fields[chosen] = workshop_fields.place(
            [self._place(each, mine) for each in roomy], label, forms.RadioSelect
        )
        self.initial[chosen] = rechoosing.taken(mine)
        if full and not self.waits_for_event:
            self.fields[line] = workshop_fields.wait([self._wait(each, mine) for each in full], forms.RadioSelect)
            self.initial[line] = mine.wait or ""

    def _can_be_had(self, session: Session) -> bool:
        return availability.can_be_had(session, self.now)

    def _has_room(self, session: Session) -> bool:
        return self._can_be_had(session) and (self.waits_for_event or not self.places[session.pk].is_full)

    def _is_full(self, session: Session) -> bool:
        return self._can_be_had(session) and self.places[session.pk].is_full

    def _stays(self, session: Session, mine: int | None, name: str) -> bool:
        return session.pk == mine or str(session.pk) == self.data.get(name)

    def _place(self, session: Session, mine: Wish) -> workshop_fields.Option:
        words = HELD_AND_FULL if self.places[session.pk].is_full else HELD
        words = ASKED if self.waits_for_event else words
        return self._option(session, words if session.pk == mine.place else "")

    def _wait(self, session: Session, mine: Wish) -> workshop_fields.Option:
        return self._option(session, WAITED if session.pk == mine.wait else "")

    def _option(self, session: Session, mine: str) -> workshop_fields.Option:
        how = self.places[session.pk].words if self._can_be_had(session) else SHUT
        return workshop_fields.option(session, self.event, mine or how)

    def questions(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the questions of each series, under its name."""
        names = {key: [place_field(key), wait_field(key)] for key in self.series}
        return [(self.series[key], [self[each] for each in pair if each in self.fields]) for key, pair in names.items()]

    def now_seen(self) -> dict[str, str]:
        """Return the hidden fields of a page made now: what they have of each series."""
        return {seen_field(key): rechoosing.word(self.has.get(key, Wish())) for key in self.series}

    def seen(self) -> dict[int, str]:
        """Return what the page that was sent showed of each series."""
        return {key: self.data.get(seen_field(key), "") for key in self.series}

    def wishes(self) -> dict[int, Wish]:
        """Return what is to change, by series: a valid form's answers that are not what its page showed."""
        seen = self.seen()
        asked = {key: workshop_fields.wish(self.cleaned_data, key) for key in self.series}
        return {key: wish for key, wish in asked.items() if rechoosing.word(wish) != seen[key]}

    def moves_any(self, wishes: Mapping[int, Wish]) -> bool:
        """Whether these wishes change what they hold or wait for, and not only in which series they take no part."""
        had = {key: self.has.get(key, Wish()) for key in wishes}
        return any((wish.place, wish.wait) != (had[key].place, had[key].wait) for key, wish in wishes.items())
