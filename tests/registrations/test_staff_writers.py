"""What staff do to a registration, through the public functions: payments, corrections, resending, needs."""

import pytest

from registrations import booking, needs, rules
from registrations.answering.answers import Needs, Payer
from registrations.messages import resending
from registrations.models import AccessNeeds, AccessNeedsLog, Invoice, InvoiceState, Message, Registration, TicketType
from registrations.my_day import corrections
from registrations.problems import Refused
from registrations.tickets import invoices, owing, payers, ticket_types
from tests.registrations.builders import MINUTE, NOW, make_day, make_ticket_type, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(db):
    day = make_day()
    day.paid = make_ticket_type(day.event, "Members", 5000)
    return day


@pytest.fixture
def paying(day):
    return register(day, "Anna", ticket=day.paid, payer=Payer("The Long Table"))


@pytest.fixture
def user(django_user_model):
    return django_user_model.objects.create_user("ruth")


def invoice_of(registration):
    return Invoice.objects.get(registrations=registration)


class TestPayments:
    def test_to_be_invoiced_invoiced_paid(self, paying):
        assert owing.words(paying) == "£50, to be invoiced"
        invoices.mark_invoiced(invoice_of(paying), NOW)
        assert owing.words(Registration.objects.get()) == "£50, invoiced"
        invoices.confirm_payment(invoice_of(paying), 5000, NOW)
        assert owing.words(Registration.objects.get()) == "£50, paid"

    def test_a_payment_confirmed_by_mistake_is_taken_back(self, paying):
        invoices.confirm_payment(invoice_of(paying), 5000, NOW)
        invoices.take_payment_back(invoice_of(paying), NOW)
        assert invoice_of(paying).state == InvoiceState.INVOICED
        assert [each.state for each in Invoice.history.order_by("pk")] == ["to_invoice", "paid", "invoiced"]

    def test_a_paid_place_that_is_given_back_is_refunded(self, paying):
        invoices.confirm_payment(invoice_of(paying), 5000, NOW)
        booking.cancel(paying, NOW)
        assert owing.words(Registration.objects.get()) == "Invoice to be refunded"
        invoices.confirm_refund(invoice_of(paying), 5000, NOW)
        assert owing.words(Registration.objects.get()) == "Invoice refunded"

    def test_what_does_not_follow_is_refused(self, paying):
        invoices.confirm_payment(invoice_of(paying), 5000, NOW)
        for step in (invoices.mark_invoiced, lambda invoice, now: invoices.confirm_refund(invoice, 5000, now)):
            with pytest.raises(Refused, match="is “Paid”, so it cannot become"):
                step(invoice_of(paying), NOW)
        with pytest.raises(Refused):
            invoices.confirm_payment(invoice_of(paying), 5000, NOW)

    def test_a_payment_of_another_amount_than_is_owed_now_is_refused(self, day, paying):
        register(day, "Ben", ticket=day.paid, invoice=invoice_of(paying))
        with pytest.raises(Refused, match=r"£100 is owed on Invoice .* by now, and not £50"):
            invoices.confirm_payment(invoice_of(paying), 5000, NOW)
        assert invoice_of(paying).state == InvoiceState.TO_INVOICE

    def test_who_pays_is_corrected_without_touching_the_state(self, paying):
        stale = invoice_of(paying)
        invoices.confirm_payment(invoice_of(paying), 5000, NOW)
        payers.correct(stale, {"payer": "Somebody else", "state": "refunded"}, NOW)
        assert (invoice_of(paying).payer, invoice_of(paying).state) == ("Somebody else", InvoiceState.PAID)

    @pytest.mark.parametrize("kind", owing.KINDS)
    def test_what_is_looked_for_is_what_is_said(self, day, paying, kind):
        gone = register(day, "Ben", ticket=day.paid, payer=Payer("The Long Table"))
        register(day, "Free")
        invoices.confirm_payment(invoice_of(gone), 5000, NOW)
        booking.cancel(gone, NOW)
        said = {
            "open": "£50, to be invoiced", "to_invoice": "£50, to be invoiced", "refund": "Invoice to be refunded",
        }  # fmt: skip
        found = {owing.words(each) for each in Registration.objects.filter(owing.KINDS[kind][1])}
        expected = {"nothing": {"Nothing", "Invoice to be refunded"}, "invoiced": set(), "paid": set()}
        assert found == expected.get(kind, {said.get(kind)})


