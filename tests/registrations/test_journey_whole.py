"""From the start page to a confirmed place, through the pages and down to the rows."""

import copy
import datetime

import pytest
import time_machine

from registrations import booking, invariants
from registrations.answering import drafts
from registrations.messages import emails
from registrations.models import (
    AccessNeeds,
    Draft,
    DraftAccess,
    Invoice,
    Message,
    Registration,
    WaitingRules,
)
from tests.reading import read, words
from tests.registrations.builders import NOW, edit, make_day, make_ticket_type, register, state
from tests.registrations.journeys import ADA, Journey, hidden, later, place, problems, wait

pytestmark = pytest.mark.usefixtures("undone")


@pytest.fixture(autouse=True)
def clock():
    """Stand on NOW; a test travels on by `clock.move_to`."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def day_once(looking):
    """A day with two series, workshop A of each with one place, a free ticket and one of £50, made once."""
    day = make_day(places=(1, None))
    day.paid = make_ticket_type(day.event, "Member", 5000, audience="Members of Clinks", order=1)
    return day


@pytest.fixture
def day(day_once, undone):
    """That day; what the test does with it is undone."""
    return copy.deepcopy(day_once)


def test_the_whole_journey_ends_with_everything_in_its_rows(day):
    register(day, take=day.a2)
    journey = Journey(day.event).begin()
    details = ADA | {"phone": "020 7946 0001", "badge_name": "Ada L.", "pronouns": "she/her", "mailing_consent": "on"}
    ticket = {
        "organisation": "The Long Table", "job_title": "Cook", "is_member": "on", "ticket_type": day.paid.pk,
        "wants_bursary": "on", "pays": "organisation", "invoice_address": "1 High Street\nLondon",
        "invoice_email": "pay@example.org", "invoice_purchase_order": "PO 7",
    }  # fmt: skip
    access = {"bsl": "on", "dietary": "vegan", "other": "A seat near the door", "please_call": "on"}
    workshops = place(day.a1) | place(day.b2) | wait(day.a2)
    journey.answer(details=details, ticket=ticket, workshops=workshops, access=access)
    response = journey.confirm()
    assert response.headers["Location"] == f"{journey.at}confirmed/"
    ada = Registration.objects.get(name="Ada Lovelace")
    assert state(ada) == "confirmed 1A, 2B, waits 2A"
    assert (ada.email, ada.phone, ada.badge_name) == ("ada@example.org", "020 7946 0001", "Ada L.")
    assert (ada.pronouns, ada.organisation, ada.job_title) == ("she/her", "The Long Table", "Cook")
    assert (ada.is_member, ada.mailing_consent, ada.wants_bursary, ada.photo_consent) == (True, True, True, False)
    assert (ada.ticket_type, ada.price_agreed, str(ada.idempotency_key)) == (day.paid, 5000, journey.key)
    assert (ada.invoice.payer, ada.invoice.email) == ("The Long Table", "pay@example.org")
    assert (ada.invoice.address.splitlines(), ada.invoice.purchase_order) == (["1 High Street", "London"], "PO 7")
    needs = ada.access_needs
    assert (needs.bsl, needs.captions, needs.dietary, needs.please_call) == (True, False, "vegan", True)
    assert [each.kind for each in ada.messages.order_by("pk")] == ["confirmed", "team_wanted"]
    assert Draft.objects.get().answers == {} and DraftAccess.objects.count() == 0
    assert invariants.broken(NOW) == []


def test_who_asks_for_help_with_the_cost_is_told_that_we_write_and_no_message_says_so(day):
    journey = Journey(day.event).begin()
    journey.answer(ticket={"ticket_type": day.ticket.pk, "wants_bursary": "on"}).confirm()
    assert "You asked about help with the cost: we write to you." in journey.get("confirmed").main
    ada = Registration.objects.get()
    for message in ada.messages.all():
        written = emails.write(message)
        assert "help with the cost" not in (written.subject + written.text + written.html).lower()
    booking.cancel(ada, NOW)
    assert "You asked about help" not in journey.get("confirmed").main


def test_who_does_not_ask_reads_nothing_of_it(day):
    journey = Journey(day.event).begin()
    journey.answer().confirm()
    assert "Help with the cost" not in journey.get("confirmed").main


def test_what_change_links_change_is_read_out_as_the_question_is_written(day):
    ticket = {"ticket_type": day.paid.pk, "pays": "me"}
    links = [said for said, _ in Journey(day.event).begin().answer(ticket=ticket).get("check").links]
    said = {"Change your e-mail address", "Change “News from Clinks”", "Change “The invoice goes to”"}
    assert said <= set(links) and "Change “Workshop series 1”" in links


def test_only_name_address_and_ticket_are_needed_for_a_free_place(day):
    Journey(day.event).begin().answer().confirm()
    ada = Registration.objects.get()
    assert (state(ada), ada.invoice, ada.organisation) == ("confirmed", None, "")
    assert AccessNeeds.objects.count() == Invoice.objects.count() == 0


def test_a_free_place_forgets_a_payer_that_was_typed(day):
    ticket = {"ticket_type": day.ticket.pk, "pays": "me", "invoice_payer": ""}
    Journey(day.event).begin().answer(ticket=ticket).confirm()
    assert Invoice.objects.count() == 0


@pytest.mark.parametrize(
    ("answers", "payer"),
    [
        ({"pays": "organisation", "organisation": "The Long Table"}, "The Long Table"),
        ({"pays": "me"}, "Ada Lovelace"),
        ({"pays": "other", "invoice_payer": "A Trust"}, "A Trust"),
    ],
)
def test_who_pays_is_asked_without_asking_anything_twice(day, answers, payer):
    Journey(day.event).begin().answer(ticket={"ticket_type": day.paid.pk, **answers}).confirm()
    assert Registration.objects.get().invoice.payer == payer


def test_the_confirmed_page_says_all_of_it(day):
    register(day, take=day.a2)
    journey = Journey(day.event).begin()
    ticket = {"ticket_type": day.paid.pk, "pays": "me"}
    journey.answer(ticket=ticket, workshops=place(day.a1) | wait(day.a2), access={"bsl": "on"}).confirm()
    page = journey.get("confirmed")
    ada = Registration.objects.get(name="Ada Lovelace")
    assert page.texts(".//h1") == ["You have a place"]
    for said in (ada.reference, "ada@example.org", "1A Workshop 1A Confirmed", "Waiting: you are first", "£50"):
        assert said in page.main
    assert "BSL" not in page.main and "We have your answers" in page.main
    assert page.response["Cache-Control"] == "no-store, private"
    assert page.response["Referrer-Policy"] == "no-referrer"
    assert page.is_kept_from_search_engines


def confirmed_page(day, **workshops):
    journey = Journey(day.event).begin().answer(workshops=workshops)
    journey.confirm()
    return journey.get("confirmed")


def test_the_confirmed_page_names_each_series_in_which_nothing_is_chosen(day):
    page = confirmed_page(day, **place(day.a1))
    assert page.beside("Workshop series 2, 1pm") == "Nothing chosen yet."
    how = "join the waiting list of one that is full, open “My day” by the link in your message, write to"
    assert how in page.main and page.link("See what there is") == f"/events/{day.event.slug}/agenda/"


def test_the_confirmed_page_says_what_is_still_to_be_announced_and_what_is_chosen(day):
    edit(day.a2, title=""), edit(day.b2, title="")
    page = confirmed_page(day, **place(day.b1))
    said = "Its workshops will be announced, and you can choose then."
    assert page.beside("Workshop series 2, 1pm") == said
    assert "To choose a workshop" not in page.main and "Nothing chosen" not in page.main


def test_who_waits_for_the_event_reads_that_they_can_still_ask():
    day = make_day(event_capacity=1)
    register(day)
    page = confirmed_page(day, **place(day.a1))
    assert page.beside("Workshop series 2, 1pm") == "Nothing asked for yet."
    assert (
        "To ask for a workshop, open “My day” by the link in your message, write to" in page.main
        and "It waits with your place." in page.main
    )


def test_once_the_event_has_begun_nothing_can_be_chosen(day, clock):
    clock.move_to(day.event.starts - datetime.timedelta(hours=1))
    journey = Journey(day.event).begin().answer()
    journey.confirm()
    clock.move_to(day.event.starts)
    page = journey.get("confirmed")
    assert page.beside("Workshop series 1, 11am") == "Nothing chosen." and "To choose a workshop" not in page.main


def test_a_full_event_is_joined_on_its_waiting_list():
    day = make_day(event_capacity=1)
    register(day)
    journey = Journey(day.event)
    assert "The event is full" in journey.get().main
    journey.begin().answer(workshops=place(day.a1))
    check = journey.get("check")
    assert "you are on the waiting list" in check.main and "Waits with your place" in check.main
    journey.confirm(check)
    page = journey.get("confirmed")
    assert page.texts(".//h1") == ["You are on the waiting list"]
    assert "You are first on the waiting list" in page.main
    assert state(Registration.objects.get(name="Ada Lovelace")) == "waiting waits 1A"


def test_an_event_without_workshops_asks_about_none():
    day = make_day(hours=())
    journey = Journey(day.event).begin()
    journey.post("details", ADA)
    assert "Step 2 of 4" in journey.get("ticket").main
    response = journey.post("ticket", {"ticket_type": day.ticket.pk})
    assert response.headers["Location"] == journey.address("access")
    journey.post("access")
    assert "Step 4 of 4" in journey.get("check").main
    journey.confirm()
    assert Registration.objects.count() == 1


# -- Once, however often


def test_confirming_twice_is_one_registration_and_the_second_says_so(day):
    journey = Journey(day.event).begin().answer()
    check = journey.get("check")
    first, second = journey.confirm(check), journey.confirm(check)
    assert first.headers["Location"] == f"{journey.at}confirmed/"
    assert second.headers["Location"] == f"{journey.at}confirmed/?again"
    assert Registration.objects.count() == 1
    page = read(journey.client.get(second.headers["Location"]))
    assert "You are registered already" in page.main and "To change anything" in page.main


def test_going_back_after_confirming_with_other_answers_changes_nothing(day):
    journey = Journey(day.event).begin().answer()
    journey.confirm()
    response = journey.post("details", {"name": "Someone Else", "email": "else@example.org"})
    assert response.headers["Location"] == f"{journey.at}confirmed/?again"
    assert Registration.objects.get().name == "Ada Lovelace"
    assert Draft.objects.get().answers == {}


def test_two_presses_at_the_same_moment_are_one_registration(day, monkeypatch):
    """Both requests have read the draft before either confirms it."""
    journey = Journey(day.event).begin().answer()
    check, read_draft, once = journey.get("check"), drafts.of_event, []

    def slow(draft, event, now):
        if not once:
            once.append(None)
            once[0] = journey.confirm(check)
        return read_draft(draft, event, now)

    monkeypatch.setattr(drafts, "of_event", slow)
    second = journey.confirm(check)
    assert [each.status_code for each in (*once, second)] == [302, 302]
    assert Registration.objects.count() == 1


def test_starting_again_is_another_registration(day):
    journey = Journey(day.event).begin().answer()
    journey.confirm()
    journey.begin().answer(details={"name": "Bo", "email": "ada@example.org"}).confirm()
    assert Registration.objects.count() == 2


def test_the_same_name_at_the_same_address_is_told_by_message_only(day):
    Journey(day.event).begin().answer().confirm()
    journey = Journey(day.event).begin().answer(details={"name": " ADA  lovelace", "email": "Ada@Example.org"})
    page = read(journey.confirm())
    assert page.status == 200
    assert "Look in your e-mail: we have sent what to do next." in page.main
    assert Registration.objects.count() == 1
    assert list(Message.objects.order_by("pk").values_list("kind", flat=True)) == ["confirmed", "already_registered"]


def test_the_cookie_reopens_the_confirmed_page_for_a_day(day, clock):
    journey = Journey(day.event).begin().answer()
    journey.confirm()
    clock.move_to(later(hours=23, minutes=59))
    assert "You have a place" in journey.get("confirmed").main
    clock.move_to(later(hours=24, minutes=1))
    assert journey.client.get(journey.address("confirmed")).headers["Location"] == journey.at


def test_the_cookie_is_kept_from_scripts_and_other_sites(day):
    journey = Journey(day.event).begin()
    cookie = journey.client.cookies["registration"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert cookie["max-age"] == 24 * 60 * 60 and not cookie["secure"]


def test_away_from_home_the_cookie_is_for_this_host_alone(day, settings):
    settings.IS_LOCAL = False
    journey = Journey(day.event)
    response = journey.client.post(journey.at, secure=True)
    assert response.cookies["__Host-registration"]["secure"]


# -- A workshop fills meanwhile


def test_a_workshop_that_filled_brings_its_question_back_with_the_others_kept(day):
    journey = Journey(day.event).begin().answer(workshops=place(day.a1) | place(day.b2), access={"bsl": "on"})
    check = journey.get("check")
    register(day, take=day.a1)
    page = read(journey.confirm(check))
    assert (page.status, page.texts(".//h1")) == (409, ["Your workshops"])
    assert problems(page) == ["“1A: Workshop 1A” is full now. Choose another workshop, or ask for its waiting list."]
    checked = [each.get("value") for each in page.all(".//input[@checked]")]
    assert checked == [str(day.b2.pk)]
    assert Registration.objects.count() == 1
    journey.post("workshops", place(day.b1) | wait(day.a1) | place(day.b2))
    journey.confirm()
    ada = Registration.objects.get(name="Ada Lovelace")
    assert state(ada) == "confirmed 1B, waits 1A, 2B" and ada.access_needs.bsl


def changed(page):
    """Return what the page to check says beside answers that cannot be had as they were given."""
    return [words(each) for each in page.classed("changed")]


def test_the_page_to_check_says_beside_an_answer_that_its_workshop_is_full(day):
    journey = Journey(day.event).begin().answer(workshops=place(day.a1) | place(day.b2))
    assert changed(journey.get("check")) == []
    register(day, take=day.a1)
    page = journey.get("check")
    said = "“1A: Workshop 1A” is full now. Choose another workshop, or ask for its waiting list."
    assert page.status == 200 and changed(page) == [said]
    assert said in page.beside("Workshop series 1") and "is full" not in page.beside("Workshop series 2")
    assert "Change it first, then confirm." in page.main and "your place is yours" not in page.main
    asked = journey.get("workshops")
    assert (asked.status, problems(asked)) == (200, [said]) and asked.title.startswith("Error: ")
    assert [each.get("value") for each in asked.all(".//input[@checked]")] == [str(day.b2.pk)]


def test_the_page_to_check_says_that_a_waiting_list_is_needed_no_more(day):
    other = register(day, take=day.a1)
    journey = Journey(day.event).begin().answer(workshops=place(day.b1) | wait(day.a1))
    booking.cancel(other, NOW)
    said = "“1A: Workshop 1A” has places again. You can take it as your workshop."
    assert changed(journey.get("check")) == [said] and problems(journey.get("workshops")) == [said]


def gone_at(day, clock, how):
    """Have workshop 1A be gone in this way."""
    if how == "has begun":
        clock.move_to(day.a1.starts)
    else:
        edit(day.a1, status="cancelled")


@pytest.mark.parametrize("how", ["has been cancelled: it will not take place", "has begun"])
def test_a_workshop_that_is_gone_leads_back_to_its_question_which_says_so(day, clock, how):
    clock.move_to(day.a1.starts - datetime.timedelta(minutes=5))
    edit(day.b1, starts=day.b1.ends, ends=day.b1.ends + datetime.timedelta(minutes=30))
    journey = Journey(day.event).begin().answer(workshops=place(day.a1) | place(day.b2), access={"bsl": "on"})
    check = journey.get("check")
    gone_at(day, clock, how)
    said = f"“1A: Workshop 1A” {how}. Choose another workshop."
    page = journey.get("check")
    assert (page.texts(".//h1"), problems(page)) == (["Your workshops"], [said])
    assert page.link(said) == f"#id_series-{day.series1.pk}_0"
    assert [each.get("value") for each in page.all(".//input[@checked]")] == [str(day.b2.pk)]
    refused = read(journey.confirm(check))
    assert (refused.status, problems(refused)) == (409, [said])
    journey.post("workshops", place(day.b1) | place(day.b2))
    journey.confirm()
    assert state(Registration.objects.get()) == "confirmed 1B, 2B"


def test_a_workshop_that_was_gone_before_it_was_sent_is_said_by_name(day):
    journey = Journey(day.event).begin().answer()
    edit(day.a1, status="cancelled")
    said = "“1A: Workshop 1A” has been cancelled: it will not take place. Choose another workshop."
    for answer in (place(day.a1), wait(day.a1)):
        page = read(journey.post("workshops", answer))
        assert (page.status, problems(page)) == (422, [said])


def test_a_series_of_which_everything_is_cancelled_is_said_too(day):
    journey = Journey(day.event).begin().answer(workshops=place(day.a1) | place(day.b2))
    edit(day.a1, status="cancelled"), edit(day.b1, status="cancelled")
    page = journey.get("check")
    said = "“1A: Workshop 1A” has been cancelled: it will not take place. Choose another workshop."
    assert (page.texts(".//h1"), problems(page)) == (["Your workshops"], [said])
    journey.post("workshops", place(day.b2))
    journey.confirm()
    assert state(Registration.objects.get()) == "confirmed 2B"


def test_a_workshop_that_was_taken_off_leads_back_without_its_name(day):
    journey = Journey(day.event).begin().answer(workshops=place(day.a1))
    edit(day.a1, title="Secret", status="draft")
    page = journey.get("check")
    assert problems(page) == ["That workshop cannot be chosen. Choose one of Workshop series 1."]
    assert "Secret" not in page.source


def test_a_ticket_that_sold_out_is_said_on_its_page(day):
    last = make_ticket_type(day.event, "Last one", 0, capacity=1)
    journey = Journey(day.event).begin().answer(ticket={"ticket_type": last.pk})
    register(day, ticket=last)
    page = journey.get("ticket")
    assert (page.status, problems(page)) == (200, ["There are no more tickets “Last one”. Choose another."])


def test_a_waiting_list_that_is_needed_no_more_is_said(day):
    other = register(day, take=day.a1)
    journey = Journey(day.event).begin().answer(workshops=place(day.b1) | wait(day.a1))
    check = journey.get("check")
    booking.cancel(other, NOW)
    page = read(journey.confirm(check))
    assert (page.status, problems(page)) == (
        409, ["“1A: Workshop 1A” has places again. You can take it as your workshop."],
    )  # fmt: skip


def test_answers_changed_in_another_tab_are_checked_again(day, clock):
    journey = Journey(day.event).begin().answer()
    check = journey.get("check")
    clock.shift(datetime.timedelta(seconds=5))
    journey.post("details", {"name": "Ada King", "email": "ada@example.org"})
    page = read(journey.confirm(check))
    assert page.status == 409 and "changed in another tab" in page.main and "Ada King" in page.main
    assert Registration.objects.count() == 0 and hidden(page, "shown")


def test_the_question_says_whether_one_is_moved_or_asked():
    day = make_day(places=(1, None))
    register(day, take=day.a1)
    journey = Journey(day.event).begin().answer()
    assert "If a place comes free it becomes yours" in journey.get("workshops").main
    WaitingRules.objects.create(event=day.event, asks_from=NOW)
    page = journey.get("workshops")
    assert "If a place comes free for you, we keep it and ask you." in page.main and "becomes yours" not in page.main
