"""Erasing: nothing is left of who it was, anywhere; the place goes on; what the law asks of invoices is kept apart."""

import datetime
import uuid

import pytest
from django.core import mail

from registrations import booking, invariants, needs, waiting_list
from registrations.answering.answers import Needs
from registrations.data_rights import erasing, invoice_records
from registrations.messages import sending
from registrations.models import (
    AccessNeeds,
    Complaint,
    Draft,
    Invoice,
    InvoiceRecord,
    LinkRequest,
    Message,
    Places,
    Registration,
    WorkshopChoice,
)  # fmt: skip
from registrations.my_day import corrections
from registrations.problems import Refused
from registrations.tickets import invoices
from registrations.way_in import link_requests, links
from tests.events.two_people import outcome, two_writers, wait_until_blocked
from tests.registrations.builders import MINUTE, NOW, change, make_day, register, state
from tests.registrations.canaries import left_of
from tests.registrations.many_people import all_at_once
from tests.registrations.somebody import EMAIL, NEEDS, PAYER, a_day, whole

HOUR = datetime.timedelta(hours=1)
# Where the last message waits for the mail server, and where a complaint waits for its answer.
STILL_TOLD = {"registrations_message.recipient"}
STILL_ANSWERED = {"registrations_complaint.text"}


def holds():
    assert invariants.broken(NOW) == []


@pytest.mark.django_db
class TestErasing:
    @pytest.fixture
    def day(self):
        return a_day()

    def test_everything_was_there_before(self, day):
        mine = whole(day)
        there = {column.partition(".")[0] for column in left_of("canary")}
        assert there >= {
            f"registrations_{name}"
            for name in ("registration", "invoice", "accessneeds", "message", "draft", "draftaccess", "transfer",
                         "linkrequest", "complaint")
        } | {"django_admin_log"}  # fmt: skip
        assert left_of(mine.reference) >= {"registrations_historicalregistration.reference"}

    def test_nothing_is_left_but_the_last_message_and_the_complaint(self, day):
        mine = whole(day)
        key = str(mine.idempotency_key)
        mail.outbox.clear()
        erasing.erase(mine, NOW)
        assert left_of("canary", key) == STILL_TOLD | STILL_ANSWERED
        assert left_of(mine.reference) == {"registrations_message.facts"}
        sending.send_due(lambda: NOW + MINUTE)
        assert left_of("canary", key, mine.reference) == STILL_ANSWERED
        [told] = mail.outbox
        assert told.to == [EMAIL] and mine.reference in told.subject and "/my-day/" not in told.body
        holds()

    def test_what_stays_is_nobodys(self, day):
        left = erasing.erase(whole(day), NOW)
        assert (left.name, left.email, left.status, left.link_number) == ("Erased", "", "cancelled", 2)
        assert left.anonymised_at == NOW and not left.history.exists() and not left.choices.exists()
        assert not WorkshopChoice.history.filter(registration=left.pk).exists()
        assert not left.access_needs_log.exists() and not left.offers.exists() and not left.transfers.exists()
        assert Registration.objects.get(pk=left.pk).reference == left.reference
        assert Complaint.objects.get().registration is None

    def test_its_links_and_keys_open_nothing(self, day):
        mine = whole(day)
        token = links.my_day(mine).removesuffix("/").rpartition("/")[2]
        assert links.registration_of(token, NOW) == mine
        erasing.erase(mine, NOW)
        assert links.registration_of(token, NOW) is None
        assert link_requests.of_address(EMAIL, NOW) == []

    def test_its_places_go_to_the_next_in_line(self, day):
        day.event.refresh_from_db()
        holder = register(day, "Holder", wait=[day.a2])
        waits = register(day, "Waits", take=[day.b1], wait=[day.a1])
        erasing.erase(day.bea, NOW)
        assert state(waits) == "confirmed 1A" and state(holder) == "confirmed 2A"
        assert set(Message.objects.filter(kind="promoted").values_list("registration", flat=True)) == {
            holder.pk, waits.pk
        }  # fmt: skip
        holds()

    def test_somebody_who_waits_for_the_event_leaves_its_list(self):
        day = make_day(event_capacity=1)
        register(day, "First")
        second, third = register(day, "Second"), register(day, "Third")
        erasing.erase(second, NOW)
        assert state(second) == "cancelled" and state(third) == "waiting"
        holds()

    def test_erasing_twice_is_erasing_once(self, day):
        mine = whole(day)
        first = erasing.erase(mine, NOW)
        assert erasing.erase(mine, NOW + HOUR).anonymised_at == first.anonymised_at
        assert Message.objects.filter(kind="erased").count() == 1

    def test_others_keep_all_they_have(self, day):
        mine = whole(day)
        other = register(day, "Other Person", email=EMAIL, take=[day.b1], needs=NEEDS, payer=PAYER, ticket=day.paid)
        before = Message.objects.filter(registration=other).count(), other.history.count()
        erasing.erase(mine, NOW)
        other.refresh_from_db()
        assert (other.name, other.email, state(other)) == ("Other Person", EMAIL, "confirmed 1B")
        assert (Message.objects.filter(registration=other).count(), other.history.count()) == before
        assert AccessNeeds.objects.get().registration == other
        assert LinkRequest.objects.exists()  # of an address that is still somebody's

    def test_who_gave_no_address_is_told_nothing(self, day):
        mine = register(day, "Canary", email="", by_staff=True)
        erasing.erase(mine, NOW)
        assert left_of("canary") == set() and not Message.objects.filter(kind="erased").exists()

    def test_once_the_event_has_begun_the_place_stays_counted(self, day):
        mine = whole(day)
        taken = Places.objects.get(session=day.b1).taken
        left = erasing.erase(mine, day.event.starts + HOUR)
        assert state(left) == "confirmed 1B, 2B" and left.name == "Erased"
        assert Places.objects.get(session=day.b1).taken == taken
        assert not WorkshopChoice.objects.waiting().filter(registration=left).exists()
        assert not WorkshopChoice.history.filter(registration=left.pk).exists()
        assert left_of("canary") == STILL_TOLD | STILL_ANSWERED | {
            f"registrations_invoice.{name}" for name in ("payer", "address", "email", "purchase_order")
        }  # £50 are still owed
        assert invariants.broken(day.event.starts + HOUR) == []

    def test_the_draft_of_a_colleague_forgets_them(self, day):
        mine, other = whole(day), register(day, "Other")
        belongs = {"registration": other, "answers": {"with": str(mine.idempotency_key)}}
        Draft.objects.create(event=day.event, created_at=NOW, touched_at=NOW, **belongs)
        Draft.objects.create(event=day.event, created_at=NOW, touched_at=NOW, answers={"with": str(uuid.uuid4())})
        erasing.erase(mine, NOW)
        assert Draft.objects.count() == 1


