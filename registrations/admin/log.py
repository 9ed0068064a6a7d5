"""Who gave, saw, changed or deleted access needs, and when. What they are is not in it."""

from django.contrib import admin

from events.wording import british_time
from registrations.admin.base import LookOnly
from registrations.models import AccessNeedsLog


@admin.register(AccessNeedsLog)
class AccessNeedsLogAdmin(LookOnly):
    """The log, the latest first."""

    list_display = ["at", "action", "who", "registration"]
    list_display_links = None
    list_filter = ["action"]
    list_select_related = ["registration__event", "user"]
    ordering = ["-when", "-pk"]
    search_fields = ["registration__reference", "user__username"]
    search_help_text = "A reference, or the name somebody signs in with."

    @admin.display(description="when", ordering="when")
    def at(self, entry: AccessNeedsLog) -> str:
        """When it was, in the event's zone."""
        return british_time.moment_words(entry.when, entry.registration.event.zone)

    @admin.display(description="who", ordering="user")
    def who(self, entry: AccessNeedsLog) -> str:
        """The user; the attendee where there is none."""
        return by_whom(entry)


def by_whom(entry: AccessNeedsLog) -> str:
    """Return who did it; an account that is deleted since is told apart from the attendee as far as possible."""
    if entry.user:
        return entry.user.get_username()
    nobody = {AccessNeedsLog.Action.SEEN: "an account deleted since", AccessNeedsLog.Action.DELETED: "the site itself"}
    return nobody.get(entry.action, "the attendee")
