"""What every page of the programme's admin has in common."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminURLFieldWidget, AutocompleteSelect
from django.db import models
from django.db.models import Field, ForeignKey, Model
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from events.admin import confirming, links
from events.admin.error_summary import faults
from events.admin.forms import RefusableForm, RefusableFormSet
from events.admin.history import WithHistory
from events.admin.moments import DayField, MomentField
from events.admin.saving import refusals_of
from events.admin.zones import is_key
from events.limits import LONGEST_TEXT

HOW_TO_WRITE = (
    "In longer texts leave an empty line between paragraphs. **Two stars** make words bold, a line that begins"
    " with “- ” is a point of a list, “## ” begins a heading, and [words](https://example.org) is a link."
)
MOST_ROWS = 150  # on one page, whatever number is sent
ADDRESS = ("Address on this site", {"classes": ["collapse"], "fields": ["slug"]})


class FoundByName(AutocompleteSelect):
    """A choice found by typing a name, which shows nothing where something else than a key was sent."""

    def optgroups(self, name: str, value: list, attrs: dict | None = None) -> list:
        """Return what is chosen."""
        return super().optgroups(name, [each for each in value if is_key(each)], attrs)


class PlainFields(admin.options.BaseModelAdmin):
    """Fields as people who are no engineers fill them in. `taken` says of a field what to do where that is in use."""

    taken: Mapping[str, str] = {"slug": "This address is taken by another page: choose another."}

    formfield_overrides = {
        models.DateTimeField: {"form_class": MomentField, "widget": MomentField.widget},
        models.DateField: {"form_class": DayField, "widget": DayField.widget},
        models.URLField: {"assume_scheme": "https", "widget": AdminURLFieldWidget},
    }

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        """Return the form's field, with a bound to every text and without the icons that few need."""
        if isinstance(db_field, models.TextField) and not db_field.max_length:
            kwargs["max_length"] = LONGEST_TEXT
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = FoundByName(db_field, self.admin_site)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.unique:
            field.error_messages["unique"] = self.taken.get(db_field.name, "There is one with this already.")
        if isinstance(db_field, ForeignKey) and field is not None:
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field


class Rows(PlainFields, admin.options.InlineModelAdmin):
    """Inline rows that are part of their page's one change."""

    form = RefusableForm
    formset = RefusableFormSet
    extra = 0
    max_num = MOST_ROWS

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        """Return the formset, whose rows know why the change was refused, if it was."""
        formset = super().get_formset(request, obj, **kwargs | {"absolute_max": MOST_ROWS})
        formset.form.refusals = refusals_of(request)
        # Django would name every row in the way here, whoever's it is: RefusableFormSet and the listeners say it.
        formset.form.hand_clean_DELETE = lambda form: None
        return formset


class TableRows(Rows, admin.TabularInline):
    """Inline rows as a table."""


class StackedRows(Rows, admin.StackedInline):
    """Inline rows one below the other."""


class AnyYear(ChangeList):
    """A list that starts again where its address names a year after the last."""

    def get_filters(self, request: HttpRequest) -> tuple:
        """Return the filters that the address names. Raises IncorrectLookupParameters."""
        try:
            return super().get_filters(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters from error


class ProgrammeAdmin(PlainFields, WithHistory):
    """A page of the programme: one change at a time, with its history, its preview and its public page."""

    change_form_template = "admin/events/change_form.html"
    # From the address of an add page; everything else there is ignored.
    prefilled: tuple[str, ...] = ()
    list_per_page = 50
    list_max_show_all = 500

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list, which takes any year."""
        return AnyYear

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return what an add page begins with: keys of other rows, given in its address."""
        given = {name: request.GET.get(name, "") for name in self.prefilled}
        return {name: value for name, value in given.items() if value.isascii() and value.isdecimal()}

    def view_on_site(self, obj: Model) -> str | None:
        """Return where visitors see it; None if they do not."""
        return self._link(links.public_address, obj)

    def preview(self, obj: Model) -> str | None:
        """Return where staff see it as it will be."""
        return self._link(links.preview_address, obj)

    def get_inline_formsets(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Return the inline rows, open where there are none yet, or where something is wrong with them."""
        found = super().get_inline_formsets(*args, **kwargs)
        for rows in found:
            if not rows.formset.initial_form_count() or rows.formset.non_form_errors():
                rows.classes = ""
        return found

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> Any:
        """Render the page with its link to the preview, and with what is wrong at its top."""
        row = context.get("original")
        if context["errors"]:
            rows = [inline.formset for inline in context["inline_admin_formsets"]]
            context["faults"] = faults(context["adminform"].form, rows)
        context["affected"] = confirming.read_now(request)
        if context["affected"]:
            context["errors"] = None  # there is nothing to put right
        context["preview_address"] = self.preview(row) if row else None
        return super().render_change_form(request, context, *args, **kwargs)

    def _link(self, address: Callable[[Any], str | None], row: Model) -> str | None:
        """Return the address of what is stored: the row itself may hold what a form refused."""
        stored = self.model._default_manager.filter(pk=row.pk).first()
        return address(stored) if stored else None
