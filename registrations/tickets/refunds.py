"""Whose money goes back. An invoice covers several people and has one state, so who is meant is found here."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from events.models import Status
from registrations.models import Invoice, InvoiceState, Registration, RegistrationStatus


def of(invoice: Invoice) -> list[Registration]:
    """Return whose money is to go back, in the order in which they registered. Nobody's if none is."""
    return list(_due().filter(invoice=invoice).order_by("created_at", "pk"))


def amount(invoice: Invoice) -> int:
    """Return what is to go back of it at most, in pence; what of it is for the event's own terms to say."""
    return sum(each.price_agreed for each in of(invoice))


def _due() -> QuerySet[Registration]:
    """Those who gave up a place that was paid for, or lost it with the event, and for whom nothing went back since."""
    had_a_place = Registration.history.model.objects.filter(id=OuterRef("pk"), status=RegistrationStatus.CONFIRMED)
    since = Q(invoice__refunded_at=None) | Q(cancelled_at__gt=F("invoice__refunded_at"))
    # Of whom was erased no history is left: staff see one who only waited among them sooner than miss one who paid.
    may_have_paid = Q(Exists(had_a_place)) | Q(anonymised_at__isnull=False)
    gave_up = may_have_paid & since & Q(status=RegistrationStatus.CANCELLED)
    event_cancelled = Q(event__status=Status.CANCELLED, status=RegistrationStatus.CONFIRMED)
    found = Registration.objects.filter(gave_up | event_cancelled)
    return found.filter(price_agreed__gt=0, invoice__state=InvoiceState.TO_REFUND)


# The same of many invoices, to annotate them with.
SUM = Coalesce(
    Subquery(
        _due()
        .filter(invoice=OuterRef("pk"))
        .order_by()
        .values("invoice")
        .annotate(sum=Sum("price_agreed"))
        .values("sum")
    ),
    0,
)
