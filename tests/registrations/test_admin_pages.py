"""A registration, an invoice and a ticket type in the admin: corrected and acted on, never with a status typed."""

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from events.models import Event
from registrations import booking
from registrations.answering.answers import Needs
from registrations.models import Invoice, Message, Places, Registration, TicketType
from registrations.tickets import invoices
from tests.admin_pages import add, form_of, listed, of, post, words
from tests.builders import make_event
from tests.registrations.builders import NOW, make_ticket_type, register, state
from tests.registrations.staff import TEAM, a_paying, a_superuser, signed_in

pytestmark = pytest.mark.usefixtures("undone")


@pytest.fixture
def day(busy_day):
    return busy_day


@pytest.fixture
def admin_client(undone):
    return a_superuser()


@pytest.fixture
def team(day):
    return signed_in(*TEAM)


def stored(row):
    return type(row).objects.get(pk=row.pk)


def do(client, row, deed):
    """Press a button, and confirm on its page what it will do."""
    address = of(row, deed)
    return client.post(address, form_of(client.get(address)), follow=True)


def choose(client, action, *rows, confirm=True):
    """Choose rows in their list and an action, and confirm it."""
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    asked = client.post(listed(type(rows[0])), data)
    if not confirm or asked.status_code != 200:
        return asked
    seen = {name: value for name, value in form_of(asked).items() if name.startswith("seen-")}
    return client.post(listed(type(rows[0])), data | seen | {"confirmed": "yes"}, follow=True)


class TestCorrecting:
    def test_a_name_and_an_address_are_corrected_and_found(self, team, day):
        somebody = register(day, "Ana", take=[day.a1])
        assert post(team, of(somebody), name="Anna Ní Bhriain", email="anna@example.net").status_code == 302
        assert (stored(somebody).name_key, stored(somebody).link_number) == ("anna ni bhriain", 2)
        assert state(somebody) == "confirmed 1A"

    def test_what_was_not_touched_is_not_written(self, team, day):
        somebody = register(day, "Anna")
        data = form_of(team.get(of(somebody)))
        Registration.objects.update(phone="020 7946 0000")
        team.post(of(somebody), data | {"organisation": "Hall House"})
        assert (stored(somebody).phone, stored(somebody).organisation) == ("020 7946 0000", "Hall House")

    def test_another_persons_name_and_address_is_refused_beside_the_field(self, team, day):
        anna, ben = register(day, "Anna"), register(day, "Ben")
        response = post(team, of(ben), name="Anna", email=anna.email)
        assert response.status_code == 422
        assert f"Somebody of this name and address is registered already: {anna}." in words(response)
        assert form_of(response)["name"] == "Anna" and stored(ben).name == "Ben"

    @pytest.mark.parametrize("field", ["status", "price_agreed", "ticket_type", "waiting_since", "event", "reference"])
    def test_what_was_booked_is_not_typed(self, team, day, field):
        somebody = a_paying(day)
        team.post(of(somebody), form_of(team.get(of(somebody))) | {field: "cancelled", "phone": "1"})
        before = {name: getattr(somebody, name) for name in (field, "status")}
        assert {name: getattr(stored(somebody), name) for name in before} == before
        assert field not in form_of(team.get(of(somebody)))

    def test_a_page_says_where_somebody_stands(self, team, day):
        register(day, "Anna", take=[day.a1])
        somebody = a_paying(day, "Ben", take=[day.b1], wait=[day.a1], needs=Needs(dietary="kosher"))
        text = words(team.get(of(somebody)))
        assert "11am to midday: 1A: Workshop 1A – on the waiting list, 1st" in text
        assert "11am to midday: 1B: Workshop 1B" in text and "Members, £50" in text
        assert "Your place is confirmed, to ben@example.org – to be sent" in text
        assert "Needs were given" in text and "kosher" not in text

    def test_the_history_says_who_and_when_and_never_what_was_typed(self, team, day):
        somebody = register(day, "Anna", needs=Needs(dietary="kosher"), now=timezone.now())
        post(team, of(somebody), name="Bertha", phone="020 7946 0001")
        do(team, somebody, "cancel")
        text = words(team.get(of(somebody, "history")))
        assert "ruth Changed" in text and "Confirmed → Cancelled" in text, text
        for hidden in ("Bertha", "Anna", "7946", "kosher"):
            assert hidden not in text
        assert not LogEntry.objects.filter(change_message__contains="Bertha").exists()
        assert set(LogEntry.objects.values_list("object_repr", flat=True)) == {somebody.reference}

    def test_an_older_version_is_not_made_so_again(self, admin_client, day):
        somebody = register(day, "Anna")
        booking.cancel(somebody, NOW)
        version = of(somebody, "simple_history", somebody.history.earliest().pk)
        assert "Make it so again" not in words(admin_client.get(version))
        assert admin_client.post(version, {"name": "Anna"}).status_code == 403
        assert stored(somebody).status == "cancelled"

    def test_nothing_of_a_booking_is_deleted(self, admin_client, day):
        somebody = a_paying(day, take=[day.a1])
        for row in (somebody, somebody.invoice, somebody.choices.get(), somebody.messages.get()):
            assert admin_client.post(of(row, "delete"), {"post": "yes"}).status_code == 403
        response = choose(admin_client, "delete_selected", somebody, confirm=False)
        assert response.status_code in (200, 302) and Registration.objects.exists()


