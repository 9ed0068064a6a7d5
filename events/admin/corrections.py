"""A small correction: staff mend a slip of the pen, and no page marks it as a change."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Model

from events.admin.forms import RefusableForm
from events.revisions import SMALL


class CorrectableForm(RefusableForm):
    """A form with a box for small corrections."""

    small_correction = forms.BooleanField(
        required=False,
        label="Small correction",
        help_text="For a slip of the pen: what is saved now, in the rows below too, is neither marked on the agenda nor"
        " listed under “What has changed”. A cancellation is, all the same, and whoever has a place is told of another"
        " time or room.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what every form takes; the box is about this one save, and nothing of it is stored."""
        super().__init__(*args, **kwargs)
        if "small_correction" in self.fields:
            self.fields["small_correction"].show_hidden_initial = False


def note(form: forms.ModelForm, rows: Iterable[Model]) -> None:
    """Have the history say of these rows that they were saved as a small correction, if the page's form says so."""
    if form.cleaned_data.get("small_correction"):
        for row in rows:
            row._change_reason = SMALL  # simple_history takes it from here
