"""“Your data” in My day: seen, taken away, erased, complained of; and never anybody else's."""

import datetime
import json
import threading

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registrations.answering.answers import Needs, Payer
from registrations.data_rights import complaining, erasing, personal_fields
from registrations.messages import sending
from registrations.models import Complaint, Message, Registration, Transfer
from registrations.my_day import corrections, transfers
from tests.reading import read
from tests.registrations.builders import MINUTE, NOW, change, make_day, register, state
from tests.registrations.my_day import MyDay
from tests.registrations.somebody import EMAIL, NEEDS, PAYER, a_day, whole

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def day():
    return a_day()


@pytest.fixture
def carey(day):
    return whole(day)


def taken_away(registration):
    """Return what is in the file."""
    response = MyDay(registration).client.get("/my-day/data.json")
    assert response.status_code == 200
    return json.loads(response.content)


# What is held


def test_the_page_says_what_is_held_what_for_who_sees_it_and_until_when(carey):
    page = MyDay(carey).get("data/")
    for held in personal_fields.HELD:
        assert held.name in page.texts(".//dt")
        for words in (held.what, held.purpose, held.seen_by[1:], held.until[1:]):
            assert words in page.main, words
    assert page.link("Have your data erased") == "/my-day/erase/"
    assert MyDay(carey).get().link("Your data: see, take away, erase, complain") == "/my-day/data/"


# Taken away


def test_the_file_holds_everything_that_is_held(day, carey):
    held = taken_away(carey)
    [mine] = held["registration"]
    typed = ("name", "email", "phone", "badge_name", "organisation", "job_title", "pronouns")
    assert {name: mine[name] for name in typed} == {name: getattr(carey, name) for name in typed}
    assert (mine["reference"], mine["ticket"], mine["price"]) == (carey.reference, "Members", "£50")
    [access] = held["access_and_food"]
    assert (access["bsl"], access["dietary"], access["other"]) == (True, NEEDS.dietary, NEEDS.other)
    assert [(each["action"], each["by"]) for each in held["access_log"]] == [("Given", "you"), ("Seen", "staff")]
    [invoice] = held["invoice"]
    assert (invoice["payer"], invoice["address"], invoice["purchase_order"]) == (
        PAYER.payer, PAYER.address, PAYER.purchase_order
    )  # fmt: skip
    chosen = {each["workshop"]: [one["state"] for one in each["changes"]] for each in held["workshops"]}
    assert chosen["2A: Workshop 2A"] == ["On the waiting list", "Released"]
    assert chosen["1B: Workshop 1B"] == ["Confirmed"]
    assert {each["what"] for each in held["messages"]} >= {"Your place is confirmed", "We have your complaint"}
    first = held["messages"][0]
    assert first["to"] == EMAIL and carey.reference in first["subject"] and "Dear Canary Carey" in first["text"]
    assert "(your personal link)" in first["text"] and "personal-link.invalid" not in str(held)
    assert held["offers"][0]["state"] == "Declined" and held["transfers"][0]["to"] == "Canary Colleague"
    assert held["link_requests"] and held["changes"][0]["what"] == "made"
    assert held["drafts"][-1]["answers"] == {"details": {"name": "Canary"}}
    assert held["complaints"][0]["text"] == "My canary was told to somebody."


def test_the_file_is_to_be_saved_and_stored_nowhere_else(carey):
    response = MyDay(carey).client.get("/my-day/data.json")
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data-annual-conference.json"'
    assert response.headers["Content-Type"].startswith("application/json")
    assert "no-store" in response.headers["Cache-Control"] and response.headers["Referrer-Policy"] == "no-referrer"


def test_the_page_to_read_says_what_the_file_says(carey):
    page = MyDay(carey).get("data/all/")
    for words in ("Canary Carey", "CANARY 020", NEEDS.other, PAYER.payer, "My canary was told", "Wednesday 16 June"):
        assert words in page.main, words
    assert page.beside("BSL interpretation") == "Yes"


