"""The admin as a whole: what it calls itself, and what comes first in it."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse

# The order of work: the day, what is in it, who is in it, where it is. What is not named here comes last.
APPS = ("events", "pages", "registrations")
MODELS = (
    "Event", "Session", "Person", "Organisation", "Venue",
    "Registration", "Invoice", "WorkshopChoice", "Offer", "Message", "TicketType", "WaitingRules", "AccessNeedsLog",
)  # fmt: skip


class StaffSite(AdminSite):
    """Django's admin, in our words and our order."""

    site_header = "Clinks events: for staff"
    site_title = "Clinks events: for staff"
    index_title = "What would you like to change?"

    def register(self, model_or_iterable: Any, admin_class: type | None = None, **options: Any) -> None:
        """Register as Django does, but for the tables of the queue: a job only nudges, and staff see the messages."""
        models = list(model_or_iterable) if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        shown = [model for model in models if model._meta.app_label != "procrastinate"]
        super().register(shown, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Let staff sign in, but nobody try passwords for long: counted for a name and for where it comes from."""
        if request.method == "POST":
            # The limits are of those who register, and their models are there only once Django is set up.
            from conference import signing_in

            if wait := signing_in.seconds_to_wait(request):
                return signing_in.too_often(wait)
        return super().login(request, extra_context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Return what staff may edit, the programme first."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: _place(model["object_name"], MODELS))
        return sorted(apps, key=lambda app: _place(app["app_label"], APPS))


class StaffSiteConfig(AdminConfig):
    """Django's admin application with our site in it."""

    default_site = "conference.staff_site.StaffSite"


def _place(name: str, order: tuple[str, ...]) -> int:
    return order.index(name) if name in order else len(order)
