"""Who comes through to a page of “My day”: whoever has opened the registration by its link, in this browser."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from events.models import Event
from events.page import render_page
from events.showing import Showing
from events.storing import versions
from events.storing.asking import ask_first
from registrations import kept, limits, no_part, rows
from registrations.client_address import client_address
from registrations.holding import PassedOn
from registrations.limits import Limit
from registrations.models import Registration
from registrations.way_in import links, opened_cookie

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Mine:
    """A request for one's own registration.

    `opened` are all that this browser has opened, this one among them; `since` is when, in seconds since 1970.
    `no_part` are the series in which its attendee takes no part.
    """

    request: HttpRequest
    showing: Showing
    registration: Registration
    opened: list[Registration]
    since: int
    no_part: set[int]

    @property
    def event(self) -> Event:
        """The event."""
        return self.showing.event

    @property
    def is_sent(self) -> bool:
        """Whether a form was sent."""
        return self.request.method == "POST"


def personal_page(view: View) -> View:
    """Answer GET, HEAD and POST; the page is stored nowhere, and tells nobody where a visitor came from."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: HttpRequest, **rest: str) -> HttpResponse:
        response = view(request, **rest)
        patch_cache_control(response, no_store=True, private=True)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    page.keeps_answers = True
    return page


def own(view: View) -> View:
    """Show a page to who has opened a registration. What is sent says which one it is meant for."""

    @personal_page
    @wraps(view)
    def page(request: HttpRequest) -> HttpResponse:
        mine = _mine(request)
        if request.method == "POST":
            if stopped := limited(request, limits.STEPS):
                return stopped
            if mine is None:
                return kept.closed_day(request)
            if request.POST.get("registration") != mine.registration.reference:
                return kept.another_day(request)
        elif mine is None:
            return redirect("my_day:find")
        try:
            return view(mine)
        except PassedOn:
            return kept.closed_day(request)

    return page


def _mine(request: HttpRequest) -> Mine | None:
    """Return the registration that this browser has opened and shows; None without one. One round trip, mostly."""
    now = timezone.now()
    opened = opened_cookie.read(request, now)
    if not opened.pairs:
        return None
    numbers = dict(opened.pairs)
    answers = ask_first(
        {
            "version": versions.CURRENT,
            "mine": rows.matching(Registration, "id = ANY(%s)", [list(numbers)], "ORDER BY created_at, id"),
            "no_part": no_part.question("%s", opened.shown),
        }
    )
    found = []
    for registration in answers["mine"]:
        registration.event = event_of(registration.event_id, answers["version"])
        if registration.link_number == numbers[registration.pk] and links.can_be_opened(registration, now):
            found.append(registration)
    shown = next((each for each in found if each.pk == opened.shown), None)
    if shown is None:
        return None
    showing = Showing(shown.event, now, version=answers["version"])
    return Mine(request, showing, shown, found, opened.since, answers["no_part"])


def event_of(key: int, version: versions.Version | None) -> Event:
    """Return the event of a registration, which is always one that visitors may see."""
    return versions.remembered(
        version, ("event", key), lambda: Event.objects.select_related("venue").get(pk=key)
    )  # fmt: skip


def limited(request: HttpRequest, limit: Limit) -> HttpResponse | None:
    """Count what is sent, and return the page for too much of it; None where all is well."""
    reached = limits.reached(limit, client_address(request), timezone.now())
    return kept.too_many(request, reached) if reached else None


def writes_elsewhere_too_often(mine: Mine) -> HttpResponse | None:
    """Count that this registration has us write to an address that was typed; return the page for too much of it."""
    reached = limits.reached(limits.ELSEWHERE, mine.registration.reference, mine.showing.now)
    return kept.too_many(mine.request, reached) if reached else None


def changes_too_often(mine: Mine) -> HttpResponse | None:
    """Count a change of this registration, each of which is a message; return the page for too many of them."""
    reached = limits.reached(limits.CHANGES, mine.registration.reference, mine.showing.now)
    return kept.too_many(mine.request, reached) if reached else None


def render_mine(mine: Mine, template: str, heading: str, *, status: int = 200, **more: object) -> HttpResponse:
    """Return a page of “My day”. `heading` begins its title, after “Error: ” where something is to be mended."""
    form, notice = more.get("form"), more.get("notice")
    is_error = bool(notice or (form is not None and form.errors))
    # What was done begins the title, which is what a screen reader says first.
    first = "Error: " if is_error else f"{more['said_first']} – " if more.get("said_first") else ""
    response = render_page(
        mine.request, template, mine.showing,
        heading=f"{first}{heading}", address=mine.request.path, section="register",
        noindex=True, registration=mine.registration, title=heading, quiet=True, **more,
    )  # fmt: skip
    response.status_code = status
    return response
