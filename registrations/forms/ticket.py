"""Step 2: your organisation, your ticket, and who pays for it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from registrations import rules
from registrations.forms.base import INVOICE_ADDRESS, Address, StepForm, Text, tick
from registrations.forms.layout import Group, Question
from registrations.tickets.on_sale import TicketOnSale

BURSARY = "Would help with the cost of a place or of travel make it possible for you to come?"
NO_PAYER = "Say who pays: a name for the invoice."
BILL = ("pays", "invoice_payer", "invoice_address", "invoice_email", "invoice_purchase_order")
PAYERS = {"organisation": "My organisation, as named above", "me": "I do", "other": "Somebody else"}


class TicketForm(StepForm):
    """Organisation and ticket; for a ticket that costs something, who pays."""

    organisation = Text("Organisation", 200, token="organization", help_text="None is a normal answer: leave it empty.")
    job_title = Text("Job title or role", 160, token="organization-title")
    is_member = tick("I am a member of Clinks, or work or volunteer for one")
    ticket_type = forms.ChoiceField(
        label="Your ticket", widget=forms.RadioSelect, error_messages={"required": "Choose a ticket."}
    )
    invitation_code = Text(
        "Invitation code", 40, token="off", help_text="Only for a ticket that asks for one. Capitals do not matter."
    )
    wants_bursary = tick("Yes. Please write to me about it")
    pays = forms.ChoiceField(
        label="Who pays", widget=forms.RadioSelect, choices=PAYERS, required=False,
        error_messages={"invalid_choice": NO_PAYER},
    )  # fmt: skip
    invoice_payer = Text("Name of the payer", 200, token="billing name")
    invoice_address = Text(
        "Address for the invoice", 500, token="billing street-address", widget=forms.Textarea(attrs={"rows": 3})
    )
    invoice_email = Address(
        "E-mail address for the invoice",
        token="billing email",
        invalid=INVOICE_ADDRESS,
        help_text="Only if it is another than yours.",
    )
    invoice_purchase_order = Text("Purchase order number", 60, token="off", help_text="It can follow later.")

    def __init__(self, *args: object, offers: Sequence[TicketOnSale], **kwargs: Any) -> None:
        """Take the tickets that are on sale."""
        super().__init__(*args, **kwargs)
        self.offers = {str(offer.ticket_type.pk): offer for offer in offers}
        choices = [(key, offer.ticket_type.name) for key, offer in self.offers.items()]
        self.fields["ticket_type"].choices = choices
        self.fields["ticket_type"].error_messages["invalid_choice"] = "This ticket cannot be had. Choose another."
        self.fields["pays"].is_needed = self.fields["invoice_payer"].is_needed = True
        if not any(offer.ticket_type.invitation_code for offer in offers):
            del self.fields["invitation_code"]
        if all(offer.is_free for offer in offers):
            for name in BILL:
                del self.fields[name]
        self.layout = tuple(self._layout())

    def _layout(self) -> list[object]:
        return [
            "organisation", "job_title", "is_member",
            Question("registrations/_tickets.html"),
            *(["invitation_code"] if "invitation_code" in self.fields else []),
            Group(BURSARY, "wants_bursary", hint="There is nothing to prove, and no reason to give."),
            *([Group("The invoice", *BILL, part="payer")] if "pays" in self.fields else []),
        ]  # fmt: skip

    def answers(self) -> dict[str, Any]:
        """Return what the draft keeps; what was not asked is empty."""
        return {name: self.cleaned_data.get(name, "") for name in self.base_fields}

    def offered(self) -> tuple:
        """Return which tickets there are, and whether they are sold out."""
        return tuple((key, offer.is_sold_out) for key, offer in self.offers.items())

    def cards(self) -> list[dict[str, Any]]:
        """Return the tickets as the page shows them, with which one is chosen."""
        bound = self["ticket_type"]
        chosen, number, cards = str(bound.value() or ""), 0, []
        for key, offer in self.offers.items():
            cards.append({"key": key, "offer": offer, "checked": key == chosen, "id": f"{bound.auto_id}_{number}"})
            # The first that can be chosen carries the id to which the error summary leads.
            number += not offer.is_sold_out
        return cards

    def clean_ticket_type(self) -> str:
        """Refuse what is sold out."""
        key = self.cleaned_data["ticket_type"]
        if self.offers[key].is_sold_out:
            name = self.offers[key].ticket_type.name
            raise forms.ValidationError(f"There are no more tickets “{name}”. Choose another.")
        return key

    def clean(self) -> dict[str, Any]:
        """Ask for the code that the ticket needs, and for who pays for one that costs something."""
        cleaned = super().clean()
        offer = self.offers.get(cleaned.get("ticket_type", ""))
        if offer and not rules.code_fits(offer.ticket_type.invitation_code, cleaned.get("invitation_code", "")):
            self.add_error("invitation_code", "This is not the code for that ticket.")
        if offer and not offer.is_free:
            self._ask_who_pays(cleaned)
        return cleaned

    def _ask_who_pays(self, cleaned: dict[str, Any]) -> None:
        pays = cleaned.get("pays")
        if not pays and "pays" not in self.errors:
            self.add_error("pays", NO_PAYER)
        elif pays == "organisation" and not cleaned.get("organisation") and "organisation" not in self.errors:
            self.add_error("organisation", "Enter the name of your organisation, which pays.")
        elif pays == "other" and not cleaned.get("invoice_payer") and "invoice_payer" not in self.errors:
            self.add_error("invoice_payer", "Enter the name of who pays.")
