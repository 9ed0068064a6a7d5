"""Somebody who telephones: one page, the site's own rules, everything kept, once."""

import datetime

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from events.models import Event, Status
from registrations.models import AccessNeeds, AccessNeedsLog, Message, Registration, TicketType
from registrations.tickets import prices
from tests.admin_pages import add, form_of, of, words
from tests.builders import make_event, make_listing
from tests.reading import read
from tests.registrations.builders import MINUTE, edit, register, state
from tests.registrations.journeys import hidden
from tests.registrations.staff import TEAM, a_busy_day, a_paying, signed_in

pytestmark = pytest.mark.usefixtures("undone")
ADD = add(Registration)


@pytest.fixture
def day(busy_day):
    return busy_day


@pytest.fixture
def team(day):
    return signed_in(*TEAM)


def place(session):
    return {f"series-{session.series_id}": session.pk}


def wait(session):
    return {f"series-{session.series_id}-wait": session.pk}


def call(client, day, address=ADD, **given):
    """Fill in the page for somebody with the free ticket, and send it."""
    data = form_of(client.get(address)) | {"name": "Anna", "ticket_type": day.ticket.pk} | given
    return client.post(address, {name: value for name, value in data.items() if value is not None})


def only():
    return Registration.objects.get()


class TestRegistering:
    def test_without_an_address_they_have_a_place_and_a_letter(self, team, day):
        response = call(team, day, **place(day.a1), **place(day.b2))
        assert response["Location"] == of(only())
        assert state(only()) == "confirmed 1A, 2B" and not Message.objects.exists()
        page = words(team.get(of(only())))
        assert f"{only()} has a place. Print the letter" in page

    def test_with_an_address_they_get_the_message(self, team, day):
        call(team, day, email="Anna@example.org")
        assert Message.objects.get().recipient == "Anna@example.org"

    def test_everything_asked_is_kept(self, team, day):
        given = {
            "phone": "020 7946 0000", "organisation": "Hall House", "job_title": "Cook", "badge_name": "Ann",
            "pronouns": "she/her", "is_member": "on", "photo_consent": "on", "wants_bursary": "on",
        }  # fmt: skip
        call(team, day, **given)
        kept = {name: getattr(only(), name) for name in given}
        assert kept == {name: True if value == "on" else value for name, value in given.items()}
        assert only().mailing_consent is False

    def test_a_paid_ticket_with_who_pays(self, team, day):
        response = call(team, day, ticket_type=day.paid.pk)
        assert response.status_code == 422 and "Say who pays: a name for the invoice." in words(response)
        call(team, day, ticket_type=day.paid.pk, invoice_payer="The Long Table", invoice_purchase_order="PO 17")
        assert (only().price_agreed, only().invoice.payer, only().invoice.purchase_order) == (
            5000, "The Long Table", "PO 17",
        )  # fmt: skip

    def test_the_page_says_how_many_places_there_are(self, team, day):
        text = words(team.get(ADD))
        assert "1A: Workshop 1A (11am to midday) – Last few places" in text
        assert "1B: Workshop 1B (11am to midday) – Places available" in text and "Members, £50" in text
        assert "Also on the waiting list for" not in text

    def test_a_waiting_list_is_asked_about_where_something_is_full(self, team, day):
        register(day, "Ben", take=[day.a1])
        text = words(team.get(ADD))
        assert "Full – join the waiting list" in text and "Also on the waiting list for" in text
        call(team, day, **place(day.b1), **wait(day.a1))
        assert state(Registration.objects.get(name="Anna")) == "confirmed 1B, waits 1A"

    def test_when_the_event_is_full_they_wait_for_it_with_their_workshops(self, team, day):
        edit(day.event, capacity=1)
        register(day, "Ben")
        assert "The event is full." in words(team.get(ADD))
        call(team, day, **place(day.a1))
        assert state(Registration.objects.get(name="Anna")) == "waiting waits 1A"

    def test_it_can_be_done_after_booking_has_closed(self, team, day):
        now = timezone.now()
        edit(day.event, booking_opens=now - 9 * MINUTE, booking_closes=now - MINUTE)
        call(team, day)
        assert only().is_confirmed

    def test_a_ticket_by_invitation_needs_the_code_that_they_read_out(self, team, day):
        TicketType.objects.filter(pk=day.ticket.pk).update(invitation_code="LOOM-10")
        response = call(team, day, invitation_code="wrong")
        assert response.status_code == 422 and "This is not the code for that ticket." in words(response)
        call(team, day, invitation_code="l00m l0")
        assert only().is_confirmed