class TestCancelling:
    def test_the_page_says_what_will_happen_and_the_place_goes_to_the_next(self, team, day):
        anna = a_paying(day, take=[day.a1])
        ben = register(day, "Ben", wait=[day.a1])
        invoices.confirm_payment(anna.invoice, 5000, NOW)
        text = words(team.get(of(anna, "cancel")))
        assert "the place at the event and the place in “1A: Workshop 1A” become free" in text
        assert "is paid. It becomes “To be refunded”." in text and "goes to anna@example.org" in text
        assert state(anna) == "confirmed 1A"
        assert f"{anna} is cancelled." in words(do(team, anna, "cancel"))
        assert (state(anna), state(ben)) == ("cancelled", "confirmed 1A")
        assert stored(anna.invoice).state == "to_refund"
        assert Registration.history.filter(status="cancelled").get().history_user.username == "ruth"

    def test_to_look_changes_nothing_and_twice_is_once(self, team, day):
        anna = register(day, "Anna")
        team.get(of(anna, "cancel"))
        assert state(anna) == "confirmed"
        do(team, anna, "cancel"), do(team, anna, "cancel")
        assert Message.objects.filter(kind="cancelled").count() == 1
        assert "Nothing will happen" in words(team.get(of(anna, "cancel")))

    def test_who_has_no_address_has_to_be_told(self, team, day):
        anna = register(day, "Anna", email="", by_staff=True)
        assert "nobody is told unless you tell them" in words(team.get(of(anna, "cancel")))

    def test_several_are_cancelled_after_one_question(self, team, day):
        people = [register(day, name) for name in ("Anna", "Ben", "Cas")]
        assert Registration.objects.confirmed().count() == 3
        asked = choose(team, "cancel", *people[:2], confirm=False)
        assert Registration.objects.confirmed().count() == 3 and "Anna" in words(asked)
        choose(team, "cancel", *people[:2])
        assert [state(each) for each in people] == ["cancelled", "cancelled", "confirmed"]

    def test_too_many_at_once_are_refused_with_a_sentence(self, team, day, monkeypatch):
        from registrations.admin import doing

        monkeypatch.setattr(doing, "MOST", 1)
        people = [register(day, name) for name in ("Anna", "Ben")]
        response = choose(team, "cancel", *people)
        assert response.status_code == 302 and Registration.objects.confirmed().count() == 2


class TestSendingAgain:
    def test_it_is_queued_to_the_present_address(self, team, day):
        anna = register(day, "Anna", now=timezone.now())
        Message.objects.update(state="failed", problem="550 no such user")
        post(team, of(anna), email="right@example.org")  # which goes there by itself
        Message.objects.filter(kind="confirmed").update(state="failed", problem="550 no such user")
        assert "on its way to right@example.org" in words(do(team, anna, "resend"))
        assert list(Message.objects.filter(kind="confirmed").values_list("recipient", "state")) == [
            ("anna@example.org", "failed"), ("right@example.org", "failed"), ("right@example.org", "queued"),
        ]  # fmt: skip

    def test_pressing_twice_sends_once_more_and_says_so(self, team, day):
        anna = register(day, "Anna")
        assert "is about to be sent already" in words(do(team, anna, "resend"))
        assert Message.objects.count() == 1

    def test_why_it_failed_is_said_on_the_page_and_in_the_list(self, team, day):
        anna = register(day, "Anna")
        Message.objects.update(state="failed", problem="550 no <such> user")
        for address in (of(anna), listed(Message), f"{listed(Message)}?state__exact=failed", of(anna.messages.get())):
            assert "550 no <such> user" in words(team.get(address)), address
            assert b"<such>" not in team.get(address).content

    def test_a_message_is_read_as_text_and_never_as_markup(self, team, day):
        anna = register(day, "Anna")
        Message.objects.update(subject="Your place", text="Dear <script>alert(1)</script>")
        page = team.get(of(anna.messages.get()))
        assert "Your place Dear <script>alert(1)</script>" in words(page)
        assert b"<script>alert" not in page.content


