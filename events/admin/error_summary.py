"""Everything that is wrong with a long page, said at its top with links to the fields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet


@dataclass(frozen=True, slots=True)
class Fault:
    """One sentence; `anchor` is the id of its field, or "" where it concerns more than one."""

    sentence: str
    label: str = ""
    anchor: str = ""


def faults(form: forms.ModelForm, formsets: Iterable[BaseInlineFormSet]) -> list[Fault]:
    """Return what is wrong with the fields of a page; what concerns the whole page stands at its top anyway."""
    found = list(_of_fields(form))
    for formset in formsets:
        for row in formset.forms if formset.is_bound else ():
            found += _of_fields(row)
            found += [Fault(sentence, str(row.instance)) for sentence in row.non_field_errors()]
        found += [_of_rows(sentence, formset) for sentence in formset.non_form_errors()]
    return found


def _of_rows(sentence: str, formset: BaseInlineFormSet) -> Fault:
    """Return what concerns several rows; where it is that one cannot go, with a link to its box."""
    row = getattr(formset, "needed", {}).get(sentence)
    return Fault(sentence, str(row.instance), row[DELETION_FIELD_NAME].id_for_label) if row else Fault(sentence)


def _of_fields(form: forms.ModelForm) -> Iterator[Fault]:
    for name, sentences in form.errors.items():
        if name in form.fields:
            label = form[name].label if form.prefix is None else f"{form.instance}, {form[name].label}"
            yield from (Fault(sentence, label, form[name].id_for_label) for sentence in sentences)
