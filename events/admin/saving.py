"""Every save of a page of the admin is one change of the programme.

The page's own row and all of its inline rows go to `events.changes.apply` together. If that refuses,
the page is made a second time from what was posted, with each reason beside its field.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.db import DataError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from events import affected, changes
from events.admin import confirming, corrections, deleting, elsewhere
from events.admin.forms import RefusableForm, Refusals, rows_of
from events.admin.zones import is_key
from events.models import Appearance
from events.problems import Problem, Refused

UNPROCESSABLE = 422
CONFLICT = 409
GONE = "Somebody deleted something that this needs while you were writing. Open the page again and see."
UNFIT = "Something here cannot be stored: it is too long, or has signs that are no letters."


def apply(saves: Sequence[Model] = (), deletes: Sequence[Model] = ()) -> None:
    """Save and delete as one change. Raises Refused, also where another change got in between."""
    try:
        with transaction.atomic():
            changes.apply(saves, deletes)
    except ObjectDoesNotExist as error:
        raise Refused([Problem(GONE)]) from error
    except DataError as error:
        raise Refused([Problem(UNFIT)]) from error


def placed(problems: Iterable[Problem], form: forms.ModelForm, rows: Sequence[forms.ModelForm]) -> Refusals:
    """Return each problem's sentence under the prefix of the form that it concerns, else of the page's own."""
    found: dict[str | None, list[tuple[str | None, str]]] = {}
    for problem in problems:
        concerned = next((each for each in [form, *rows] if is_of(each, problem.about)), None)
        field = problem.field if concerned else None
        if concerned is None and isinstance(problem.about, Appearance):
            session = problem.about.session
            concerned = next((each for each in rows if is_of(each, session)), None)
        sentences = found.setdefault((concerned or form).prefix, [])
        if (field, problem.message) not in sentences:
            sentences.append((field, problem.message))
    return found


def is_of(form: forms.ModelForm, about: Model | None) -> bool:
    """Whether the form is about this row, saved or not."""
    row = form.instance
    return row is about or (about is not None and row.pk is not None and row == about)


class ChosenRows(admin.ModelAdmin):
    """A list in which several rows can be chosen."""

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Do what was chosen with the rows chosen. Raises BadRequest for what can be no row’s key."""
        if not all(is_key(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest
        return super().response_action(request, queryset)


class OneChange(ChosenRows):
    """A page of the admin whose saves and deletes go through `events.changes`."""

    form = RefusableForm

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> type:
        """Return the page's form, which knows why the change was refused, if it was."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusals = refusals_of(request)
        return form

    def surroundings(self, request: HttpRequest, object_id: str | None) -> AbstractContextManager:
        """Return the context in which a row's form is read and shown; pages with times set a time zone."""
        return nullcontext()

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show or save the form; with errors, the answer is 422."""
        show: Callable[[], HttpResponse] = lambda: super(OneChange, self).changeform_view(  # noqa: E731
            request, object_id, form_url, extra_context
        )
        with self.surroundings(request, object_id):
            try:
                response = show()
            except Refused:
                response = show()  # the forms now hold the reasons: nothing is saved
            if hasattr(response, "render"):
                response.render()
        context = getattr(response, "context_data", None) or {}
        if context.get("errors") or context.get("affected"):
            response.status_code = UNPROCESSABLE
        return response

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool) -> None:
        """Leave it to `save_related`, which knows the whole change."""

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> None:
        """Save the row and its inline rows as one change. Raises Refused, with the reasons kept in the request."""
        saves, deletes = rows_of(formsets)
        if form.has_changed() or not change:
            saves = [form.instance, *saves]
        rows = [row for formset in formsets for row in formset.forms if row not in formset.deleted_forms]
        corrections.note(form, saves)
        try:
            with transaction.atomic():
                told = affected.sentences(saves, timezone.now())
                apply(saves, deletes)
                confirming.ask(request, told)
        except Refused as refused:
            request.refusals = placed(refused.problems, form, rows)
            raise
        elsewhere.warn(request, saves)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete one row and what goes with it as one change. Raises Refused."""
        apply(deletes=deleting.with_all_below([obj]))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete several rows as one change. Raises Refused."""
        apply(deletes=deleting.with_all_below(queryset))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """Say what goes and ask, or say why it cannot go (409); then delete. A refusal leads back to the row."""
        try:
            return _with_status(super().delete_view(request, object_id, extra_context))
        except Refused as refused:
            return self._say(request, refused, "../change/")

    def get_deleted_objects(self, objs: Sequence[Model], request: HttpRequest) -> tuple[list, dict, set[str], list]:
        """Return what goes, how many of what, what this person may not delete, and why it cannot be; in our words."""
        if found := self.reasons_against_deleting(objs):
            return [], {}, set(), found
        return *deleting.what_goes(list(objs), request.user), []

    def reasons_against_deleting(self, rows: Sequence[Model]) -> list[str]:
        """Return every sentence that says why these cannot be deleted."""
        return deleting.reasons(rows)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Show the list, or do what was chosen with several rows, all or nothing."""
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        try:
            with transaction.atomic():
                return _with_status(super().changelist_view(request, extra_context))
        except Refused as refused:
            return self._say(request, refused, request.get_full_path())

    def _say(self, request: HttpRequest, refused: Refused, address: str) -> HttpResponse:
        for problem in refused.problems:
            self.message_user(request, problem.message, messages.ERROR)
        return HttpResponseRedirect(address)


def _with_status(response: HttpResponse) -> HttpResponse:
    """Return a page that says why something cannot be deleted as what it is: a refusal."""
    if (getattr(response, "context_data", None) or {}).get("protected"):
        response.status_code = CONFLICT
    return response


def refusals_of(request: HttpRequest) -> Refusals:
    """Return why the change that was posted was refused; nothing before it was tried."""
    return getattr(request, "refusals", {})
