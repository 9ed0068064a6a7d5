"""Nobody tries passwords for long, and staff who mistype theirs get in."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from conference import signing_in
from tests.registrations.builders import NOW

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def staff():
    return User.objects.create_superuser("hannah", password="the right one, long enough")


def tried(name, password="wrong", times=1, client=None):
    """Try to sign in so often, and return the statuses."""
    client = client or Client()
    return [client.post(LOGIN, {"username": name, "password": password}).status_code for _ in range(times)]


def test_a_name_is_tried_twenty_times_an_hour_from_wherever(staff, clock):
    most = signing_in.FOR_A_NAME.an_hour
    assert tried("hannah", times=most - 1) == [200] * (most - 1)
    assert tried("hannah", staff and "the right one, long enough") == [302]  # the twentieth, and it is right
    answer = Client().post(LOGIN, {"username": "Hannah ", "password": "the right one, long enough"})
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert b"try again in 60 minutes" in answer.content and answer["X-Frame-Options"] == "DENY"
    assert tried("somebody else") == [200]
    clock.move_to(NOW.replace(hour=NOW.hour + 1))
    assert tried("hannah", "the right one, long enough") == [302]


def test_an_address_tries_so_many_names(staff):
    most = signing_in.FROM_AN_ADDRESS.an_hour
    assert {tried(f"name {number}")[0] for number in range(most)} == {200}
    assert tried("hannah", "the right one, long enough") == [429]


def test_looking_at_the_page_is_no_try_and_who_is_signed_in_stays_so(staff):
    client = Client()
    client.force_login(staff)
    for _ in range(signing_in.FOR_A_NAME.an_hour + 5):
        assert Client().get(LOGIN).status_code == 200
    tried("hannah", times=signing_in.FOR_A_NAME.an_hour + 1)
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("name", ["", "\u202e" * 300, "x" * 50_000, "<script>", "ß" * 250])
def test_whatever_is_typed_as_a_name_is_answered(name):
    assert tried(name) == [200]
