"""The two forms about one's own data: to have it erased, and to complain of how it is handled."""

from django import forms

from registrations.forms.base import StepForm, Text, tick


class EraseForm(StepForm):
    """One box, so that nobody erases anything by a slip."""

    sure = tick("Yes, erase what you hold about me")

    def clean_sure(self) -> bool:
        """Refuse an empty box."""
        if not self.cleaned_data["sure"]:
            raise forms.ValidationError("Tick the box if you want your data erased.")
        return True


class ComplaintForm(StepForm):
    """What is complained of."""

    complaint = Text(
        "What went wrong", 4000, missing="Say what went wrong.", widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Such as what you asked for and did not get, or who saw what they should not have seen.",
    )  # fmt: skip
