"""The home page: which event it shows, and whether one can still book."""

import datetime

import pytest
import time_machine

from events.models import Status
from tests.builders import DAY, london, make_event, make_listing, make_session, save
from tests.reading import Page, read
from tests.registrations.builders import make_ticket_type

SECOND = datetime.timedelta(seconds=1)
BEFORE = london(12, day=DAY - datetime.timedelta(days=100))
AFTER = london(12, day=DAY + datetime.timedelta(days=1))
OPENS, CLOSES = london(9, day=datetime.date(2027, 4, 1)), london(17, day=datetime.date(2027, 6, 9))


def home(client, moment: datetime.datetime = BEFORE) -> Page:
    """Return the home page as it is at that moment."""
    with time_machine.travel(moment, tick=False):
        page = read(client.get("/"))
    assert page.status == 200
    return page


def on(year: int, **values: object) -> object:
    """Save an event in June of that year, named after it."""
    day = datetime.date(year, 6, 16)
    return make_event(f"Conference {year}", starts=london(9, day=day), ends=london(17, day=day), **values)


def shown(client, moment: datetime.datetime) -> str:
    """Return the h1 of the home page: without a strapline it is the event's title."""
    return home(client, moment).texts(".//h1")[0]


# -- Which event


def test_it_shows_the_next_event_and_not_a_later_or_an_earlier_one(client, db):
    for year in (2028, 2026, 2027):
        on(year)
    assert shown(client, BEFORE) == "Conference 2027"


def test_it_shows_the_event_of_the_day_until_its_last_second(client, db):
    on(2027), on(2028)
    assert shown(client, london(12)) == "Conference 2027"
    assert shown(client, london(17) - SECOND) == "Conference 2027"
    assert shown(client, london(17)) == "Conference 2028"


def test_it_shows_the_last_event_when_none_is_coming(client, db):
    for year in (2025, 2026, 2023):
        on(year)
    assert shown(client, BEFORE) == "Conference 2026"


def test_a_sample_stands_before_what_is_past_but_never_before_what_really_comes(client, db):
    on(2026), on(2027, is_sample=True)
    assert shown(client, BEFORE) == "Conference 2027"
    on(2028)
    assert shown(client, BEFORE) == "Conference 2028"


def test_it_never_shows_a_draft(client, db):
    on(2027, status=Status.DRAFT), on(2028)
    assert shown(client, BEFORE) == "Conference 2028"


def test_it_never_shows_another_organisations_event(client, db):
    make_listing("Theirs", starts=london(9), ends=london(17))
    on(2023)
    assert shown(client, BEFORE) == "Conference 2023"


def test_it_shows_a_cancelled_event_only_while_no_other_is_coming(client, db):
    on(2027, status=Status.CANCELLED)
    assert shown(client, BEFORE) == "Conference 2027"


def test_an_empty_site_says_that_something_will_come(client, db):
    page = home(client)
    assert page.texts(".//h1") == ["Clinks events"]
    assert "still to be announced" in page.main
    assert page.link("All events") == "/events/"


def test_a_site_of_drafts_and_listings_only_is_an_empty_one(client, db):
    on(2027, status=Status.DRAFT), make_listing()
    assert home(client).texts(".//h1") == ["Clinks events"]


def test_the_strapline_is_the_heading_and_names_the_event(client, db):
    on(2027, strapline="Everybody’s business")
    assert shown(client, BEFORE) == "Conference 2027: Everybody’s business"


# -- What it says


def test_it_says_when_where_what_it_costs_and_for_whom(client, furnished):
    furnished.event.price_words = "From £50"
    save(furnished.event)
    page = home(client)
    assert page.beside("When") == "Wednesday 16 June 2027, 9am to 5pm"
    assert page.beside("Where") == "Hall House, London"
    assert page.beside("Price") == "From £50"
    assert {"Why this day", "The day in brief", "Who it is for", "Access and support", "Venue"} <= {
        heading for _, heading in page.headings
    }


def test_a_past_event_says_what_it_cost_and_offers_no_price(client, event):
    event.price_words = "From £50"
    save(event)
    page = home(client, AFTER)
    assert page.beside("It cost") == "From £50" and "Price" not in page.main


def test_where_tickets_have_prices_and_nobody_wrote_what_it_costs_the_list_is_a_link_away(client, event):
    make_ticket_type(event, price=5000)
    page = home(client)
    assert page.beside("Price") == "See what it costs" and page.link("See what it costs") == "#tickets"
    assert page.all(".//section[@id='tickets']")


def test_what_is_not_known_yet_is_said_to_be_announced(client, event):
    page = home(client)
    assert page.beside("Where") == page.beside("Price") == "To be announced"
    assert "The programme is still to come" in page.main
    assert "The names are still to come" in page.main


