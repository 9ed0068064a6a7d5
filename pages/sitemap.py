"""Which addresses search engines are told: published, ours, not samples, and people who agree to be found.

All of them are asked for at once: the number of queries is the same for one event and for a hundred.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.urls import reverse

from events.models import Appearance, Event, Session, Status
from events.showing import Showing
from pages.models import Page

# What is asked of each appearance: biographies and descriptions would be long.
_ASKED = [
    "session__event_id", "organisation__slug", "person__slug", "person__has_page", "person__searchable",
    "person__public_until", "person__organisation__slug",
]  # fmt: skip


def addresses(now: datetime.datetime) -> Iterator[str]:
    """Yield each address, beginning with a slash."""
    yield reverse("pages:home")
    yield reverse("events:event_list")
    events = Event.objects.public().ours().filter(is_sample=False).in_order()
    showings = {event.pk: Showing(event, now) for event in events}
    sessions, (people, organisations) = _sessions(showings), _who(showings)
    for key, showing in showings.items():
        at = showing.addresses
        yield from (at.event, at.agenda, at.people, at.organisations)
        yield from (f"{at.agenda}{slug}/" for slug in sessions[key])
        yield from (f"{at.people}{slug}/" for slug in people[key])
        yield from (f"{at.organisations}{slug}/" for slug in organisations[key])
    for slug in Page.objects.public().values_list("slug", flat=True):
        yield reverse("pages:page_detail", kwargs={"page": slug})


def _sessions(showings: Iterable[int]) -> dict[int, list[str]]:
    """Return the slugs of the sessions of each event."""
    found: dict[int, list[str]] = defaultdict(list)
    for event, slug in Session.objects.public().filter(event__in=showings).in_order().values_list("event", "slug"):
        found[event].append(slug)
    return found


def _who(showings: dict[int, Showing]) -> tuple[dict[int, dict[str, None]], dict[int, dict[str, None]]]:
    """Return the slugs of the people, and of the organisations, of each event; each once, in order."""
    people: dict[int, dict[str, None]] = defaultdict(dict)
    organisations: dict[int, dict[str, None]] = defaultdict(dict)
    shown = Appearance.objects.filter(session__event__in=showings, session__status=Status.PUBLISHED)
    rows = shown.select_related("session", "organisation", "person__organisation").only(*_ASKED)
    for each in rows.order_by("session__starts", "pk"):
        event, person = each.session.event_id, each.person
        if person and person.is_gone(showings[event].today):
            continue
        if person and person.has_page and person.searchable:
            people[event][person.slug] = None
        organisation = person.organisation if person else each.organisation
        if organisation:
            organisations[event][organisation.slug] = None
    return people, organisations
