"""Walking through the journey as a visitor does: each step is what its page sends."""

import datetime
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.reading import Page, read
from tests.registrations.builders import NOW

ADA = {"name": "Ada Lovelace", "email": "ada@example.org"}


class Journey:
    """One browser on its way through one event; `now` is what its clock says, if the test moves it."""

    def __init__(self, event: Any, client: Client | None = None) -> None:
        self.event, self.client = event, client or Client()
        self.at = f"/events/{event.slug}/register/"
        self.key = ""

    def get(self, step: str = "") -> Page:
        """Open the page of a step, following redirects, and remember what its form is sent with."""
        page = read(self.client.get(self.address(step), follow=True))
        self.key = hidden(page, "key") or self.key
        return page

    def post(self, step: str = "", answers: dict | None = None, **more: Any) -> HttpResponse:
        """Send answers from the page of a step, as they are, with the key that its page had."""
        return self.client.post(self.address(step), {"key": self.key, **(answers or {}), **more})

    def address(self, step: str) -> str:
        """Return the address of a step; empty is the start."""
        return f"{self.at}{step}/" if step else self.at

    def begin(self) -> "Journey":
        """Press Start."""
        response = self.post()
        assert response.status_code == 302, response.content.decode()[:2000]
        self.get("details")
        return self

    def answer(self, *, details: dict | None = None, ticket: dict | None = None, **more: dict) -> "Journey":
        """Answer every question up to the page to check."""
        steps = {
            "details": details or ADA,
            "ticket": ticket or {"ticket_type": self.event.ticket_types.order_by("order", "pk").first().pk},
            "workshops": more.get("workshops", {}),
            "access": more.get("access", {}),
        }
        for step, answers in steps.items():
            response = self.post(step, answers)
            assert response.status_code == 302, (step, read(response).main)
        return self

    def confirm(self, page: Page | None = None) -> HttpResponse:
        """Press Confirm on the page to check."""
        page = page or self.get("check")
        return self.post("check", shown=hidden(page, "shown"))


def hidden(page: Page, name: str) -> str:
    """Return the value of a hidden field; empty if the page has none of that name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.source)
    return found[1] if found else ""


def problems(page: Page) -> list[str]:
    """Return the lines of the error summary."""
    return [
        " ".join("".join(each.itertext()).split()) for box in page.classed("error-summary") for each in box.iter("li")
    ]


def place(session: Any) -> dict[str, int]:
    """Return the answer that takes this workshop."""
    return {f"series-{session.series_id}": session.pk}


def wait(session: Any) -> dict[str, int]:
    """Return the answer that asks for this workshop's waiting list."""
    return {f"series-{session.series_id}-wait": session.pk}


def later(**step: float) -> datetime.datetime:
    """Return NOW and some time."""
    return NOW + datetime.timedelta(**step)
