"""A programme's file → rows that are not saved yet, parents first."""

import datetime
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model

from events.loading import days, memory
from events.loading.files import ProgrammeFile
from events.loading.keys import FileProblem
from events.models import Appearance, Event, Organisation, Person, Room, Series, Session, Status, Venue

Row = TypeVar("Row", bound=Model)


@dataclass
class Plan:
    """What to save, parents first, and under which key to remember what of it."""

    saves: list[Model] = field(default_factory=list)
    remembered: list[tuple[str, Model]] = field(default_factory=list)

    def add(self, row: Row, key: str = "") -> Row:
        """Plan to save this row, and to remember it if a key is given. Returns it."""
        self.saves.append(row)
        if key:
            self.remembered.append((key, row))
        return row

    def count(self, model: type[Model]) -> int:
        """How many new rows there are of this model."""
        return sum(isinstance(row, model) for row in self.saves)


def event_key(programme: ProgrammeFile) -> str:
    """Return the key under which the file's event is remembered."""
    return f"event/{programme.event['slug']}"


def build(programme: ProgrammeFile, now: datetime.datetime) -> Plan:
    """Return all that the file makes.

    People, organisations, the venue and its rooms belong to the site, so they are made only if they never were:
    those that staff edited stay as they are, and those that staff deleted stay away. Raises FileProblem for a value
    that no row can hold.
    """
    plan = Plan()
    venue = _shared(programme, plan, Venue, "venue", [programme.venue] if programme.venue else [])
    rooms = _rooms(programme, plan, next(iter(venue.values()), None))
    organisations = _shared(programme, plan, Organisation, "organisation", programme.rows("organisations"))
    named = [_replaced(row, organisation=organisations) for row in programme.rows("people")]
    people = _shared(programme, plan, Person, "person", named)
    event = plan.add(_event(programme, now, next(iter(venue.values()), None)), event_key(programme))
    series = {
        row["number"]: plan.add(_row(programme, "series", Series, row, event=event)) for row in programme.rows("series")
    }
    for row in programme.rows("sessions"):
        session = plan.add(_session(programme, event, _replaced(row, room=rooms, series=series)))
        _appearances(programme, plan, session, row.get("appearances", []), people, organisations)
    return plan


def _event(programme: ProgrammeFile, now: datetime.datetime, venue: Venue | None) -> Event:
    """The event itself; a sample gets a day and a time for booking."""
    values = {"status": Status.PUBLISHED, "venue": venue, **programme.event}
    if not values.get("is_listing"):
        zone = _zone(programme)
        today = now.astimezone(zone).date()
        day = values.pop("day", None) or days.sample_day(today)
        values |= {key: days.at(day, values[key], zone) for key in ("starts", "ends")}
        values["sorts_at"] = values["starts"]
        if programme.is_sample:
            values["title"] = values["title"].replace("{year}", str(day.year))
            values["booking_opens"], values["booking_closes"] = days.booking_of_sample(today, day, zone)
    return _row(programme, "event", Event, values)


def _zone(programme: ProgrammeFile) -> zoneinfo.ZoneInfo:
    name = programme.event.get("time_zone", Event._meta.get_field("time_zone").default)
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise FileProblem(f"{programme.name}, event: “time_zone” is “{name}”, which is no time zone.") from error


def _shared(
    programme: ProgrammeFile, plan: Plan, model: type[Row], noun: str, rows: Iterable[dict]
) -> dict[str, Row | None]:
    """Return, by slug, what belongs to the whole site: found as staff left it, or new; None where staff deleted it."""
    result = {}
    for values in rows:
        slug = values["slug"]
        key = f"{noun}/{slug}"
        namesake = model._default_manager.filter(slug=slug).first()
        if memory.is_known(key):
            result[slug] = memory.find(model, key)
        elif namesake is not None and not programme.is_sample:
            result[slug] = namesake
        else:
            # Nobody real may be given the sample's invented workshops: a namesake leaves it another address.
            free = values if namesake is None else {**values, "slug": ""}
            result[slug] = plan.add(_row(programme, noun, model, free), key)
    return result


def _rooms(programme: ProgrammeFile, plan: Plan, venue: Venue | None) -> dict[str, Room | None]:
    rooms = {}
    for order, values in enumerate(programme.rows("rooms")):
        key = f"room/{programme.venue['slug']}/{values['name']}"
        rooms[values["name"]] = (
            memory.find(Room, key)
            if venue is None or memory.is_known(key)
            else plan.add(_row(programme, "rooms", Room, values, venue=venue, order=order), key)
        )
    return rooms


def _session(programme: ProgrammeFile, event: Event, values: dict) -> Session:
    day = event.starts.astimezone(event.zone).date() if event.starts else None
    hours = {key: days.at(day, values[key], event.zone) for key in ("starts", "ends")} if day else {}
    return _row(programme, "sessions", Session, {**values, **hours, "event": event})


def _appearances(
    programme: ProgrammeFile, plan: Plan, session: Session, rows: list[dict], people: dict, organisations: dict
) -> None:
    for order, row in enumerate(rows):
        values = _replaced(row, person=people, organisation=organisations)
        if values.get("person") or values.get("organisation"):
            plan.add(_row(programme, "appearances", Appearance, values, session=session, order=order))


def _replaced(values: dict, **found: dict) -> dict:
    """Return the values with each name replaced by the row it stands for."""
    return values | {key: rows[values[key]] for key, rows in found.items() if key in values}


def _row(programme: ProgrammeFile, table: str, model: type[Row], values: dict, **more: object) -> Row:
    """Return an unsaved row. Raises FileProblem, naming file, table and key, if a value does not fit."""
    texts = {key: value.strip() if isinstance(value, str) else value for key, value in values.items()}
    row = model(**{key: value for key, value in texts.items() if key != "appearances"}, **more)
    unchecked = [each.name for each in model._meta.fields if each.is_relation or not each.editable]
    try:
        row.clean_fields(exclude=unchecked)
        if model is not Appearance:  # whose people may have no primary key yet; the file's check has said it
            row.clean()
    except ValidationError as error:
        problems = [f"“{key}”: {' '.join(messages)}" for key, messages in error.message_dict.items()]
        raise FileProblem(f"{programme.where(table, values)}: {' '.join(problems)}") from error
    return row
