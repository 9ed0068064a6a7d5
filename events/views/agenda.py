"""The agenda: the whole day, or what was searched for."""

from django.http import Http404, HttpRequest, HttpResponse

from events import agenda as order_of_service
from events import calendar_links, changed, filters, programme, schema_org
from events.calendar_links import Ways
from events.models import Series, Session, Status
from events.page import absolute, render_page
from events.showing import Showing


def agenda(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Show the sessions in the order of time, filtered as the address asks."""
    event = showing.event
    if event.is_listing:
        raise Http404
    series = programme.series(showing)
    asked = filters.read(request.GET, event, series)
    everything = programme.sessions(showing)
    found = programme.with_credits(showing, asked.of(everything, event.zone, showing.today))
    event_mark = changed.mark(showing, found)
    built = order_of_service.build(found, event.zone, showing.now, () if asked.active else series)
    return render_page(
        request, "events/agenda.html", showing,
        heading=_heading(asked), address=showing.addresses.agenda, section="agenda",
        description=f"The programme of {event.title}: every session with its time, room and people.",
        noindex=asked.active,
        agenda=built, filters=asked, found=len(found), series_list=series, wide=True,
        total=everything.count() if asked.active else len(found),
        kind_list=[(kind, filters.PLURAL[kind]) for kind in filters.OFFERED], day_list=_days(showing),
        jumps=_jumps(built, series), calendar=_calendar(showing),
        event_mark=event_mark, latest_change=changed.latest(showing),
        schema_json=None if asked.active else schema_org.of_agenda(showing, _announced(built)),
    )  # fmt: skip


def _announced(built: order_of_service.Agenda) -> list[Session]:
    """The sessions that the page shows one by one: a series of which nothing is announced is one panel."""
    return [session for slot in built.slots for row in slot.rows if not row.awaited for session in row.sessions]


def _calendar(showing: Showing) -> Ways | None:
    """Return how to take the whole event into one's own calendar; None if it is over, will not be, or is previewed."""
    event, at = showing.event, showing.addresses.calendar
    if showing.preview or showing.past or event.status == Status.CANCELLED:
        return None
    return Ways([calendar_links.file(at)], calendar_links.subscribing(event.title, absolute(at)))


def _heading(asked: filters.Filters) -> str:
    if asked.query:
        return f"Agenda: search for “{asked.query[:60]}”"
    return "Agenda, filtered" if asked.active else "Agenda"


def _days(showing: Showing) -> list[tuple[str, str]]:
    """The days that one can choose from, with their words; none where all is on one day."""
    days = programme.days(showing) if showing.event.has_days else []
    return [(day.isoformat(), f"{day:%A} {day.day} {day:%B}") for day in days] if len(days) > 1 else []


def _jumps(built: order_of_service.Agenda, series: list[Series]) -> list[order_of_service.Slot]:
    """The slots worth jumping to: panels and series, if they are few enough to read at a glance."""
    peaks = [slot for slot in built.slots if slot.kind in ("peak", "series")]
    return peaks if len(peaks) <= 6 else []
