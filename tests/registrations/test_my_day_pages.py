"""“My day” as an attendee uses it: seen, changed, answered, left, cancelled; nobody loses what they have by a click."""

import datetime
import threading

import pytest
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models import Kind, Status
from registrations import booking, invariants, places
from registrations.answering.answers import Needs, Payer
from registrations.models import InvoiceState, Message, Offer, Registration, WaitingRules
from tests.builders import london, make_room, make_session
from tests.reading import read
from tests.registrations.builders import NOW, edit, make_day, make_ticket_type, register, state
from tests.registrations.journeys import hidden, place, problems, wait
from tests.registrations.my_day import MyDay

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    yield time_machine
    assert invariants.broken(NOW) == []


@pytest.fixture
def day():
    """1A and 2A have one place each, which Bea has; Ada holds 1B and waits for 1A."""
    day = make_day(places=(1, 5))
    day.bea = register(day, "Bea", take=[day.a1, day.a2])
    day.ada = register(day, "Ada", take=day.b1, wait=day.a1)
    return day


@pytest.fixture
def ada(day):
    return MyDay(day.ada)


def seen(page, *series):
    """Return the hidden fields of a page of workshops: what it showed of each series."""
    return {f"series-{each.pk}-seen": hidden(page, f"series-{each.pk}-seen") for each in series}


def ask(session, how):
    return {f"series-{session.series_id}-ask": how}


def save(mine, day, answers):
    """Open the page of workshops and send it with these answers."""
    page = mine.get("workshops/")
    return mine.post("workshops/", seen(page, day.series1, day.series2) | answers)


# The day


def test_the_day_is_shown_in_order_with_rooms_and_positions(day, ada):
    make_session(day.event, 9, title="Opening panel", kind=Kind.PANEL, room=make_room("Great hall"))
    make_session(day.event, 15, title="Closing words", kind=Kind.PLENARY)
    edit(day.b1, room=make_room("Heddle Room"))
    page = ada.get()
    words = page.main
    found = [words.index(each) for each in (
        "Opening panel", "Great hall", "1B Workshop 1B", "Heddle Room", "1A Workshop 1A", "Waiting: you are first",
        "Workshop series 2", "Nothing chosen yet", "Closing words",
    )]  # fmt: skip
    assert found == sorted(found)
    assert page.title.startswith("My day – Annual conference")
    assert [level for level, _ in page.headings][:2] == [1, 2] and not page.faults


def test_a_session_that_is_cancelled_is_not_in_the_day(day, ada):
    gone = make_session(day.event, 15, title="Called off", kind=Kind.PLENARY)
    edit(gone, status=Status.CANCELLED)
    assert "Called off" not in ada.get().main


def test_what_is_owed_is_said(day):
    ticket = make_ticket_type(day.event, "Paid", 5000)
    cai = register(day, "Cai", ticket=ticket, payer=Payer("City Charity", purchase_order="PO 7"))
    page = MyDay(cai).get()
    assert "£50, to be invoiced" in page.main and "PO 7" in page.main


def test_whoever_is_cancelled_sees_that_and_can_change_nothing(day, ada):
    booking.cancel(day.ada, NOW)
    page = ada.get()
    assert "My day: your registration is cancelled" in page.title and "Change my workshops" not in page.main
    assert "1B" not in page.main


def test_the_page_costs_no_more_for_thirty_sessions(day, ada):
    def cost():
        ada.get()
        with CaptureQueriesContext(connection) as asked:
            ada.get()
        return len(asked)

    before = cost()
    for number in range(30):
        make_session(day.event, 15, title=f"Talk {number}", kind=Kind.PLENARY)
    assert cost() == before <= 12


def test_what_changed_is_listed_until_it_was_seen(day, ada):
    booking.cancel(day.bea, NOW + HOUR)
    page = ada.get()
    assert "What has changed since you last looked" in page.main
    assert "You have a place in “1A: Workshop 1A”: it came free, and you were next." in page.main
    assert "What has changed" in ada.get().main  # looking changes nothing: a program may have looked


def test_once_seen_it_is_not_listed_again(day, ada, clock):
    booking.cancel(day.bea, NOW + HOUR)
    clock.move_to(NOW + 2 * HOUR)
    ada.post("seen/")
    assert "What has changed" not in ada.get().main


# Changing workshops


def test_the_page_shows_what_one_has_as_chosen(day, ada):
    page = ada.get("workshops/")
    chosen = {each.get("value") for each in page.all(".//input[@checked]")}
    assert {str(day.b1.pk), str(day.a1.pk), "none", "move"} == chosen
    assert "Yours now" in page.main and "You are on its waiting list" in page.main and not page.faults