@pytest.mark.django_db
class TestTheLastMessage:
    def test_one_that_cannot_be_delivered_is_gone(self, monkeypatch):
        from registrations.messages import post

        mine = whole(a_day())
        erasing.erase(mine, NOW)
        message = Message.objects.get(kind="erased")

        class Closed:
            def send(self, message):
                raise post.RefusedForGood("550 no such canary")

        sending.deliver(message, Closed(), lambda: NOW)
        assert not Message.objects.filter(kind="erased").exists()

    def test_one_that_is_put_off_is_sent_later(self):
        from registrations.messages import post

        erasing.erase(whole(a_day()), NOW)
        message = Message.objects.get(kind="erased")

        class Slow:
            def send(self, message):
                raise post.NotNow("450 later")

        sending.deliver(message, Slow(), lambda: NOW)
        message.refresh_from_db()
        assert (message.state, message.recipient) == ("queued", EMAIL) and message.text


@pytest.mark.django_db
class TestAfterwards:
    """A page that staff had open, or a writer with an old copy, puts nothing back."""

    @pytest.fixture
    def mine(self):
        mine = whole(a_day())
        erasing.erase(mine, NOW)
        return mine

    def test_nothing_is_corrected(self, mine):
        with pytest.raises(Refused, match="is erased"):
            corrections.correct(mine, {"name": "Canary"}, NOW)
        assert left_of("canary") == STILL_TOLD | STILL_ANSWERED

    def test_no_needs_are_stored(self, mine, django_user_model):
        needs.change(mine, Needs(other="canary"), django_user_model.objects.get(), NOW)
        assert not AccessNeeds.objects.exists()

    def test_no_workshops_are_chosen(self, mine):
        with pytest.raises(Refused):
            change(mine, take=[])

    def test_a_colleague_still_gets_an_invoice_to_the_payer_they_saw(self, mine):
        day = a_day(title="Other day")
        with_it = register(day, "Colleague", ticket=day.paid, invoice=Invoice(pk=999_999, payer="The Payer"))
        assert with_it.invoice.payer == "The Payer"


