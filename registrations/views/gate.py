"""Who comes through to a step, and what the others are told: closed, limited, out of order, in the wrong tab."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from events.models import Event
from events.showing import Showing
from events.storing.asking import Question
from events.views.access import moved, public_showing
from registrations import availability, kept, limits, rules
from registrations.answering import draft_cookie, drafts, journey
from registrations.client_address import client_address
from registrations.limits import Limit, Reached
from registrations.models import Draft

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Visit:
    """A request in the middle of the journey: the event as it is now, and the visitor's own draft."""

    request: HttpRequest
    showing: Showing
    draft: Draft

    @property
    def event(self) -> Event:
        """The event."""
        return self.showing.event

    @property
    def start(self) -> str:
        """The address of the start page."""
        return reverse("registrations:start", kwargs={"event": self.event.slug})

    @property
    def access_answers(self) -> dict[str, Any]:
        """The draft's answers about access and food, on the pages that need them."""
        return self.showing.noted["access"]

    def to_confirmed(self, query: str = "") -> HttpResponse:
        """Redirect to the page of what is confirmed."""
        return redirect(reverse("registrations:confirmed", kwargs={"event": self.event.slug}) + query)

    def to(self, step: journey.Step) -> HttpResponse:
        """Redirect to a step."""
        return redirect(self.address(step))

    def address(self, step: journey.Step) -> str:
        """Return the address of a step."""
        return reverse(step.url_name, kwargs={"event": self.event.slug})


# What a page asks along with the programme's version, by the name under which its showing notes it.
Asking = Callable[[HttpRequest, str], dict[str, Question]]


def nothing_more(request: HttpRequest, slug: str) -> dict[str, Question]:
    """Ask nothing more."""
    return {}


def own_draft(request: HttpRequest, slug: str) -> dict[str, Question]:
    """Ask for the browser's own draft, and for the places of the event at this address."""
    key = draft_cookie.read(request)
    return {"places": availability.question(slug), **_of_draft(key)}


def _of_draft(key: uuid.UUID | None) -> dict[str, Question]:
    return {"draft": drafts.question(key)} if key else {}


def personal(view: View, asking: Asking = nothing_more) -> View:
    """Show a page of a published event to one person: it is stored nowhere, and keeps what is sent if it fails."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: HttpRequest, event: str) -> HttpResponse:
        showing = public_showing(event, asking(request, event))
        if showing is None:
            if request.method == "POST":
                raise Http404
            return moved(request, event, {})
        response = view(request, showing)
        patch_cache_control(response, no_store=True, private=True)
        return response

    page.keeps_answers = True
    return page


def limited(request: HttpRequest, showing: Showing, limit: Limit = limits.STEPS) -> HttpResponse | None:
    """Count what is sent, and return the page for too much of it; None where all is well."""
    if request.method != "POST":
        return None
    reached = limits.reached(limit, client_address(request), showing.now)
    return kept.too_many(request, reached) if reached else None


def _is_sent(request: HttpRequest) -> bool:
    return request.method == "POST"


def is_open(showing: Showing) -> bool:
    """Whether one can register now, as far as the event goes."""
    return not rules.of_booking(showing.event, showing.now)


_ASKING_FOR_PLACES = (journey.TICKET, journey.WORKSHOPS, journey.CHECK)


def step_view(step: journey.Step, limit: Limit = limits.STEPS) -> Callable[[View], View]:
    """Let through who has a draft of this event, and has answered every step before this one."""

    def asking(request: HttpRequest, slug: str) -> dict[str, Question]:
        key = draft_cookie.read(request)
        return {
            **({"places": availability.question(slug)} if step in _ASKING_FOR_PLACES else {}),
            **_of_draft(key),
            **({"access": drafts.access_question(key)} if key and step in (journey.ACCESS, journey.CHECK) else {}),
            **({"wait": limits.question(limit, client_address(request), timezone.now())} if _is_sent(request) else {}),
        }

    def decorated(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, showing: Showing) -> HttpResponse:
            if wait := showing.noted.get("wait"):
                return kept.too_many(request, Reached(limit, wait))
            if not is_open(showing):
                return _closed(request, showing)
            draft = drafts.of_event(showing.noted.get("draft"), showing.event, showing.now)
            if stopped := _wrong_draft(request, showing, draft):
                return stopped
            visit = Visit(request, showing, draft)
            return view(visit) if journey.is_reached(step, draft.answers) else _too_early(visit)

        return personal(page, asking)

    return decorated


def _too_early(visit: Visit) -> HttpResponse:
    first = journey.first_unanswered(visit.draft.answers)
    return kept.too_early(visit.request, visit.address(first)) if visit.request.method == "POST" else visit.to(first)


def _closed(request: HttpRequest, showing: Showing) -> HttpResponse:
    start = redirect("registrations:start", event=showing.event.slug)
    if request.method != "POST":
        return start
    [problem] = rules.of_booking(showing.event, showing.now)
    return kept.page(request, 409, "Nobody can register at present", problem.message, again=False)


def _wrong_draft(request: HttpRequest, showing: Showing, draft: Draft | None) -> HttpResponse | None:
    """Return what is said instead of a step, to whom has no draft, has it in another tab, or has confirmed it."""
    if request.method != "POST":
        if draft is None:
            return redirect("registrations:start", event=showing.event.slug)
        return redirect("registrations:confirmed", event=showing.event.slug) if draft.registration_id else None
    sent = _key(request.POST.get("key", ""))
    if draft is None:
        return kept.another_tab(request) if _is_mine(request, sent) is False else kept.lost(request)
    if sent != draft.key:
        return kept.another_tab(request)
    if draft.registration_id:
        return redirect(reverse("registrations:confirmed", kwargs={"event": showing.event.slug}) + "?again")
    return None


def _is_mine(request: HttpRequest, sent: uuid.UUID | None) -> bool | None:
    """Whether the key sent is the cookie's; None without a cookie."""
    key = draft_cookie.read(request)
    return None if key is None else key == sent


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
