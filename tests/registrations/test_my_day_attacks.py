"""What somebody may try with “My day”, and what each of their tries comes to."""

import datetime
import json
import unicodedata

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from django.test import Client
from django.urls import reverse

from registrations import booking, folding, kept, my_day_urls, sent_forms
from registrations.answering.answers import Needs, Payer
from registrations.data_rights import complaining
from registrations.forms.base import Address
from registrations.holding import PassedOn
from registrations.models import Complaint, Draft, Invoice, LinkRequest, Message, Offer, Registration, Transfer
from registrations.my_day import corrections, transfers
from registrations.tickets import payers
from registrations.way_in import links
from tests.reading import read
from tests.registrations.builders import NOW, make_day, make_ticket_type, register
from tests.registrations.journeys import Journey, hidden
from tests.registrations.my_day import MyDay, path_of

pytestmark = pytest.mark.django_db
OFFICE = "office@example.org"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def day():
    return make_day()


def stored(registration):
    return Registration.objects.get(pk=registration.pk)


def taken_away(registration):
    return json.loads(MyDay(registration).client.get("/my-day/data.json").content)


# -- One key is one mailbox


def test_no_two_addresses_that_count_as_one_lead_to_two_mailboxes():
    """Over every letter that another one can be taken for, in both parts of an address."""
    field, sent = Address("E-mail address", missing="Enter it."), {}
    folded = {letter: folding.address(letter).casefold() for letter in map(chr, range(0x80, 0x110000))}
    alike = [letter for letter in folded if folded[letter] not in ("", letter)]
    assert len(alike) > 5_000
    plain = [folded[letter] for letter in alike]
    for letter in [*alike, *plain]:
        for typed in (f"a{letter}b@example.org", f"info@a{letter}b.example"):
            try:
                address = field.clean(typed)
                to = sanitize_address(address, "utf-8").casefold()
            except (ValidationError, UnicodeError):  # nobody can be written to there
                continue
            assert sent.setdefault(folding.email_key(address), to) == to, unicodedata.name(letter, repr(letter))
    assert len(sent) > 500


def test_an_address_is_kept_as_it_is_written_to(day):
    ada = register(day, "Ada")
    assert corrections.correct(ada, {"email": "bo\u017fs@example.org"}, NOW).email == "boss@example.org"
    transfer = transfers.begin(stored(ada), "Bea", "\u212aim@example.org", NOW)
    assert transfer.email == "Kim@example.org"


# -- Access and food, where mail is read by several


def test_who_moves_a_colleague_to_an_address_of_their_own_is_not_shown_their_needs(day):
    alice = register(day, "Alice", email=OFFICE, needs=Needs(dietary="Kosher"))
    register(day, "Bob", email=OFFICE)
    moved = corrections.correct(alice, {"email": "bob@example.org"}, NOW)
    assert "Kosher" not in json.dumps(taken_away(moved))
    [said] = taken_away(moved)["access_and_food"]
    assert f"ask us for it, at {settings.HELP_EMAIL} or {settings.HELP_PHONE}" in said["not_shown"]


def test_who_leaves_an_address_whose_mail_they_still_read_is_not_shown_what_was_said_there(day):
    alice = register(day, "Alice", email=OFFICE, needs=Needs(dietary="Kosher"))
    bob = register(day, "Bob", email=OFFICE)
    corrections.correct(bob, {"email": "bob@example.org"}, NOW)
    assert "Kosher" not in json.dumps(taken_away(alice))


def test_who_never_shared_an_address_is_shown_what_they_said(day):
    """The control."""
    alice = register(day, "Alice", needs=Needs(dietary="Kosher"))
    assert "Kosher" in json.dumps(taken_away(alice))


# -- Forms that another site sends

