"""Step 4: what you need in order to take part."""

from typing import Any

from django import forms

from registrations.forms.base import StepForm, Text, tick
from registrations.forms.layout import Group

TICKS = {
    "bsl": "BSL interpretation",
    "hearing_loop": "A hearing loop",
    "captions": "Live captions",
    "step_free": "Step-free access",
    "quiet_room": "A quiet room",
    "prayer_room": "A prayer room",
    "personal_assistant": "A free place for my personal assistant, carer or interpreter",
    "materials_in_advance": "Slides and papers in advance",
}
NEEDS = (*TICKS, "other", "please_call", "dietary")


class AccessForm(StepForm):
    """Access and dietary needs, which the draft keeps apart, and whether there may be photographs."""

    bsl, hearing_loop, captions, step_free, quiet_room, prayer_room, personal_assistant, materials_in_advance = (
        tick(label) for label in TICKS.values()
    )
    other = Text(
        "Anything else that would help you to take part", 2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Such as a seat near the door, large print, a way in from the car park.",
    )  # fmt: skip
    please_call = tick("Please call me about this", "If you gave no phone number, we write and ask for one.")
    dietary = Text("What you eat, or must not eat", 300, help_text="Such as halal, vegan, or an allergy to nuts.")
    photo_consent = tick("Yes, photographs of the day may show me", "Left empty means: no photographs of me.")

    layout = (
        Group("What you need", *TICKS, hint="Tick all that apply. Nothing has to be explained or proven."),
        "other",
        "please_call",
        "dietary",
        Group("Photographs", "photo_consent"),
    )

    def answers(self) -> dict[str, Any]:
        """Return only what is not about access or food."""
        return {"photo_consent": self.cleaned_data["photo_consent"]}

    def needs(self) -> dict[str, Any]:
        """Return what is about access and food, for the table of its own."""
        return {name: self.cleaned_data[name] for name in NEEDS}
