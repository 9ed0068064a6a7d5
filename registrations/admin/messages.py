"""Messages: what was sent to whom, how far it has come, and why it could not be sent. For looking only."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html

from events import british_time
from registrations import personal_links
from registrations.admin.base import LookOnly
from registrations.models import Message, MessageState


@admin.register(Message)
class MessageAdmin(LookOnly):
    """The list of messages, and a page for each."""

    list_display = ["when", "kind", "recipient", "registration", "state", "why_not"]
    list_display_links = ["when", "kind"]
    list_filter = ["state", "kind"]
    list_select_related = ["registration__event"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    search_fields = ["recipient", "registration__reference", "registration__name__unaccent"]
    search_help_text = "An address, a reference or a name."
    fields = ["kind", "recipient", "registration", "state", "why_not", "when", "attempts", "sent_at", "words"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out what only mail programs read."""
        return super().get_queryset(request).defer("html", "calendar", "facts")

    @admin.display(description="queued", ordering="created_at")
    def when(self, message: Message) -> str:
        """When it was queued."""
        return british_time.moment_words(message.created_at, message.registration.event.zone)

    @admin.display(description="why it was not sent")
    def why_not(self, message: Message) -> str:
        """What the mail server said."""
        return message.problem

    @admin.display(description="words")
    def words(self, message: Message) -> str:
        """The message as text; with its personal link only on somebody’s own computer."""
        text = personal_links.put_in(message.text, message) if settings.IS_LOCAL else message.text
        if not text:
            waits = message.state == MessageState.QUEUED
            return "It is put into words when it is sent." if waits else "None, or deleted since."
        return format_html('<p><strong>{}</strong></p><pre class="message">{}</pre>', message.subject, text)
