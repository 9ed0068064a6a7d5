"""Ticket types: priced in pounds and pence, kept in pence."""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from events.admin.forms import RefusableForm
from events.admin.zones import IN_ITS_ZONE, event_of, in_zone_of, is_key
from events.models import Event
from events.problems import Problem
from events.problems import Refused as PageRefused
from events.wording import british_time
from registrations.admin.base import BookingAdmin, now_in
from registrations.admin.filters import OurEventFilter
from registrations.models import Places, TicketType
from registrations.problems import Refused
from registrations.tickets import prices, ticket_types

MOST = 9_999_999  # pence; a slip of the pen, not a ticket
_POUNDS = re.compile(r"£?\s*(?P<pounds>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,7})(?:\.(?P<pence>[0-9]{1,2}))?")


class PoundsField(forms.Field):
    """An amount in pounds, perhaps with pence, whose value is in pence."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "size": "10", "maxlength": "20"})
    default_error_messages = {
        "required": "Give the price; 0 is a free place.",
        "invalid": "Give the price in pounds, or in pounds and pence, such as 50 or 49.50.",
        "most": "This is more than any ticket costs. Check the price.",
    }

    def prepare_value(self, value: Any) -> Any:
        """Return pence as pounds, and what somebody typed as they typed it."""
        return f"{value // 100}.{value % 100:02}" if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        """Return the pence. Raises ValidationError."""
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        found = _POUNDS.fullmatch(str(value).strip())
        if not found:
            raise ValidationError(self.error_messages["invalid"], "invalid")
        pence = int(found["pounds"].replace(",", "")) * 100 + int((found["pence"] or "").ljust(2, "0"))
        if pence > MOST:
            raise ValidationError(self.error_messages["most"], "most")
        return pence


class TicketTypeForm(RefusableForm):
    """A ticket type's form."""

    price = PoundsField(
        help_text="In pounds, such as 50 or 49.50. 0 is a free place. Who has the ticket already owes what they saw."
    )


@admin.register(TicketType)
class TicketTypeAdmin(BookingAdmin):
    """The list of ticket types, and a page for each."""

    form = TicketTypeForm
    list_display = ["name", "event", "costs", "on_sale", "taken", "by_invitation"]
    list_filter = [OurEventFilter]
    list_select_related = ["event"]
    search_fields = ["name__unaccent", "event__title__unaccent"]
    ordering = ["-event__sorts_at", "order", "pk"]
    fieldsets = [
        (None, {"fields": ["event", "name", "price", "audience"]}),
        (
            "When and how many",
            {"description": IN_ITS_ZONE, "fields": [("available_from", "available_until"), ("capacity", "order")]},
        ),
        ("By invitation", {"fields": ["invitation_code"]}),
    ]

    def surroundings(self, request: HttpRequest, object_id: str | None) -> AbstractContextManager:
        """Say and take times in the event's zone."""
        if object_id:
            found = TicketType.objects.select_related("event").filter(pk=object_id).first() if is_key(object_id) else 0
            return in_zone_of(found.event if found else None)
        return in_zone_of(event_of(request.POST.get("event") or request.GET.get("event")))

    def get_queryset(self, request: HttpRequest) -> QuerySet[TicketType]:
        """Read the places along with the ticket types."""
        taken = Places.objects.filter(ticket_type=OuterRef("pk")).values("taken")
        return super().get_queryset(request).annotate(taken_places=Subquery(taken))

    def get_readonly_fields(self, request: HttpRequest, obj: TicketType | None = None) -> list[str]:
        """Return what cannot be changed: a ticket stays in its event."""
        return ["event"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer events of our own, the latest first."""
        kwargs["queryset"] = Event.objects.ours().order_by("-sorts_at")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the event in the address, else the next one of ours."""
        ours = Event.objects.ours()
        event = event_of(request.GET.get("event")) or ours.not_over(timezone.now()).in_order().first()
        return {"event": event.pk} if event else {}

    def has_delete_permission(self, request: HttpRequest, obj: TicketType | None = None) -> bool:
        """A ticket that nobody has may go; the list deletes none."""
        return obj is not None and admin.ModelAdmin.has_delete_permission(self, request, obj)

    def write(self, request: HttpRequest, form: forms.ModelForm) -> None:
        """Save it, its capacity counted under the lock. Raises Refused."""
        ticket_types.save(form.instance, now_in(request))

    def reasons_against_deleting(self, rows: Sequence[TicketType]) -> list[str]:
        """Return every sentence that says why these cannot be deleted."""
        return [sentence for row in rows if (sentence := ticket_types.why_not_deleted(row))]

    def delete_model(self, request: HttpRequest, obj: TicketType) -> None:
        """Delete it, if nobody has it. Raises the page's Refused."""
        try:
            ticket_types.delete(obj)
        except Refused as refused:
            raise PageRefused([Problem(each.message) for each in refused.problems]) from refused

    @admin.display(description="costs", ordering="price")
    def costs(self, ticket_type: TicketType) -> str:
        """The price in words."""
        return prices.words(ticket_type.price)

    @admin.display(description="on sale")
    def on_sale(self, ticket_type: TicketType) -> str:
        """Whether it can be had now, and until when."""
        now, zone = timezone.now(), ticket_type.event.zone
        if ticket_type.available_from and now < ticket_type.available_from:
            return f"From {british_time.moment_words(ticket_type.available_from, zone)}"
        if ticket_type.available_until is None:
            return "While booking is open"
        word = "Until" if ticket_type.is_on_sale(now) else "Ended"
        return f"{word} {british_time.moment_words(ticket_type.available_until, zone)}"

    @admin.display(description="taken")
    def taken(self, ticket_type: TicketType) -> str:
        """How many are taken, of how many."""
        limit = "" if ticket_type.capacity is None else f" of {ticket_type.capacity}"
        return f"{ticket_type.taken_places or 0}{limit}"

    @admin.display(description="by invitation", boolean=True)
    def by_invitation(self, ticket_type: TicketType) -> bool:
        """Whether it needs a code."""
        return bool(ticket_type.invitation_code)
