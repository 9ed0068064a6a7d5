"""Parts of a registration's page: its workshops, its invoice, its messages, and whether access needs were given."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from events.wording import british_time
from registrations.admin.in_words import asked_words, ordinal, to_whom
from registrations.models import AccessNeeds, Message, MessageState, Registration, WorkshopChoice


def workshops(registration: Registration) -> str:
    """Return the workshops that are held and waited for, with times and positions."""
    lines = [
        (_when(choice, registration), choice.session, _state(choice, registration))
        for choice in registration.live_choices
    ]
    if not lines:
        return "None"
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}{}</li>", lines))


def _when(choice: WorkshopChoice, registration: Registration) -> str:
    return british_time.hours_words(choice.starts, choice.ends, registration.event.zone)


def _state(choice: WorkshopChoice, registration: Registration) -> str:
    number = registration.positions.in_workshop.get(choice.pk)
    if not number:
        return ""
    asked = asked_words(registration, choice.session_id)
    return f" – on the waiting list, {ordinal(number)}{asked and f'; {asked}'}"


def invoice(registration: Registration) -> str:
    """Return a link to the invoice."""
    if registration.invoice is None:
        return "Nobody: nothing is to pay"
    address = reverse("admin:registrations_invoice_change", args=[registration.invoice_id])
    return format_html('<a href="{}">{}</a>: {}', address, registration.invoice, registration.invoice.payer)


def access(registration: Registration) -> str:
    """Return whether anything was given, with a link to the page that only some may open."""
    given = AccessNeeds.objects.filter(registration=registration).exists()
    address = reverse("admin:registrations_registration_access_needs", args=[registration.pk])
    words = "Needs were given" if given else "None given"
    return format_html('{}. <a href="{}">Open</a> (with the permission; each view is logged)', words, address)


def messages(registration: Registration) -> str:
    """Return each message: when, what, to whom, how far, and why it failed."""
    zone = registration.event.zone
    lines = [
        (british_time.moment_words(each.created_at, zone), each.get_kind_display(), to_whom(each), how_far(each))
        for each in registration.messages.all()
    ]
    if not lines:
        return "None"
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}, to {} – {}</li>", lines))


def how_far(message: Message) -> str:
    """Return the state of a message, with the reason if it cannot be sent."""
    words = MessageState(message.state).label.lower()
    reason = message.problem
    return f"{words}: {reason}" if reason else words
