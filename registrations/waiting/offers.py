"""Answering an offer, and passing on what nobody answered. Each function is one transaction for one event."""

import contextlib
import datetime

from registrations import booking, counted, holding, places, rules, waiting_list
from registrations.counted import Deed
from registrations.messages import outbox
from registrations.messages.outbox import Letter
from registrations.models import MessageKind, Offer, OfferState
from registrations.places import Ledger
from registrations.problems import Busy, Problem, Refused, Why
from registrations.waiting import offering, promotion

GONE = Problem(Why.OFFER_OVER, "This place is no longer kept for you: the time to answer is over.")


def accept(offer: Offer, now: datetime.datetime) -> Offer:
    """Take the place that is kept, giving back the one held in the same series; return the offer.

    Raises Refused, with everything held as it was, or Busy.
    """
    with places.opened(offer.event_id) as ledger:
        offer = _still_open(ledger, offer, now)
        if clash := _clash(ledger, offer):
            raise Refused([clash])
        waiting_list.take_offered(ledger, offer, now)
        entered = [] if offer.session_id else [offer.registration]
        told = waiting_list.promote(ledger, now, entered)
        kind = MessageKind.CHANGED if offer.session_id else MessageKind.CONFIRMED
        if offer.registration_id not in told:
            outbox.queue([Letter(kind, offer.registration)], now)
        counted.booked(Deed.OFFER_ACCEPTED)
    return offer


def decline(offer: Offer, now: datetime.datetime) -> Offer:
    """Leave the waiting list on which the place came free, so that it goes on; return the offer.

    Whoever declines the place at the event itself is no longer registered. Raises Refused or Busy.
    """
    with places.opened(offer.event_id) as ledger:
        offer = _still_open(ledger, offer, now)
        _end(ledger, offer, OfferState.DECLINED, now)
        if offer.session_id is None:
            outbox.queue([Letter(MessageKind.CANCELLED, offer.registration)], now)
        waiting_list.promote(ledger, now)
        counted.booked(Deed.OFFER_DECLINED)
    return offer


def let_run_out(now: datetime.datetime) -> int:
    """Pass on every place whose offer nobody answered in time, and return how many there were.

    Asked again and again, also after an outage; each event is a transaction of its own, and one that is busy waits
    until it is asked again.
    """
    events = Offer.objects.run_out(now).order_by("event").values_list("event", flat=True).distinct()
    ended = 0
    for key in list(events):
        with contextlib.suppress(Busy):
            ended += _let_run_out(key, now)
    return ended


def _let_run_out(event_key: int, now: datetime.datetime) -> int:
    with places.opened(event_key) as ledger:
        offers = list(Offer.objects.run_out(now).filter(event=event_key).select_related("registration"))
        for offer in offers:
            _end(ledger, offer, OfferState.RAN_OUT, now)
        if promotion.places_are_given(ledger, now):  # once the event has begun there is nothing to tell
            kind = MessageKind.OFFER_ENDED
            outbox.queue([Letter(kind, each.registration, {"offered": [each.session_id]}) for each in offers], now)
        waiting_list.promote(ledger, now)
    return len(offers)


def _still_open(ledger: Ledger, offer: Offer, now: datetime.datetime) -> Offer:
    """Return the offer as it is under the lock. Raises Refused if it can no longer be answered."""
    found = Offer.objects.open().filter(pk=offer.pk, until__gt=now).select_related("registration").first()
    if found is None:
        raise Refused([GONE])
    holding.refuse_another(found.registration, offer.registration)
    if problems := rules.of_changing(ledger.event, found.registration, now):
        raise Refused(problems)
    return found


def _end(ledger: Ledger, offer: Offer, state: OfferState, now: datetime.datetime) -> None:
    """End the offer, and with it the wait: whoever is asked and does not come is not asked again and again."""
    offering.end(ledger, [offer], now, state)
    if offer.session_id is None:
        booking.end(ledger, offer.registration, now)
    else:
        waiting_list.release(ledger, list(offer.registration.choices.waiting().filter(session=offer.session_id)), now)


def _clash(ledger: Ledger, offer: Offer) -> Problem | None:
    """Return that the place is at the time of something held in another series, if it is."""
    session = ledger.workshops.get(offer.session_id)
    if session is None:
        return None
    held = offer.registration.choices.confirmed().exclude(series=session.series_id)
    other = held.filter(starts__lt=session.ends, ends__gt=session.starts).first()
    if other is None:
        return None
    mine = f"“{ledger.workshops[other.session_id]}”"
    sentence = f"“{session}” is at the same time as {mine}, which you have. Give that back first, then say yes."
    return Problem(Why.CLASH, sentence)
