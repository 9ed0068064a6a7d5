"""Offers: places that are kept for somebody who is asked. An open one counts as taken in the event's places.

Every function but `about` and `again` writes, under the lock of those places. `waiting_list` and `offers` call them.
"""

import datetime
from collections.abc import Sequence

from registrations.messages.outbox import Letter
from registrations.models import MessageKind, Offer, OfferState, Places, Registration, WorkshopChoice
from registrations.places import Ledger
from registrations.waiting.asking_first import AskingFirst


def about(waiting: Sequence[WorkshopChoice]) -> list[Offer]:
    """Return the open offers of what these choices wait for. At most one query."""
    wanted = {(each.registration_id, each.session_id) for each in waiting}
    if not wanted:
        return []
    people, sessions = ({pair[part] for pair in wanted} for part in (0, 1))
    found = Offer.objects.open().filter(registration__in=people, session__in=sessions)
    return [each for each in found if (each.registration_id, each.session_id) in wanted]


def again(registration: Registration) -> list[Letter]:
    """Return the letters that tell whoever has the registration now what is kept for it, and until when. One query."""
    of_each: dict[datetime.datetime, list[int | None]] = {}
    for offer in registration.offers.open().order_by("until", "pk"):
        of_each.setdefault(offer.until, []).append(offer.session_id)
    return [
        Letter(MessageKind.OFFERED, registration, {"offered": keys, "until": until.isoformat()})
        for until, keys in of_each.items()
    ]


def make(
    ledger: Ledger,
    asking: AskingFirst,
    registrations: Sequence[Registration],
    choices: Sequence[WorkshopChoice],
    now: datetime.datetime,
) -> list[Letter]:
    """Offer the event's places to these registrations, and workshops' to these choices; return who is told what.

    The places are counted as taken already.
    """
    terms = {"event": ledger.event, "made_at": now, "until": asking.until}
    made = [Offer(registration=each, **terms) for each in registrations]
    made += [Offer(registration=each.registration, session_id=each.session_id, **terms) for each in choices]
    Offer.objects.bulk_create(made)
    of_each: dict[int, list[Offer]] = {}
    for offer in made:
        of_each.setdefault(offer.registration_id, []).append(offer)
    letters = []
    for offers in of_each.values():
        registration = offers[0].registration
        facts = {"offered": [each.session_id for each in offers], "until": asking.until.isoformat()}
        letters.append(Letter(MessageKind.OFFERED, registration, facts))
        if registration.pk in asking.arranged:
            letters.append(Letter(MessageKind.TEAM_ASKED, registration, facts))
    return letters


def end(
    ledger: Ledger, offers: Sequence[Offer], now: datetime.datetime, state: OfferState = OfferState.WITHDRAWN
) -> None:
    """End these open offers; the places that were kept for them are free."""
    for offer in offers:
        for places in _kept_for(ledger, offer):
            ledger.free(places)
    note(state, offers, now)


def note(state: OfferState, offers: Sequence[Offer], now: datetime.datetime) -> None:
    """Note what came of these offers; the places stay as they are."""
    for offer in offers:
        offer.state, offer.answered_at = state, now
    Offer.objects.bulk_update(offers, ["state", "answered_at"])


def _kept_for(ledger: Ledger, offer: Offer) -> list[Places]:
    if offer.session_id is not None:
        return [ledger.of_workshop(offer.session_id)]
    return [ledger.whole, ledger.of_ticket_type(offer.registration.ticket_type_id)]
