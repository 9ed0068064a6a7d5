"""Whatever is sent to the journey is answered with a page: no input is a fault of ours, and none changes another's."""

import copy

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registrations.models import Draft, Registration
from tests.registrations.builders import NOW, make_day, make_ticket_type
from tests.registrations.journeys import Journey
from tests.test_hostile_input import NASTY

FIELDS = {
    "details": ("name", "email", "phone", "badge_name", "pronouns", "mailing_consent"),
    "ticket": ("ticket_type", "organisation", "invitation_code", "pays", "invoice_payer", "invoice_email", "is_member"),
    "access": ("bsl", "other", "dietary", "photo_consent", "please_call"),
    "check": ("shown",),
    "colleague": ("colleague", "name", "email"),
}
EVERY = ("", *FIELDS, "workshops")
ANSWERED = (200, 302, 400, 403, 409, 422)


@pytest.fixture(autouse=True)
def clock():
    """Stand on NOW."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def answered(looking):
    """Somebody who has answered everything, once for all of these tests."""
    with time_machine.travel(NOW, tick=False):
        day = make_day()
        make_ticket_type(day.event, "Paid", 5000, order=1)
        make_ticket_type(day.event, "Invited", 0, order=2, invitation_code="LOOM-10")
        return Journey(day.event).begin().answer()


@pytest.fixture
def journey(answered, undone):
    """Where they are, in a browser that shows faults as pages; what a test sends is undone."""
    journey = Journey(answered.event, Client(raise_request_exception=False))
    journey.client.cookies = copy.deepcopy(answered.client.cookies)
    journey.key = answered.key
    return journey


@pytest.mark.parametrize("time", ["first", "second"])
def test_they_stand_where_everything_is_answered(journey, time):
    """The control: what is sent is not turned away at the start, and a test finds nothing of the one before it."""
    assert (Draft.objects.count(), Registration.objects.count()) == (1, 0)
    assert "Ada Lovelace" in journey.get("check").main
    assert journey.confirm().status_code == 302
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(("step", "field"), [(step, field) for step, fields in FIELDS.items() for field in fields])
def test_no_answer_is_a_fault(journey, step, field):
    given = {text: journey.post(step, {"name": "Ada", "email": "ada@example.org", field: text}) for text in NASTY}
    assert {text: each.status_code for text, each in given.items() if each.status_code not in ANSWERED} == {}
    assert journey.get("check").status == 200


def test_no_workshop_is_a_fault(journey):
    series = journey.event.series.first().pk
    names = [f"series-{series}", f"series-{series}-wait", "series-", "series-x", "series-0-wait", f"series-{'9' * 99}"]
    given = [(name, text, journey.post("workshops", {name: text}).status_code) for name in names for text in NASTY]
    assert [each for each in given if each[2] not in ANSWERED] == []
    assert journey.get("check").status == 200


@pytest.mark.parametrize("step", EVERY)
def test_no_key_and_no_cookie_is_a_fault(journey, step):
    before = Draft.objects.count()
    for text in NASTY:
        assert journey.post(step, key=text).status_code in ANSWERED, text
    for text in [each for each in NASTY if "\0" not in each and "\r" not in each]:
        # A server hands on the bytes of a header as latin-1.
        journey.client.cookies["registration"] = text.encode().decode("latin-1")
        assert journey.post(step or "details").status_code in ANSWERED, text
        assert journey.client.get(journey.address(step)).status_code in (*ANSWERED, 404), text
    assert Registration.objects.count() == 0
    assert Draft.objects.count() == before or step == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    step=st.sampled_from([each for each in EVERY if each]),
    sent=st.dictionaries(
        st.sampled_from([field for fields in FIELDS.values() for field in fields]),
        st.lists(st.text(st.characters(codec="utf-8"), max_size=40), max_size=3),
        max_size=6,
    ),
)
def test_whatever_is_sent_is_answered(journey, step, sent):
    assert journey.post(step, sent).status_code in ANSWERED


def test_an_answer_as_a_file_is_no_fault(journey):
    import io

    for step in FIELDS:
        response = journey.client.post(journey.address(step), {"key": journey.key, "name": io.BytesIO(b"a\0b")})
        assert response.status_code in ANSWERED


def test_a_body_that_is_no_form_is_no_fault(journey):
    for step in EVERY:
        response = journey.client.post(journey.address(step), b"\xff\xfe{]", content_type="application/json")
        assert response.status_code in ANSWERED


def test_other_methods_are_not_allowed(journey):
    for step in EVERY:
        for method in ("put", "patch", "delete"):
            assert getattr(journey.client, method)(journey.address(step)).status_code == 405
