"""Who pays: who may see it, and correcting it. How far an invoice has come is for `invoices` to say."""

import datetime
from collections.abc import Mapping

from registrations import folding, holding, places, recording
from registrations.models import Invoice, Registration, TransferState
from registrations.problems import Problem, Refused, Why

FACTS = frozenset({"payer", "address", "email", "purchase_order"})
HAS_COME_FURTHER = Problem(
    Why.CHANGED_MEANWHILE, "The invoice was sent or settled since you opened this page. Look again, then save."
)


def named_by(invoice: Invoice, registration: Registration) -> bool:
    """Whether this attendee said who pays. It may be somebody's home: colleagues and later holders are not shown it."""
    is_first = not invoice.registrations.filter(pk__lt=registration.pk).exists()
    return is_first and not registration.transfers.filter(state=TransferState.ACCEPTED).exists()


def correct(
    invoice: Invoice, facts: Mapping[str, str], now: datetime.datetime, *, by: Registration | None = None
) -> Invoice:
    """Change who pays: any of payer, address, e-mail and purchase order. Never the state.

    `by` is the attendee who does so, as they had their registration; nobody for staff. Raises Refused if it has passed
    to somebody else meanwhile, or the invoice, of which they may change less once it is sent, has come further.
    """
    with places.writing():
        if by is not None:
            holding.refuse_another(Registration.objects.select_for_update().get(pk=by.pk), by)
        stored = Invoice.objects.select_for_update().get(pk=invoice.pk)
        if by is not None and stored.state != invoice.state:
            raise Refused([HAS_COME_FURTHER])
        for name in FACTS & facts.keys():
            setattr(stored, name, folding.clean(facts[name]))
        recording.update([stored], sorted(FACTS), now)
        return stored
