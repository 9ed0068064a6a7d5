"""The groups that staff are put into, and what each may do. None of them may make accounts or give permissions."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

EVERYTHING = ("view", "add", "change", "delete")
PROGRAMME = {
    "events": ("event", "series", "session", "appearance", "person", "organisation", "venue", "room"),
    "pages": ("page",),
}
LOOKING_AT_THE_PROGRAMME = ["events.view_event", "events.view_series", "events.view_session"]
TEAM = [
    *(f"registrations.{what}_registration" for what in ("view", "add", "change")),
    *(f"registrations.{what}_invoice" for what in ("view", "change")),
    "registrations.view_workshopchoice",
    *(f"registrations.{what}_offer" for what in ("view", "change")),
    # Nobody changes what a message says: it is to note that somebody was told on the telephone.
    *(f"registrations.{what}_message" for what in ("view", "change")),
    "registrations.view_tickettype",
    "registrations.view_waitingrules",
]
EDITORS = [f"{app}.{what}_{model}" for app, models in PROGRAMME.items() for model in models for what in EVERYTHING]
MANAGERS = [
    *EDITORS,
    *TEAM,
    *(f"registrations.{what}_tickettype" for what in EVERYTHING if what != "view"),
    *(f"registrations.{what}_waitingrules" for what in ("add", "change")),
    "registrations.view_access_needs",
    "registrations.change_access_needs",
    "registrations.view_accessneedslog",
    # Not that anything is deleted by hand: who may erase an attendee.
    "registrations.delete_registration",
    "registrations.view_complaint",
    "registrations.change_complaint",
    "registrations.view_invoicerecord",
]
ROLES = {
    "Programme editors": EDITORS,
    "Registration team": [*LOOKING_AT_THE_PROGRAMME, *TEAM],
    "Managers": MANAGERS,
}


def make(*, again: bool = False) -> list[str]:
    """Make the groups that are not there, and return their names.

    One that is there is left as staff have made it, unless `again` says to give it back what it began with.
    """
    there = set(Group.objects.filter(name__in=ROLES).values_list("name", flat=True))
    made = [name for name in ROLES if again or name not in there]
    for name in made:
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(permissions(ROLES[name]))
    return made


def permissions(names: list[str]) -> list[Permission]:
    """Return the permissions of these names. Raises LookupError for one that does not exist."""
    pairs = [name.split(".") for name in names]
    wanted = Q(*(Q(content_type__app_label=app, codename=codename) for app, codename in pairs), _connector=Q.OR)
    found = list(Permission.objects.filter(wanted).select_related("content_type"))
    missing = set(names) - {f"{each.content_type.app_label}.{each.codename}" for each in found}
    if missing:
        raise LookupError(f"There is no permission {', '.join(sorted(missing))}. Run the migrations first.")
    return found
