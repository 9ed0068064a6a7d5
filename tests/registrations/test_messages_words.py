"""What messages say, read as text, as HTML and as a calendar; and what they never say, whatever somebody typed."""

import datetime
import re

import html5lib
import pytest
import vobject

from events.models import Status
from registrations import booking, waiting_list
from registrations.answering.answers import Needs, Payer
from registrations.messages import emails, outbox, post
from registrations.models import Invoice, InvoiceState, Message, MessageKind
from registrations.places import opened
from registrations.programme_changes import when_and_where
from registrations.way_in import links
from tests.builders import london, make_room, make_venue
from tests.registrations.builders import NOW, change, edit, make_day, make_ticket_type, register

pytestmark = pytest.mark.django_db

KINDS = list(emails.WRITERS)


def written(registration, kind=MessageKind.CONFIRMED):
    """Return the last message of that kind to that attendee, in words."""
    message = Message.objects.filter(registration=registration, kind=kind).last()
    return emails.write(message)


def of_every_kind(registration, day):
    """Queue one message of every kind about a registration, and return them in words."""
    Message.objects.all().delete()
    was = when_and_where.WhenWhere(london(9), london(10), "Reed Room").stored()
    more = {
        MessageKind.PROMOTED: {"got_event": True, "got": [day.a1.pk], "gave_back": [day.b1.pk]},
        MessageKind.WORKSHOP_CANCELLED: {"session": day.b1.pk},
        MessageKind.ADDRESS_CHANGED: {"new": "n…@example.com"},
        MessageKind.TRANSFER_OFFERED: {"transfer": 0},
        MessageKind.OFFERED: {"offered": [None, day.b1.pk], "until": NOW.isoformat()},
        MessageKind.OFFER_ENDED: {"offered": [None, day.b1.pk]},
        MessageKind.ERASED: {"reference": registration.reference, "invoice": True},
        MessageKind.PROGRAMME_CHANGED: {"was": {str(day.a1.pk): was}, "changed": [day.a1.pk]},
        MessageKind.ANNOUNCED: {"series": "Workshop series 2", "announced": [day.a2.pk, day.b2.pk]},
        MessageKind.REMINDER: {"days": 7},
        MessageKind.TEAM_ASKED: {"offered": [day.b1.pk], "until": NOW.isoformat()},
    }
    outbox.queue([outbox.Letter(kind, registration, more.get(kind, {})) for kind in KINDS], NOW)
    return {message.kind: emails.write(_told_of_what_is_so(message)) for message in Message.objects.all()}


def _told_of_what_is_so(message):
    """Return the message; what says that the event is cancelled is about one that is."""
    if message.kind == MessageKind.EVENT_CANCELLED:
        message.registration.event.status = Status.CANCELLED
    return message


def paid_day(**values):
    """A day with a ticket for £50, called by a name that nobody else may learn."""
    day = make_day(**values)
    day.ticket = make_ticket_type(day.event, "CANARYTICKET bursary", 5000)
    return day


