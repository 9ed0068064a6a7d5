"""Somebody of whom everything is held that can be: each personal field has “canary” in it."""

import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType

from registrations import needs
from registrations.answering.answers import Needs, Payer
from registrations.data_rights import complaining
from registrations.messages import outbox, sending
from registrations.messages.outbox import Letter
from registrations.models import Draft, DraftAccess, Message, MessageKind, Offer, Registration, Transfer
from registrations.way_in import link_requests
from tests.registrations.builders import MINUTE, NOW, change, make_day, make_ticket_type, register

EMAIL = "canary@example.org"
PAYER = Payer("Canary Ltd", "1 Canary Row", "canary-pays@example.org", "CANARY-PO")
NEEDS = Needs(bsl=True, dietary="canary seed", other="A canary by the door")


def a_day(**values):
    """Return a day with a ticket of £50, and one place in each workshop A, which Bea has."""
    day = make_day(places=(1, None), **values)
    day.paid = make_ticket_type(day.event, "Members", 5000)
    day.bea = register(day, "Bea", take=[day.a1, day.a2])
    return day


def whole(day, **values) -> Registration:
    """Register somebody, and let all happen to them that leaves anything."""
    typed = {name: f"Canary {name}" for name in ("badge_name", "organisation", "job_title", "pronouns")}
    given = {"email": EMAIL, "phone": "CANARY 020", "ticket": day.paid, "payer": PAYER, "needs": NEEDS, **typed}
    mine = register(day, "Canary Carey", take=[day.b1], wait=[day.a1, day.a2], **given | values)
    mine = change(mine, take=[day.b1, day.b2], wait=[day.a1])
    staff, _ = User.objects.get_or_create(username="ruth")
    needs.see(mine, staff, NOW)
    complaining.complain(mine, "My canary was told to somebody.", NOW)
    link_requests.ask(EMAIL, "192.0.2.1", NOW)
    link_requests.answer(NOW)
    _by_hand(mine, day)
    kind = ContentType.objects.get_for_model(Registration)
    LogEntry.objects.create(user=staff, content_type=kind, object_id=str(mine.pk), object_repr=mine.reference,
                            action_flag=CHANGE, change_message="Canary")  # fmt: skip
    outbox.queue([Letter(MessageKind.CONFIRMED, mine)], NOW)
    sending.send_due(lambda: NOW + MINUTE)
    Message.objects.filter(registration=mine).update(problem="550 canary unknown", calendar="CANARY")
    return mine


def _by_hand(mine, day) -> None:
    """Add rows that other parts of the site make at moments of their own."""
    until = NOW + datetime.timedelta(hours=4)
    Offer.objects.create(registration=mine, event=day.event, session=day.a2, made_at=NOW, until=until,
                         answered_at=NOW, state="declined")  # fmt: skip
    Transfer.objects.create(registration=mine, name="Canary Colleague", email="canary2@example.org", made_at=NOW)
    draft = Draft.objects.create(event=day.event, registration=mine, answers={"details": {"name": "Canary"}},
                                 created_at=NOW, touched_at=NOW)  # fmt: skip
    DraftAccess.objects.create(draft=draft, answers={"other": "canary"})
