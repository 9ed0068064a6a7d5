"""What an attendee can put right in “My day”: who they are, who pays, and to whom the place passes."""

from typing import Any

from django import forms

from registrations.forms.access import AccessForm
from registrations.forms.base import INVOICE_ADDRESS, Address, StepForm, Text, tick
from registrations.forms.details import DetailsForm
from registrations.forms.layout import Group
from registrations.my_day.transfers import FACTS

PHOTO = AccessForm.base_fields["photo_consent"]


class MyDetailsForm(DetailsForm):
    """Everything that an attendee said of themselves, but access and food."""

    organisation = Text("Organisation", 200, token="organization")
    job_title = Text("Job title or role", 160, token="organization-title")
    is_member = tick("I am a member of Clinks, or work or volunteer for one")
    photo_consent = tick(PHOTO.label, PHOTO.help_text)

    layout = (
        "name", "email", "phone", "badge_name", "pronouns", "organisation", "job_title", "is_member",
        "mailing_consent", Group("Photographs", "photo_consent"),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Say of the address what changing it does."""
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = "If you change it, we write to both addresses, and your old links end."


class NewAttendeeForm(AccessForm):
    """What a colleague says of themselves when they accept a place; name and address were given by who passes it."""

    phone = DetailsForm.base_fields["phone"]
    badge_name = DetailsForm.base_fields["badge_name"]
    pronouns = DetailsForm.base_fields["pronouns"]
    organisation = MyDetailsForm.base_fields["organisation"]
    job_title = MyDetailsForm.base_fields["job_title"]
    mailing_consent = DetailsForm.base_fields["mailing_consent"]

    layout = (
        Group("About you", "phone", "badge_name", "pronouns", "organisation", "job_title", "mailing_consent"),
        *AccessForm.layout,
    )

    def facts(self) -> dict[str, Any]:
        """Return what is not about access or food."""
        return {name: self.cleaned_data[name] for name in FACTS}


class NeedsForm(AccessForm):
    """Access and food once more, empty: what was said before is never shown."""

    photo_consent = None
    layout = AccessForm.layout[:-1]


class PassOnForm(StepForm):
    """To whom the place passes."""

    name = Text("Your colleague’s full name", 200, token="off", missing="Enter your colleague’s full name.")
    email = Address(
        "Your colleague’s e-mail address", token="off", missing="Enter your colleague’s e-mail address.",
        help_text="We write to them, and they say whether they come.",
    )  # fmt: skip


class OrderForm(StepForm):
    """The purchase order number and, until the invoice is sent, who pays."""

    purchase_order = Text("Purchase order number", 60, token="off")
    payer = Text("Name of the payer", 200, token="billing name", missing="Say who pays: a name for the invoice.")
    address = Text(
        "Address for the invoice", 500, token="billing street-address", widget=forms.Textarea(attrs={"rows": 3})
    )
    email = Address("E-mail address for the invoice", token="billing email", invalid=INVOICE_ADDRESS)

    layout = ("purchase_order", "payer", "address", "email")

    def __init__(self, *args: object, with_payer: bool, **kwargs: object) -> None:
        """Take whether who pays is asked for too; if not, only the number is."""
        super().__init__(*args, **kwargs)
        if not with_payer:
            for name in ("payer", "address", "email"):
                del self.fields[name]
            self.layout = ("purchase_order",)