class TestRefusals:
    def test_a_full_workshop_is_said_beside_it_and_everything_is_kept(self, team, day):
        data = form_of(team.get(ADD)) | {"name": "Anna", "phone": "1", "ticket_type": day.ticket.pk} | place(day.a1)
        register(day, "Ben", take=[day.a1])
        response = team.post(ADD, data)
        assert response.status_code == 422
        assert "“1A: Workshop 1A” is full now." in words(response)
        kept = form_of(response)
        assert (kept["name"], kept["phone"], kept[f"series-{day.series1.pk}"]) == ("Anna", "1", str(day.a1.pk))
        assert not Registration.objects.filter(name="Anna").exists()
        team.post(ADD, kept | place(day.b1))
        assert state(Registration.objects.get(name="Anna")) == "confirmed 1B"

    def test_nothing_given_says_what_is_missing(self, team, day):
        response = call(team, day, name="", ticket_type=None)
        assert response.status_code == 422
        assert "Enter the full name of who comes." in words(response)
        assert words(response).count("Choose a ticket.") == 1

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"name": "x" * 201}, "“Name” can be 200 characters long; it is 201."),
            ({"name": "  "}, "Enter the full name of who comes."),
            ({"email": "no address"}, "“E-mail” is to be an address such as name@example.org."),
            ({"ticket_type": "banana"}, "Choose a ticket."), ({"ticket_type": "999999"}, "Choose a ticket."),
            ({"invoice_email": "no"}, "“E-mail for the invoice” is to be an address such as name@example.org."),
            ({"phone": "1" * 41}, "“Telephone” can be 40 characters long; it is 41."),
            ({"invoice_address": "x" * 501}, "“Address of the invoice” can be 500 characters long; it is 501."),
            ({"invitation_code": "x" * 101}, "“Invitation code” can be 100 characters long; it is 101."),
            ({"dietary": "x" * 301}, "“Food” can be 300 characters long; it is 301."),
        ],
        ids=str,
    )  # fmt: skip
    def test_what_does_not_fit_is_refused_in_words_that_name_it(self, day, given, said):
        response = call(signed_in(*TEAM, "change_access_needs"), day, **given)
        assert response.status_code == 422 and not Registration.objects.exists()
        page = words(response)
        assert "Nobody is registered yet: see below what is in the way." in page and said in page
        for django_s_own in ("This field", "Ensure this value", "Enter a valid"):
            assert django_s_own not in page

    @pytest.mark.parametrize("first", [True, False])
    def test_a_null_byte_loses_nothing_that_was_typed(self, team, day, first):
        """The page that keeps it has one button: it sends the same without that character, for the same event."""
        other = day if first else a_busy_day(title="Another")
        address = f"{ADD}?event={other.event.pk}"
        response = call(team, other, address, name="An\0na", phone="020 7946 0000", **place(other.a1))
        assert response.status_code == 400 and not Registration.objects.exists()
        page = read(response)
        assert "Sending them again registers this person." in page.main
        assert "Full name Anna Phone number 020 7946 0000" in page.main
        [form] = [each for each in page.all(".//form") if each.get("method") == "post"]
        sent = {each.get("name"): each.get("value") for each in form.iter("input")}
        team.post(form.get("action"), sent)
        assert (only().name, only().event, state(only())) == ("Anna", other.event, "confirmed 1A")

    def test_a_form_that_was_open_too_long_loses_nothing_either(self, team, day):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = team.cookies
        response = call(strict, day, name="Anna")
        assert response.status_code == 403 and hidden(read(response), "name") == "Anna"
        assert "Please send this once more" in words(response)

    @pytest.mark.parametrize("sent", ["banana", "-1", "9" * 30, "other", "draft", "\u0660"])
    def test_a_workshop_that_is_not_offered_is_refused(self, team, day, sent):
        other = a_busy_day(title="Another")
        edit(day.b1, status=Status.DRAFT)
        key = {"other": other.a1.pk, "draft": day.b1.pk}.get(sent, sent)
        response = call(team, day, address=f"{ADD}?event={day.event.pk}", **{f"series-{day.series1.pk}": key})
        assert response.status_code == 422 and not Registration.objects.exists()
        assert "Choose one of the workshops of this series." in words(response)

    def test_two_workshops_at_the_same_time_are_refused(self, team, day):
        edit(day.a2, starts=day.a1.starts, ends=day.a1.ends)
        response = call(team, day, **place(day.a1), **place(day.a2))
        assert response.status_code == 422 and "are at the same time" in words(response)

    def test_markup_is_kept_as_letters(self, team, day):
        response = call(team, day, name='<script>alert("x")</script>', email="no")
        assert b"<script>alert" not in response.content
        assert form_of(response)["name"] == '<script>alert("x")</script>'

    @pytest.mark.parametrize("status", [Status.CANCELLED, Status.DRAFT])
    def test_an_event_that_does_not_take_place_says_so(self, team, day, status):
        edit(day.event, status=status)
        address = f"{ADD}?event={day.event.pk}"
        assert "cancelled" in words(team.get(address)) or "Nobody can register" in words(team.get(address))
        assert call(team, day, address).status_code == 422

    def test_who_is_registered_already_is_named_by_reference(self, team, day):
        anna = register(day, "Anna")
        response = call(team, day, email=anna.email)
        assert response.status_code == 422
        assert f"Somebody of this name and address is registered already: {anna}." in words(response)

    def test_a_namesake_without_address_is_pointed_out(self, team, day):
        anna = register(day, "Ánna")
        call(team, day)
        latest = Registration.objects.exclude(pk=anna.pk).get()
        assert f"Others of this name are registered too: {anna}." in words(team.get(of(latest)))