FROM_ELSEWHERE = [
    {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    {"sec-fetch-site": "same-site", "origin": "https://other.example.org"},
    {"origin": "https://evil.example"},
]
FROM_HERE = [{}, {"sec-fetch-site": "same-origin", "origin": "null"}, {"origin": "http://testserver"}]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
def test_what_another_site_sends_is_not_offered_to_be_sent_again(day, headers):
    ada = register(day, "Ada")
    mine = MyDay(ada, Client(enforce_csrf_checks=True))
    for sent in ({"sure": "on"}, {"sure": "on\0"}):
        answer = mine.client.post("/my-day/erase/", {"registration": ada.reference, **sent}, headers=headers)
        assert answer.status_code in (400, 403)
        assert b"csrfmiddlewaretoken" not in answer.content and ada.reference.encode() not in answer.content


@pytest.mark.parametrize("headers", FROM_HERE)
def test_what_was_open_for_too_long_here_is(day, headers):
    """The control; of older browsers, which say nothing of where it comes from, too."""
    mine = MyDay(register(day, "Ada"), Client(enforce_csrf_checks=True))
    answer = mine.client.post("/my-day/complain/", {"complaint": "Words"}, headers=headers)
    assert answer.status_code == 403 and b"Send my answers again" in answer.content and b"Words" in answer.content


def test_our_button_says_what_it_does(day):
    ada = register(day, "Ada")
    mine = MyDay(ada, Client(enforce_csrf_checks=True))
    page = read(mine.client.post("/my-day/erase/", {"registration": ada.reference, "sure": "on"}))
    assert page.texts(".//main//button") == ["Send my answers again"]
    assert "Sending them again erases what we hold about you" in page.main
    assert page.beside("Yes, erase what you hold about me") == "Yes"


def test_every_form_that_does_more_than_keep_an_answer_says_so():
    shown_only = {"day", "open", "data", "data_json", "data_page", "erased", "calendar", "letter", "feed"}
    harmless = {"found", "choose", "close", "seen", "asking"}
    assert {name for _, _, name in my_day_urls.PAGES} - shown_only - harmless == {
        name.removeprefix("my_day:") for name in sent_forms.DOES if name.startswith("my_day:")
    }
    assert reverse("registrations:check", args=["x"]) and reverse("registrations:colleague", args=["x"])


def test_what_another_site_sends_with_a_null_byte_is_not_asked_for_again():
    answer = Client().post("/my-day/erase/", {"sure": "o\0n"}, headers=FROM_ELSEWHERE[0])
    assert answer.status_code == 400 and kept.FROM_ELSEWHERE in read(answer).main


@pytest.mark.parametrize("has_cookie", [True, False])
def test_what_is_sent_again_without_its_null_byte_is_taken(day, has_cookie):
    ada = register(day, "Ada")
    mine = MyDay(ada, Client(enforce_csrf_checks=True))
    token = hidden(mine.get("complain/"), "csrfmiddlewaretoken")
    if not has_cookie:
        del mine.client.cookies["csrftoken"]
    sent = {"registration": ada.reference, "complaint": "Wo\0rds", "csrfmiddlewaretoken": token}
    response = mine.client.post("/my-day/complain/", sent)
    assert response.status_code == 400
    page = read(response)
    again = {
        "registration": ada.reference,
        "complaint": "Words",
        "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"),
    }
    assert mine.client.post("/my-day/complain/", again).status_code == 302
    assert Complaint.objects.get().text == "Words"


# -- A complaint is its author's


def test_a_complaint_stays_with_who_made_it_when_the_place_passes_on(day, admin_client):
    fay = register(day, "Fay", email="fay@example.org")
    MyDay(fay).post("complain/", {"complaint": "About Neil"})
    transfers.accept(transfers.begin(fay, "Neil", "neil@example.org", NOW), {}, Needs(), NOW)
    neil = stored(fay)
    assert "complaint that we have not answered" not in MyDay(neil).get("erase/").main
    assert "About Neil" not in json.dumps(taken_away(neil))
    complaint = Complaint.objects.get()
    page = admin_client.get(f"/admin/registrations/complaint/{complaint.pk}/change/").content.decode()
    assert "fay@example.org, who has passed on the place since" in page and "Neil</a>" not in page


def passed_on_with_a_complaint(day):
    fay = register(day, "Fay", email="fay@example.org")
    complaint = complaining.complain(fay, "About Neil", NOW)
    transfers.accept(transfers.begin(fay, "Neil", "neil@example.org", NOW), {}, Needs(), NOW)
    complaint.refresh_from_db()
    assert complaint.answer_to == "fay@example.org"
    return complaint


def test_the_address_of_who_has_passed_on_the_place_is_not_kept_for_ever(day):
    passed_on_with_a_complaint(day)
    complaining.forget(NOW + complaining.KEPT - datetime.timedelta(seconds=1))
    assert Complaint.objects.exists()  # nobody has answered yet
    complaining.forget(NOW + complaining.KEPT)
    assert not Complaint.objects.exists()


