"""A colleague on the same invoice: only who it is."""

from registrations.forms.base import Address, StepForm, Text


class ColleagueForm(StepForm):
    """Name and e-mail address. What one does not know about a colleague is left for the colleague to say."""

    name = Text("Your colleague’s full name", 200, token="off", missing="Enter your colleague’s full name.")
    email = Address(
        "Your colleague’s e-mail address", token="off", missing="Enter your colleague’s e-mail address.",
        help_text="We write to them, and they choose their workshops themselves.",
    )  # fmt: skip
