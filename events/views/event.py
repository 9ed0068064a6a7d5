"""One event, and the list of all."""

from django.core.paginator import Page, Paginator
from django.db.models import Count, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from events import agenda, changed, programme, schema_org, tickets_shown
from events.models import Event
from events.page import absolute, booking_of, render_page, site_words, titled
from events.showing import Showing
from events.storing.stored_pages import stored
from events.views.access import only_read
from events.wording import access

NAMED = 8  # people on an event's page; the rest are a link away
IN_BRIEF = 12  # parts of the day on an event's page
PER_PAGE = 30


def event_detail(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Show one event, or another organisation's listing."""
    if showing.event.is_listing:
        return _listing(request, showing)
    return event_page(request, showing, heading="About the event", template="events/event_detail.html")


def event_page(request: HttpRequest, showing: Showing, *, heading: str, template: str) -> HttpResponse:
    """Return an event's page; the home page is one too, with a template and a title of its own."""
    event = showing.event
    sessions = list(programme.sessions(showing).defer("abstract", "content_note"))
    series = programme.series(showing)
    for session in sessions:
        session.event = event
    whole = agenda.build(sessions, event.zone, showing.now, series)
    brief = [slot for slot in whole.slots if slot.kind in ("series", "peak", "mixed")]
    named = list(programme.people(showing).annotate(total=Window(Count("pk")))[:NAMED])
    tickets = tickets_shown.tickets(showing, booking_of(showing))
    return render_page(
        request, template, showing,
        heading=heading, address=request.path, section="event",
        event_mark=changed.mark(showing, []), agenda=whole,
        brief=brief[:IN_BRIEF], brief_cut=len(brief) > IN_BRIEF, series_list=series,
        people=named, people_total=named[0].total if named else 0, tickets=tickets,
        access_facts=access.of_event(sessions, past=showing.past),
        schema_json=schema_org.of_event(showing, named, tickets),
    )  # fmt: skip


def _listing(request: HttpRequest, showing: Showing) -> HttpResponse:
    return render_page(
        request, "events/listing.html", showing,
        heading="About the event", address=showing.addresses.event, section="event", noindex=True,
    )  # fmt: skip


@only_read
@stored(query=["page"])
def event_list(request: HttpRequest) -> HttpResponse:
    """List what is coming and, page by page, what is past."""
    now = timezone.now()
    events = Event.objects.public().select_related("venue")
    over = events.filter(sorts_at__lt=now).exclude(ends__gt=now)
    page = page_of(Paginator(over.order_by("-sorts_at", "-pk"), PER_PAGE), request.GET.get("page"))
    coming = list(events.exclude(pk__in=over.values("pk")).in_order()[:100]) if page.number == 1 else []
    heading = "Events" if page.number == 1 else f"Past events, page {page.number}"
    own = reverse("events:event_list") + (f"?page={page.number}" if page.number > 1 else "")
    context = {
        "site": site_words(),
        "coming": coming,
        "past_events": page,
        "now": now,
        "page_title": titled(heading),
        "page_description": "Clinks’ coming and past events, and those of other organisations that we list.",
        "canonical": absolute(own),
        "section": "events",
    }
    response = render(request, "events/event_list.html", context)
    patch_cache_control(response, no_cache=True)
    return response


def page_of(paginator: Paginator, asked: str | None) -> Page:
    """Return the page of a list that was asked for; raise Http404 for one that does not exist."""
    if asked is None:
        return paginator.page(1)
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7 and 1 <= int(asked) <= paginator.num_pages):
        raise Http404
    return paginator.page(int(asked))
