"""Information pages in the admin."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from events.admin.base import HOW_TO_WRITE, ProgrammeAdmin
from events.admin.forms import RefusableForm
from events.slugs import slug_from
from pages.models import Page


class PageForm(RefusableForm):
    """A page's form; an address left empty is made from the title."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Take what every form takes."""
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:  # somebody who may only look has no fields
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """Return the address, made from the title if it was left empty."""
        return self.cleaned_data["slug"] or slug_from(self.cleaned_data.get("title", ""), "page")


@admin.register(Page)
class PageAdmin(ProgrammeAdmin):
    """The list of pages, and a page for each."""

    form = PageForm
    list_display = ["title", "slug", "published", "in_menu", "order"]
    list_filter = ["published", "in_menu"]
    search_fields = ["title__unaccent", "body__unaccent"]
    fieldsets = [
        (None, {"fields": ["title", "summary"]}),
        ("What visitors read", {"description": HOW_TO_WRITE, "fields": ["body"]}),
        ("Showing it", {"fields": ["published", ("in_menu", "order"), "slug"]}),
    ]

    def view_on_site(self, obj: Page) -> str | None:
        """Return where visitors see it; None if they do not."""
        return self._link(lambda page: reverse("pages:page_detail", args=[page.slug]) if page.published else None, obj)

    def preview(self, obj: Page) -> str | None:
        """Return where staff see it."""
        return reverse("page_preview", args=[obj.pk])

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, object]:
        """Begin with nothing of the address."""
        return {}
