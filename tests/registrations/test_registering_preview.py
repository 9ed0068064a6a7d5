"""Staff's preview of the start page: of a draft what is still to do, of anything published what attendees see."""

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from events.models import Event, Status
from registrations.models import Draft, TicketType
from tests.admin_pages import add, of
from tests.builders import make_listing, make_venue
from tests.page_types import preview_of
from tests.reading import read
from tests.registrations.builders import NOW, edit, make_day, make_ticket_type, register
from tests.registrations.journeys import Journey, later
from tests.registrations.staff import TEAM, signed_in

pytestmark = pytest.mark.django_db
EDITOR = ["view_event", "change_event"]
MANAGER = [*EDITOR, *(f"{what}_tickettype" for what in ("view", "add", "change"))]


@pytest.fixture(autouse=True)
def clock():
    """Stand on NOW, before the day."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def day():
    return make_day(status=Status.DRAFT)


def at(event):
    return f"{preview_of(event)}register/"


def shown(day, *may):
    """Return the preview as somebody with these permissions sees it."""
    return read(signed_in(*(may or MANAGER)).get(at(day.event)))


class TestDraft:
    def test_it_says_that_it_is_a_draft_and_that_nobody_can_register(self, day):
        page = shown(day)
        assert (page.status, page.texts(".//h1")) == (200, ["This event is a draft"])
        assert "Nobody can register yet." in page.main and page.all(".//form") == []

    def test_it_leads_to_where_it_is_published(self, day):
        page = shown(day)
        assert "Publish it." in page.main and page.link("its page") == of(day.event)

    def test_booking_without_a_moment_opens_as_soon_as_it_is_published(self, day):
        assert "Booking is open as soon as the event is published." in shown(day).main

    def test_when_booking_opens_and_closes_is_said(self, day):
        edit(day.event, booking_opens=later(days=1), booking_closes=later(days=9))
        main = shown(day).main
        assert "Booking opens on Sunday 2 May 2027 at 10am." in main
        assert "It closes on Monday 10 May 2027 at 10am." in main

    def test_a_moment_that_has_passed_is_said(self, day):
        edit(day.event, booking_opens=later(days=-1))
        said = "as soon as the event is published: the moment that was set, Friday 30 April 2027 at 10am, has passed."
        assert said in shown(day).main

    def test_booking_that_has_closed_is_said(self, day):
        edit(day.event, booking_closes=later(days=-1))
        assert "Booking closed on Friday 30 April 2027 at 10am, so nobody could register." in shown(day).main

    def test_every_ticket_is_named_with_whether_it_would_be_on_sale(self, day):
        make_ticket_type(day.event, "Early", 4000, order=1, available_until=later(days=-1))
        make_ticket_type(day.event, "Late", 6000, order=2, available_from=later(days=1))
        page = shown(day)
        assert "Ticket, Free: on sale" in page.main
        assert "Early, £40: no longer on sale, since Friday 30 April 2027 at 10am" in page.main
        assert "Late, £60: on sale from Sunday 2 May 2027 at 10am" in page.main
        assert page.link("Ticket") == of(day.ticket)
        assert page.link("Add a ticket").endswith(f"/tickettype/add/?event={day.event.pk}")

    def test_without_a_ticket_it_says_that_one_is_needed(self, day):
        TicketType.objects.all().delete()
        assert "There is none yet, and without one nobody can register." in shown(day).main

    def test_who_may_not_set_up_tickets_is_told_who_does(self, day):
        page = shown(day, *EDITOR)
        assert "Managers set tickets up." in page.main
        assert not [href for _, href in page.links if "tickettype" in href]

    def test_an_event_that_is_booked_elsewhere_says_so(self, day):
        edit(day.event, outside_url="https://example.org/")
        main = shown(day).main
        assert "Its link leads to https://example.org/, so nobody registers here." in main and "Tickets" not in main

    def test_another_organisations_event_says_with_whom_to_book(self, day):
        day.event = make_listing(status=Status.DRAFT, organiser="Others")
        main = shown(day).main
        assert "Others takes the bookings" in main and "What you can do" not in main

    def test_one_that_is_over_says_so(self, day, clock):
        clock.move_to(day.event.ends)
        assert "It is over by now, so check its date first." in shown(day).main

    def test_its_public_address_stays_unknown_to_everybody(self, day):
        for client in (Client(), signed_in(*MANAGER)):
            assert client.get(f"/events/{day.event.slug}/register/").status_code == 404


class TestPublished:
    def test_it_is_the_start_page_with_a_button_that_sends_nothing(self):
        day = make_day(venue=make_venue())
        page, public = shown(day), Journey(day.event).get()
        assert page.texts(".//h1") == ["Register"] == public.texts(".//h1")
        assert page.all(".//form") == [] and len(public.all(".//form")) == 1
        assert [each.get("type") for each in page.all(".//button")] == ["button"]
        assert "In this preview the button does nothing." in page.main
        same = page.main.replace(
            "In this preview the button does nothing. For attendees it leads to the first question. ", ""
        )
        assert same == public.main

    def test_it_knows_nothing_of_what_the_browser_has_begun(self):
        day = make_day()
        client = signed_in(*MANAGER)
        Journey(day.event, client).begin()
        assert "Go on where you stopped" in read(client.get(f"/events/{day.event.slug}/register/")).main
        assert "Go on where you stopped" not in read(client.get(at(day.event))).main

    def test_a_full_event_is_shown_with_its_waiting_list(self):
        day = make_day(event_capacity=1)
        register(day)
        assert shown(day).texts(".//button") == ["Start joining the waiting list"]

    @pytest.mark.parametrize(
        ("values", "heading"),
        [
            ({"booking_opens": later(days=1)}, "Booking has not opened yet"),
            ({"booking_closes": later(days=-1)}, "Booking has closed"),
            ({"status": Status.CANCELLED}, "This event is cancelled"),
            ({"outside_url": "https://example.org/"}, "Booking is on another page"),
        ],
    )
    def test_where_nobody_can_register_it_says_what_attendees_read(self, values, heading):
        day = make_day()
        edit(day.event, **values)
        page = shown(day)
        assert (page.status, page.texts(".//h1")) == (200, [heading])
        assert [href for _, href in page.links if href.startswith(f"/events/{day.event.slug}/")] == []

    def test_nothing_is_begun_by_it(self):
        day = make_day()
        client = signed_in(*MANAGER)
        assert client.post(at(day.event)).status_code == 405
        client.get(at(day.event))
        assert not Draft.objects.exists() and "registration" not in client.cookies


class TestWhereItIs:
    @pytest.mark.parametrize("status", [Status.DRAFT, Status.PUBLISHED])
    def test_previewed_pages_lead_to_it_and_nowhere_public(self, day, status):
        edit(day.event, status=status)
        client, public = signed_in(*MANAGER), f"/events/{day.event.slug}/"
        for below in ("", "agenda/", f"agenda/{day.a1.slug}/", "people/", "register/"):
            page = read(client.get(f"{preview_of(day.event)}{below}"))
            own = [href for _, href in page.links if href.startswith(public)]
            assert page.status == 200 and own == [], below
            assert below == "register/" or at(day.event) in [href for _, href in page.links], below

    def test_public_pages_still_lead_to_the_public_one(self):
        day = make_day()
        page = read(Client().get(f"/events/{day.event.slug}/"))
        assert page.link("Register") == f"/events/{day.event.slug}/register/"

    def test_it_is_linked_from_the_page_of_the_event_and_of_nothing_else(self, day):
        client, words = signed_in("view_event", "add_event", "change_event"), "Preview of registering"
        assert read(client.get(of(day.event))).link(words) == at(day.event)
        assert words not in client.get(add(Event)).content.decode()
        superuser = Client()
        superuser.force_login(User.objects.create_superuser("mia"))
        assert words not in superuser.get(of(day.a1)).content.decode()

    def test_it_is_stored_by_nobody_and_kept_from_search_engines(self, day):
        for status in (Status.DRAFT, Status.PUBLISHED):
            edit(day.event, status=status)
            page = read(signed_in(*EDITOR, name=status).get(at(day.event)))
            assert "no-store" in page.response["Cache-Control"] and page.is_kept_from_search_engines
            assert "Only staff see this page" in page.words

    def test_the_registration_team_may_see_it_and_others_may_not(self, day):
        assert signed_in(*TEAM, "view_event").get(at(day.event)).status_code == 200
        assert signed_in("view_registration", name="guest").get(at(day.event)).status_code == 403
        assert Client().get(at(day.event))["Location"] == f"/admin/login/?next={at(day.event)}"

    def test_of_no_event_it_is_not_found(self, day):
        assert signed_in(*EDITOR).get("/admin/events/event/999999/preview/register/").status_code == 404
