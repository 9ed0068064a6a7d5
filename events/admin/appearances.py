"""In which sessions a person or an organisation is, as a list of links."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from events.models import Organisation, Person
from events.wording import british_time

MOST = 50


def sessions_of(who: Person | Organisation) -> str:
    """Return links to the latest sessions in which they are, each with its role, day and event."""
    if who.pk is None:
        return "None yet. People and organisations are put into a session on the session’s own page."
    found = who.appearances.select_related("session__event", "session__series").order_by("-session__starts")[:MOST]
    lines = [
        (
            reverse("admin:events_session_change", args=[appearance.session_id]),
            appearance.session,
            appearance.get_role_display().lower(),
            british_time.short_date_words(appearance.session.starts, appearance.session.event.zone),
            appearance.session.event,
        )
        for appearance in found
    ]
    if not lines:
        return "None yet. They are put into a session on the session’s own page."
    return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a>: {}, {}, {}</li>', lines))
