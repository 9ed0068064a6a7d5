"""What is answered about waiting: yes or no to a place that is kept, and whether to be asked at all."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect

from registrations import booking
from registrations.models import Offer, OfferState
from registrations.views.my_day.gate import Mine, own
from registrations.views.my_day.overview import answered, number, show, to_day
from registrations.waiting import offers


@own
def answer(mine: Mine) -> HttpResponse:
    """Take the place that is kept, or leave it to the next in line."""
    if not mine.is_sent:
        return redirect("my_day:day")
    offer = Offer.objects.filter(pk=number(mine.request.POST.get("offer", "")), registration=mine.registration).first()
    said = mine.request.POST.get("answer")
    if offer is None or said not in ("yes", "no"):
        return show(mine, notice=str(offers.GONE.message), status=409)
    offer.registration = mine.registration  # as it was when this request was let in
    verb, done = (offers.accept, "offer") if said == "yes" else (offers.decline, "declined")
    if offer.state == (OfferState.TAKEN if said == "yes" else OfferState.DECLINED):
        return to_day(done)  # it was pressed twice
    return answered(mine, partial(verb, offer, mine.showing.now), done)


@own
def asking(mine: Mine) -> HttpResponse:
    """Note whether somebody on the event's waiting list is to be asked first."""
    if not mine.is_sent:
        return redirect("my_day:day")
    wish = mine.request.POST.get("ask") == "yes"
    return answered(
        mine, partial(booking.ask_first, mine.registration, wish, mine.showing.now), "asking" if wish else "not_asking"
    )
