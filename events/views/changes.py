"""What has changed: a page, and the same as a feed."""

from django.http import Http404, HttpRequest, HttpResponse

from events import changed
from events.feeds import atom
from events.page import absolute, render_page
from events.showing import Showing
from events.wording import change_words

ON_PAGE, IN_FEED = 200, 50


def change_list(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Show what has changed since the programme was published, the latest first."""
    if showing.event.is_listing:
        raise Http404
    told = changed.told(showing, ON_PAGE)
    return render_page(
        request, "events/change_list.html", showing,
        heading="What has changed", address=showing.addresses.changes, section="agenda",
        description=f"What has changed in the programme of {showing.event.title}: times, rooms, titles.",
        days=change_words.by_day(told, showing.event.zone), feed=showing.addresses.changes_feed,
    )  # fmt: skip


def changes_feed(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Send the latest of it."""
    event, addresses = showing.event, showing.addresses
    if event.is_listing:
        raise Http404
    told = [
        (each, absolute(addresses.session(each.session) if each.session else addresses.event))
        for each in changed.told(showing, IN_FEED)
    ]
    page, own = absolute(addresses.changes), absolute(addresses.changes_feed)
    content = atom.feed(event, told, page=page, own=own, changed_at=changed.last(showing))
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
