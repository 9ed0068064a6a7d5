"""What is deleted by itself, and when: shown with a moved clock."""

import datetime

import pytest

from registrations import booking, invariants, limits, places, tasks
from registrations.answering.answers import Needs
from registrations.data_rights import complaining, erasing, invoice_records, retention
from registrations.messages import sending
from registrations.models import (
    AccessNeeds,
    AccessNeedsLog,
    Complaint,
    Draft,
    DraftAccess,
    Invoice,
    InvoiceRecord,
    LinkRequest,
    Message,
    Places,
    RateCount,
    Registration,
)  # fmt: skip
from registrations.my_day import transfers
from registrations.tickets import invoices
from registrations.way_in import link_requests
from tests.registrations.builders import NOW, make_day, register, state
from tests.registrations.canaries import left_of
from tests.registrations.somebody import PAYER, a_day, whole

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)


def test_unfinished_answers_are_deleted_a_day_after_the_last_one():
    draft = Draft.objects.create(event=make_day().event, created_at=NOW, touched_at=NOW)
    DraftAccess.objects.create(draft=draft, answers={"bsl": True})
    retention.forget(NOW + datetime.timedelta(days=1) - SECOND)
    assert DraftAccess.objects.count() == 1
    retention.forget(NOW + datetime.timedelta(days=1))
    assert Draft.objects.count() == DraftAccess.objects.count() == 0


def test_counted_attempts_are_deleted_after_a_day():
    limits.seconds_to_wait(limits.STEPS, "192.0.2.1", NOW)
    retention.forget(NOW + datetime.timedelta(hours=24))
    assert RateCount.objects.count() == 1
    retention.forget(NOW + datetime.timedelta(hours=26))
    assert RateCount.objects.count() == 0


def test_access_needs_are_deleted_thirty_days_after_the_event_and_logged_without_them():
    day = make_day()
    ada = register(day, needs=Needs(bsl=True, other="Signs"))
    over = day.event.ends + datetime.timedelta(days=30)
    retention.forget(over - SECOND)
    assert AccessNeeds.objects.count() == 1
    retention.forget(over)
    assert AccessNeeds.objects.count() == 0
    log = AccessNeedsLog.objects.filter(registration=ada).latest("pk")
    assert (log.action, log.user, log.when) == ("deleted", None, over)
    retention.forget(over + SECOND)
    assert AccessNeedsLog.objects.filter(action="deleted").count() == 1


DAY = datetime.timedelta(days=1)
YEAR = datetime.timedelta(days=365)


def test_requests_for_links_are_deleted_after_a_day():
    link_requests.ask("ada@example.org", "192.0.2.1", NOW)
    retention.forget(NOW + DAY)
    assert LinkRequest.objects.count() == 1
    retention.forget(NOW + DAY + SECOND)
    assert LinkRequest.objects.count() == 0


def test_the_words_of_a_message_are_deleted_thirty_days_after_it_was_sent():
    ada = register(make_day(), "Ada")
    sending.send_due(lambda: NOW)
    retention.forget(NOW + 30 * DAY - SECOND)
    assert left_of("Dear Ada") == {"registrations_message.text"} and left_of(ada.reference) >= {
        "registrations_message.subject", "registrations_message.html"
    }  # fmt: skip
    retention.forget(NOW + 30 * DAY)
    message = Message.objects.get()
    assert (message.subject, message.text, message.html, message.calendar) == ("", "", "", "")
    assert (message.state, message.recipient, message.sent_at) == ("sent", "ada@example.org", NOW)


def test_so_are_those_of_one_that_could_not_be_sent_but_not_of_one_that_still_waits():
    register(make_day(), "Ada")
    words = {"subject": "Ada", "text": "Ada", "html": "Ada", "problem": "550 ada"}
    Message.objects.update(state="failed", due_at=NOW, **words)
    retention.forget(NOW + 30 * DAY)
    assert left_of("ada") & {f"registrations_message.{name}" for name in words} == set()
    Message.objects.update(state="queued", **words)
    retention.forget(NOW + 60 * DAY)
    assert Message.objects.get().text == "Ada"


def test_complaints_are_deleted_a_year_after_they_were_answered():
    day = make_day()
    answered, waits = (complaining.complain(register(day), text, NOW) for text in ("One", "Two"))
    complaining.answered(answered, NOW + 10 * DAY)
    retention.forget(NOW + 10 * DAY + YEAR - SECOND)
    assert Complaint.objects.count() == 2
    retention.forget(NOW + 10 * DAY + YEAR)
    assert list(Complaint.objects.all()) == [waits]


def test_one_that_nobody_can_answer_any_more_is_deleted_a_year_after_it_was_made():
    ada = register(make_day())
    complaining.complain(ada, "One", NOW)
    erasing.erase(ada, NOW + DAY)
    retention.forget(NOW + YEAR - SECOND)
    assert Complaint.objects.count() == 1
    retention.forget(NOW + YEAR)
    assert Complaint.objects.count() == 0


