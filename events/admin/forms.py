"""Forms whose answer may also come from the change itself: why it was refused, beside the field concerned."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet

from events.admin.deleting import why_not

# (field or None, sentence) for each form of a page, by the form's prefix; None is the page's own form.
Refusals = Mapping[str | None, Sequence[tuple[str | None, str]]]

EARLIEST, LATEST = 1900, 2200
LONGEST_TEXT = 50_000  # letters; PostgreSQL could index no text of more than a megabyte

GONE = "Somebody deleted this row while you were writing. Open the page again to see what is there now."


def sensible_year(moment: datetime.date) -> None:
    """Refuse a slip of the pen such as 0226. Takes a date or a datetime; raises ValidationError."""
    if not EARLIEST <= moment.year <= LATEST:
        raise ValidationError(f"Check the year: it has to be between {EARLIEST} and {LATEST}.")


class MomentField(forms.DateTimeField):
    """A day and a time of day in one control of the browser's own."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    default_validators = [sensible_year]
    default_error_messages = {"invalid": "Give a day and a time, such as 16/06/2027 10:40."}


class DayField(forms.DateField):
    """A day, in the browser's own control."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_validators = [sensible_year]
    default_error_messages = {"invalid": "Give a day, such as 16/06/2027."}


class RefusableForm(forms.ModelForm):
    """A form that shows what the change was refused for, when its page sets `refusals` on the class."""

    refusals: Refusals = {}

    def full_clean(self) -> None:
        """Check the form, then add the refusals that concern it."""
        super().full_clean()
        if not self.is_bound or not hasattr(self, "cleaned_data"):
            return
        key = self._meta.model._meta.pk.name
        if key in self._errors:  # a hidden field, beside which nobody would see a sentence
            del self._errors[key]
            self.add_error(None, GONE)
        for field, sentence in self.refusals.get(self.prefix, ()):
            self.add_error(field if field in self.fields else None, sentence)


class RefusableFormSet(BaseInlineFormSet):
    """Rows of which those that something else needs cannot be deleted, and it says what needs them."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """Give a row its box for deletion, with a name for those who cannot see the column."""
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = f"Delete {form.instance}"

    def clean(self) -> None:
        """Check the rows together. Raises ValidationError."""
        going = [form.instance for form in self.deleted_forms if form.instance.pk]
        if reasons := [reason for row in going if (reason := why_not(row))]:
            raise ValidationError(reasons)
        super().clean()


def rows_of(formsets: Sequence[BaseInlineFormSet]) -> tuple[list[Model], list[Model]]:
    """Return what these formsets save and what they delete, in the order in which it can be done.

    Takes valid formsets; parents come first, as their inlines do, and are deleted last.
    """
    saves: list[Any] = []
    deletes: list[Any] = []
    for formset in formsets:
        formset.save(commit=False)
        saves += [*formset.new_objects, *(row for row, _ in formset.changed_objects)]
        deletes = [*formset.deleted_objects, *deletes]
    return saves, deletes