class TestPayments:
    def test_the_page_says_who_and_how_much_and_it_is_paid(self, team, day):
        anna = a_paying(day)
        a_paying(day, "Ben", invoice=anna.invoice)
        text = words(team.get(of(anna.invoice, "confirm_payment")))
        assert "The Long Table: £100 for" in text and "(Anna, £50, to be invoiced)" in text
        assert "£100 is paid" in words(do(team, anna.invoice, "confirm_payment"))
        assert stored(anna.invoice).state == "paid"

    def test_another_amount_than_was_seen_is_refused(self, team, day):
        anna = a_paying(day)
        data = form_of(team.get(of(anna.invoice, "confirm_payment")))
        a_paying(day, "Ben", invoice=anna.invoice)
        response = team.post(of(anna.invoice, "confirm_payment"), data, follow=True)
        assert "£100 is owed on" in words(response) and stored(anna.invoice).state == "to_invoice"

    @pytest.mark.parametrize("seen", ["", "banana", "-5000", "5000.0", "9" * 40, "５０００"])
    def test_a_forged_amount_is_refused(self, team, day, seen):
        anna = a_paying(day)
        data = {f"seen-{anna.invoice_id}": seen, "confirmed": "yes"}
        assert team.post(of(anna.invoice, "confirm_payment"), data).status_code == 302
        assert stored(anna.invoice).state == "to_invoice"

    def test_each_step_has_its_button_only_when_it_fits(self, team, day):
        invoice = a_paying(day).invoice
        assert "Mark as invoiced" in words(team.get(of(invoice)))
        do(team, invoice, "mark_invoiced")
        do(team, invoice, "confirm_payment")
        text = words(team.get(of(invoice)))
        assert "Not paid after all" in text and "Mark as invoiced" not in text
        do(team, invoice, "take_payment_back")
        assert stored(invoice).state == "invoiced"
        assert "cannot become" in words(do(team, invoice, "confirm_refund"))

    def test_payments_of_chosen_registrations_are_confirmed_once_for_each_invoice(self, team, day):
        anna = a_paying(day)
        ben = a_paying(day, "Ben", invoice=anna.invoice)
        free = register(day, "Free")
        page = words(choose(team, "confirm_payment", anna, ben, free))
        assert page.count("£100 is paid") == 1 and stored(anna.invoice).state == "paid"

    def test_who_pays_is_corrected_and_the_state_stays(self, team, day):
        invoice = a_paying(day).invoice
        assert post(team, of(invoice), purchase_order="PO 17", state="paid").status_code == 302
        assert (stored(invoice).purchase_order, stored(invoice).state) == ("PO 17", "to_invoice")
        assert post(team, of(invoice), email="no address").status_code == 422
        assert "PO 17" not in words(team.get(of(invoice, "history")))