def test_staff_erase_it_when_its_author_asks(day, admin_client):
    complaint = passed_on_with_a_complaint(day)
    own = complaining.complain(register(day, "Cai"), "Another", NOW)
    data = {"action": "forget_author", "_selected_action": [complaint.pk, own.pk]}
    admin_client.post("/admin/registrations/complaint/", data)
    complaint.refresh_from_db()
    own.refresh_from_db()
    assert (complaint.answer_to, complaint.text, own.registration) == (
        "",
        "About Neil",
        Registration.objects.get(name="Cai"),
    )


def test_what_a_colleague_was_not_asked_is_not_said_of_them(day):
    fay = register(day, "Fay", is_member=True)
    transfers.accept(transfers.begin(fay, "Neil", "neil@example.org", NOW), {}, Needs(), NOW)
    assert stored(fay).is_member is False


# -- How much, how long, how often


def test_nobody_s_mailbox_is_filled_by_changing_back_and_forth(day):
    ada = register(day, "Ada", take=[day.a1])
    mine, series = MyDay(ada), f"series-{day.a1.series_id}"
    statuses = []
    for number in range(34):
        page = mine.get("workshops/")
        seen = {name: hidden(page, name) for name in [f"series-{each.series_id}-seen" for each in (day.a1, day.a2)]}
        wanted = (day.b1, day.a1)[number % 2]
        statuses.append(
            mine.post("workshops/", {series: wanted.pk, **{k: v for k, v in seen.items() if v}}).status_code
        )
    assert statuses[:30] == [302] * 30 and 429 in statuses[30:]
    assert Message.objects.filter(kind="changed").count() == 30


def test_twelve_hours_are_twelve_hours_whatever_is_pressed_meanwhile(day, clock):
    ada = register(day, "Ada")
    mine = MyDay(ada)
    for hours in (6, 11):
        clock.move_to(NOW + datetime.timedelta(hours=hours))
        assert mine.post("choose/", {"show": ada.reference}).status_code == 302
        assert "Ada" in mine.get("details/").source
    clock.move_to(NOW + datetime.timedelta(hours=12, minutes=1))
    assert mine.client.get("/my-day/").headers["Location"] == "/my-day/find/"


def test_who_has_ended_all_links_has_ended_every_door(day):
    ada = register(day, "Ada", email="ada@example.org")
    Draft.objects.create(key=ada.idempotency_key, event=day.event, registration=ada, created_at=NOW, touched_at=NOW)
    request = LinkRequest.objects.create(email_key="ada@example.org", made_at=NOW)
    link, mine = path_of(links.found(request)), MyDay(ada)
    corrections.end_links(ada, NOW)
    assert Client().post(link).status_code == 404
    assert not Draft.objects.filter(key=ada.idempotency_key).exists()
    assert stored(ada).idempotency_key != ada.idempotency_key
    assert mine.client.get("/my-day/").headers["Location"] == "/my-day/find/"


@pytest.fixture
def registered_here(day):
    """Return the browser that registered Ada, and Bea as her colleague, within the last day."""
    journey = Journey(day.event).begin().answer(details={"name": "Ada", "email": "ada@example.org"})
    journey.confirm()
    journey.colleague = hidden(journey.get("colleague"), "colleague")
    journey.post("colleague", {"name": "Bea", "email": "bea@example.org", "colleague": journey.colleague})
    assert "Bea" in journey.get("confirmed").main
    return journey


ENDING = {
    "by staff": lambda ada: corrections.end_links(ada, NOW),
    "by another address": lambda ada: corrections.correct(ada, {"email": "ada@example.com"}, NOW),
}


@pytest.mark.parametrize("end", ENDING.values(), ids=ENDING)
def test_the_browser_that_registered_is_closed_with_the_links(registered_here, end):
    end(Registration.objects.get(name="Ada"))
    for below in ("confirmed", "colleague"):
        page = registered_here.get(below)
        assert "CL-" not in page.main and "Ada" not in page.main and "Bea" not in page.main
    registered_here.post(
        "colleague", {"name": "Eve", "email": "eve@example.org", "colleague": registered_here.colleague}
    )
    assert Registration.objects.count() == 2


