"""Personal links stay out of the log, whatever is logged about their pages."""

import json

import pytest
from django.test import Client

from conference.logs.hidden_links import hidden
from registrations.way_in import links
from tests.registrations.builders import NOW, make_day, register
from tests.registrations.my_day import path_of


@pytest.mark.parametrize("below", ["open", "found", "accept"])
def test_the_secret_part_is_left_out_and_the_rest_is_said(below):
    assert hidden(f"Not Found: /my-day/{below}/12-abcdefgh/") == f"Not Found: /my-day/{below}/…/"


@pytest.mark.parametrize("path", ["/my-day/find/", "/my-day/", "/events/open/12-abc/"])
def test_other_addresses_are_said_as_they_are(path):
    assert hidden(path) == path


@pytest.mark.django_db
def test_a_link_that_has_ended_is_not_in_the_log(time_machine, capfd):
    time_machine.move_to(NOW, tick=False)
    ada = register(make_day(), "Ada")
    link = path_of(links.my_day(ada))
    ada.link_number += 1
    ada.save(update_fields=["link_number"])
    assert Client().get(link).status_code == 404
    said = capfd.readouterr().err
    [line] = [json.loads(each) for each in said.splitlines()]
    assert line["path"] == "/my-day/open/…/" and link.split("/")[3] not in said