def test_all_series_change_at_once(day, ada):
    response = save(ada, day, {**place(day.b2), **wait(day.a2), **place(day.b1), **wait(day.a1)})
    assert response["Location"] == "/my-day/?done=workshops"
    assert state(day.ada) == "confirmed 1B, waits 1A, 2B, waits 2A"
    assert "Your workshops are changed." in ada.get("?done=workshops").main


def test_a_full_workshop_that_one_holds_can_be_kept(day):
    bea = MyDay(day.bea)
    page = bea.get("workshops/")
    assert "Yours now" in page.main
    assert save(bea, day, {**place(day.a1), **place(day.b2)}).status_code == 302
    assert state(day.bea) == "confirmed 1A, 2B"


def test_what_cannot_be_had_costs_nothing(day, ada):
    page = ada.get("workshops/")
    cai = register(day, "Cai", take=[day.b2])
    edit(day.b2, capacity=1)
    answers = {**seen(page, day.series1, day.series2), **place(day.b2), f"series-{day.series1.pk}": "none"}
    response = ada.post("workshops/", answers)
    assert response.status_code == 422 and state(day.ada) == "confirmed 1B, waits 1A"
    assert problems(read(response)) == [
        "“2B: Workshop 2B” is full now. Choose another workshop, or ask for its waiting list."
    ]
    assert state(cai) == "confirmed 2B"


def test_a_field_that_was_not_sent_gives_up_nothing(day, ada):
    assert save(ada, day, {**place(day.b2)}).status_code == 302
    assert state(day.ada) == "confirmed 1B, waits 1A, 2B"


def test_sending_the_page_as_it_is_changes_nothing_and_tells_nobody(day, ada):
    before = Message.objects.count()
    response = save(ada, day, {**place(day.b1), **wait(day.a1), **ask(day.a1, "move")})
    assert response["Location"] == "/my-day/?done=unchanged" and Message.objects.count() == before


def test_a_place_that_was_given_meanwhile_is_not_given_back(day, ada):
    page = ada.get("workshops/")
    booking.cancel(day.bea, NOW)  # which moves Ada into 1A
    answers = {**seen(page, day.series1, day.series2), **place(day.b1), **wait(day.a1), **place(day.b2)}
    response = ada.post("workshops/", answers)
    assert response.status_code in (409, 422) and state(day.ada) == "confirmed 1A"
    assert "1A" in read(response).main


def test_a_clash_is_said_beside_the_later_series(day, ada):
    edit(day.b2, starts=london(11), ends=london(12))
    response = save(ada, day, {**place(day.b1), **place(day.b2)})
    assert response.status_code == 422 and state(day.ada) == "confirmed 1B, waits 1A"
    assert problems(read(response)) == ["“1B: Workshop 1B” and “2B: Workshop 2B” are at the same time."]


@pytest.mark.parametrize("value", ["x", "999999", "-1", "1" * 400, "\ud7ff", "<b>"])
def test_nonsense_is_refused_and_changes_nothing(day, ada, value):
    for name in (f"series-{day.series1.pk}", f"series-{day.series1.pk}-wait", f"series-{day.series1.pk}-ask"):
        response = save(ada, day, {name: value})
        assert response.status_code in (409, 422), name
    assert state(day.ada) == "confirmed 1B, waits 1A"


def test_a_workshop_of_another_event_is_refused(day, ada):
    other = make_day(title="Other")
    assert save(ada, day, {f"series-{day.series2.pk}": other.b2.pk}).status_code == 422


def test_once_the_event_has_begun_nothing_changes(day, ada, clock):
    page = ada.get("workshops/")
    clock.move_to(day.event.starts)
    ada = MyDay(day.ada)
    response = ada.post("workshops/", {**seen(page, day.series1), f"series-{day.series1.pk}": "none"})
    assert response.status_code == 409 and state(day.ada) == "confirmed 1B, waits 1A"
    assert "has begun" in read(response).main


def test_who_waits_for_the_event_says_what_they_would_like(clock):
    day = make_day(event_capacity=1)
    register(day, "Bea")
    cai = register(day, "Cai", take=day.a1)
    mine = MyDay(cai)
    assert "You wait for it with your place" in mine.get("workshops/").main
    assert save(mine, day, {**place(day.b1), **place(day.b2)}).status_code == 302
    assert state(cai) == "waiting waits 1B, waits 2B"
    assert "Waits with your place" in mine.get().main


# Waiting: moved or asked