class TestCorrecting:
    def test_another_name_is_found_and_another_address_ends_the_old_links(self, paying):
        corrections.correct(paying, {"name": " Zoë Ní Bhriain ", "email": "zoe@example.org"}, NOW)
        stored = Registration.objects.get()
        assert (stored.name, stored.name_key, stored.email_key) == (
            "Zoë Ní Bhriain", "zoe ni bhriain", "zoe@example.org",
        )  # fmt: skip
        assert stored.link_number == 2

    def test_the_same_address_in_other_letters_keeps_the_links(self, paying):
        corrections.correct(paying, {"email": paying.email.upper()}, NOW)
        assert Registration.objects.get().link_number == 1

    def test_nothing_else_can_be_changed_so(self, paying):
        corrections.correct(paying, {"status": "cancelled", "price_agreed": 0, "phone": "1"}, NOW)
        stored = Registration.objects.get()
        assert (stored.status, stored.price_agreed, stored.phone) == ("confirmed", 5000, "1")

    def test_nobody_becomes_somebody_who_is_registered(self, day, paying):
        other = register(day, "Ben")
        with pytest.raises(Refused, match=f"registered already: {paying}") as refused:
            corrections.correct(other, {"name": "ANNA", "email": paying.email}, NOW)
        assert refused.value.problems[0].field == "email"
        booking.cancel(paying, NOW)
        assert corrections.correct(other, {"name": "ANNA", "email": paying.email}, NOW).name == "ANNA"


class TestResending:
    def kinds(self):
        return list(Message.objects.values_list("kind", flat=True))

    def test_what_is_true_now_is_sent_once_more(self, paying):
        Message.objects.update(state="sent", sent_at=NOW)
        resending.resend(paying, NOW + MINUTE)
        assert self.kinds() == ["confirmed", "confirmed"]
        assert len(set(Message.objects.values_list("message_id", flat=True))) == 2

    def test_who_cancelled_is_told_that(self, paying):
        booking.cancel(paying, NOW)
        Message.objects.update(state="failed")
        resending.resend(paying, NOW + MINUTE)
        assert self.kinds() == ["confirmed", "cancelled", "cancelled"]

    def test_a_message_that_is_about_to_be_sent_is_not_queued_twice(self, paying):
        with pytest.raises(Refused, match="is about to be sent already"):
            resending.resend(paying, NOW)
        assert self.kinds() == ["confirmed"]

    def test_a_corrected_address_gets_it_by_itself_although_the_old_one_is_still_tried(self, paying):
        corrections.correct(paying, {"email": "right@example.org"}, NOW)
        told = list(Message.objects.order_by("pk").values_list("kind", "recipient"))[1:]
        assert told == [("confirmed", "right@example.org"), ("address_changed", paying.email)]
        with pytest.raises(Refused, match="about to be sent already"):
            resending.resend(paying, NOW)

    def test_nobody_without_an_address_is_sent_anything(self, day):
        with pytest.raises(Refused, match="no e-mail address"):
            resending.resend(register(day, email="", by_staff=True), NOW)


class TestNeeds:
    def log(self):
        return list(AccessNeedsLog.objects.values_list("user__username", "action"))

    def test_each_view_is_logged(self, day, user):
        somebody = register(day, needs=Needs(bsl=True, other="A chair"))
        assert needs.see(somebody, user, NOW) == Needs(bsl=True, other="A chair")
        assert self.log() == [(None, "given"), ("ruth", "seen")]

    def test_where_there_is_nothing_nothing_is_logged(self, paying, user):
        assert needs.see(paying, user, NOW) == Needs()
        assert self.log() == []

    def test_giving_changing_and_deleting_are_told_apart(self, paying, user):
        for given in (Needs(bsl=True), Needs(dietary=" vegan "), Needs(), Needs()):
            needs.change(paying, given, user, NOW)
        assert [action for _, action in self.log()] == ["given", "changed", "deleted"]
        assert not AccessNeeds.objects.exists()


def test_a_ticket_that_somebody_has_cannot_be_deleted(day, paying):
    with pytest.raises(Refused, match="is the ticket of 1 registration"):
        ticket_types.delete(day.paid)
    ticket_types.delete(day.ticket)
    assert list(TicketType.objects.all()) == [day.paid]


class TestCodes:
    @pytest.mark.parametrize("code", ["---", " . ", "—"])
    def test_one_that_says_nothing_is_refused(self, day, code):
        with pytest.raises(Refused, match="needs letters or digits"):
            make_ticket_type(day.event, "Guests", invitation_code=code)

    @pytest.mark.parametrize("given", ["", "---", "x"])
    def test_one_that_says_nothing_lets_nobody_in_all_the_same(self, given):
        assert not rules.code_fits("---", given)
        assert rules.code_fits("", given) and rules.code_fits("Loom-10", "l00m l0")

    def test_two_of_one_event_do_not_sound_alike(self, day):
        first = make_ticket_type(day.event, "Guests", invitation_code="O0-IL")
        with pytest.raises(Refused, match="“Guests” has the code O0-IL, which reads the same"):
            make_ticket_type(day.event, "Friends", invitation_code="o0 1l")
        first.name = "Our guests"
        ticket_types.save(first, NOW)  # its own code is no other's
        make_ticket_type(make_day().event, "Elsewhere", invitation_code="O0-IL")


def test_marks_that_turn_text_round_reach_no_row_by_any_writer(day):
    turned = "\u202eDan\u202c Waits\u2066"
    mine = register(day, turned, organisation=turned, phone="020\u202e 7946")
    assert (mine.name, mine.organisation, mine.phone) == ("Dan Waits", "Dan Waits", "020 7946")
    assert corrections.correct(mine, {"name": turned}, NOW).name == "Dan Waits"