def test_reading_it_changes_nothing(carey):
    mine = MyDay(carey)
    with CaptureQueriesContext(connection) as asked:
        for below in ("data/", "data.json", "data/all/", "erase/", "erased/", "complain/"):
            mine.client.get(f"/my-day/{below}")
    assert not [each["sql"] for each in asked if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.parametrize("elsewhere", ["at the event", "at another", "cancelled"])
def test_what_somebody_needs_is_not_in_it_where_the_address_is_shared(day, carey, elsewhere):
    assert "canary seed" in json.dumps(taken_away(carey))
    at = a_day(title="Another day") if elsewhere == "at another" else day
    other = register(at, "Somebody else", email=EMAIL.upper())
    if elsewhere == "cancelled":
        Registration.objects.filter(pk=other.pk).update(status="cancelled", cancelled_at=NOW)
    held = taken_away(carey)
    assert "ask us for it" in held["access_and_food"][0]["not_shown"]
    assert "canary seed" not in json.dumps(held)
    assert "canary seed" not in MyDay(carey).get("data/all/").words
    # Whoever reads that mail reads it still.
    erasing.erase(other, NOW)
    assert "canary seed" not in json.dumps(taken_away(carey))
    assert "canary seed" not in MyDay(carey).get("data/all/").words


# Nobody else's


def test_another_attendee_is_never_in_it(day, carey):
    other = register(day, "Falcon Freya", email="falcon@example.org", ticket=day.paid, needs=Needs(other="falcon"),
                     payer=Payer("Falcon Ltd"), take=[day.b1])  # fmt: skip
    complaining.complain(other, "falcon complaint", NOW)
    assert "falcon" not in json.dumps(taken_away(carey)).lower()
    assert "falcon" in json.dumps(taken_away(other)).lower()
    response = MyDay(carey).client.get(f"/my-day/data.json?registration={other.reference}&pk={other.pk}")
    assert b"alcon" not in response.content


def test_somebody_of_the_same_address_is_in_it_only_by_their_own_link(day, carey):
    other = register(day, "Falcon Freya", email=EMAIL)
    assert "Falcon" not in json.dumps(taken_away(carey)) and "Carey" not in json.dumps(taken_away(other))


def test_the_address_for_the_invoice_is_shown_to_who_gave_it(day, carey):
    colleague = register(day, "Colleague", ticket=day.paid, invoice=carey.invoice)
    [invoice] = taken_away(colleague)["invoice"]
    assert invoice["payer"] == PAYER.payer and "Canary Row" not in str(invoice) and "address" not in invoice


def test_who_was_passed_a_place_sees_nothing_of_before(day, carey):
    passing = Transfer.objects.open().get(registration=carey)
    new = transfers.accept(passing, {"phone": "020 1"}, Needs(captions=True), NOW + MINUTE)
    held = taken_away(new)
    for part in ("complaints", "offers", "transfers", "link_requests", "drafts"):
        assert held[part] == [], part
    assert [each["action"] for each in held["access_log"]] == ["Given"]
    assert [(each["what"], each["to"]) for each in held["messages"]] == [
        ("Your place is confirmed", "canary2@example.org"), ("Your place has passed to a colleague", "another address")
    ]  # fmt: skip
    assert EMAIL not in json.dumps(held) and "Carey" not in json.dumps(held) and "Canary Row" not in json.dumps(held)


def test_what_was_sent_to_another_address_is_not_quoted(day):
    mine = register(day, "Ada", email="wrong@example.org")
    sending.send_due(lambda: NOW)
    mine = corrections.correct(mine, {"email": "ada@example.org"}, NOW)
    sent = taken_away(mine)["messages"]
    assert sent and not [each for each in sent if "text" in each and each["to"] != "ada@example.org"]
    assert "wrong@example.org" not in json.dumps(sent)


@pytest.mark.parametrize("below", ["data/", "data.json", "data/all/", "erase/", "complain/"])
def test_without_a_link_nothing_is_shown_and_nothing_done(carey, below):
    assert read(Client().get(f"/my-day/{below}", follow=True)).title.startswith("Send me my link")
    response = Client().post(f"/my-day/{below}", {"registration": carey.reference, "sure": "on", "complaint": "x"})
    assert response.status_code == 403
    assert Registration.objects.get(pk=carey.pk).anonymised_at is None and Complaint.objects.count() == 1


# Erased


def test_the_page_says_what_will_happen_and_asks(day, carey):
    page = MyDay(carey).get("erase/")
    for words in (
        "goes to whoever is next in line", "give up your place in 1B", "no longer wait for 1A", "links stop working",
        "a complaint that we have not answered",
    ):  # fmt: skip
        assert words in page.main, words
    assert "Another registration has the same" not in page.main and "What the invoice says" not in page.main


def test_an_empty_box_erases_nothing(carey):
    response = MyDay(carey).post("erase/")
    page = read(response)
    assert response.status_code == 422 and page.title.startswith("Error: Erase your data")
    assert page.link("Tick the box if you want your data erased.") == "#id_sure"
    assert Registration.objects.get(pk=carey.pk).name == "Canary Carey"


def test_a_ticked_box_erases_and_closes_the_browser(day, carey):
    mine = MyDay(carey)
    response = mine.post("erase/", sure="on")
    assert (response.status_code, response.headers["Location"]) == (302, "/my-day/erased/")
    page = read(mine.client.get("/my-day/erased/"))
    assert page.status == 200 and page.headings[0] == (1, "Your data are erased") and "Canary" not in page.words
    assert mine.get().title.startswith("Send me my link")
    assert Registration.objects.get(pk=carey.pk).name == "Erased"
    assert mine.post("erase/", sure="on").status_code == 403


def test_another_browser_that_had_it_open_is_closed_too(carey):
    other = MyDay(carey)
    MyDay(carey).post("erase/", sure="on")
    assert other.get("data/").title.startswith("Send me my link")
    assert other.client.get("/my-day/data.json").status_code == 302


def test_only_the_one_that_is_open_is_erased(day, carey):
    other = register(day, "Colleague", email=EMAIL)
    mine = MyDay(carey)
    assert "Another registration has the same e-mail address" in mine.get("erase/").main
    assert mine.post("erase/", sure="on", registration=other.reference).status_code == 409
    mine.post("erase/", sure="on")
    assert Registration.objects.get(pk=other.pk).name == "Colleague"


def test_the_page_says_that_facts_of_an_invoice_stay(day, carey):
    register(day, "Colleague", ticket=day.paid, invoice=carey.invoice)
    page = MyDay(carey).get("erase/")
    assert "What the invoice says" in page.main and "for 6 years after the end of the financial year" in page.main


def test_after_the_event_the_page_says_that_the_place_stays_counted(carey, clock):
    clock.move_to(carey.event.ends)
    mine = MyDay(carey)
    page = mine.get("erase/")
    assert "stays counted, without your name" in page.main and "next in line" not in page.main
    mine.post("erase/", sure="on")
    assert state(carey) == "confirmed 1B, 2B" and Registration.objects.get(pk=carey.pk).name == "Erased"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("below", "sent"), [("erase/", {"sure": "on"}), ("complain/", {"complaint": "It leaked."})])
