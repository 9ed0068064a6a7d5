"""“Send me my link”: the page does the same, in the same time, whether or not an address is known.

It only writes down the address. The worker looks it up and sends the link, so that no answer of the page, and no
moment at which it comes, tells anybody who is registered.
"""

import datetime

from django.db import transaction

from registrations import folding, limits
from registrations.limits import Limit, Reached
from registrations.messages import nudging, outbox
from registrations.messages.outbox import Letter
from registrations.models import LinkRequest, MessageKind, Registration
from registrations.way_in import links

OPENS_FOR = datetime.timedelta(hours=1)
KEPT = datetime.timedelta(days=1)
FOR_A_MAILBOX = Limit("links for a mailbox", 10, "links were asked for with this e-mail address")
FROM_AN_ADDRESS = Limit("links from an address", 60, "links were asked for from your network")


def ask(email: str, caller: str, now: datetime.datetime) -> Reached | None:
    """Note that somebody asked for the link of this address, and return None.

    Else, where the limit of the mailbox or of the caller's IP address is reached, return it. What the mailbox's refuses
    counts for the IP address: whoever goes on asking for one mailbox is slowed down; the other way round they would
    use up what its owner may ask. Call it outside of any transaction.
    """
    reached = limits.reached(FROM_AN_ADDRESS, caller, now) or limits.reached(
        FOR_A_MAILBOX, folding.mailbox_key(email), now
    )
    if not reached:
        LinkRequest.objects.create(email_key=folding.email_key(email), made_at=now)
        nudging.nudge()
    return reached


def answer(now: datetime.datetime) -> int:
    """Send the link to each address that asked and is known, and return how many were. The worker calls it."""
    sent = 0
    with transaction.atomic():
        asked = LinkRequest.objects.select_for_update(skip_locked=True).filter(answered_at=None).order_by("pk")
        for request in asked:
            if registrations := of_address(request.email_key, now):
                last = registrations[-1]
                outbox.queue([Letter(MessageKind.LINK, last, {"request": request.pk})], now)
                sent += 1
            request.answered_at = now
            request.save(update_fields=["answered_at"])
    return sent


def of_address(email_key: str, now: datetime.datetime) -> list[Registration]:
    """Return the registrations of an address that can still be opened, in the order in which they were made."""
    found_ones = Registration.objects.filter(email_key=email_key).exclude(email_key="").select_related("event")
    return [each for each in found_ones if links.can_be_opened(each, now)]


def is_usable(request: LinkRequest, now: datetime.datetime) -> bool:
    """Whether its link opens anything still: within the hour, and once."""
    return request.used_at is None and now < request.made_at + OPENS_FOR


def use(request: LinkRequest, now: datetime.datetime) -> list[Registration]:
    """Use the link, which works once, and return what it opens; nothing if it was used or is too old."""
    fresh = LinkRequest.objects.filter(pk=request.pk, used_at=None, made_at__gt=now - OPENS_FOR)
    return of_address(request.email_key, now) if fresh.update(used_at=now) else []


def forget(now: datetime.datetime) -> None:
    """Delete what was asked for more than a day ago."""
    LinkRequest.objects.filter(made_at__lt=now - KEPT).delete()
