"""How many places are left, in words, on whatever page shows a workshop."""

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from events.models import Session
from registrations.tickets import selling

register = template.Library()


@register.simple_tag(takes_context=True)
def places_words(context: Context, session: Session) -> SafeString | str:
    """“Places available”, “Last few places” or “Full – join the waiting list”; nothing where nobody can book it here.

    However many sessions a page shows, they cost one query together.
    """
    places = selling.places_told(context["showing"], session) if context["booking"].here else None
    if places is None:
        return ""
    if places.is_full:
        return format_html('<span class="tag tag-full">{}</span>', places.words)
    if places.are_few:
        return format_html('<span class="tag tag-few">{}</span>', places.words)
    return format_html('<span class="places">{}</span>', places.words)
