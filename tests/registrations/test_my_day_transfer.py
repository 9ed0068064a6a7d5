"""Passing a place to a colleague: whose it is at every moment, and what becomes of everything personal."""

import pytest
from django.test import Client

from registrations import booking, invariants
from registrations.answering.answers import Needs, Payer, Wish
from registrations.messages import emails, sending
from registrations.models import AccessNeeds, AccessNeedsLog, Draft, Message, Registration, Transfer
from registrations.my_day import transfers
from registrations.problems import Refused
from registrations.way_in import links, personal_links
from tests.reading import read
from tests.registrations.builders import MINUTE, NOW, change, make_day, make_ticket_type, register, state
from tests.registrations.journeys import Journey, place, problems
from tests.registrations.many_people import all_at_once
from tests.registrations.my_day import MyDay, path_of

pytestmark = pytest.mark.django_db
BEA = {"name": "Bea", "email": "bea@example.org"}


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    yield time_machine
    assert invariants.broken(NOW) == []


@pytest.fixture
def day():
    day = make_day(places=(1, 5))
    day.paid = make_ticket_type(day.event, "Paid", 5000)
    day.ada = register(
        day, "Ada", email="ada@example.org", take=[day.a1, day.b2], ticket=day.paid, payer=Payer("City Charity"),
        needs=Needs(dietary="CANARY", bsl=True), phone="020 7946 0001", wants_bursary=True, pronouns="PRONOUN",
    )  # fmt: skip
    return day


@pytest.fixture
def ada(day):
    return MyDay(day.ada)


def stored(registration):
    return Registration.objects.get(pk=registration.pk)


def offered(ada):
    """Have Ada pass her place to Bea, and return the link that Bea is sent."""
    assert ada.post("pass-on/", BEA)["Location"] == "/my-day/?done=passed"
    message = Message.objects.get(kind="transfer_offered")
    assert message.recipient == "bea@example.org"
    return path_of(personal_links.link_of(message))


def test_the_holder_keeps_place_and_link_until_the_colleague_accepts(day, ada):
    offered(ada)
    page = ada.get()
    assert "You are passing your place to Bea" in page.main and state(day.ada) == "confirmed 1A, 2B"
    assert Client().get(path_of(links.my_day(day.ada))).status_code == 302
    change(day.ada, take=[day.b1])  # and can still change it
    assert state(day.ada) == "confirmed 1B, 2B"


def test_the_colleague_sees_what_it_is_before_anything(day, ada):
    page = read(Client().get(offered(ada)))
    assert page.status == 200 and not page.faults
    for words in ("Ada passes their place at Annual conference to you", "1A Workshop 1A", "bea@example.org"):
        assert words in page.main
    for words in ("CANARY", "020 7946 0001", "ada@example.org", "£50", "PRONOUN", "City Charity"):
        assert words not in page.source.replace("020 7946 0958", "")
    assert stored(day.ada).name == "Ada"  # looking changes nothing


def test_accepting_makes_it_theirs(day, ada):
    link, old = offered(ada), links.my_day(day.ada)
    client = Client()
    response = client.post(link, {"phone": "1", "organisation": "Other", "dietary": "Vegan", "answer": "yes"})
    assert (response.status_code, response["Location"]) == (302, "/my-day/?done=accepted")
    after = stored(day.ada)
    assert (after.name, after.email, after.phone, after.organisation) == ("Bea", "bea@example.org", "1", "Other")
    assert (after.pronouns, after.wants_bursary, after.photo_consent) == ("", False, False)
    assert (after.price_agreed, after.invoice_id, after.reference) == (5000, day.ada.invoice_id, day.ada.reference)
    assert state(day.ada) == "confirmed 1A, 2B"
    assert "Bea" in read(client.get("/my-day/")).main
    # The old link is dead, and so is the open browser.
    assert Client().get(path_of(old)).status_code == 404 and ada.get().title.startswith("Send me my link")
    assert Client().get(path_of(links.my_day(after))).status_code == 302