def page(html):
    """Parse HTML strictly; a fault fails the test."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def seen(html):
    """Return the words of an HTML message, as they are read."""
    return " ".join("".join(page(html).find("body").itertext()).split())


def entries(written):
    return {entry.summary.value: entry for entry in vobject.readOne(written.calendar).vevent_list}


# What they say


def test_a_confirmation_says_the_reference_the_day_the_workshops_and_what_is_owed():
    day = paid_day(places=(1, None), venue=make_venue(name="Loom House", postcode="N1 1AA"))
    register(day, "Somebody else", take=[day.a2], payer=Payer("City Charity"))
    mine = register(day, "Ann", take=[day.a1, day.b2], wait=[day.a2], payer=Payer("City Charity"))
    edit(day.a1, room=make_room("Heddle Room", floor="First floor"))
    result = written(mine)
    assert result.subject == f"Your place is confirmed: Annual conference ({mine.reference})"
    for words in (result.text, seen(result.html)):
        plain = " ".join(words.split())
        assert "Dear Ann," in plain
        assert f"Your reference: {mine.reference}" in plain
        assert "Wednesday 16 June 2027, 9am to 5pm" in plain and "Loom House, 1 High Street, London, N1 1AA" in plain
        assert "1A Workshop 1A 11am to midday, Heddle Room, first floor Confirmed" in plain
        assert "2B Workshop 2B 1pm to 2pm Confirmed" in plain
        assert "2A Workshop 2A 1pm to 2pm Waiting list: you are number 1" in plain
        assert "£50. We will send an invoice to City Charity, which says how to pay" in plain
        assert "what you need, write to events@example.org or ring 020 7946 0958" in plain
        assert "or to cancel, open your own page" in plain
        assert "Or write to events@example.org or ring 020 7946 0958" in plain


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (InvoiceState.TO_INVOICE, "£50. We will send an invoice to Payer & Co"),
        (InvoiceState.INVOICED, "£50. An invoice has been sent to Payer & Co; it says how to pay."),
        (InvoiceState.PAID, "£50, which has been paid."),
    ],
)
def test_what_is_owed_is_said_as_it_is_when_the_message_is_written(state, words):
    day = paid_day()
    mine = register(day, payer=Payer("Payer & Co"))
    Invoice.objects.filter(pk=mine.invoice_id).update(state=state)
    result = written(mine)
    assert words in result.text and words in seen(result.html)


# Where nothing is chosen yet


HOW = (
    "To choose a workshop, or to join the waiting list of one that is full, open your own page (its link is below), or "
    "write to events@example.org or ring 020 7946 0958, and give your reference,"
)


def said(result):
    """Return the words of a message, as text and as HTML, each on one line."""
    return [" ".join(result.text.split()), seen(result.html)]


def test_each_series_in_which_nothing_is_chosen_is_named_with_how_to_choose():
    day = make_day(hours=(11, 13, 15))
    edit(day.a3, starts=london(14, 25))
    mine = register(day, take=[day.a1])
    for words in said(written(mine)):
        assert "Workshop series 2, 1pm: nothing chosen yet." in words
        assert "Workshop series 3, 2:25pm: nothing chosen yet." in words
        assert "Workshop series 1," not in words
        assert f"{HOW} {mine.reference}." in words and words.count(HOW) == 1


def test_who_has_chosen_nothing_at_all_is_told_of_every_series():
    for words in said(written(register(make_day()))):
        assert "Workshop series 1, 11am: nothing chosen yet." in words
        assert "Workshop series 2, 1pm: nothing chosen yet." in words and HOW in words


def test_who_has_or_waits_for_something_in_each_is_told_nothing_of_it():
    day = make_day(places=(1, None))
    register(day, "Somebody else", take=[day.a2])
    for words in said(written(register(day, take=[day.a1], wait=[day.a2]))):
        assert "nothing chosen" not in words and "To choose a workshop" not in words


def test_who_waits_for_the_event_is_told_that_they_can_still_ask():
    day = make_day(event_capacity=1)
    register(day, "First")
    mine = register(day, "Second", take=[day.a1])
    for words in said(written(mine, MessageKind.WAITING)):
        assert "Workshop series 2, 1pm: nothing asked for yet." in words and "nothing chosen" not in words
        assert f"your reference, {mine.reference}. It waits with your place." in words


def test_a_series_whose_workshops_are_all_to_be_announced_says_so():
    day = make_day()
    edit(day.a1, title=""), edit(day.b1, title="")
    mine = register(day, take=[day.a2])
    for words in said(written(mine)):
        assert "Workshop series 1, 11am: its workshops will be announced, and you can choose then." in words
        assert "nothing chosen yet" not in words and "To choose a workshop" not in words


def test_one_announced_workshop_is_enough_to_choose():
    day = make_day()
    edit(day.a1, title="")
    for words in said(written(register(day, take=[day.a2]))):
        assert "Workshop series 1, 11am: nothing chosen yet." in words and HOW in words


def test_what_can_no_longer_be_chosen_is_not_named():
    day = make_day()
    mine = register(day, take=[day.a1])
    Message.objects.update(created_at=london(9))  # the event begins
    for words in said(written(mine)):
        assert "1A Workshop 1A" in words and "nothing chosen" not in words
    edit(day.a2, status=Status.CANCELLED), edit(day.b2, status=Status.CANCELLED)
    Message.objects.update(created_at=NOW)
    for words in said(written(mine)):
        assert "Workshop series 2" not in words


def test_an_event_without_workshops_says_nothing_of_them():
    for words in said(written(register(make_day(hours=())))):
        assert "workshops" not in words.replace("confirmed workshops", "").replace("change your workshops", "").lower()


def test_after_a_cancelled_workshop_its_series_is_to_choose_again():
    day = make_day()
    mine = register(day, take=[day.a1, day.a2])
    edit(day.a1, status=Status.CANCELLED)
    for words in said(written(mine, MessageKind.WORKSHOP_CANCELLED)):
        assert "Workshop series 1, 11am: nothing chosen yet." in words


def test_a_series_with_markup_in_its_title_does_nothing():
    day = make_day()
    edit(day.series1, title="<b>Bold</b>")
    result = written(register(day))
    assert page(result.html).findall(".//b") == [] and "<b>Bold</b>, 11am: nothing chosen yet." in seen(result.html)


def test_a_free_place_owes_nothing():
    assert "There is nothing to pay." in written(register(make_day())).text


def test_who_waits_for_the_event_learns_the_position_and_owes_nothing_yet():
    day = paid_day(event_capacity=1)
    for name in ("First", "Second"):
        register(day, name, payer=Payer("P"))
    mine = register(day, "Third", take=[day.a1], payer=Payer("P"))
    result = written(mine, MessageKind.WAITING)
    assert "on the waiting list, as number 2." in result.text and "as number 2." in seen(result.html)
    assert "Nothing, unless a place becomes free for you. It would then be £50." in result.text
    assert "Waiting list: you are number 1" in result.text
    assert result.calendar == ""


def test_a_promotion_names_what_was_got_and_what_was_given_back():
    day = make_day(places=(1, None))
    holder = register(day, "Holder", take=[day.a1])
    mine = register(day, "Mine", take=[day.b1], wait=[day.a1])
    booking.cancel(holder, NOW)
    result = written(mine, MessageKind.PROMOTED)
    for words in (result.text, seen(result.html)):
        assert "You now have a place in the workshop 1A Workshop 1A." in words
        assert "Your place in the workshop 1B Workshop 1B was given back for it." in words
        assert "it became free" not in words


def test_a_promotion_into_the_event_says_so():
    day = make_day(event_capacity=1)
    holder, mine = register(day, "Holder"), register(day, "Mine", take=[day.a1])
    booking.cancel(holder, NOW)
    result = written(mine, MessageKind.PROMOTED)
    assert "You now have a place: it became free" in result.text
    assert set(entries(result)) == {"Annual conference", "1A Workshop 1A"}


def test_a_change_says_what_is_true_afterwards():
    day = make_day()
    mine = register(day, take=[day.a1])
    change(mine, take=[day.b1])
    result = written(mine, MessageKind.CHANGED)
    assert "1B Workshop 1B" in result.text and "1A Workshop 1A" not in result.text


def test_a_cancelled_workshop_is_named():
    day = make_day()
    mine = register(day, take=[day.a1, day.a2])
    edit(day.a1, status=Status.CANCELLED)
    with opened(day.event.pk) as ledger:
        waiting_list.release_workshop(ledger, day.a1, NOW)
    result = written(mine, MessageKind.WORKSHOP_CANCELLED)
    for words in (result.text, seen(result.html)):
        assert "the workshop 1A Workshop 1A, which you had chosen, will not take place" in words
        assert "2A Workshop 2A" in words


def test_a_cancellation_says_whom_to_tell_if_it_was_not_expected():
    day = paid_day()
    mine = register(day, take=[day.a1], payer=Payer("P"))
    Invoice.objects.update(state=InvoiceState.PAID)
    booking.cancel(mine, NOW)
    result = written(mine, MessageKind.CANCELLED)
    for words in (result.text, seen(result.html)):
        assert "we will write to the payer about it" in words
        assert "please tell us at once" in words
        assert "Workshop 1A" not in words
    assert {name: each.status.value for name, each in entries(result).items()} == {
        "No longer yours: Annual conference": "CANCELLED", "No longer yours: 1A Workshop 1A": "CANCELLED",
    }  # fmt: skip


def test_a_second_attempt_to_register_says_what_is_held_and_that_nothing_changed():
    day = make_day()
    mine = register(day, "Ann", take=[day.a1])
    outbox.remind(mine, NOW)
    result = written(mine, MessageKind.ALREADY_REGISTERED)
    for words in (result.text, seen(result.html)):
        assert "You have a place already, so nothing was changed" in " ".join(words.split())
        assert "1A Workshop 1A" in words


def test_the_events_own_contact_is_the_one_to_write_to():
    day = make_day(contact_email="day@example.org", contact_phone="01632 960001")
    result = written(register(day))
    assert "write to day@example.org or ring 01632 960001" in result.text


# The calendar


def test_the_calendar_has_the_day_and_the_confirmed_workshops_with_their_own_identities():
    day = make_day(places=(1, None))
    register(day, "Somebody else", take=[day.a2])
    found = entries(written(register(day, take=[day.a1], wait=[day.a2])))
    assert set(found) == {"Annual conference", "1A Workshop 1A"}
    assert found["1A Workshop 1A"].uid.value == str(day.a1.uid)
    assert found["1A Workshop 1A"].dtstart.value == london(11)
    assert found["1A Workshop 1A"].url.value.startswith("http://localhost:8000/events/annual-conference/agenda/")


# Every kind


def test_every_kind_is_whole_as_text_and_as_html():
    day = paid_day()
    mine = register(day, take=[day.a1], payer=Payer("P"))
    for kind, result in of_every_kind(mine, day).items():
        if kind != MessageKind.LINK:  # which may open several
            assert result.subject.endswith(f"({mine.reference})") or kind in outbox.TO_THE_TEAM, kind
            assert mine.reference in result.text and mine.reference in seen(result.html), kind
        assert page(result.html).find("head/title").text == result.subject, kind
        assert "\n\n\n" not in result.text and "{" not in result.text + result.html, kind
        assert not re.search(r"style=|<script|<img|<link", result.html), kind


def test_no_message_says_anything_about_access_food_or_the_kind_of_ticket():
    day = paid_day()
    canaries = Needs(bsl=True, dietary="CANARYFOOD", other="CANARYNEED", please_call=True)
    private = {"wants_bursary": True, "pronouns": "CANARYPRONOUN", "phone": "CANARYPHONE", "job_title": "CANARYJOB"}
    mine = register(day, take=[day.a1], payer=Payer("P"), needs=canaries, **private)
    for kind, result in of_every_kind(mine, day).items():
        whole = f"{result.subject}{result.text}{result.html}{result.calendar}"
        assert "CANARY" not in whole and "BSL" not in whole and "bursary" not in whole, kind


def test_the_team_is_told_who_asks_to_hear_from_us_and_neither_name_nor_why():
    mine = register(make_day(), "CANARYNAME", email="canary@example.org", wants_bursary=True)
    result = written(mine, MessageKind.TEAM_WANTED)
    address = f"http://localhost:8000/admin/registrations/registration/{mine.pk}/change/"
    assert result.subject == f"To the registration team: {mine.reference} asks to hear from us"
    for words in said(result):
        assert f"{mine.reference} asks to be written to or rung." in words
        assert "canary" not in words.lower() and "cost" not in words and "access" not in words
    assert address in result.text and f'href="{address}"' in result.html and result.calendar == ""


def test_the_canary_would_sing():
    """The negative control: the same search finds what a message does say."""
    mine = register(make_day(), "CANARYNAME")
    assert "CANARY" in written(mine).text


# What people typed is inert


def test_a_name_with_markup_is_shown_and_does_nothing():
    name = "<script>alert(1)</script><b>Ann</b>"
    result = written(register(make_day(), name, email="ann@example.org"))
    assert page(result.html).findall(".//script") == [] and page(result.html).findall(".//b") == []
    assert name in seen(result.html) and name in result.text


@pytest.mark.parametrize(
    "name",
    ["https://evil.example/win", "www.evil.example", "Ann http://evil.example", "a@evil.example", "evil。example",
     "mailto:x@evil.example", "//evil.example"],
)  # fmt: skip
def test_no_mail_program_makes_a_link_of_a_name(name):
    day = paid_day()
    result = written(register(day, name, email="ann@example.org", payer=Payer(name)))
    for words in (result.text, seen(result.html)):
        assert not re.search(r"evil[.。]example|@evil|://evil|www\.evil|//evil", words)
        assert "evil" in words


def test_a_name_is_one_line_and_turns_no_text_round():
    name = "Ann\r\nBcc: all@example.org\u202e\u2066gnp.exe\u2028Second"
    result = written(register(make_day(), name, email="ann@example.org"))
    assert "Dear Ann Bcc: all@ example. orggnp. exe Second," in result.text.replace("Bcc:all", "Bcc: all")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", result.text + result.html + result.subject)


def test_names_of_every_script_are_whole():
    for name in ("Ọlájùmọ̀kẹ́ Adé", "Nguyễn Thị An", "مريم", "Gruffŷdd ap Rhys", "O’Neill-Brown"):
        assert f"Dear {name}," in written(register(make_day(hours=()), name)).text


def test_a_title_with_line_ends_and_markup_stays_in_its_header_and_does_nothing():
    day = make_day(title="Day\r\nBcc: all@example.org <b>bold</b> " + "x" * 150)
    mine = register(day)
    result = written(mine)
    email = post.as_email(_with(result, mine)).message()
    assert "\n" not in result.subject and email["Bcc"] is None
    assert page(result.html).findall(".//b") == []


def _with(result, registration):
    message = Message.objects.filter(registration=registration).last()
    for name in ("subject", "text", "html", "calendar"):
        setattr(message, name, getattr(result, name))
    return message


# The personal link


def test_the_link_is_in_what_is_sent_and_not_in_what_is_kept():
    mine = register(make_day())
    result, link = written(mine), links.my_day(mine)
    assert link not in result.text + result.html and link.partition("/open/")[2] not in result.text + result.html
    sent = post.as_email(_with(result, mine))
    assert link in sent.body and f'href="{link}"' in sent.alternatives[0].content
    assert "personal-link.invalid" not in sent.body


def test_whoever_has_another_address_meanwhile_is_sent_no_link_at_the_old_one():
    mine = register(make_day(), "Ann")
    result = written(mine)
    message = _with(result, mine)
    message.recipient = "old@example.org"
    sent = post.as_email(message)
    assert links.my_day(mine) not in sent.body and "http://localhost:8000/my-day/find/" in sent.body


def test_who_gets_no_link_is_sent_none():
    day = make_day()
    mine = register(day, take=day.a1)
    for kind, result in of_every_kind(mine, day).items():
        assert kind not in outbox.TO_THE_TEAM or "personal-link" not in result.text + result.html


def test_nobody_can_type_the_place_of_the_link():
    mine = register(make_day(), "https://personal-link.invalid/", email="a@example.org")
    assert written(mine).text.count(f"https://personal-link.invalid/{mine.messages.get().message_id[1:9]}") == 1


def test_a_message_long_after_is_about_the_programme_as_it_is(time_machine):
    day = make_day()
    mine = register(day, take=[day.a1])
    edit(day.a1, title="Renamed", starts=london(11, 15))
    time_machine.move_to(NOW + datetime.timedelta(hours=1))
    assert "1A Renamed\n  11:15am to midday" in written(mine).text