def test_the_colleague_who_never_answered_is_forgotten_when_the_event_begins():
    day = make_day()
    ada = register(day)
    transfers.begin(ada, "Canary", "canary@example.org", NOW)
    sending.send_due(lambda: NOW)
    retention.forget(day.event.starts - SECOND)
    assert left_of("canary") >= {"registrations_transfer.name", "registrations_message.recipient"}
    retention.forget(day.event.starts)
    assert left_of("canary") == set()
    assert ada.transfers.get().state == "withdrawn"


def test_so_is_one_whose_place_is_kept_after_all():
    ada = register(make_day())
    transfers.begin(ada, "Canary", "canary@example.org", NOW)
    transfers.withdraw(ada, NOW)
    assert left_of("canary") == set()


# Everything, by the clock alone


def test_a_year_after_the_event_nobody_has_a_name_and_the_figures_are_as_they_were():
    day = a_day()
    mine = whole(day)
    sending.send_due(lambda: NOW)
    gone = register(day, "Canary Gone")
    booking.cancel(gone, NOW)
    figures = dict(Places.objects.values_list("pk", "taken"))
    over = day.event.ends + YEAR
    told = Message.objects.count()
    retention.forget(over - SECOND)
    assert "registrations_registration.name" in left_of("canary")
    assert Message.objects.count() == told
    retention.forget(over)
    assert Registration.objects.exclude(name="Erased").count() == 0 and Message.objects.count() == 0
    assert (state(mine), state(gone)) == ("confirmed 1B, 2B", "cancelled")
    assert dict(Places.objects.values_list("pk", "taken")) == figures
    assert invariants.broken(over) == []
    stamps = set(Registration.objects.values_list("anonymised_at", flat=True))
    retention.forget(over + DAY)
    assert set(Registration.objects.values_list("anonymised_at", flat=True)) == stamps == {over}


def test_nothing_planted_anywhere_outlives_its_time():
    day = a_day()
    mine = whole(day)
    invoices.mark_invoiced(mine.invoice, NOW)
    complaining.answered(Complaint.objects.get(), NOW + DAY)
    keys = ("canary", mine.reference, str(mine.idempotency_key), mine.invoice.history.first().get_state_display())
    assert len(left_of(*keys[:3])) > 30  # else this would find nothing because nothing is there
    retention.forget(day.event.ends + YEAR)
    kept = {f"registrations_invoicerecord.{name}" for name in ("payer", "address", "email", "purchase_order")}
    assert left_of(*keys[:3]) == kept
    record = InvoiceRecord.objects.get()
    assert (record.payer, record.amount, record.state) == (PAYER.payer, 5000, "Invoiced")
    retention.forget(NOW.replace(year=2034, month=3, day=31))
    assert left_of("canary") == kept
    retention.forget(NOW.replace(year=2034, month=4, day=1))
    assert left_of(*keys[:3]) == set()


def test_an_outage_of_years_is_caught_up_with_in_one_go():
    day = a_day()
    mine = whole(day)
    complaining.answered(Complaint.objects.get(), NOW)
    retention.forget(day.event.ends + 9 * YEAR)
    retention.forget(day.event.ends + 9 * YEAR)
    assert left_of("canary", mine.reference) == set()


def test_others_whose_time_has_not_come_stay():
    register(make_day(title="Old day"), "Ada")
    later = make_day(title="Later day", starts=NOW + YEAR, ends=NOW + YEAR + DAY, hours=())
    bo = register(later, "Bo", needs=Needs(bsl=True))
    retention.forget(NOW + YEAR + 60 * DAY)
    bo.refresh_from_db()
    assert bo.name == "Bo" and bo.history.exists() and Registration.objects.filter(name="Erased").count() == 1


def test_many_are_done_in_batches(monkeypatch):
    day = make_day()
    for _ in range(5):
        register(day)
    monkeypatch.setattr(erasing, "MOST_AT_ONCE", 2)
    assert erasing.anonymise(day.event.pk, day.event.ends + YEAR) == 5
    assert Registration.objects.filter(name="Erased").count() == 5


def test_an_invoice_that_is_settled_after_erasing_becomes_a_record():
    day = a_day()
    mine = register(day, "Canary", ticket=day.paid, payer=PAYER)
    invoices.confirm_payment(mine.invoice, 5000, NOW)
    erasing.erase(mine, NOW)
    retention.forget(NOW + DAY)
    assert Invoice.objects.count() == 1 and invoice_records.events_with_any(NOW + DAY) == []
    invoices.confirm_refund(Invoice.objects.get(), 5000, NOW + DAY)
    retention.forget(NOW + DAY)
    assert Invoice.objects.count() == 0 and InvoiceRecord.objects.get().state == "Refunded"


def test_the_places_are_locked_for_it(monkeypatch):
    day = make_day()
    register(day)
    locked = []
    real = places.open_ledger
    monkeypatch.setattr(places, "open_ledger", lambda key, more=None: locked.append(key) or real(key, more))
    retention.forget(day.event.ends + YEAR)
    assert locked == [day.event.pk]


def test_the_worker_does_it_every_hour():
    assert tasks.forget.name == tasks.FORGET and tasks.EVERY_HOUR.startswith("17 ")
    tasks.forget()