class TestOnce:
    def test_sending_twice_makes_one_registration(self, team, day):
        data = form_of(team.get(ADD)) | {"name": "Anna", "ticket_type": day.ticket.pk}
        first, second = team.post(ADD, data), team.post(ADD, data | {"name": "Anna with a change"})
        assert first["Location"] == second["Location"] == of(only())
        assert f"This form was sent before: {only()}" in words(team.get(of(only())))
        assert only().name == "Anna"

    def test_two_pages_make_two_registrations(self, team, day):
        call(team, day), call(team, day, name="Ben")
        assert Registration.objects.count() == 2

    def test_a_page_corrected_after_a_refusal_is_still_one(self, team, day):
        refused = form_of(call(team, day, name=""))
        again = refused | {"name": "Anna"}
        team.post(ADD, again), team.post(ADD, again)
        assert only().name == "Anna"

    @pytest.mark.parametrize("word", ["", "banana", "e30:1abc:xyz"])
    def test_a_damaged_page_is_refused_and_keeps_everything(self, team, day, word):
        response = call(team, day, page=word)
        assert response.status_code == 422 and form_of(response)["name"] == "Anna"
        team.post(ADD, form_of(response))
        assert only().name == "Anna"

    def test_a_page_of_another_event_is_refused(self, team, day):
        other = a_busy_day(title="Another")
        data = form_of(team.get(f"{ADD}?event={other.event.pk}")) | {"name": "Anna", "ticket_type": day.ticket.pk}
        assert team.post(f"{ADD}?event={day.event.pk}", data).status_code == 422


class TestPrice:
    def shown(self, team, ago):
        """A page as it was made so many minutes ago."""
        data = form_of(team.get(ADD))
        carried = signing.loads(data["page"], salt="registrations.admin.telephone")
        for quote in carried["quotes"].values():
            quote[1] = (timezone.now() - ago * MINUTE).isoformat()
        return data | {"page": signing.dumps(carried, salt="registrations.admin.telephone"), "name": "Anna"}

    def test_the_price_that_was_read_out_is_the_price_owed_for_half_an_hour(self, team, day):
        data = self.shown(team, 29) | {"ticket_type": day.paid.pk, "invoice_payer": "The Long Table"}
        TicketType.objects.filter(pk=day.paid.pk).update(price=6000)
        team.post(ADD, data)
        assert only().price_agreed == 5000

    def test_after_that_it_is_asked_again(self, team, day):
        data = self.shown(team, 31) | {"ticket_type": day.paid.pk, "invoice_payer": "The Long Table"}
        TicketType.objects.filter(pk=day.paid.pk).update(price=6000)
        response = team.post(ADD, data)
        assert response.status_code == 422 and "was £50 and is £60 now" in words(response)
        team.post(ADD, form_of(response))
        assert only().price_agreed == 6000

    def test_half_an_hour_is_the_sites_own(self):
        assert datetime.timedelta(minutes=30) == prices.HOLDS