def test_while_the_lock_is_held_nothing_typed_is_lost(below, sent):
    day = make_day()
    ada = register(day, "Ada", email="ada@example.org")
    mine, held, done = MyDay(ada), threading.Event(), threading.Event()

    def hold():
        from django.db import transaction

        with transaction.atomic():
            Registration.objects.select_for_update().get(pk=ada.pk)
            held.set()
            done.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(20)
        response = mine.post(below, **sent)
    finally:
        done.set()
        holder.join()
    assert response.status_code == 503 and response.headers["Retry-After"]
    assert all(f'value="{value}"' in response.content.decode() for value in sent.values())
    assert Registration.objects.get(pk=ada.pk).name == "Ada" and not Complaint.objects.exists()


# Complained of


def test_a_complaint_is_taken_down_and_acknowledged_at_once(day):
    ada = register(day, "Ada", email="ada@example.org")
    mine = MyDay(ada)
    response = mine.post("complain/", complaint="  Ruth told my  employer.  ")
    assert "done=complaint" in response.headers["Location"]
    assert "We have your complaint" in read(mine.client.get(response.headers["Location"])).main
    complaint = Complaint.objects.get()
    assert (complaint.text, complaint.registration, complaint.made_at) == ("Ruth told my  employer.", ada, NOW)
    mail.outbox.clear()
    sending.send_due(lambda: NOW + MINUTE)
    [told] = [each for each in mail.outbox if "complaint" in each.subject]
    body = told.body + str(told.alternatives)
    assert "employer" not in body and "ico.org.uk" in told.body and "within a month" in told.body


def test_an_empty_or_endless_complaint_is_asked_for_again(day):
    mine = MyDay(register(day, "Ada"))
    for text in ("", "x" * 4001):
        response = mine.post("complain/", complaint=text)
        assert response.status_code == 422 and read(response).title.startswith("Error: ")
        assert text in response.content.decode()
    assert not Complaint.objects.exists()


def test_pressing_twice_is_one_complaint(day):
    ada = register(day, "Ada")
    for text in ("One", "One", "Two"):
        MyDay(ada).post("complain/", complaint=text)
    assert Complaint.objects.count() == Message.objects.filter(kind="complaint").count() == 2


def test_ten_complaints_an_hour_are_taken(day):
    mine = MyDay(register(day, "Ada"))
    answers = [mine.post("complain/", complaint=f"No. {number}").status_code for number in range(11)]
    assert answers == [302] * 10 + [429]
    other = MyDay(register(day, "Bo"))
    assert other.post("complain/", complaint="Mine").status_code == 302


def test_what_was_typed_is_shown_when_the_browser_was_closed_meanwhile(day, clock):
    mine = MyDay(register(day, "Ada"))
    clock.move_to(NOW + datetime.timedelta(hours=13))
    response = mine.post("complain/", complaint="It leaked.")
    assert response.status_code == 403 and "It leaked." in read(response).main


def test_markup_in_a_complaint_and_in_a_name_is_inert(day):
    ada = register(day, "<script>alert(1)</script>", email="ada@example.org")
    mine = MyDay(ada)
    mine.post("complain/", complaint="<b>bold</b>")
    for below in ("data/all/", "erase/"):
        assert "<script>alert" not in mine.get(below).source and "<b>bold" not in mine.get(below).source
    change(ada, take=[day.b1])
