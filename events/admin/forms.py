"""Forms whose answer may also come from the change itself: why it was refused, beside the field concerned."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet

from events.admin.deleting import why_not
from events.models.session import UniqueCheckedTogether

# (field or None, sentence) for each form of a page, by the form's prefix; None is the page's own form.
Refusals = Mapping[str | None, Sequence[tuple[str | None, str]]]

GONE = "Somebody deleted this row while you were writing. Open the page again to see what is there now."


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

    def validate_unique(self) -> None:
        """Say beside a row that another row of this page has the same; what spans more is left to `events.rules`."""
        rows = [form for form in self.forms if form.is_valid() and form not in self.deleted_forms]
        for constraint in self.model._meta.total_unique_constraints:
            if isinstance(constraint, UniqueCheckedTogether):
                continue
            names = [name for name in constraint.fields if name != self.fk.name]
            seen: set[tuple[Any, ...]] = set()
            for form in rows:
                values = tuple(form.cleaned_data.get(name) for name in names)
                if None not in values and values in seen:
                    form.add_error(names[0], constraint.violation_error_message)
                seen.add(values)


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
