"""Sessions as rows of their event: the whole programme in one table."""

from typing import Any

from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from events.admin import choices
from events.admin.base import TableRows
from events.admin.forms import RefusableForm
from events.models import Event, Session, Status

SHORT = {Status.DRAFT: "Draft", Status.PUBLISHED: "Published", Status.CANCELLED: "Cancelled"}


class SessionForm(RefusableForm):
    """A session's form; codes may be typed small."""

    def clean_code(self) -> str | None:
        """Return the code in capitals."""
        code = self.cleaned_data["code"]
        return code.upper() if code else code


class SessionRowForm(SessionForm):
    """A session as a row of its event; a new one begins with the event's day."""

    day = None  # the event's start, as it was stored when the page was made

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what every form takes."""
        super().__init__(*args, **kwargs)
        if self.day and not self.instance.pk:
            self.initial |= {"starts": self.day, "ends": self.day}
        for field in self.fields.values():  # the table's headings are too far away to be its labels
            control = getattr(field.widget, "widget", field.widget)  # a choice of rows is wrapped
            control.attrs.setdefault("aria-label", field.label)


class SessionRows(TableRows):
    """The programme of an event."""

    model = Session
    form = SessionRowForm
    fields = ["title", "kind", "starts", "ends", "room", "series", "code", "status"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        """Read what a session's name needs along with it."""
        return super().get_queryset(request).select_related("series", "event", "room").order_by(*Session._meta.ordering)

    def get_formset(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        """Return the formset, with the event's rooms and series offered."""
        formset = super().get_formset(request, obj, **kwargs)
        fields, stored = formset.form.base_fields, obj is not None and obj.pk
        fields["status"].choices = SHORT.items()
        choices.offer(fields["room"], choices.room_choices(obj))
        choices.offer(fields["series"], choices.series_choices(obj) if stored else [choices.EMPTY])
        for name in ("room", "series"):
            fields[name].widget.can_add_related = fields[name].widget.can_change_related = False
        formset.form.day = obj.starts if stored else None
        return formset