def test_one_can_ask_to_be_asked_first(day, ada):
    save(ada, day, {**place(day.b1), **wait(day.a1), **ask(day.a1, "ask")})
    assert "You are asked before you are moved." in ada.get().main
    booking.cancel(day.bea, NOW)
    page = ada.get()
    assert "A place is kept for you: 1A Workshop 1A" in page.main and "1pm" in page.main  # four hours from 9am UTC
    offer = Offer.objects.get()
    response = ada.post("answer/", offer=offer.pk, answer="yes")
    assert response["Location"] == "/my-day/?done=offer" and state(day.ada) == "confirmed 1A"


def test_no_keeps_what_one_has(day, ada):
    save(ada, day, {**place(day.b1), **wait(day.a1), **ask(day.a1, "ask")})
    booking.cancel(day.bea, NOW)
    assert ada.post("answer/", offer=Offer.objects.get().pk, answer="no")["Location"] == "/my-day/?done=declined"
    assert state(day.ada) == "confirmed 1B"


def test_an_offer_of_somebody_else_cannot_be_answered(day, ada):
    save(ada, day, {**place(day.b1), **wait(day.a1), **ask(day.a1, "ask")})
    booking.cancel(day.bea, NOW)
    cai = register(day, "Cai")
    for answer in ("yes", "no"):
        assert MyDay(cai).post("answer/", offer=Offer.objects.get().pk, answer=answer).status_code == 409
    assert Offer.objects.get().state == "open"


@pytest.mark.parametrize("sent", [{}, {"offer": "x"}, {"offer": "1" * 30}, {"answer": "maybe"}])
def test_a_forged_answer_is_refused(day, ada, sent):
    assert ada.post("answer/", sent).status_code == 409


def test_an_answer_that_comes_too_late_is_told_so(day, ada, clock):
    save(ada, day, {**place(day.b1), **wait(day.a1), **ask(day.a1, "ask")})
    booking.cancel(day.bea, NOW)
    clock.move_to(NOW + 4 * HOUR)
    response = ada.post("answer/", offer=Offer.objects.get().pk, answer="yes")
    assert response.status_code == 409 and "the time to answer is over" in read(response).main
    assert "A place is kept" not in read(response).main


def test_near_the_day_everybody_is_asked_and_the_page_says_so(day, ada):
    WaitingRules.objects.create(event=day.event, asks_from=NOW)
    page = ada.get("workshops/")
    assert "we keep it and ask you" in page.main and "Move me" not in page.main


def test_the_day_says_of_everybody_who_is_asked_that_they_are(day, ada):
    assert "If a place comes free, you are moved there and give up the other workshop." in ada.get().main
    WaitingRules.objects.create(event=day.event, asks_from=NOW)
    assert "You are asked before you are moved." in ada.get().main


def test_whoever_has_people_arranged_is_not_offered_to_be_moved_unasked(day):
    cai = MyDay(register(day, "Cai", take=day.b1, wait=day.a1, needs=Needs(bsl=True)))
    page = cai.get("workshops/")
    assert "we keep it and ask you" in page.main and "Move me" not in page.main
    assert "You are asked before you are moved." in cai.get().main


def test_who_waits_for_the_event_near_the_day_cannot_choose_to_be_moved(clock):
    day = make_day(event_capacity=1)
    register(day, "Bea")
    mine = MyDay(register(day, "Cai"))
    assert "becomes yours" in mine.get().main and "Ask me before" in mine.get().main
    WaitingRules.objects.create(event=day.event, asks_from=NOW)
    assert "we ask you first" in mine.get().main and "Ask me before" not in mine.get().main


def test_a_waiting_list_is_left_with_one_click(day, ada):
    assert ada.post("leave/", series=day.series1.pk)["Location"] == "/my-day/?done=left"
    assert state(day.ada) == "confirmed 1B"
    assert ada.post("leave/", series=day.series1.pk).status_code == 302  # pressed twice
    assert ada.post("leave/", series="x").status_code == 302


def test_who_waits_for_the_event_can_ask_to_be_asked(clock):
    day = make_day(event_capacity=1)
    register(day, "Bea")
    cai = register(day, "Cai")
    mine = MyDay(cai)
    assert "You are first on the waiting list" in mine.get().main
    mine.post("asking/", ask="yes")
    assert Registration.objects.get(pk=cai.pk).ask_first and "we ask you first" in mine.get().main
    mine.post("asking/", ask="no")
    assert not Registration.objects.get(pk=cai.pk).ask_first


# Cancelling