def test_the_team_is_told_what_the_colleague_asks_and_not_what_the_former_attendee_did(day, ada):
    asked = Message.objects.filter(registration=day.ada, kind="team_wanted")
    assert asked.count() == 1
    link = offered(ada)
    Client().post(link, {"dietary": "Vegan"})
    assert not asked.exists()
    again = MyDay(stored(day.ada))
    again.post("pass-on/", {"name": "Cai", "email": "cai@example.org"})
    message = Message.objects.get(kind="transfer_offered")
    Client().post(path_of(personal_links.link_of(message)), {"please_call": "on"})
    assert asked.count() == 1


def test_what_the_former_attendee_said_about_access_is_gone(day, ada):
    Client().post(offered(ada), {"dietary": "Vegan"})
    after = AccessNeeds.objects.get(registration=day.ada)
    assert (after.dietary, after.bsl) == ("Vegan", False)
    actions = list(AccessNeedsLog.objects.filter(registration=day.ada).values_list("action", flat=True))
    assert actions == ["given", "deleted", "given"]


def test_both_are_told_and_the_former_is_sent_no_link_and_no_name(day, ada):
    Client().post(offered(ada), {})
    told = dict(Message.objects.values_list("kind", "recipient"))
    assert told == {"confirmed": "bea@example.org", "transferred": "ada@example.org"}
    sending.send_due(lambda: NOW + MINUTE)
    former = Message.objects.get(kind="transferred")
    assert "Bea" not in former.text + former.html and "my-day" not in former.text + former.html
    assert "personal-link" not in former.text + former.html
    assert Message.objects.get(kind="confirmed").calendar


def test_the_browser_that_registered_within_the_day_sees_nothing_any_more(time_machine):
    day = make_day()
    journey = Journey(day.event).begin().answer(workshops=place(day.a1))
    journey.confirm()
    registration = Registration.objects.get()
    Client().post(offered(MyDay(registration)), {})
    assert "Bea" not in journey.get("confirmed").words and registration.reference not in journey.get("confirmed").words
    assert not Draft.objects.filter(registration=registration).exists()


def test_the_names_are_kept_only_while_somebody_can_accept(day, ada):
    link = offered(ada)
    Client().post(link, {})
    ended = Transfer.objects.get()
    assert (ended.state, ended.name, ended.email) == ("accepted", "", "")


def test_a_second_acceptance_changes_nothing(day, ada):
    link = offered(ada)
    Client().post(link, {"phone": "1"})
    response = Client().post(link, {"phone": "2"})
    assert response.status_code in (404, 409) and stored(day.ada).phone == "1"
    assert Client().get(link).status_code in (404, 409)


def test_the_holder_can_keep_it_after_all(day, ada):
    link = offered(ada)
    assert ada.post("withdraw/")["Location"] == "/my-day/?done=withdrawn"
    assert Client().post(link, {}).status_code == 409 and stored(day.ada).name == "Ada"
    assert Transfer.objects.get().email == "" and "You are passing" not in ada.get().main
    assert ada.post("withdraw/").status_code == 302  # pressed twice


def test_the_colleague_can_say_no(day, ada):
    page = read(Client().post(offered(ada), {"answer": "no"}))
    assert "You have said no" in page.main and Transfer.objects.get().state == "declined"
    assert stored(day.ada).name == "Ada"


def test_cancelling_ends_it(day, ada):
    link = offered(ada)
    booking.cancel(day.ada, NOW)
    assert Client().post(link, {}).status_code == 409 and Transfer.objects.get().state == "withdrawn"


def test_after_the_start_nobody_accepts(day, ada, clock):
    link = offered(ada)
    clock.move_to(day.event.starts)
    assert Client().post(link, {}).status_code == 409 and stored(day.ada).name == "Ada"


@pytest.mark.parametrize(("sent", "why"), [
    ({"name": "Ada", "email": "ada@example.org"}, "This is you"),
    ({"name": "", "email": "bea@example.org"}, "full name"),
    ({"name": "Bea", "email": "bea"}, "an e-mail address"), ({"name": "x" * 201, "email": "b@example.org"}, "200"),
    ({"name": "Bea", "email": "b@example.org\r\nBcc: x@example.org"}, "an e-mail address"),
])  # fmt: skip
def test_whom_it_cannot_pass_to_is_said(day, ada, sent, why):
    response = ada.post("pass-on/", sent)
    assert response.status_code in (409, 422) and why in problems(read(response))[0]
    assert not Transfer.objects.exists()