def test_what_was_never_known_of_a_past_event_is_not_promised(client, event):
    page = home(client, AFTER)
    assert page.beside("Where") == "Not recorded"
    assert "Price" not in page.main and "It cost" not in page.main
    assert page.main.count("Not recorded") == 2  # and access, once
    assert "to be announced" not in page.main.lower()
    assert "will be announced" not in page.main


def test_an_event_without_contacts_of_its_own_has_the_sites(client, event, settings):
    page = home(client)
    assert settings.HELP_EMAIL in page.words and settings.HELP_PHONE in page.words


def test_an_event_may_have_contacts_of_its_own(client, event, settings):
    event.contact_email, event.contact_phone = "day@example.org", "020 7946 0111"
    save(event)
    page = home(client)
    assert page.link("day@example.org") == "mailto:day@example.org"
    assert page.link("020 7946 0111") == "tel:02079460111"
    assert settings.HELP_EMAIL not in page.words


# -- Booking: one sentence and one button


def buttons(page: Page) -> list[tuple[str, str]]:
    """Return words and address of each button in the masthead."""
    return [("".join(each.itertext()), each.get("href")) for each in page.classed("btn-large", "a")]


@pytest.fixture
def booked(event):
    """An event with a programme that is booked elsewhere, from 1 April to 9 June."""
    make_session(event)
    event.booking_opens, event.booking_closes, event.outside_url = OPENS, CLOSES, "https://example.org/book"
    return save(event)


STATES = [
    (OPENS - SECOND, "Booking opens on Thursday 1 April 2027 at 9am.", "See the agenda"),
    (OPENS, "Booking closes on Wednesday 9 June 2027 at 5pm.", "Book your place"),
    (CLOSES - SECOND, "Booking closes on Wednesday 9 June 2027 at 5pm.", "Book your place"),
    (CLOSES, "Booking closed on Wednesday 9 June 2027 at 5pm.", "See the agenda"),
    (london(17) - SECOND, "Booking closed on Wednesday 9 June 2027 at 5pm.", "See the agenda"),
    (london(17), "This event has taken place", "See the agenda"),
]


@pytest.mark.parametrize(("moment", "sentence", "button"), STATES)
def test_the_sentence_and_the_one_button_follow_the_clock_to_the_second(client, booked, moment, sentence, button):
    page = home(client, moment)
    assert sentence in page.main
    assert sum(said in page.main for said in {each for _, each, _ in STATES}) == 1
    [(words, address)] = buttons(page)
    assert words == button
    assert address == ("https://example.org/book" if "Book" in button else f"/events/{booked.slug}/agenda/")


def test_no_button_leads_to_an_agenda_without_a_programme(client, event):
    assert buttons(home(client, AFTER)) == []


def test_a_cancelled_event_says_so_and_nothing_of_booking(client, booked):
    booked.status = Status.CANCELLED
    save(booked)
    page = home(client, OPENS)
    assert page.main.count("This event has been cancelled: it will not take place.") == 1
    assert page.main.count("ancelled") == 3  # the tag above, and the notice's heading and sentence
    assert "example.org/book" not in page.source and "To be announced" not in page.beside("When")


def test_a_cancelled_event_does_not_take_place_when_its_day_is_over(client, booked):
    booked.status = Status.CANCELLED
    save(booked)
    for below in ("", "agenda/"):
        with time_machine.travel(AFTER, tick=False):
            page = read(client.get(f"/events/{booked.slug}/{below}"))
        assert "Cancelled" in page.main and "taken place" not in page.main and "Past event" not in page.main


def test_an_open_event_without_a_link_is_booked_by_letter(client, event, settings):
    page = home(client)
    assert f"To book, write to {settings.HELP_EMAIL} or ring {settings.HELP_PHONE}." in page.main
    [(words, address)] = buttons(page)
    assert words == "Book by e-mail"
    assert address == f"mailto:{settings.HELP_EMAIL}?subject=A%20place%20at%20Annual%20conference"


def test_an_open_event_with_a_link_and_no_end_of_booking_says_that_it_is_open(client, event):
    event.outside_url = "https://example.org/book"
    save(event)
    assert "Booking is open." in home(client).main


def test_a_listing_sends_on_to_its_organiser(client, db):
    listing = make_listing(outside_url="https://example.org/theirs", organiser="Their network")
    page = read(client.get(f"/events/{listing.slug}/"))
    assert "Their network runs this event: booking is with them." in page.main
    assert page.link("Read about it") == "https://example.org/theirs"


def test_a_listing_without_a_link_has_no_button(client, db):
    page = read(client.get(f"/events/{make_listing().slug}/"))
    assert page.classed("btn", "a") == []
    assert "Date not recorded" in page.main
