"""The page that keeps what somebody has just sent, when it could not be taken: nothing typed is ever lost.

It asks the database nothing, so that it works when the database is away: what was sent stands in the page as
hidden fields, and one button sends it again.
"""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import resolve

from events.page import site_words, titled
from registrations import sent_forms
from registrations.limits import Reached

_OURS = ("csrfmiddlewaretoken",)
BUSY_SECONDS = 5
FROM_ELSEWHERE = "This was sent from another site, so nothing was done. If you meant it, begin on this site."


def page(
    request: HttpRequest, status: int, heading: str, sentence: str, *,
    retry_after: int = 0, again: bool = True, go_on: str = "",
) -> HttpResponse:  # fmt: skip
    """Return the page that keeps what was sent. `again` offers to send it once more, `go_on` is where else to go."""
    sent, again = list(_sent(request)), again and not from_elsewhere(request)
    view = resolve(request.path_info).view_name
    labels = sent_forms.labels(view)
    context = {
        "site": site_words(),
        "page_title": titled(heading),
        "noindex": True,
        "menu_pages": (),
        "heading": heading,
        "sentence": sentence,
        "sent": sent,
        "typed": [(labels[name], value) for name, value in sent if name in labels and value],
        "again": again and sent,
        "does": sent_forms.DOES.get(view, ""),
        "address": request.path,
        "go_on": go_on,
        "start": _start(request),
        "csrf_token": get_token(request),
    }
    body = render_to_string("registrations/kept.html", context)
    response = HttpResponse(body, status=status, headers={"Cache-Control": "no-store, private"})
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def from_elsewhere(request: HttpRequest) -> bool:
    """Whether another site had the browser send this: what it put there is not for us to send again.

    Browsers say so themselves, in headers that no page can set; older ones at least where a form comes from.
    """
    if request.META.get("HTTP_SEC_FETCH_SITE", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.META.get("HTTP_ORIGIN", "null")
    return origin not in ("null", f"{request.scheme}://{request.get_host()}")


def _start(request: HttpRequest) -> str:
    """Return where one begins anew: the start page of registering, the form of staff, or “My day”."""
    before, found, _ = request.path.partition("/register/")
    if found:
        return before + found
    return request.path if resolve(request.path_info).namespace == "admin" else "/my-day/"


def _sent(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name not in _OURS:
            yield from ((name.replace("\0", ""), value.replace("\0", "")) for value in values)


def busy(request: HttpRequest) -> HttpResponse:
    """Return the page for a database that is away or too busy to answer."""
    sentence = "The site is busy for a moment. Please wait a few seconds and send your answers again."
    return page(request, 503, "Please try again in a moment", sentence, retry_after=BUSY_SECONDS)


def too_many(request: HttpRequest, reached: Reached) -> HttpResponse:
    """Return the page for a limit that is reached: what was counted, when it is counted anew, and whom to ask."""
    minutes = -(-reached.seconds // 60)
    when = "in a minute" if minutes == 1 else f"in {minutes} minutes"
    sentence = (
        f"Within this hour {reached.limit.an_hour:,} {reached.limit.counted}, and we take no more in one hour. Please "
        f"send this again {when}. If it cannot wait, write to {settings.HELP_EMAIL} or ring {settings.HELP_PHONE}."
    )
    return page(request, 429, "Please try again later", sentence, retry_after=reached.seconds)


def expired(request: HttpRequest) -> HttpResponse:
    """Return the page for a form whose CSRF token no longer fits."""
    if from_elsewhere(request):
        return page(request, 403, "Nothing was sent", FROM_ELSEWHERE)
    sentence = (
        "This page was open for so long that it could not be sent safely. Nothing was saved. Send your answers again; "
        "if it does not help, allow cookies from this site."
    )
    return page(request, 403, "Please send this once more", sentence)


def lost(request: HttpRequest) -> HttpResponse:
    """Return the page for a submission whose draft is gone, or whose cookie is missing, forged or too old."""
    sentence = (
        "We keep unfinished answers for 24 hours, by a cookie. Yours is not there any more, so nothing was saved. "
        "Please start again; no place was taken, and nobody was charged."
    )
    return page(request, 409, "Your registration has expired", sentence, again=False)


def another_tab(request: HttpRequest) -> HttpResponse:
    """Return the page for a form that belongs to another registration than the browser's last."""
    sentence = (
        "Since this page was opened, another registration was begun in this browser, in another tab or window. Nothing "
        "of this page was saved. Go on in the other tab, or start again."
    )
    return page(request, 409, "This page is out of date", sentence, again=False)


def too_early(request: HttpRequest, first: str) -> HttpResponse:
    """Return the page for a step that was sent before an earlier one; `first` is where to go on."""
    sentence = "An earlier question has no answer yet, so nothing of this page was saved."
    return page(request, 409, "There is a question before this one", sentence, again=False, go_on=first)


def unreadable(request: HttpRequest) -> HttpResponse:
    """Return the page for a form with a character that nobody types."""
    if from_elsewhere(request):
        return page(request, 400, "Nothing was sent", FROM_ELSEWHERE)
    sentence = "Your answers held a character that cannot be stored. It is taken out: please send them again."
    return page(request, 400, "Please send this once more", sentence)


def closed_day(request: HttpRequest) -> HttpResponse:
    """Return the page for something sent from “My day” after it was closed, or after its link had ended."""
    sentence = (
        "“My day” is closed in this browser, because you closed it, because twelve hours have passed, or because your "
        "link has ended. Nothing of this page was saved. Open the link in your latest message, or ask for a new one."
    )
    return page(request, 403, "Please open your link once more", sentence, again=False)


def another_day(request: HttpRequest) -> HttpResponse:
    """Return the page for a form that is meant for another registration than the one that is open."""
    sentence = (
        "Since this page was opened, another registration was opened in this browser, in another tab or window. "
        "Nothing of this page was saved."
    )
    return page(request, 409, "This page is out of date", sentence, again=False)