def test_not_to_somebody_who_is_registered_already(day, ada):
    register(day, "Bea", email="bea@example.org")
    response = ada.post("pass-on/", BEA)
    assert response.status_code == 409 and "registered already" in problems(read(response))[0]


def test_nor_accepted_by_somebody_who_has_registered_meanwhile(day, ada):
    link = offered(ada)
    register(day, "Bea", email="bea@example.org")
    response = Client().post(link, {"phone": "KEPT"})
    assert response.status_code == 409 and "KEPT" in read(response).source and stored(day.ada).name == "Ada"


def test_one_at_a_time_and_not_by_somebody_who_waits(day, ada):
    offered(ada)
    assert ada.post("pass-on/", {"name": "Cai", "email": "c@example.org"}).status_code == 409
    full = make_day(event_capacity=0, title="Full")
    assert MyDay(register(full, "Eve")).post("pass-on/", BEA).status_code == 409


def test_nobody_has_us_write_to_strangers_without_end(day, ada):
    for number in range(10):
        assert ada.post("pass-on/", {"name": "Bea", "email": f"b{number}@example.org"}).status_code == 302
        ada.post("withdraw/")
    response = ada.post("pass-on/", BEA)
    assert response.status_code == 429 and response.headers["Retry-After"]
    sent = {"name": "Ada", "email": "victim@example.org"}
    assert ada.post("details/", sent).status_code == 429 and stored(day.ada).email == "ada@example.org"


def test_markup_and_null_bytes_in_a_name_are_inert(day, ada):
    ada.post("pass-on/", {"name": "<b>Bea</b>", "email": "bea@example.org"})
    assert "<b>Bea</b>" not in ada.get().source and "&lt;b&gt;Bea" in ada.get().source
    assert ada.post("pass-on/", {"name": "B\0ea", "email": "bea@example.org"}).status_code == 400


def test_a_forged_link_opens_nothing(day, ada):
    link = offered(ada)
    assert Client().get(link[:-2] + "/").status_code == 404
    assert Client().get(link.replace("/accept/", "/open/")).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_acceptances_withdrawals_and_cancellations_at_once_one_counts(time_machine):
    time_machine.move_to(NOW, tick=False)
    for _ in range(4):
        day = make_day()
        ada = register(day, "Ada", take=day.a1)
        transfer = transfers.begin(ada, "Bea", "bea@example.org", NOW)
        works = [lambda transfer=transfer: transfers.accept(transfer, {}, Needs(), NOW)] * 4
        works += [lambda ada=ada: transfers.withdraw(ada, NOW), lambda ada=ada: booking.cancel(ada, NOW)]
        found = all_at_once(works)
        accepted = [each for each in found[:4] if isinstance(each, Registration)]
        assert all(isinstance(each, Registration | Refused | None) for each in found)
        assert len(accepted) <= 1 and (stored(ada).name == "Bea") is bool(accepted)
        # Who cancels a moment after the colleague has accepted cancels nothing of theirs.
        assert state(ada) == ("confirmed 1A" if accepted else "cancelled")


def test_what_is_kept_for_an_answer_passes_too_and_the_new_holder_is_told(day):
    dee = register(day, "Dee", email="dee@example.org", take=day.b1)
    booking.change_choices(dee, {day.a1.series_id: Wish(day.b1.pk, day.a1.pk, ask_first=True)}, NOW)
    booking.cancel(day.ada, NOW)
    [offer] = dee.offers.open()
    mine = MyDay(dee)
    link = offered(mine)
    page = read(Client().get(link, follow=True))
    assert "a place in 1A" in page.main and "which is kept until" in page.main and "waiting list of 1A" not in page.main
    transfers.accept(dee.transfers.get(), {}, Needs(), NOW)
    bea = stored(dee)
    assert list(bea.messages.order_by("pk").values_list("kind", "recipient")) == [
        ("confirmed", "bea@example.org"), ("transferred", "dee@example.org"), ("offered", "bea@example.org"),
    ]  # fmt: skip
    told = bea.messages.get(kind="offered")
    assert "It is kept for you until" in emails.write(told).text and told.facts["until"] == offer.until.isoformat()
