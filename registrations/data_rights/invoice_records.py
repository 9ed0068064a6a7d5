"""What is kept of an invoice once everybody on it is erased: its facts, apart, for as long as the law asks.

An invoice on which somebody else still is stays as it is: who pays is theirs too. So does one on which money is still
to come or to go back, until staff say that it did, or a year has passed since the event.
"""

import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from registrations.models import Invoice, InvoiceRecord, InvoiceState, Registration

# HMRC asks for VAT records to be kept for six years (VAT Notice 700/21, section 2.4), and for a company's for six years
# from the end of the financial year they are about; the Charities Act 2011, section 131, asks the same of charities.
YEARS = 6
# The last day of the financial year, which is the latest from which either counts.
MONTH, DAY = 3, 31
WAITS_FOR_MONEY = datetime.timedelta(days=365)
_SETTLED = (InvoiceState.NOTHING_DUE, InvoiceState.PAID, InvoiceState.REFUNDED)
_SENT = (InvoiceState.INVOICED, InvoiceState.PAID, InvoiceState.TO_REFUND, InvoiceState.REFUNDED)
_FACTS = ("payer", "address", "email", "purchase_order")


def will_stay(invoice_key: int | None, now: datetime.datetime) -> bool:
    """Whether anything of this invoice stays once somebody on it is erased: all but one that was never sent."""
    invoice = Invoice.objects.filter(pk=invoice_key).first()
    if invoice is None:
        return False
    on_it = invoice.registrations.filter(anonymised_at=None)
    return on_it.count() > 1 or _was_sent(invoice) or on_it.filter(event__starts__lte=now).exists()


def file(which: Q, now: datetime.datetime) -> None:
    """Turn those of these invoices on which nobody is left, and nothing open, into records, or delete them.

    Call it with the places of their event locked.
    """
    for invoice in _ready(now).filter(which).select_for_update(of=("self",)).order_by("pk"):
        if invoice.state != InvoiceState.NOTHING_DUE or _was_sent(invoice):
            _record(invoice, now)
        _delete(invoice)


def events_with_any(now: datetime.datetime) -> list[int]:
    """Return the events with an invoice that can be filed."""
    found = Registration.objects.filter(invoice__in=_ready(now))
    return list(found.order_by("event").values_list("event", flat=True).distinct())


def forget(now: datetime.datetime) -> None:
    """Delete the records whose years are over."""
    InvoiceRecord.objects.filter(delete_on__lte=now.date()).delete()


def kept_until(day: datetime.date) -> datetime.date:
    """Return the day on which facts of this day are deleted: six years after the end of its financial year."""
    ends_in = day.year + (day > datetime.date(day.year, MONTH, DAY))
    return datetime.date(ends_in + YEARS, MONTH, DAY) + datetime.timedelta(days=1)


def _ready(now: datetime.datetime) -> QuerySet[Invoice]:
    on_it = Registration.objects.filter(invoice=OuterRef("pk"))
    waits = on_it.filter(event__ends__gt=now - WAITS_FOR_MONEY)
    nobody_left = Invoice.objects.filter(Exists(on_it), ~Exists(on_it.filter(anonymised_at=None)))
    return nobody_left.filter(Q(state__in=_SETTLED) | ~Exists(waits))


def _was_sent(invoice: Invoice) -> bool:
    return invoice.state in _SENT or invoice.history.filter(state__in=_SENT).exists()


def _record(invoice: Invoice, now: datetime.datetime) -> None:
    changed = [each.history_date for each in invoice.history.order_by("history_date", "history_id")] or [now]
    InvoiceRecord.objects.create(
        invoice_number=invoice.pk,
        event_title=invoice.registrations.select_related("event").first().event.title,
        amount=invoice.registrations.aggregate(amount=Sum("price_agreed"))["amount"],
        state=invoice.get_state_display(),
        made_at=changed[0],
        # Counted from when it was last invoiced, paid or refunded.
        delete_on=kept_until(changed[-1].date()),
        **{name: getattr(invoice, name) for name in _FACTS},
    )


def _delete(invoice: Invoice) -> None:
    key = invoice.pk
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Invoice), object_id=str(key)).delete()
    invoice.registrations.update(invoice=None)
    invoice.delete()
    Invoice.history.filter(id=key).delete()