class TestNeeds:
    def test_who_may_not_see_them_is_not_asked_for_them(self, team, day):
        assert "dietary" not in form_of(team.get(ADD))
        call(team, day, dietary="kosher")
        assert not AccessNeeds.objects.exists()

    def test_who_may_takes_them_down_under_their_own_name(self, day):
        team = signed_in(*TEAM, "change_access_needs", name="mia")
        call(team, day, bsl="on", dietary="kosher")
        assert (only().access_needs.bsl, only().access_needs.dietary) == (True, "kosher")
        assert [(each.user.username, each.action) for each in AccessNeedsLog.objects.all()] == [("mia", "given")]


class TestWhichEvent:
    def test_the_next_one_is_offered_and_the_others_are_one_link_away(self, team, day):
        later = make_event("Later day", starts=day.event.starts + 9 * MINUTE, ends=day.event.ends + 9 * MINUTE)
        make_event("Draft day", status=Status.DRAFT)
        page = words(team.get(ADD))
        assert "Another event: Later day" in page and "Draft day" not in page
        assert "Later day" in words(team.get(f"{ADD}?event={later.pk}"))

    @pytest.mark.parametrize("key", ["banana", "999999", "-1", ""])
    def test_no_event_is_no_error(self, team, day, key):
        assert team.get(f"{ADD}?event={key}").status_code == 200

    def test_a_listing_and_no_event_at_all_say_so(self, team, day):
        listing = make_listing()
        assert "There is no event of ours" in words(team.get(f"{ADD}?event={listing.pk}"))
        Registration.objects.all().delete()
        Event.objects.update(status=Status.DRAFT)
        assert "There is no event of ours" in words(team.get(ADD))


class TestLetter:
    def test_it_says_what_somebody_without_e_mail_needs_to_know(self, team, day):
        register(day, "Ben", take=[day.a1])
        call(team, day, name="Zoë Ní Bhriain", **place(day.b1), **wait(day.a1))
        zoe = Registration.objects.get(name="Zoë Ní Bhriain")
        text = words(team.get(of(zoe, "letter")))
        for said in (
            "Dear Zoë Ní Bhriain", zoe.reference, "You have a place at Annual conference", "1B: Workshop 1B",
            "Wednesday 16 June 2027, 9am to 5pm", "On the waiting list: you are 1st in line.", "020 7946 0958",
        ):  # fmt: skip
            assert said in text, said

    def test_each_series_in_which_nothing_is_chosen_is_named(self, team, day):
        edit(day.a2, title=""), edit(day.b2, title="")
        text = words(team.get(of(register(day, "Anna"), "letter")))
        assert "Workshop series 1, 11am: nothing chosen yet." in text
        assert "Workshop series 2, 1pm: its workshops will be announced, and you can choose then." in text
        assert "To choose or change your workshops" in text
        assert "Your workshops None." in words(team.get(of(register(a_busy_day(title="Bare", hours=())), "letter")))

    def test_what_is_to_pay_is_in_it_and_the_kind_of_ticket_is_not(self, team, day):
        text = words(team.get(of(a_paying(day), "letter")))
        assert "£50. An invoice will go to The Long Table." in text and "Members" not in text

    def test_access_needs_are_not_in_it(self, day):
        team = signed_in(*TEAM, "view_access_needs", "change_access_needs")
        call(team, day, dietary="kosher", bsl="on")
        text = words(team.get(of(only(), "letter")))
        assert "kosher" not in text and "BSL" not in text

    def test_who_waits_and_who_cancelled_get_another(self, team, day):
        edit(day.event, capacity=1)
        call(team, day), call(team, day, name="Ben")
        ben = Registration.objects.get(name="Ben")
        assert "The event is full. You are 1st in line." in words(team.get(of(ben, "letter")))
        team.post(of(ben, "cancel"), {"confirmed": "yes"})
        assert "is cancelled" in words(team.get(of(ben, "letter")))

    def test_there_is_none_of_nobody(self, team, day):
        assert team.get("/admin/registrations/registration/999999/letter/").status_code == 404
