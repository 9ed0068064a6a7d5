"""The rules of an event's waiting lists: from when on everybody is asked, and how long they have to answer."""

from contextlib import AbstractContextManager
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from events.admin.base import AnyYear, PlainFields
from events.admin.forms import RefusableForm
from events.admin.saving import OneChange
from events.admin.zones import IN_ITS_ZONE, event_of, in_zone_of, is_key
from events.models import Event
from events.wording import british_time
from registrations.admin.base import now_in
from registrations.models import WaitingRules

WHAT_SAVING_DOES = (
    f"{IN_ITS_ZONE} What you save holds for places that come free from then on. Offers that are open stay as they are,"
    " each until the moment that its attendee was told."
)
HOURS = "Give people between 1 and 72 hours to answer."


class WaitingRulesForm(RefusableForm):
    """The form of these rules."""

    def clean(self) -> dict[str, Any]:
        """Refuse a moment at which there is nothing left to ask about."""
        given = super().clean()
        event, moment = given.get("event") or (self.instance.pk and self.instance.event), given.get("asks_from")
        if event and moment and moment >= event.starts:
            starts = british_time.moment_words(event.starts, event.zone)
            self.add_error("asks_from", f"Give a moment before the event starts, which is {starts}.")
        return given


@admin.register(WaitingRules)
class WaitingRulesAdmin(PlainFields, OneChange):
    """The list of these rules, and a page for each event's."""

    form = WaitingRulesForm
    taken = {"event": "This event has rules of its own already: open them in the list, and change those."}
    list_display = ["event", "begins", "offer_hours"]
    list_select_related = ["event"]
    list_per_page = 50
    actions = None
    ordering = ["-event__sorts_at", "pk"]
    search_fields = ["event__title__unaccent"]
    fieldsets = [(None, {"description": WHAT_SAVING_DOES, "fields": ["event", "asks_from", "offer_hours"]})]

    def surroundings(self, request: HttpRequest, object_id: str | None) -> AbstractContextManager:
        """Say and take times in the event's zone."""
        if object_id:
            found = WaitingRules.objects.select_related("event").filter(pk=object_id) if is_key(object_id) else []
            return in_zone_of(next((each.event for each in found), None))
        return in_zone_of(event_of(request.POST.get("event") or request.GET.get("event")))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type:
        """Return the list, which takes any year."""
        return AnyYear

    def get_readonly_fields(self, request: HttpRequest, obj: WaitingRules | None = None) -> list[str]:
        """Return what cannot be changed: the rules stay with their event."""
        return ["event"] if obj else []

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the form's field; hours outside of what can be are refused by one sentence."""
        if db_field.name == "offer_hours":
            kwargs |= {"min_value": 1, "max_value": 72, "error_messages": {"min_value": HOURS, "max_value": HOURS}}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def message_user(self, request: HttpRequest, message: str, *args: Any, **kwargs: Any) -> None:
        """Say what was done to the rules, of which there are several; the sentence stays safe if it was."""
        words = message.replace(" was added", " were added").replace(" was changed", " were changed")
        super().message_user(request, type(message)(words), *args, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer events of our own, the latest first."""
        kwargs["queryset"] = Event.objects.ours().order_by("-sorts_at")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the event in the address, else the next one of ours that has no rules of its own."""
        event = event_of(request.GET.get("event")) or self._without_rules(request).first()
        return {"event": event.pk} if event else {}

    def _without_rules(self, request: HttpRequest) -> QuerySet[Event]:
        return Event.objects.ours().not_over(now_in(request)).filter(waiting_rules=None).in_order()

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> None:
        """Save the rules: should somebody else have made some for this event meanwhile, these count."""
        rules = form.instance
        given = {"asks_from": rules.asks_from, "offer_hours": rules.offer_hours}
        rules.pk = WaitingRules.objects.update_or_create(event=rules.event, defaults=given)[0].pk

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        """Render the page without “Save and add another”: each event has one."""
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """There is nothing to delete: an empty moment and four hours are what is usual."""
        return False

    @admin.display(description="everybody is asked from", ordering="asks_from")
    def begins(self, rules: WaitingRules) -> str:
        """From when on everybody is asked, also where nothing was set."""
        usual = "" if rules.asks_from else " (as usual)"
        return f"{british_time.moment_words(rules.begins_to_ask, rules.event.zone)}{usual}"