def test_cancelling_stands_behind_a_page_that_says_what_happens(day, ada):
    page = ada.get("cancel/")
    assert state(day.ada) == "confirmed 1B, waits 1A"
    assert "your place in 1B Workshop 1B" in page.main and "1A Workshop 1A" in page.main
    assert "Nothing is owed" in page.main
    response = ada.post("cancel/")
    assert response["Location"] == "/my-day/?done=cancelled" and state(day.ada) == "cancelled"
    # Whoever presses twice is told the same.
    assert ada.post("cancel/").headers["Location"] == "/my-day/?done=cancelled"
    assert day.ada.messages.filter(kind="cancelled").count() == 1
    assert "Your registration is cancelled." in ada.get("?done=cancelled").main


@pytest.mark.parametrize(("invoice", "words"), [
    (InvoiceState.TO_INVOICE, "No invoice has been sent yet, so the £50 is no longer owed."),
    (InvoiceState.INVOICED, "An invoice of £50 has been sent to City Charity."),
    (InvoiceState.PAID, "£50 has been paid. What of it is refunded is said below; we pay it back to City Charity."),
])  # fmt: skip
def test_it_says_what_becomes_of_the_money(day, invoice, words):
    edit(day.event, refunds="Until **1 June** all of it.")
    ticket = make_ticket_type(day.event, "Paid", 5000)
    cai = register(day, "Cai", ticket=ticket, payer=Payer("City Charity"))
    cai.invoice.state = invoice
    cai.invoice.save()
    page = MyDay(cai).get("cancel/")
    assert words in page.main and "Until 1 June all of it." in page.main


def test_after_the_start_nothing_is_cancelled(day, ada, clock):
    clock.move_to(day.event.starts)
    assert MyDay(day.ada).post("cancel/").status_code == 409 and state(day.ada) == "confirmed 1B, waits 1A"


# To take along


def test_the_calendar_holds_the_day_and_what_is_confirmed(day, ada):
    response = ada.client.get("/my-day/day.ics")
    entries = vobject.readOne(response.content.decode()).vevent_list
    names = sorted(each.summary.value for each in entries)
    assert len(names) == 2 and names[1] == "Annual conference" and "Workshop 1B" in names[0]


def test_the_letter_says_name_event_day_and_hours_and_nothing_else_about_them(day, ada):
    page = read(ada.client.get("/my-day/letter/"))
    assert "Ada has a confirmed place at Annual conference." in page.main
    assert "Wednesday 16 June 2027" in page.main and "9am to 5pm" in page.main and day.ada.reference in page.main
    assert "1B" not in page.main and "example.org" not in page.main.replace("events@example.org", "")


def test_who_has_no_place_has_neither(clock):
    day = make_day(event_capacity=0)
    mine = MyDay(register(day, "Cai"))
    assert mine.client.get("/my-day/letter/").status_code == mine.client.get("/my-day/day.ics").status_code == 404


# Nothing is lost when it cannot be done now


@pytest.mark.django_db(transaction=True)
def test_while_somebody_else_holds_the_lock_it_is_said_with_what_was_sent(time_machine):
    time_machine.move_to(NOW, tick=False)
    day = make_day()
    mine = MyDay(register(day, "Ada", take=day.b1))
    page, held, done = mine.get("workshops/"), threading.Event(), threading.Event()

    def hold():
        with places.opened(day.event.pk):
            held.set()
            done.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        response = mine.post("workshops/", {**seen(page, day.series1, day.series2), **place(day.b2)})
    finally:
        done.set()
        holder.join()
    assert response.status_code == 503 and response.headers["Retry-After"]
    assert hidden(read(response), f"series-{day.series2.pk}") == str(day.b2.pk)
    assert state(mine.registration) == "confirmed 1B"


def test_another_attendee_sees_and_changes_nothing_of_it(day, ada):
    cai = MyDay(register(day, "Cai"))
    for below in ("", "workshops/", "cancel/", "letter/"):
        assert "Ada" not in cai.get(below).words and day.ada.reference not in cai.get(below).words
    sent = {"registration": day.ada.reference, **place(day.b2)}
    for below in ("workshops/", "cancel/", "leave/", "seen/"):
        assert cai.client.post(f"/my-day/{below}", sent).status_code == 409
    assert state(day.ada) == "confirmed 1B, waits 1A"


def test_without_a_token_of_the_form_what_was_sent_is_kept(day):
    mine = MyDay(day.ada, Client(enforce_csrf_checks=True))
    response = mine.post("workshops/", place(day.b2))
    assert response.status_code == 403 and hidden(read(response), f"series-{day.series2.pk}") == str(day.b2.pk)
