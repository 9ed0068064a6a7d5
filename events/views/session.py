"""One session."""

from django.http import HttpRequest, HttpResponse

from events import calendar_links, calendars, changed, former_slugs, programme, schema_org
from events.calendar_links import Ways
from events.models import Session, Status
from events.page import absolute, render_page
from events.showing import Showing
from events.views.access import moved_within
from events.wording import british_time, markdown


def session_detail(request: HttpRequest, showing: Showing, session: str) -> HttpResponse:
    """Show one session with its people, what else is on at that time, and what comes before and after."""
    found = programme.sessions(showing).select_related("series", "room__venue")
    found = found.defer(None).defer("search").filter(slug=session)
    listed = programme.with_credits(showing, found, biographies=True)
    if not listed:
        return moved_within(request, present_address(showing, session))
    shown = listed[0]
    others = programme.with_credits(showing, programme.at_the_same_time(showing, shown))
    changed.mark(showing, [shown, *others])
    before, after = programme.before_and_after(showing, shown)
    return render_page(
        request, "events/session_detail.html", showing,
        heading=_named(shown, showing), address=showing.addresses.session(shown), section="agenda",
        description=markdown.plain(shown.abstract, 160),
        session=shown, before=before, after=after, others=others, calendar=_calendar(showing, shown),
        schema_json=schema_org.of_session(showing, shown),
    )  # fmt: skip


def _calendar(showing: Showing, session: Session) -> Ways | None:
    """Return how to take a session into one's own calendar; None if it is over, will not be, or is only previewed."""
    event = showing.event
    if showing.preview or showing.past or session.is_cancelled or event.status == Status.CANCELLED:
        return None
    entry = calendars.of_session(session, event, absolute(showing.addresses.session(session)), session.starts)
    file = calendar_links.file(showing.addresses.session_calendar(session))
    return Ways([file, *calendar_links.adding(entry)])


def _named(session: Session, showing: Showing) -> str:
    """Its name in the page's title: a workshop by its code, anything else by when it is, for a day has two breaks."""
    heading = session.heading_after if showing.past else session.heading
    if session.full_code:
        return f"{session.full_code}: {heading}" if session.title else heading
    when = british_time.moment_words if showing.event.has_days else british_time.time_words
    return f"{heading}, {when(session.starts, showing.event.zone)}"


def present_address(showing: Showing, slug: str) -> str | None:
    """Return the address of the session that once had this one, or None."""
    key = former_slugs.find(Session, slug, showing.event)
    moved = programme.sessions(showing).filter(pk=key).first() if key else None
    return showing.addresses.session(moved) if moved else None