def test_it_stays_open_with_its_colleagues_where_the_address_was_changed_in_it(registered_here):
    mine = MyDay(Registration.objects.get(name="Ada"), registered_here.client)
    mine.post("details/", {"name": "Ada", "email": "ada@example.com"})
    page = registered_here.get("confirmed")
    assert Registration.objects.get(name="Ada").reference in page.main and "Bea" in page.main
    elsewhere = MyDay(Registration.objects.get(name="Ada"))  # a browser that never registered is given nothing
    assert "registration" not in elsewhere.post("details/", {"name": "Ada", "email": "a@example.com"}).cookies


# -- Too late, and twice


def paying(day, name):
    ticket = make_ticket_type(day.event, f"Paid for {name}", 5000)
    return register(day, name, ticket=ticket, payer=Payer("City Charity", "1 High Street", "pay@example.org"))


def test_who_has_cancelled_no_longer_says_who_pays(day):
    gus = paying(day, "Gus")
    mine = MyDay(gus)
    booking.cancel(gus, NOW)
    assert mine.post("order/", {"payer": "Evil", "purchase_order": "1"}).status_code == 409
    assert Invoice.objects.get().payer == "City Charity"


def test_who_has_passed_on_the_place_a_moment_ago_no_longer_does_either(day):
    gus = paying(day, "Gus")
    invoice = Invoice.objects.get()
    transfers.accept(transfers.begin(gus, "Neil", "neil@example.org", NOW), {}, Needs(), NOW)
    with pytest.raises(PassedOn):
        payers.correct(invoice, {"payer": "Too late"}, NOW, by=gus)
    assert payers.correct(invoice, {"payer": "In time"}, NOW, by=stored(gus)).payer == "In time"


def test_who_accepts_twice_is_told_that_it_is_done(day):
    transfers.begin(register(day, "Fay"), "Neil", "neil@example.org", NOW)
    link = path_of(links.transfer(Transfer.objects.get()))
    client = Client()
    sent = {"answer": "yes"}
    assert client.post(link, sent).status_code == 302
    assert client.post(link, sent).headers["Location"] == "/my-day/"  # whose browser has it open by the first press
    answer = Client().post(link, sent)
    assert answer.status_code == 409 and "no longer passed on" in read(answer).main
    assert Client().get(link[:-2] + "/").status_code == 404  # the control: another link is none at all


def test_who_presses_while_the_first_press_is_under_way_is_told_that_it_is_done(day, monkeypatch):
    transfers.begin(register(day, "Fay"), "Neil", "neil@example.org", NOW)
    accept = transfers.accept

    def twice(*args):
        accept(*args)
        return accept(*args)

    monkeypatch.setattr(transfers, "accept", twice)
    answer = Client().post(path_of(links.transfer(Transfer.objects.get())), {"answer": "yes"})
    assert answer.status_code == 409 and "It was accepted already" in read(answer).main
    assert "Error: " not in read(answer).title


def test_who_presses_open_twice_is_led_to_the_day_and_nobody_else_is(day):
    register(day, "Ada", email="ada@example.org")
    link = path_of(links.found(LinkRequest.objects.create(email_key="ada@example.org", made_at=NOW)))
    client = Client()
    assert [client.post(link).headers["Location"] for _ in range(2)] == ["/my-day/"] * 2
    assert Client().post(link).status_code == 404


@pytest.mark.parametrize("meanwhile", ["a place", "cancelled", "begun"])
def test_who_waits_no_longer_notes_nothing_and_is_told_why(clock, meanwhile):
    day = make_day(event_capacity=1)
    bea, cai = register(day, "Bea"), register(day, "Cai")
    if meanwhile == "begun":
        clock.move_to(day.event.starts)
    else:
        booking.cancel(bea if meanwhile == "a place" else cai, NOW)
    response = MyDay(cai).post("asking/", ask="yes")
    said = {"a place": "You have a place at the event by now", "cancelled": "is cancelled", "begun": "has begun"}
    assert response.status_code == 409 and said[meanwhile] in read(response).main
    assert stored(cai).ask_first is False


# -- What a page says, and to whom


