"""A browser that has opened a registration by the link in its message, as an attendee does."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from registrations.models import Registration
from registrations.way_in import links
from tests.reading import Page, read


class MyDay:
    """One browser and the registration that it has opened."""

    def __init__(self, registration: Registration, client: Client | None = None) -> None:
        self.registration, self.client = registration, client or Client()
        response = self.client.get(path_of(links.my_day(registration)))
        assert (response.status_code, response.headers["Location"]) == (302, "/my-day/")

    def get(self, below: str = "") -> Page:
        """Open a page, following redirects."""
        return read(self.client.get(f"/my-day/{below}", follow=True))

    def post(self, below: str, answers: dict | None = None, **more: Any) -> HttpResponse:
        """Send a form as its page does: with whose it is."""
        sent = {"registration": self.registration.reference, **(answers or {}), **more}
        return self.client.post(f"/my-day/{below}", sent)


def path_of(link: str) -> str:
    """Return an absolute link of the site without its host."""
    return link.removeprefix("http://localhost:8000")
