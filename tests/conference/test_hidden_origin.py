"""Forms of pages that tell nobody where they are: let through when the browser vouches for them, and refused else."""

import pytest
from django.test import Client

from tests.reading import read
from tests.registrations.journeys import hidden

pytestmark = pytest.mark.django_db
FIND = "/my-day/find/"


def send(token=True, secure=False, **headers):
    """Send the form of a personal page as a browser does, with these headers, and return the status."""
    client = Client(enforce_csrf_checks=True)
    page = client.get(FIND, secure=secure)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    sent = {
        "email": "ada@example.org",
        "csrfmiddlewaretoken": hidden(read(page), "csrfmiddlewaretoken") if token else "x" * 64,
    }
    return client.post(FIND, sent, secure=secure, headers=headers).status_code


@pytest.mark.parametrize("secure", [True, False])
def test_it_is_let_through_if_the_browser_says_that_it_came_from_here(secure):
    assert send(secure=secure, Origin="null", Sec_Fetch_Site="same-origin") == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "", None])
def test_it_is_refused_if_the_browser_says_anything_else_or_nothing(site):
    assert send(Origin="null", **({} if site is None else {"Sec_Fetch_Site": site})) == 403


def test_an_origin_that_is_named_counts_whatever_else_is_said():
    assert send(Origin="https://evil.example", Sec_Fetch_Site="same-origin") == 403


def test_its_token_is_asked_for_all_the_same():
    assert send(token=False, Origin="null", Sec_Fetch_Site="same-origin") == 403