@pytest.mark.django_db
class TestInvoices:
    @pytest.fixture
    def day(self):
        return a_day()

    @pytest.fixture
    def mine(self, day):
        return register(day, "Canary", ticket=day.paid, payer=PAYER)

    def test_of_a_free_place_nothing_is_kept(self, day):
        erasing.erase(register(day, "Canary"), NOW)
        assert not InvoiceRecord.objects.exists() and not Invoice.objects.exists()

    def test_of_what_was_never_sent_nothing_is_kept(self, mine):
        erasing.erase(mine, NOW)
        assert not InvoiceRecord.objects.exists()
        assert not Invoice.objects.exists() and not Invoice.history.exists()

    def test_what_was_sent_is_kept_apart(self, mine):
        invoice = invoices.mark_invoiced(mine.invoice, NOW + HOUR)
        erasing.erase(mine, NOW + 2 * HOUR)
        record = InvoiceRecord.objects.get()
        assert (record.invoice_number, record.payer, record.amount) == (invoice.pk, "Canary Ltd", 5000)
        assert (record.made_at, record.delete_on) == (NOW, datetime.date(2034, 4, 1))
        assert record.event_title == "Annual conference" and record.state == "Nothing due"
        assert not Invoice.objects.exists() and not Invoice.history.exists()
        assert left_of("canary") == STILL_TOLD | {
            f"registrations_invoicerecord.{name}" for name in ("payer", "address", "email", "purchase_order")
        }

    def test_what_is_to_be_refunded_stays_until_it_is(self, mine):
        invoices.confirm_payment(mine.invoice, 5000, NOW)
        erasing.erase(mine, NOW)
        invoice = Invoice.objects.get()
        assert (invoice.state, InvoiceRecord.objects.count()) == ("to_refund", 0)
        assert invoice_records.events_with_any(NOW) == []
        invoices.confirm_refund(invoice, 5000, NOW + HOUR)
        assert invoice_records.events_with_any(NOW) == [mine.event_id]

    def test_one_that_a_colleague_is_on_stays_as_it_is(self, day, mine):
        other = register(day, "Other", ticket=day.paid, invoice=mine.invoice)
        assert other.invoice_id == mine.invoice_id
        invoices.mark_invoiced(mine.invoice, NOW)
        erasing.erase(mine, NOW)
        assert Invoice.objects.get().payer == "Canary Ltd" and not InvoiceRecord.objects.exists()
        erasing.erase(other, NOW)
        assert InvoiceRecord.objects.get().amount == 10000 and not Invoice.objects.exists()

    @pytest.mark.parametrize(
        ("day", "until"),
        [((2027, 3, 31), (2033, 4, 1)), ((2027, 4, 1), (2034, 4, 1)), ((2027, 12, 31), (2034, 4, 1))],
    )
    def test_six_years_begin_at_the_end_of_the_financial_year(self, day, until):
        assert invoice_records.kept_until(datetime.date(*day)) == datetime.date(*until)


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_erased_while_others_change_promote_and_cancel(self):
        day = make_day(places=(1, None), event_capacity=3)
        holders = [register(day, take=[day.a1]), register(day, take=[day.a2]), register(day)]
        waiting = [register(day) for _ in range(6)]
        works = [lambda who=who: erasing.erase(who, NOW) for who in [*holders, *waiting[:2]]]
        works += [lambda: booking.cancel(waiting[2], NOW), lambda: erasing.erase(holders[0], NOW)]
        works += [
            lambda: change(waiting[3], take=[day.b1]),
            lambda: corrections.correct(holders[1], {"name": "X"}, NOW),
        ]
        found = all_at_once(works)
        assert not [each for each in found if isinstance(each, Exception) and not isinstance(each, Refused)]
        assert Registration.objects.filter(anonymised_at=None).count() == 4
        assert not Registration.objects.filter(anonymised_at__isnull=False).exclude(name="Erased").exists()
        assert Registration.objects.filter(anonymised_at=None, status="confirmed").count() == 3
        holds()

    def test_whoever_is_given_a_place_at_the_same_moment_is_erased_with_it(self):
        day = make_day(event_capacity=1)
        holder, next_one, last = register(day), register(day), register(day)
        with two_writers() as (one, two):
            one.begin(lambda: booking.cancel(holder, NOW))
            erased = two.start(lambda: erasing.erase(next_one, NOW))
            wait_until_blocked(two)
            assert outcome(one.commit()) == outcome(erased) == "saved"
        assert [state(each) for each in (holder, next_one, last)] == ["cancelled", "cancelled", "confirmed"]
        holds()

    def test_without_promoting_the_place_would_stay_empty(self, monkeypatch):
        day = make_day(event_capacity=1)
        holder, _ = register(day), register(day)
        monkeypatch.setattr(waiting_list, "promote", lambda ledger, now: set())
        erasing.erase(holder, NOW)
        assert any("I3" in sentence for sentence in invariants.broken(NOW))
