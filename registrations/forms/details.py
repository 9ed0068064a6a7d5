"""Step 1: who you are."""

from registrations.forms.base import Address, StepForm, Text, tick


class DetailsForm(StepForm):
    """Name and address; everything else may be left empty."""

    name = Text(
        "Full name", 200, token="name", missing="Enter your full name.",
        help_text="As you write it, in any script.",
    )  # fmt: skip
    email = Address(
        "E-mail address", missing="Enter your e-mail address.", help_text="Your place is confirmed by e-mail to it."
    )
    phone = Text("Phone number", 40, token="tel", help_text="Only for questions about your place.")
    badge_name = Text("Name on your badge", 200, help_text="Only if it is to be another than your full name.")
    pronouns = Text("Pronouns", 40, help_text="Such as she/her or they/them.")
    mailing_consent = tick("Yes, write to me about Clinks’ other events and news")

    layout = ("name", "email", "phone", "badge_name", "pronouns", "mailing_consent")

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Set the type of the phone's control."""
        super().__init__(*args, **kwargs)
        self.fields["phone"].widget.input_type = "tel"
