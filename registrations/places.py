"""The lock that every writer takes first, and the counting of places under it.

Whoever writes anything about who has a place opens the event's ledger: it locks the event's row of Places,
then the event's other rows in the order of their keys. So writers of one event take turns, none waits for
another in a circle, and what is read after the lock is as it will stay until the commit.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

from events.models import Event, Kind, Session
from events.storing import on_disk, versions
from events.storing.asking import Question, ask_all
from registrations import counted, rows
from registrations.models import Places, TicketType
from registrations.problems import Busy, Problem, Refused, Why

Read = TypeVar("Read")
# Lock timeout, deadlock, statement timeout: nothing is written, and another attempt may well pass.
PASSING = ("55P03", "40P01", "57014")
GONE = Problem(Why.NOT_BOOKABLE, "Nobody can register for this event here.")
MEANWHILE = Problem(
    Why.CHANGED_MEANWHILE, "The programme was changed at the same moment. Please look at your choices again."
)
_FACTS = (
    "event_id", "series_id", "series__number", "series__title", "kind", "label", "code", "title", "starts", "ends",
    "status",
)  # fmt: skip


_LOCK_EVENT = """
SELECT id FROM registrations_places WHERE event_id = %s AND ticket_type_id IS NULL AND session_id IS NULL FOR UPDATE
"""


class Ledger:
    """The places of one event, locked until the transaction ends.

    What is taken and freed counts here at once; `write` writes it, and PostgreSQL refuses one too many.
    """

    def __init__(
        self, event_key: int, places: Iterable[Places], version: versions.Version | None, noted: dict[str, Any]
    ) -> None:
        """Take the rows as they were locked, the programme's version, and what else was asked then."""
        self._event_key, self._version, self.noted = event_key, version, noted
        self._rows = {(row.ticket_type_id, row.session_id): row for row in places}
        self._steps: Counter[int] = Counter()

    @cached_property
    def event(self) -> Event:
        """The event, as it stays until the commit."""
        return self._remembered("event", lambda: Event.objects.get(pk=self._event_key))

    @cached_property
    def workshops(self) -> dict[int, Session]:
        """The event's workshops by key, as they stay until the commit."""
        return self._remembered("workshops", self._read_workshops)

    def _read_workshops(self) -> dict[int, Session]:
        found = Session.objects.filter(event=self._event_key, kind=Kind.WORKSHOP, series__isnull=False)
        return {session.pk: session for session in found.select_related("series").only(*_FACTS)}

    @cached_property
    def ticket_types(self) -> dict[int, TicketType]:
        """The event's ticket types by key."""
        return self._remembered("ticket types", lambda: TicketType.objects.filter(event=self._event_key).in_bulk())

    def _remembered(self, what: str, read: Callable[[], Read]) -> Read:
        """Return what `read` returns, or what was read before and is still so: the lock keeps the programme still.

        Whoever changes the programme opens another ledger afterwards, whose version says so.
        """
        return versions.remembered(self._version, ("ledger", self._event_key, what), read)

    @property
    def whole(self) -> Places:
        """The places of the event as a whole."""
        return self._rows[None, None]

    def of_workshop(self, key: int) -> Places:
        """The places of one workshop."""
        return self._rows[None, key]

    def of_ticket_type(self, key: int) -> Places:
        """The places of one ticket type."""
        return self._rows[key, None]

    def take(self, places: Places) -> None:
        """Take one place."""
        self._step(places, 1)

    def free(self, places: Places) -> None:
        """Give one place back."""
        self._step(places, -1)

    def _step(self, places: Places, by: int) -> None:
        places.taken += by
        self._steps[places.pk] += by

    def write(self) -> None:
        """Write what was taken and freed since the last time: one statement for each number."""
        for by in sorted(set(self._steps.values()) - {0}):
            keys = [key for key, steps in self._steps.items() if steps == by]
            with connection.cursor() as cursor:
                cursor.execute("UPDATE registrations_places SET taken = taken + %s WHERE id = ANY(%s)", [by, keys])
        self._steps.clear()


def lock(event_keys: Iterable[int]) -> None:
    """Lock the places of these events: the events' own rows first, then the rest, each in the order of keys."""
    rows = Places.objects.select_for_update().filter(event__in=sorted(event_keys))
    list(rows.of_events().order_by("event_id").values_list("pk"))
    list(rows.order_by("pk").values_list("pk"))


def open_ledger(event_key: int, more: Mapping[str, Question] | None = None) -> Ledger:
    """Lock the places of one event, in a transaction under way, and return its ledger.

    `more` is asked under the lock, in the same round trip, and noted in the ledger under its names. Raises Refused
    if there are none: the event is gone, or a listing.
    """
    # Several statements, so that those after the first see what whoever held the lock before has committed.
    answers = ask_all(
        {
            "lock": Question(_LOCK_EVENT, [event_key], bool),
            "rows": rows.matching(Places, "event_id = %s", [event_key], "ORDER BY id FOR UPDATE"),
            "version": versions.CURRENT,
            **(more or {}),
        }
    )
    if not answers.pop("lock"):
        raise Refused([GONE])
    return Ledger(event_key, answers.pop("rows"), answers.pop("version"), answers)


@contextmanager
def opened(event_key: int, more: Mapping[str, Question] | None = None, *, programme: bool = False) -> Iterator[Ledger]:
    """Give the event's ledger (see `open_ledger`) within one transaction (see `writing`), and write it at the end.

    Raises Busy and Refused.
    """
    with writing(programme=programme):
        ledger = open_ledger(event_key, more)
        yield ledger
        ledger.write()


@contextmanager
def writing(*, programme: bool = False) -> Iterator[None]:
    """Give one transaction, and check at its end what PostgreSQL had put off. What is refused is counted.

    Its commit waits for the disk: whoever is told that something is done can rely on it.

    `programme` says that what pages say of the programme is written as well. Raises Busy if a lock did not come in
    time, and Refused where only PostgreSQL saw that it cannot be.
    """
    with counted.refusals(), _transaction(programme):
        yield


@contextmanager
def _transaction(programme: bool) -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            _settle(programme=programme)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) not in PASSING:
            raise
        raise Busy from error
    except IntegrityError as error:
        if constraint_of(error) in RETRIED:
            raise
        raise Refused([MEANWHILE]) from error


# These two are not the attendee's business: `booking` tries again, or finds the first registration.
RETRIED = ("registrations_registration_reference_key", "registrations_registration_idempotency_key_key")


def constraint_of(error: IntegrityError) -> str | None:
    """Return the name of the constraint that refused."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)


def _settle(*, programme: bool) -> None:
    """Have the deferred constraints checked here and not at the commit, where nobody could answer in words.

    The programme's version is left to the commit: see `events.changes`.
    """
    with connection.cursor() as cursor:
        every = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
        checks = "SELECT events_check_what_is_deferred()" if programme else every
        cursor.execute(f"{on_disk.WAITS}; {checks}")
