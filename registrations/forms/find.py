"""“Send me my link”: only an address."""

from registrations.forms.base import Address, StepForm


class FindForm(StepForm):
    """The address with which somebody registered."""

    email = Address(
        "Your e-mail address", missing="Enter your e-mail address.", help_text="The one with which you registered."
    )
