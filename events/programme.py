"""What a page needs of the programme, in few queries: sessions with their people, and who is in an event.

Every function takes a `Showing` and returns only what it may show: in preview drafts too.
"""

import datetime

from django.db.models import Max, Min, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from events.models import (
    NAMES_ITS_PERSON,
    PUBLIC,
    Appearance,
    Event,
    Kind,
    Organisation,
    Person,
    Series,
    Session,
    Status,
)
from events.showing import Showing
from events.wording.credits import credits_of

_PEOPLE = Appearance.objects.select_related("person__organisation", "organisation").defer(
    "person__biography", "person__search", "organisation__description", "organisation__search",
    "person__organisation__description", "person__organisation__search",
)  # fmt: skip


def sessions(showing: Showing) -> QuerySet[Session]:
    """Return the event's sessions in order, with series and room."""
    found = Session.objects.filter(event=showing.event).select_related("series", "room")
    return (found if showing.preview else found.public()).defer("materials", "search").in_order()


def with_credits(showing: Showing, found: QuerySet[Session], *, biographies: bool = False) -> list[Session]:
    """Return these sessions as a list, each with `credits`: who is in it. Two queries.

    A cancelled session names nobody to visitors: whoever withdrew is not held up as the reason.
    """
    people = Appearance.objects.select_related("person__organisation", "organisation") if biographies else _PEOPLE
    listed = list(found.prefetch_related(Prefetch("appearances", people.order_by("order", "pk"))))
    for session in listed:
        session.event = showing.event
        named = showing.preview or not session.is_cancelled
        session.credits = credits_of(session.appearances.all(), showing.today) if named else []
    return listed


def _appears(showing: Showing, at: str = "") -> Q:
    """The condition on an appearance (reached by `at`) that makes its person or organisation public here."""
    shown = Q(**{f"{at}session__event": showing.event})
    if showing.preview:
        return shown
    return shown & Q(**{f"{at}session__status": Status.PUBLISHED, f"{at}session__event__status__in": PUBLIC})


def _not_gone(showing: Showing, at: str = "") -> Q:
    until = f"{at}public_until"
    return Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gte": showing.today})


def people(showing: Showing) -> QuerySet[Person]:
    """Return who is named in the event, by name, with organisation and `appearances_here`."""
    named = Appearance.objects.filter(_appears(showing), NAMES_ITS_PERSON)
    here = named.select_related("session__series", "session__room")
    inside = Subquery(named.values("person"))
    return (
        Person.objects.filter(_not_gone(showing), pk__in=inside)
        .select_related("organisation")
        .prefetch_related(Prefetch("appearances", here.order_by("session__starts", "session__pk"), "appearances_here"))
        .order_by("sort_key", "pk")
    )


def people_gone(showing: Showing) -> QuerySet[Person]:
    """Return whose pages were in the event until their last day passed."""
    inside = Subquery(Appearance.objects.filter(_appears(showing)).values("person"))
    return Person.objects.filter(pk__in=inside, has_page=True, public_until__lt=showing.today)


def organisations(showing: Showing) -> QuerySet[Organisation]:
    """Return the organisations in the event, themselves or through somebody of theirs, by name."""
    shown = Appearance.objects.filter(_appears(showing))
    themselves = Subquery(shown.filter(organisation__isnull=False).values("organisation"))
    theirs = shown.filter(_not_gone(showing, "person__"), person__organisation__isnull=False)
    return Organisation.objects.filter(
        Q(pk__in=themselves) | Q(pk__in=Subquery(theirs.values("person__organisation")))
    ).order_by("sort_key", "pk")


def sessions_of_organisation(showing: Showing, organisation: Organisation) -> QuerySet[Session]:
    """Return the sessions in which it, or somebody of theirs, appears."""
    shown = Appearance.objects.filter(_appears(showing)).filter(
        Q(organisation=organisation) | (Q(person__organisation=organisation) & _not_gone(showing, "person__"))
    )
    return sessions(showing).filter(pk__in=Subquery(shown.values("session")))


def at_the_same_time(showing: Showing, session: Session) -> QuerySet[Session]:
    """Return the other workshops that overlap this session."""
    overlapping = sessions(showing).filter(starts__lt=session.ends, ends__gt=session.starts, kind=Kind.WORKSHOP)
    return overlapping.exclude(pk=session.pk)


def before_and_after(showing: Showing, session: Session) -> tuple[list[Session], list[Session]]:
    """Return what starts together last before this session and first after it; breaks are left out."""
    around = sessions(showing).exclude(kind=Kind.BREAK).order_by()
    earlier = around.filter(starts__lt=session.starts).values("event").annotate(at=Max("starts")).values("at")
    later = around.filter(starts__gt=session.starts).values("event").annotate(at=Min("starts")).values("at")
    return (
        list(around.filter(starts=Subquery(earlier)).in_order()),
        list(around.filter(starts=Subquery(later)).in_order()),
    )


def series(showing: Showing) -> list[Series]:
    """Return the event's series in their order, remembered as long as the programme stays the same."""
    return showing.remembered("series", lambda: list(showing.event.series.all()))


def days(showing: Showing) -> list[datetime.date]:
    """Return the days on which the event has sessions, where it is, remembered as its series are."""
    return showing.remembered("days", lambda: _days(showing))


def _days(showing: Showing) -> list[datetime.date]:
    held = sessions(showing).order_by().annotate(day=TruncDate("starts", tzinfo=showing.event.zone))
    return sorted(held.values_list("day", flat=True).distinct())


def neighbours(showing: Showing) -> tuple[Event | None, Event | None]:
    """Return the public events just before and just after this one."""
    return showing.remembered("neighbours", lambda: _neighbours(showing))


def _neighbours(showing: Showing) -> tuple[Event | None, Event | None]:
    at = showing.event.sorts_at
    others = Event.objects.public().exclude(pk=showing.event.pk)
    earlier = others.filter(Q(sorts_at__lt=at) | Q(sorts_at=at, pk__lt=showing.event.pk))
    later = others.filter(Q(sorts_at__gt=at) | Q(sorts_at=at, pk__gt=showing.event.pk))
    both = earlier.order_by("-sorts_at", "-pk")[:1].union(later.in_order()[:1])
    order = (at, showing.event.pk)
    found = {(event.sorts_at, event.pk) < order: event for event in both}
    return found.get(True), found.get(False)