def test_no_address_has_the_page_say_what_is_not_so(day):
    mine = MyDay(register(day, "Ada"))
    for done in ("cancelled", "passed", "nonsense"):
        said = mine.get(f"?done={done}").main
        assert "Your registration is cancelled." not in said and "Your colleague has been written to" not in said
    assert "We will ask you first." in mine.get("?done=asking").main  # the control


def test_each_page_says_whose_registration_it_is_about(day):
    ada = register(day, "Ada Lovelace")
    mine = MyDay(ada)
    for below in ("workshops/", "details/", "access/", "pass-on/", "cancel/", "complain/", "data/", "erase/"):
        page = mine.get(below)
        assert "Ada Lovelace" in page.main and ada.reference in page.main, below


def test_a_secret_in_an_address_is_neither_stored_nor_told_further_even_where_it_is_redirected(day):
    link = path_of(links.my_day(register(day, "Ada"))).rstrip("/")
    answer = Client().get(link)
    assert answer.status_code == 301
    assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "no-referrer"
    assert "Cache-Control" not in Client().get("/events")  # the control


def test_where_a_request_comes_from_is_told_by_the_browser_alone(rf):
    """The rule itself: a page of another site cannot write these headers."""
    assert [kept.from_elsewhere(rf.post("/", headers=each)) for each in FROM_ELSEWHERE] == [True] * 3
    assert [kept.from_elsewhere(rf.post("/", headers=each)) for each in FROM_HERE] == [False] * 3


# -- What is heard, and what happens to who presses twice


def test_what_was_done_begins_the_title_and_takes_the_focus(day):
    page = MyDay(register(day, "Ada")).get("?done=details")
    assert page.title.startswith("Your details are changed – My day – ")
    [notice] = page.classed("notice-done")
    assert notice.get("tabindex") == "-1" and "autofocus" in notice.attrib
    assert MyDay(register(day, "Bea")).get().title.startswith("My day – ")  # the control


def test_a_series_in_which_nothing_is_chosen_has_its_heading_and_a_way_to_choose(day):
    page = MyDay(register(day, "Ada", take=[day.a1])).get()
    assert "Workshop series 2" in [" ".join(each.split()) for each in page.texts(".//h3")]
    assert page.link("Choose a workshop of Workshop series 2") == "/my-day/workshops/"


def test_what_is_saved_without_a_change_changes_nothing_even_beside_a_full_workshop():
    day = make_day(places=(1, None))
    register(day, "Bea", take=[day.a1])
    mine = MyDay(register(day, "Ada", take=[day.b1]))
    page, series = mine.get("workshops/"), day.a1.series_id
    sent = {f"series-{series}": day.b1.pk, f"series-{series}-wait": "none", f"series-{series}-ask": "move"}
    assert hidden(page, f"series-{series}-seen")
    seen = {f"series-{each.series_id}-seen": hidden(page, f"series-{each.series_id}-seen") for each in (day.a1, day.a2)}
    assert mine.post("workshops/", {**sent, **seen}).headers["Location"] == "/my-day/?done=unchanged"


def test_who_passes_on_to_the_same_colleague_twice_is_told_the_same(day):
    mine = MyDay(register(day, "Fay"))
    sent = {"name": "Neil", "email": "neil@example.org"}
    assert [mine.post("pass-on/", sent).headers["Location"] for _ in range(2)] == ["/my-day/?done=passed"] * 2
    assert Transfer.objects.count() == 1
    assert mine.post("pass-on/", {"name": "Mo", "email": "mo@example.org"}).status_code == 409  # the control


def test_who_takes_an_offered_place_twice_is_told_the_same():
    day = make_day(places=(1, None))
    bea = register(day, "Bea", take=[day.a1])
    ada = register(day, "Ada", wait=[day.a1], needs=Needs(bsl=True))  # who is always asked first
    booking.cancel(bea, NOW)
    offer, mine = Offer.objects.get(), MyDay(ada)
    page = mine.get()
    assert "Kept for you" in page.main and "Waiting: you are" not in page.main
    assert page.link("Answer by Saturday 1 May 2027 at 2pm: 1A") == f"#offer-{offer.pk}"
    said = [mine.post("answer/", {"offer": offer.pk, "answer": each}) for each in ("yes", "yes", "no")]
    assert [each.status_code for each in said] == [302, 302, 409]
    assert [each.headers["Location"] for each in said[:2]] == ["/my-day/?done=offer"] * 2
