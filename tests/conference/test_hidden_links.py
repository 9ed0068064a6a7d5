"""Personal links stay out of the log, whatever is logged about their pages."""

import logging

import pytest
from django.test import Client

from conference.hidden_links import HideLinks
from registrations import links
from tests.registrations.builders import NOW, make_day, register
from tests.registrations.my_day import path_of


def logged(message, *values):
    """Return what the log would say."""
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, values, None)
    assert HideLinks().filter(record)
    return record.getMessage()


@pytest.mark.parametrize("below", ["open", "found", "accept"])
def test_the_secret_part_is_left_out_and_the_rest_is_said(below):
    said = logged("Service Unavailable: %s", f"/my-day/{below}/12-abcdefgh/")
    assert said == f"Service Unavailable: /my-day/{below}/…/"


@pytest.mark.parametrize("path", ["/my-day/find/", "/my-day/", "/events/open/12-abc/"])
def test_other_addresses_are_said_as_they_are(path):
    assert logged("Not Found: %s", path) == f"Not Found: {path}"


@pytest.mark.django_db
def test_a_link_that_has_ended_is_not_in_the_log(time_machine, capfd):
    time_machine.move_to(NOW, tick=False)
    ada = register(make_day(), "Ada")
    link = path_of(links.my_day(ada))
    ada.link_number += 1
    ada.save(update_fields=["link_number"])
    assert Client().get(link).status_code == 404
    said = capfd.readouterr().err
    assert "Not Found: /my-day/open/" in said and link.split("/")[3] not in said
