"""Links from the admin to the site: where visitors see a thing, and where staff preview it."""

from django.db.models import Model
from django.utils import timezone

from events.addresses import Addresses
from events.models import PUBLIC, Event, Organisation, Person, Session

WITH_PAGES = (Event, Session, Person, Organisation)


def public_address(row: Model) -> str | None:
    """Return where visitors see this now; None if they do not, or if such things have no page."""
    event = event_showing(row, PUBLIC) if isinstance(row, WITH_PAGES) else None
    if event is None or event.status not in PUBLIC:
        return None
    if isinstance(row, Session) and row.status not in PUBLIC:
        return None
    if isinstance(row, Person) and (not row.has_page or row.is_gone(timezone.localdate())):
        return None
    return Addresses(event).of(row)


def preview_address(row: Model) -> str | None:
    """Return where staff see this as it will be, drafts included; None if it is in no event."""
    event = event_showing(row) if isinstance(row, WITH_PAGES) else None
    if event is None or (isinstance(row, Person) and not row.has_page):
        return None
    return Addresses(event, preview=True).of(row)


def event_showing(row: Event | Session | Person | Organisation, statuses: tuple[str, ...] = ()) -> Event | None:
    """Return the event on whose pages this is; for a person or an organisation, their latest one."""
    if isinstance(row, Event):
        return row
    if isinstance(row, Session):
        return row.event
    sessions = Session.objects.filter(appearances__in=row.appearances.all())
    if statuses:
        sessions = sessions.filter(status__in=statuses, event__status__in=statuses)
    return Event.objects.filter(pk__in=sessions.values("event")).order_by("-sorts_at").first()
