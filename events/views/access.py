"""Which event a page shows, and to whom: published ones to everybody, drafts to staff below /admin/ only.

Public addresses ignore who is signed in.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from events import former_slugs
from events.models import Event
from events.showing import Showing
from events.storing import stored_pages, versions
from events.storing.asking import Question, ask_first

View = Callable[..., HttpResponse]


def only_read(view: View) -> View:
    """Refuse every method but GET and HEAD with 405; without a form there is no token to ask for first."""
    return csrf_exempt(require_safe(view))


def public(view: View, query: Iterable[str] = ()) -> View:
    """Show a page of a published event, stored. Its former address leads to the present one for good.

    `query` are the names in an address's query that the view reads.
    """

    @only_read
    @stored_pages.stored(query=query, event="event")
    @wraps(view)
    def page(request: HttpRequest, event: str, **rest: str) -> HttpResponse:
        showing = _public_showing(event, stored_pages.programme_version(request))
        if showing is None:
            return moved(request, event, rest)
        response = view(request, showing, **rest)
        patch_cache_control(response, no_cache=True)
        return response

    return page


def public_showing(slug: str, more: Mapping[str, Question] | None = None) -> Showing | None:
    """Return the published event of that address as it is shown now, or None. One round trip, mostly.

    `more` is asked along with it, and noted in the showing under its names.
    """
    answers = ask_first({"version": versions.CURRENT, **(more or {})})
    return _public_showing(slug, answers.pop("version"), answers)


def _public_showing(slug: str, version: versions.Version | None, noted: dict[str, Any] | None = None) -> Showing | None:
    event = versions.remembered(
        version, ("address", slug), lambda: Event.objects.public().select_related("venue").filter(slug=slug).first()
    )
    return Showing(event, timezone.now(), version=version, noted=noted or {}) if event else None


def preview(view: View) -> View:
    """Show a page of any event, drafts included, to staff who may see events; it is stored nowhere."""

    @only_read
    @staff_member_required
    @wraps(view)
    def page(request: HttpRequest, pk: int, **rest: str) -> HttpResponse:
        if not request.user.has_perm("events.view_event"):
            raise PermissionDenied
        event = get_object_or_404(Event.objects.select_related("venue"), pk=pk)
        response = view(request, Showing(event, timezone.now(), preview=True), **rest)
        patch_cache_control(response, no_store=True, private=True)
        return response

    return page


def moved(request: HttpRequest, slug: str, rest: dict[str, str]) -> HttpResponse:
    """Redirect to the event that once had this address, the same page of it; 404 if there is none to be seen."""
    event = Event.objects.public().filter(pk=former_slugs.find(Event, slug)).first()
    if event is None:
        raise Http404
    address = reverse(request.resolver_match.view_name, kwargs={**rest, "event": event.slug})
    return redirect(_with_query(request, address), permanent=True)


def moved_within(request: HttpRequest, address: str | None) -> HttpResponse:
    """Redirect for good to the present address of something with a former one; raise Http404 if there is none."""
    if address is None:
        raise Http404
    return redirect(_with_query(request, address), permanent=True)


def _with_query(request: HttpRequest, address: str) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"{address}?{query}" if query else address
