"""One session."""

from django.http import HttpRequest, HttpResponse

from events import british_time, former_slugs, markdown, programme, schema_org
from events.models import Session
from events.page import render_page
from events.showing import Showing
from events.views.access import moved_within


def session_detail(request: HttpRequest, showing: Showing, session: str) -> HttpResponse:
    """Show one session with its people, what else is on at that time, and what comes before and after."""
    found = programme.sessions(showing).defer(None).defer("search").filter(slug=session)
    listed = programme.with_credits(showing, found, biographies=True)
    if not listed:
        return moved_within(request, present_address(showing, session))
    shown = listed[0]
    before, after = programme.before_and_after(showing, shown)
    return render_page(
        request, "events/session_detail.html", showing,
        heading=_named(shown, showing), address=showing.addresses.session(shown), section="agenda",
        description=markdown.plain(shown.abstract, 160),
        session=shown, before=before, after=after, schema_json=schema_org.of_session(showing, shown),
        others=programme.with_credits(showing, programme.at_the_same_time(showing, shown)),
    )  # fmt: skip


def _named(session: Session, showing: Showing) -> str:
    """Its name in the page's title: a workshop by its code, anything else by its time, for a day has two breaks."""
    heading = session.heading_after if showing.past else session.heading
    if session.full_code:
        return f"{session.full_code}: {heading}" if session.title else heading
    return f"{heading}, {british_time.time_words(session.starts, showing.event.zone)}"


def present_address(showing: Showing, slug: str) -> str | None:
    """Return the address of the session that once had this one, or None."""
    key = former_slugs.find(Session, slug, showing.event)
    moved = programme.sessions(showing).filter(pk=key).first() if key else None
    return showing.addresses.session(moved) if moved else None
