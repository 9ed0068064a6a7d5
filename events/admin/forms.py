"""Forms whose answer may also come from the change itself: why it was refused, beside the field concerned."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.utils import timezone

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


class HiddenMoment(forms.HiddenInput):
    """The moment that a control began with, with its offset: the same words may mean another one later."""

    def format_value(self, value: datetime.datetime | str | None) -> str | None:
        """Return a local time with its offset, and what a form sent as it was sent."""
        return timezone.make_aware(value).isoformat() if isinstance(value, datetime.datetime) else value


class MomentField(forms.DateTimeField):
    """A day and a time of day in one control of the browser's own."""

    hidden_widget = HiddenMoment
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    default_validators = [sensible_year]
    default_error_messages = {"invalid": "Give a day and a time, such as 16/06/2027 10:40."}


class DayField(forms.DateField):
    """A day, in the browser's own control."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_validators = [sensible_year]
    default_error_messages = {"invalid": "Give a day, such as 16/06/2027."}


class RefusableForm(forms.ModelForm):
    """A form that shows what the change was refused for, when its page sets `refusals` on the class.

    It keeps what each field began with. A field that was left alone then gets the value that is stored now,
    which may be a colleague's, saved while this form was open.
    """

    refusals: Refusals = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what every form takes."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = self.instance.pk is not None and not isinstance(field, forms.FileField)

    def clean(self) -> dict[str, Any]:
        """Return the values of the fields, with the stored ones where nobody touched anything."""
        super().clean()
        for name in self.cleaned_data.keys() - set(self.changed_data):
            if self[name].html_initial_name in self.data:
                self.cleaned_data[name] = getattr(self.instance, name)
        return self.cleaned_data

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
    """Rows of which those that something else needs cannot be deleted, and it says what needs them.

    `needed` has the row for each sentence that says so: nothing can be shown beside a row that is to go.
    """

    needed: Mapping[str, forms.ModelForm] = {}

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """Give a row its box for deletion, with a name for those who cannot see the column."""
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = f"Delete {form.instance}"

    def clean(self) -> None:
        """Check the rows together. Raises ValidationError."""
        going = [form for form in self.deleted_forms if form.instance.pk]
        self.needed = {reason: form for form in going if (reason := why_not(form.instance))}
        if self.needed:
            raise ValidationError([*self.needed])
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
