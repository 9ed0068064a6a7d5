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
    return User.objects.create_superuser("hannah", password=RIGHT)


RIGHT = "the right one, long enough"


def tried(name, password="wrong", times=1, address="10.0.0.1"):
    """Try to sign in so often from an address, and return the statuses."""
    client = Client(REMOTE_ADDR=address)
    return [client.post(LOGIN, {"username": name, "password": password}).status_code for _ in range(times)]


def test_a_name_is_tried_so_often_in_an_hour_from_wherever(staff, clock):
    most = signing_in.FOR_A_NAME.an_hour
    found = [tried("hannah", address=f"10.0.1.{number}")[0] for number in range(most - 1)]
    assert set(found) == {200}
    assert tried("hannah", RIGHT) == [302]  # the last, and it is right
    answer = Client().post(LOGIN, {"username": "Hannah ", "password": RIGHT})
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert b"try again in 60 minutes" in answer.content and answer["X-Frame-Options"] == "DENY"
    assert tried("somebody else") == [200]
    clock.move_to(NOW.replace(hour=NOW.hour + 1))
    assert tried("hannah", RIGHT) == [302]


def test_an_address_tries_so_many_names_and_keeps_nobody_out_elsewhere(staff):
    most = signing_in.FROM_AN_ADDRESS.an_hour
    assert {tried(f"name {number}")[0] for number in range(most)} == {200}
    assert tried("hannah", RIGHT, times=most) == [429] * most
    assert tried("hannah", RIGHT, address="10.0.0.2") == [302]
    assert tried("hannah", times=most, address="10.0.0.3") == [200] * most
    assert tried("hannah", RIGHT, address="10.0.0.2") == [302]


def test_looking_at_the_page_is_no_try_and_who_is_signed_in_stays_so(staff):
    client = Client()
    client.force_login(staff)
    for _ in range(signing_in.FROM_AN_ADDRESS.an_hour + 5):
        assert Client().get(LOGIN).status_code == 200
    tried("hannah", times=signing_in.FROM_AN_ADDRESS.an_hour + 1, address="127.0.0.1")
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("name", ["", "\u202e" * 300, "x" * 50_000, "<script>", "ß" * 250])
def test_whatever_is_typed_as_a_name_is_answered(name):
    assert tried(name) == [200]
