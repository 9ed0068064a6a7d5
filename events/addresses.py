"""Where the pages of an event are: for visitors, or in staff's preview.

The preview repeats the public addresses below `/admin/…/preview/`, so that every link on a previewed
page leads to another previewed one.
"""

from django.urls import reverse

from events.models import Event, Organisation, Person, Session


def staff_photograph(pk: int) -> str:
    """Return the address at which staff see the photograph of the person with that key."""
    return reverse("staff_photograph", kwargs={"pk": pk})


class Addresses:
    """The addresses of one event's pages; each begins with a slash."""

    def __init__(self, event: Event, *, preview: bool = False) -> None:
        self._preview = preview
        if preview:
            self.event = reverse("preview:event_detail", kwargs={"pk": event.pk})
        else:
            self.event = reverse("events:event_detail", kwargs={"event": event.slug})
        self.agenda = f"{self.event}agenda/"
        self.people = f"{self.event}people/"
        self.organisations = f"{self.event}organisations/"
        self.calendar = f"{self.event}calendar.ics"
        self.changes = f"{self.event}changes/"
        self.changes_feed = f"{self.event}changes.atom"

    def session(self, session: Session) -> str:
        """Return the address of a session's page."""
        return f"{self.agenda}{session.slug}/"

    def session_calendar(self, session: Session) -> str:
        """Return the address of a session's calendar file."""
        return f"{self.session(session)}calendar.ics"

    def person(self, person: Person) -> str:
        """Return the address of a person's page in this event."""
        return f"{self.people}{person.slug}/"

    def photograph(self, person: Person) -> str:
        """Return the address of a person's photograph, which in preview may not be public yet."""
        return staff_photograph(person.pk) if self._preview else person.photograph.url

    def organisation(self, organisation: Organisation) -> str:
        """Return the address of an organisation's page in this event."""
        return f"{self.organisations}{organisation.slug}/"

    def of(self, thing: Event | Session | Person | Organisation) -> str:
        """Return the address of anything that has a page in this event."""
        if isinstance(thing, Session):
            return self.session(thing)
        if isinstance(thing, Person):
            return self.person(thing)
        return self.organisation(thing) if isinstance(thing, Organisation) else self.event
