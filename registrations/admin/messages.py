"""Messages: what was sent to whom, how far it has come, and why it could not be sent; and what is to be read out."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from events.wording import british_time
from registrations.admin import in_words
from registrations.admin.doing import LookAndDo
from registrations.admin.on_the_telephone import TOLD
from registrations.messages import emails, ringing
from registrations.models import Message, MessageKind, MessageState
from registrations.way_in import personal_links

ADDRESS_SINCE = "They have given an e-mail address since. This was not sent to it: ring them all the same, or write."
TOO_LATE = "The time to answer is over: look at the offer before you ring."


@admin.register(Message)
class MessageAdmin(LookAndDo):
    """The list of messages, and a page for each."""

    deeds = (TOLD,)
    list_display = ["when", "kind", "to_whom", "registration", "state", "why_not"]
    list_display_links = ["when", "kind"]
    list_filter = ["state", "kind"]
    list_select_related = ["registration__event"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    search_fields = ["recipient", "registration__reference", "registration__name__unaccent"]
    search_help_text = "An address, a reference or a name."
    fields = ["kind", "to_whom", "registration", "state", "why_not", "when", "attempts", "sent", "words"]
    object_history_template = "admin/registrations/message_history.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out what only mail programs read."""
        return super().get_queryset(request).defer("html", "calendar", "facts")

    @admin.display(description="queued", ordering="created_at")
    def when(self, message: Message) -> str:
        """When it was queued."""
        return british_time.moment_words(message.created_at, message.registration.event.zone)

    @admin.display(description="sent", ordering="sent_at")
    def sent(self, message: Message) -> str:
        """When it was sent."""
        if message.sent_at is None:
            return "Not yet" if message.state == MessageState.QUEUED else "No"
        return british_time.moment_words(message.sent_at, message.registration.event.zone)

    @admin.display(description="to", ordering="recipient")
    def to_whom(self, message: Message) -> str:
        """The address, or whom to ring on which number."""
        return in_words.to_whom(message)

    @admin.display(description="why it was not sent")
    def why_not(self, message: Message) -> str:
        """What the mail server said."""
        return message.problem

    @admin.display(description="words")
    def words(self, message: Message) -> str:
        """The message as text; with its personal link only on somebody’s own computer."""
        if message.state == MessageState.TO_RING:
            return _to_read_out(message)
        text = personal_links.put_in(message.text, message) if settings.IS_LOCAL else message.text
        if text:
            return _shown(message.subject, text)
        if message.state == MessageState.TOLD:
            return "It was read out. The history of this page says when and by whom that was noted."
        return "Deleted since." if message.state != MessageState.QUEUED else "It is put into words when it is sent."


def _to_read_out(message: Message) -> str:
    """Return what is to be said, with the programme as it is now: the worker writes only what it sends."""
    try:
        written = emails.write(message)
    except emails.NothingToSay:
        return "It is no longer so: there is nothing to say. Mark it as told."
    words = _shown(written.subject, written.text)
    if message.registration.email:
        words = format_html("<p><strong>{}</strong></p>{}", ADDRESS_SINCE, words)
    if message.kind != MessageKind.OFFERED:
        return words
    address = f"{reverse('admin:registrations_offer_changelist')}?answer=every&q={message.registration}"
    late = format_html("<p><strong>{}</strong></p>", TOO_LATE) if ringing.is_too_late(message, timezone.now()) else ""
    return format_html('{}<p>Their answer is noted under <a href="{}">Offers</a>.</p>{}', late, address, words)


def _shown(subject: str, text: str) -> str:
    return format_html('<p><strong>{}</strong></p><pre class="message">{}</pre>', subject, text)
