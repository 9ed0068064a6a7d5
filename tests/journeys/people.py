"""People registered for the sample conference, for journeys that begin after registering."""

import uuid
from types import SimpleNamespace


def a_full_workshop() -> SimpleNamespace:
    """Return two people: Bea has the one place in a workshop, Ada has another and waits for Bea's.

    `wanted` and `held` are the two workshops. Call it where the database may be used.
    """
    from events import changes
    from events.models import Event, Kind, Session
    from tests.journeys.visits import SAMPLE

    event = Event.objects.get(slug=SAMPLE.split("/")[2])
    found = Session.objects.filter(event=event, kind=Kind.WORKSHOP, status="published", series__number=1)
    wanted, held = found.exclude(title="").order_by("code")[:2]
    before, wanted.capacity = wanted.capacity, wanted.choices.confirmed().count() + 1
    changes.apply(saves=[wanted])
    bea = register(event, "Bea", take=wanted)
    ada = register(event, "Ada", take=held, wait=wanted)
    return SimpleNamespace(event=event, wanted=wanted, held=held, bea=bea, ada=ada, capacity=before)


def undo(full) -> None:
    """Cancel whoever has or waits for the workshop, and give it its places back: the journeys share one site."""
    from django.utils import timezone

    from events import changes
    from events.models import Session
    from registrations import booking
    from registrations.models import Registration

    for registration in Registration.objects.live().filter(choices__session=full.wanted).distinct():
        booking.cancel(registration, timezone.now())
    wanted = Session.objects.get(pk=full.wanted.pk)
    wanted.capacity = full.capacity
    changes.apply(saves=[wanted])


def a_crowded_day() -> SimpleNamespace:
    """Return Ada, whose day says as much as a day can say: it is the one that has to fit on a page.

    In each of the three series she holds a workshop and waits for the one with the longest title; one of those is
    offered to her; staff have changed her workshops; she owes the price of her ticket. Call it where the database may
    be used.
    """
    from django.utils import timezone

    from events import changes
    from events.models import Event, Session
    from registrations import booking
    from registrations.answering.answers import Wish
    from tests.journeys.visits import SAMPLE

    event, wishes, full = Event.objects.get(slug=SAMPLE.split("/")[2]), {}, []
    for series in event.series.all():
        held, *_, wanted = sorted(Session.objects.filter(series=series), key=lambda each: len(each.heading))
        full.append(SimpleNamespace(wanted=wanted, capacity=wanted.capacity))
        wanted.capacity = wanted.choices.confirmed().count() + 1
        changes.apply(saves=[wanted])
        full[-1].holder = register(event, f"Holder of {wanted.full_code}", take=wanted)
        wishes[series.pk] = Wish(held.pk, wanted.pk, ask_first=True)
    ada = register(event, "Ada")
    booking.change_choices(ada, wishes, timezone.now(), by_staff=True)
    booking.cancel(full[0].holder, timezone.now())
    return SimpleNamespace(event=event, ada=ada, full=full)


def undo_crowded(crowded) -> None:
    """Cancel whoever was registered for it, and give the workshops their places back."""
    from django.utils import timezone

    from events import changes
    from events.models import Session
    from registrations import booking

    for registration in [crowded.ada, *(each.holder for each in crowded.full)]:
        booking.cancel(registration, timezone.now())
    for each in crowded.full:
        wanted = Session.objects.get(pk=each.wanted.pk)
        wanted.capacity = each.capacity
        changes.apply(saves=[wanted])


def register(event, name, *, take=None, wait=None, **more):
    """Register somebody for the sample with a ticket that costs something."""
    from django.utils import timezone

    from registrations import booking
    from registrations.answering.answers import Answers, Payer, Wish
    from registrations.tickets import prices

    now = timezone.now()
    ticket = event.ticket_types.filter(price__gt=0, invitation_code="").first()
    wish = Wish(take and take.pk, wait and wait.pk)
    answers = Answers(
        name=name, email=f"{name.split()[0].lower()}.{uuid.uuid4().hex[:8]}@example.org",
        quote=prices.quote(ticket, now), payer=Payer("The Long Table"),
        wishes={(take or wait).series_id: wish} if take or wait else {}, **more,
    )  # fmt: skip
    return booking.register(event, answers, uuid.uuid4(), now, by_staff=True)


def path_of(registration) -> str:
    """Return the link to a registration without its host."""
    from registrations.way_in import links

    return "/my-day/" + links.my_day(registration).partition("/my-day/")[2]
