"""The history of a row: what was changed, when and by whom; and how it was before, to go back to."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import BooleanField, Model
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from events.admin.saving import UNPROCESSABLE, OneChange, apply, placed
from events.admin.zones import is_key
from events.problems import Refused
from events.wording import british_time


class PlainWords(HistoricalRecordContextHelper):
    """Changes as staff would say them: dates and times as on the site, choices by their words."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        """Return an old or new value as it is said."""
        field = self.model._meta.get_field(change.field)
        if isinstance(value, datetime.datetime):
            return british_time.moment_words(value, timezone.get_current_timezone())
        if isinstance(field, BooleanField):
            return "yes" if value else "no"
        if field.choices:
            return dict(field.flatchoices).get(value, value)
        return "nothing" if value in (None, "") else super().prepare_delta_change_value(change, value)


@contextmanager
def _gone_with_its_parents() -> Iterator[None]:
    """Answer 404 for a row whose event, say, is deleted too: without it, it cannot even be named."""
    try:
        yield
    except ObjectDoesNotExist as error:
        raise Http404 from error


class WithHistory(OneChange, SimpleHistoryAdmin):
    """A page with a history, from which an older version can be restored, through the rules like any change."""

    object_history_template = "admin/programme_history.html"
    object_history_form_template = "admin/programme_version.html"

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """List the changes of a row, the latest first."""
        self._known(object_id)
        with self.surroundings(request, object_id), _gone_with_its_parents():
            return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        """Show a row as it was, or make it so again; the answer is 422 if it cannot be so again."""
        self._known(object_id, version_id)
        with self.surroundings(request, object_id), _gone_with_its_parents():
            try:
                with transaction.atomic():
                    return super().history_form_view(request, object_id, version_id, extra_context)
            except Refused:
                return super().history_form_view(request, object_id, version_id, extra_context)

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool) -> None:
        """Save at once what is restored; an ordinary page waits for its inline rows. Raises Refused."""
        if not request.resolver_match.url_name.endswith("_simple_history"):
            return super().save_model(request, obj, form, change)
        obj._change_reason = "An older version was restored"
        for name in obj.get_deferred_fields():  # of a deleted row: not kept in the history, made anew by save()
            setattr(obj, name, None)
        try:
            return apply([obj])
        except Refused as refused:
            request.refusals = placed(refused.problems, form, [])
            raise

    def render_history_view(self, request: HttpRequest, template: str, context: dict, **kwargs: Any) -> HttpResponse:
        """Render a page of the history."""
        if context.get("errors"):
            kwargs["status"] = UNPROCESSABLE
        return super().render_history_view(request, template, context, **kwargs)

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> PlainWords:
        """Return what puts a change into words."""
        return PlainWords(self.model, historical_record)

    def has_view_history_or_change_history_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return whether somebody may look at the history; to make something of it so again is to change the row."""
        if request.method == "POST":
            return self.has_change_permission(request, obj)
        return super().has_view_history_or_change_history_permission(request, obj)

    def _known(self, *keys: str) -> None:
        """Raise Http404 for what can be no primary key."""
        if not all(is_key(key) for key in keys):
            raise Http404
