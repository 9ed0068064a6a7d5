"""Workshop choices: who has and who waits for a place in a workshop, in order. For looking only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from events.admin.base import AnyYear
from events.wording import british_time
from registrations.admin.base import LookOnly
from registrations.admin.filters import OurEventFilter, WorkshopFilter
from registrations.admin.in_words import ordinal
from registrations.models import WorkshopChoice
from registrations.waiting import waiting_lines


class InLine(AnyYear):
    """A list whose rows know where they stand."""

    def get_results(self, request: HttpRequest) -> None:
        """Read the rows of this page, and then the positions of all of them together."""
        super().get_results(request)
        rows = list(self.result_list)
        people = [row.registration for row in rows]
        positions = waiting_lines.positions(people) if people else waiting_lines.Positions()
        for row in rows:
            row.position = positions.in_workshop.get(row.pk)
        self.result_list = rows


@admin.register(WorkshopChoice)
class WorkshopChoiceAdmin(LookOnly):
    """The list of choices. A registration’s own page has its choices too."""

    list_display = ["workshop", "registration", "who", "state_now", "since"]
    list_display_links = None
    list_filter = [OurEventFilter, "state", WorkshopFilter]
    list_select_related = ["registration", "session__series", "event"]
    ordering = ["-event__sorts_at", "starts", "session__code", "session", "state", "waiting_since", "pk"]
    search_fields = ["registration__reference", "registration__name__unaccent", "session__title__unaccent"]
    search_help_text = "A reference, a name or a workshop."

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type:
        """Return the list, whose rows know where they stand."""
        return InLine

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkshopChoice]:
        """Leave out what is over, unless somebody asks for it."""
        found = super().get_queryset(request)
        return found if "state__exact" in request.GET else found.live()

    @admin.display(description="workshop", ordering="session__title")
    def workshop(self, choice: WorkshopChoice) -> str:
        """Its code and title."""
        return str(choice.session)

    @admin.display(description="name")
    def who(self, choice: WorkshopChoice) -> str:
        """Whose it is."""
        return choice.registration.name

    @admin.display(description="state", ordering="state")
    def state_now(self, choice: WorkshopChoice) -> str:
        """The state, with the position in the waiting list."""
        words = choice.get_state_display()
        return f"{words}, {ordinal(choice.position)}" if choice.position else words

    @admin.display(description="made", ordering="made_at")
    def since(self, choice: WorkshopChoice) -> str:
        """When it was made."""
        return british_time.moment_words(choice.made_at, choice.event.zone)
