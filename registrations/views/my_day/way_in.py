"""The way in: a link from a message, or “Send me my link”."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from events.page import site_words, titled
from registrations import kept
from registrations.client_address import client_address
from registrations.forms.find import FindForm
from registrations.views.my_day.gate import Mine, own, personal_page
from registrations.way_in import link_requests, links, opened_cookie


@personal_page
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Open the registration of a link: it leaves the address for a cookie. Nothing is changed."""
    now = timezone.now()
    registration = links.registration_of(token, now)
    if registration is None:
        return ended(request)
    response = redirect("my_day:day")
    opened_cookie.write(response, [registration], registration, int(now.timestamp()))
    return response


@personal_page
def found(request: HttpRequest, token: str) -> HttpResponse:
    """Open all registrations of an address. The link works once, so it is used by a button: programs press none."""
    now, asked = timezone.now(), links.request_of(token)
    if asked is None:
        return ended(request)
    if not link_requests.is_usable(asked, now):
        theirs = link_requests.of_address(asked.email_key, now)
        was_pressed_twice = any(opened_cookie.has(request, each, now) for each in theirs)
        return redirect("my_day:day") if was_pressed_twice else ended(request)
    if request.method != "POST":
        return _page(request, "my_day/found.html", "Open your registration")
    registrations = link_requests.use(asked, now)
    if not registrations:
        return ended(request)
    response = redirect("my_day:day")
    coming = [each for each in registrations if each.event.ends > now and not each.is_cancelled]
    opened_cookie.write(response, registrations, (coming or registrations)[0], int(now.timestamp()))
    return response


@personal_page
def find(request: HttpRequest) -> HttpResponse:
    """Ask for an address, and send it its link. The page says the same whether or not the address is known."""
    form = FindForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, "my_day/find.html", "Send me my link", form=form)
    if not form.is_valid():
        return _page(request, "my_day/find.html", "Send me my link", form=form, status=422)
    email = form.cleaned_data["email"]
    if reached := link_requests.ask(email, client_address(request), timezone.now()):
        return kept.too_many(request, reached)
    return _page(request, "my_day/sent.html", "Look in your e-mail", email=email)


@own
def choose(mine: Mine) -> HttpResponse:
    """Show another of the opened registrations."""
    wanted = mine.request.POST.get("show", "")
    response = redirect("my_day:day")
    for registration in mine.opened:
        if mine.is_sent and registration.reference == wanted:
            opened_cookie.write(response, mine.opened, registration, mine.since)
    return response


@personal_page
def close(request: HttpRequest) -> HttpResponse:
    """Close “My day” in this browser."""
    response = redirect("my_day:find")
    if request.method == "POST":
        opened_cookie.close(response)
    return response


def ended(request: HttpRequest) -> HttpResponse:
    """Return the page for a link that opens nothing, whatever the reason."""
    return _page(request, "my_day/ended.html", "This link no longer works", status=404)


def _page(request: HttpRequest, template: str, heading: str, *, status: int = 200, **more: object) -> HttpResponse:
    """Return a page before anything is opened, so without an event."""
    form = more.get("form")
    is_error = form is not None and bool(form.errors)
    context = {
        "site": site_words(),
        "page_title": titled(f"Error: {heading}" if is_error else heading),
        "noindex": True,
        "heading": heading,
        "address": request.path,
    }
    return render(request, template, context | more, status=status)
