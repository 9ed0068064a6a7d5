"""People: named, described and shown as they choose."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from events.addresses import staff_photograph
from events.admin.appearances import sessions_of
from events.admin.base import ADDRESS, HOW_TO_WRITE, ProgrammeAdmin
from events.admin.filters import InEventFilter, PhotographFilter, ShownFilter
from events.admin.forms import RefusableForm
from events.models import Person
from events.photographs import make_safe
from events.problems import Refused

THEIR_CHOICE = (
    "Ask each person. Without a page they are named in the programme and no more. Search engines may be kept from"
    " their page while it is there for everybody at the event. Somebody who wants to be on this site only for a"
    " while gives the last day: after it their name, page and photograph are no longer shown, and the programme"
    " says that somebody was there."
)


@dataclass(frozen=True)
class Shown:
    """A photograph that there is, as a form names and links it."""

    url: str

    def __str__(self) -> str:
        return "the photograph above"


class PhotographWidget(AdminFileWidget):
    """A choice of a file, with a link to the one that there is, which may not be public."""

    def format_value(self, value: Any) -> Shown | None:
        """Return what is said of the photograph that there is."""
        return Shown(staff_photograph(value.instance.pk)) if self.is_initial(value) else None


class PhotographField(forms.FileField):
    """A picture, made anew before anything else sees it."""

    widget = PhotographWidget(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def to_python(self, data: UploadedFile | None) -> ContentFile | None:
        """Return the picture made anew, or None if there is none. Raises ValidationError."""
        upload = super().to_python(data)
        return make_safe(upload) if upload else None


class PersonForm(RefusableForm):
    """A person's form."""

    photograph = PhotographField(
        required=False,
        help_text="JPEG, PNG or WebP, at most 8 MB. It is made smaller, and what the camera wrote into it is removed.",
    )

    def clean_photograph(self) -> Any:
        """Return the new picture, False to remove it, or the one there is, even if an older version is restored."""
        chosen = self.cleaned_data["photograph"]
        if chosen is False or isinstance(chosen, ContentFile):
            return chosen
        return Person.objects.filter(pk=self.instance.pk).values_list("photograph", flat=True).first() or ""


@admin.register(Person)
class PersonAdmin(ProgrammeAdmin):
    """The list of people, and a page for each."""

    form = PersonForm
    list_display = ["name", "role", "organisation", "number_of_sessions", "has_photograph", "has_page", "still_shown"]
    list_filter = [InEventFilter, PhotographFilter, ShownFilter, "has_page", "searchable"]
    list_select_related = ["organisation"]
    ordering = ["sort_key", "pk"]
    search_fields = ["name__unaccent", "sort_key", "role__unaccent", "organisation__name__unaccent"]
    search_help_text = "A name, what they do, or an organisation; with or without accents."
    autocomplete_fields = ["organisation"]
    readonly_fields = ["picture", "programme"]
    fieldsets = [
        (None, {"fields": ["name", "pronouns", "role", "organisation"]}),
        ("Biography", {"description": HOW_TO_WRITE, "fields": ["biography"]}),
        ("Photograph", {"fields": ["picture", "photograph"]}),
        ("How they are shown", {"description": THEIR_CHOICE, "fields": ["has_page", "searchable", "public_until"]}),
        ("In the programme", {"fields": ["programme"]}),
        ("Sorting", {"classes": ["collapse"], "fields": ["sort_name"]}),
        ADDRESS,
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        """Count the sessions along with the people."""
        counted = Count("appearances__session", distinct=True)
        return super().get_queryset(request).annotate(sessions_counted=counted)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> None:
        """Save the person; if that is refused, no picture stays behind without its person. Raises Refused."""
        try:
            super().save_related(request, form, formsets, change)
        except Refused:
            picture = form.instance.photograph
            if isinstance(form.cleaned_data.get("photograph"), ContentFile) and picture._committed:
                picture.storage.delete(picture.name)
            raise

    @admin.display(description="sessions", ordering="sessions_counted")
    def number_of_sessions(self, person: Person) -> int:
        """In how many sessions they are."""
        return person.sessions_counted

    @admin.display(description="photograph", boolean=True)
    def has_photograph(self, person: Person) -> bool:
        """Whether there is one."""
        return bool(person.photograph)

    @admin.display(description="still shown", boolean=True)
    def still_shown(self, person: Person) -> bool:
        """Whether the date that they set is still to come, or there is none."""
        return not person.is_gone(timezone.localdate())

    @admin.display(description="now")
    def picture(self, person: Person) -> str:
        """The photograph that there is."""
        if not person.photograph or not person.photograph._committed:
            return "None"
        return format_html('<img class="picture" src="{}" alt="{}">', staff_photograph(person.pk), person.name)

    @admin.display(description="sessions")
    def programme(self, person: Person) -> str:
        """The sessions in which they are, the latest first."""
        return sessions_of(person)
