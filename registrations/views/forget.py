"""Have this browser forget whose it is: for computers that others use too."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from events.showing import Showing
from registrations.answering import draft_cookie
from registrations.views.gate import personal
from registrations.views.page import render_journey
from registrations.way_in import opened_cookie


@personal
def forget(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Take the browser's cookies away, that of “My day” too, and say so. The registration stands as it was."""
    if request.method == "POST":
        response = redirect("registrations:forget", event=showing.event.slug)
        draft_cookie.close(response)
        opened_cookie.close(response)
        return response
    if draft_cookie.read(request):
        return redirect("registrations:confirmed", event=showing.event.slug)
    return render_journey(request, showing, "registrations/forgotten.html", "Forgotten in this browser")