class TestTicketTypes:
    @pytest.mark.parametrize(
        ("typed", "pence"),
        [
            ("50", 5000),
            ("49.50", 4950),
            (" £1,250.00 ", 125000),
            ("0", 0),
            ("£ 7", 700),
            ("1,000", 100000),
            ("40.5", 4050),
        ],
    )
    def test_a_price_is_typed_in_pounds_and_kept_in_pence(self, admin_client, day, typed, pence):
        assert post(admin_client, add(TicketType), event=day.event.pk, name="New", price=typed).status_code == 302
        assert TicketType.objects.get(name="New").price == pence
        assert Places.objects.filter(ticket_type__name="New").exists()

    @pytest.mark.parametrize("typed", ["", "free", "-1", "49.", "49,50", "1e3", "９", "100000", "1.234", "5000p", "∞"])
    def test_anything_else_is_refused_and_kept(self, admin_client, day, typed):
        response = post(admin_client, add(TicketType), event=day.event.pk, name="New", price=typed)
        assert response.status_code == 422 and form_of(response)["price"] == typed
        assert not TicketType.objects.filter(name="New").exists()

    def test_what_is_there_is_shown_in_pounds_and_pence(self, admin_client, day):
        assert form_of(admin_client.get(of(day.paid)))["price"] == "50.00"
        post(admin_client, of(day.paid), audience="Members")
        assert stored(day.paid).price == 5000

    def test_a_capacity_below_what_is_taken_is_refused_beside_it(self, admin_client, day):
        a_paying(day), a_paying(day, "Ben")
        response = post(admin_client, of(day.paid), capacity="1")
        assert response.status_code == 422
        assert "2 of these tickets are taken, so there cannot be 1." in words(response)
        assert stored(day.paid).capacity is None

    def test_a_new_price_leaves_what_was_agreed(self, admin_client, day):
        anna = a_paying(day)
        post(admin_client, of(day.paid), price="60")
        assert (stored(day.paid).price, stored(anna).price_agreed) == (6000, 5000)

    def test_times_are_those_of_the_events_place(self, admin_client, day):
        Event.objects.filter(pk=day.event.pk).update(time_zone="Europe/Lisbon")
        post(admin_client, of(day.paid), available_until="2027-06-01T12:00")
        assert stored(day.paid).available_until.isoformat() == "2027-06-01T11:00:00+00:00"

    def test_a_name_twice_in_an_event_is_refused(self, admin_client, day):
        response = post(admin_client, add(TicketType), event=day.event.pk, name="Members", price="1")
        assert response.status_code == 422 and "already has a ticket of that name" in words(response)

    @pytest.mark.parametrize("code", ["---", " – ", "…", "(-)"])
    def test_a_code_without_letters_or_digits_is_refused(self, admin_client, day, code):
        response = post(admin_client, of(day.paid), invitation_code=code)
        [sentence] = response.context_data["adminform"].form.errors["invitation_code"]
        assert response.status_code == 422 and sentence.startswith("A code needs letters or digits")
        assert stored(day.paid).invitation_code == ""

    def test_so_is_one_that_reads_like_that_of_another_ticket(self, admin_client, day):
        make_ticket_type(day.event, "Invited", invitation_code="o0-1l")
        make_ticket_type(make_event("Elsewhere"), "Invited", invitation_code="SPEAK")
        response = post(admin_client, of(day.paid), invitation_code="O0 IL")
        assert response.status_code == 422 and "“Invited” has the code o0-1l, which reads the same" in words(response)
        assert post(admin_client, of(day.paid), invitation_code="Speak").status_code == 302
        assert post(admin_client, of(day.paid), invitation_code="SPEAK!").status_code == 302

    def test_it_is_deleted_only_while_nobody_has_it(self, admin_client, day):
        a_paying(day)
        unused = make_ticket_type(day.event, "Unused")
        admin_client.post(of(unused, "delete"), {"post": "yes"})
        admin_client.post(of(day.paid, "delete"), {"post": "yes"})
        assert set(TicketType.objects.values_list("name", flat=True)) == {"Ticket", "Members"}

    def test_the_list_says_how_many_are_taken(self, admin_client, day):
        a_paying(day)
        make_ticket_type(day.event, "Few", 4950, capacity=3)
        text = words(admin_client.get(listed(TicketType)))
        assert "Members Annual conference £50 While booking is open 1" in text
        assert "Few Annual conference £49.50 While booking is open 0 of 3" in text

    def test_only_events_of_ours_have_tickets(self, admin_client, day):
        make_event("A neighbour’s", is_listing=True, starts=None, ends=None, sorts_at=day.event.starts)
        assert "A neighbour’s" not in words(admin_client.get(add(TicketType)))


def test_the_steps_of_an_invoice_are_in_its_history_with_who_did_them(team, day):
    invoice = a_paying(day, now=timezone.now()).invoice
    do(team, invoice, "confirm_payment")
    assert "ruth" in words(team.get(of(invoice, "history")))
    assert Invoice.history.latest().history_user.username == "ruth"


def test_all_links_are_ended_by_a_button_that_says_so_before(team, day):
    anna = register(day, "Anna", now=timezone.now())
    asked = words(team.get(f"{of(anna).removesuffix('change/')}end_links/"))
    assert "every link that was sent stops working" in asked and "anna@example.org" in asked
    assert "no longer work" in words(do(team, anna, "end_links"))
    assert Registration.objects.get(pk=anna.pk).link_number == anna.link_number + 1
