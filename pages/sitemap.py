"""Which addresses search engines are told: published, ours, not samples, and people who agree to be found."""

import datetime
from collections.abc import Iterator

from django.urls import reverse

from events import programme
from events.models import Event
from events.showing import Showing
from pages.models import Page


def addresses(now: datetime.datetime) -> Iterator[str]:
    """Yield each address, beginning with a slash."""
    yield reverse("pages:home")
    yield reverse("events:event_list")
    for event in Event.objects.public().ours().filter(is_sample=False).in_order():
        yield from _of_event(Showing(event, now))
    for slug in Page.objects.public().values_list("slug", flat=True):
        yield reverse("pages:page_detail", kwargs={"page": slug})


def _of_event(showing: Showing) -> Iterator[str]:
    at = showing.addresses
    yield from (at.event, at.agenda, at.people, at.organisations)
    yield from map(at.session, programme.sessions(showing))
    listed = programme.people(showing).filter(has_page=True, searchable=True).prefetch_related(None)
    yield from map(at.person, listed)
    yield from map(at.organisation, programme.organisations(showing))
