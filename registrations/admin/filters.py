"""Filters that ask what staff ask of bookings."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from events.admin.zones import is_key
from events.models import Event, Kind, Session
from registrations.models import Message, MessageState, OfferState
from registrations.tickets import owing

MOST = 30


class OurEventFilter(admin.SimpleListFilter):
    """One event of ours."""

    title = "event"
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        """Offer our own events, the latest first."""
        return [(str(event.pk), event.title) for event in Event.objects.ours().order_by("-sorts_at")[:MOST]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep what is of that event."""
        return queryset.filter(event=int(self.value())) if is_key(self.value()) else queryset


class OwedFilter(admin.SimpleListFilter):
    """What is owed."""

    title = "what is owed"
    parameter_name = "owed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        """Offer each state of owing."""
        return [(key, name) for key, (name, _) in owing.KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep those who owe that."""
        return queryset.filter(owing.KINDS[self.value()][1]) if self.value() in owing.KINDS else queryset


class HelpFilter(admin.SimpleListFilter):
    """Who asked us to write to them about help with the cost."""

    title = "help with the cost"
    parameter_name = "help"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        """Offer those who ask; of the others there is nothing to say."""
        return [("asked", "Asks about help with the cost")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep those."""
        return queryset.filter(wants_bursary=True) if self.value() == "asked" else queryset


class NotDeliveredFilter(admin.SimpleListFilter):
    """Who was sent something that did not arrive."""

    title = "messages"
    parameter_name = "message"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        """Offer those with a message that cannot be sent, those to be rung, and those who have no address."""
        return [("failed", "One cannot be sent"), ("ring", "To be rung"), ("none", "No e-mail address")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep those."""
        if self.value() == "none":
            return queryset.filter(email="")
        states = {"failed": MessageState.FAILED, "ring": MessageState.TO_RING}
        if self.value() not in states:
            return queryset
        return queryset.filter(Exists(Message.objects.filter(registration=OuterRef("pk"), state=states[self.value()])))


class AnswerFilter(admin.SimpleListFilter):
    """How far an offer has come; those that are open, unless something else is chosen."""

    title = "answer"
    parameter_name = "answer"
    EVERY = "every"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        """Offer each state but the first, which is shown without choosing, and all of them."""
        return [*((state.value, state.label) for state in OfferState if state != OfferState.OPEN), (self.EVERY, "All")]

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """Yield the choices; without one, the list is of those still open."""
        first, *others = super().choices(changelist)
        yield first | {"display": "Still open"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep those."""
        if self.value() == self.EVERY:
            return queryset
        return queryset.filter(state=self.value()) if self.value() in OfferState.values else queryset.open()


class WorkshopFilter(admin.SimpleListFilter):
    """One workshop of the event that is chosen beside it."""

    title = "workshop"
    parameter_name = "workshop"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        """Offer the workshops of the chosen event; without one there would be too many."""
        of_event = request.GET.get(OurEventFilter.parameter_name)
        if not is_key(of_event):
            return []
        found = Session.objects.filter(event=int(str(of_event)), kind=Kind.WORKSHOP, series__isnull=False)
        ordered = found.select_related("series").order_by("series__number", "code", "pk")
        return [(str(each.pk), str(each)) for each in ordered]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep the claims on it."""
        return queryset.filter(session=int(self.value())) if is_key(self.value()) else queryset
