"""The page that says what a button will do, and does it when it is confirmed: for one row, or for those chosen."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from events.admin.saving import ChosenRows
from registrations.admin.base import BookingAdmin, LookOnly, done, now_in
from registrations.admin.deeds import Deed

MOST = 100  # rows at once: more could not be read before they are confirmed


class Buttons(ChosenRows):
    """A page and a list with buttons. `deeds` are on both, `list_deeds` only in the list."""

    deeds: tuple[Deed, ...] = ()
    list_deeds: tuple[Deed, ...] = ()
    change_form_template = "admin/registrations/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Return an address for each button."""
        app, model = self.opts.app_label, self.opts.model_name
        return [
            path(
                f"<int:object_id>/{deed.name}/",
                self.admin_site.admin_view(partial(self.deed_view, deed=deed)),
                name=f"{app}_{model}_{deed.name}",
            )
            for deed in self.deeds
        ] + super().get_urls()

    def get_actions(self, request: HttpRequest) -> dict[str, tuple[Callable, str, str]]:
        """Return what can be done with several rows at once, by those who may."""
        own = {
            deed.name: (partial(self._with_several, deed=deed), deed.name, f"{deed.label} …")
            for deed in [*self.deeds, *self.list_deeds]
            if request.user.has_perm(deed.permission)
        }
        return super().get_actions(request) | own

    def tools(self, request: HttpRequest, row: Model) -> list[tuple[str, str]]:
        """Return the buttons at the head of a row's page: their words and addresses."""
        return [
            (deed.label, reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{deed.name}", args=[row.pk]))
            for deed in self.deeds
            if deed.possible(row) and request.user.has_perm(deed.permission)
        ]

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        """Render the page with its buttons."""
        row = context.get("original")
        context["tools"] = self.tools(request, row) if row else []
        return super().render_change_form(request, context, *args, **kwargs)

    def deed_view(self, request: HttpRequest, object_id: int, deed: Deed) -> HttpResponse:
        """Say what the button will do to this row; when it is confirmed, do it."""
        if not request.user.has_perm(deed.permission):
            raise PermissionDenied
        row = get_object_or_404(self.model, pk=object_id)
        change = reverse(admin_urlname(self.opts, "change"), args=[row.pk])
        if request.method == "POST":
            self._do(request, deed, [row])
            return HttpResponseRedirect(change)
        return self._ask(request, deed, [row], {}, change)

    def _with_several(self, admin: Any, request: HttpRequest, queryset: QuerySet, deed: Deed) -> HttpResponse | None:
        if not request.user.has_perm(deed.permission):
            raise PermissionDenied
        rows = deed.targets(queryset)
        if len(rows) > MOST:
            messages.error(request, f"Choose at most {MOST} at once: so many can still be read before.")
            return None
        if "confirmed" in request.POST:
            self._do(request, deed, rows)
            return HttpResponseRedirect(request.get_full_path())
        chosen = [(ACTION_CHECKBOX_NAME, key) for key in queryset.values_list("pk", flat=True)]
        return self._ask(request, deed, rows, [("action", deed.name), *chosen], request.get_full_path())

    def _do(self, request: HttpRequest, deed: Deed, rows: Sequence[Model]) -> None:
        for row in rows:
            seen = request.POST.get(f"seen-{row.pk}", "")
            if done(request, partial(deed.do, row, now_in(request), seen)):
                self.log_change(request, row, deed.label)

    def _ask(self, request: HttpRequest, deed: Deed, rows: Sequence[Model], hidden: Any, back: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": deed.question,
            "opts": self.opts,
            "deed": deed,
            "rows": [(row, deed.says(row), deed.seen(row)) for row in rows],
            "hidden": hidden,
            "back": back,
        }
        return TemplateResponse(request, "admin/registrations/deed.html", context)


class WithDeeds(Buttons, BookingAdmin):
    """A page with a form that goes to one writer, and with buttons."""


class LookAndDo(Buttons, LookOnly):
    """Rows that the site itself writes, with buttons for what staff add to them."""
