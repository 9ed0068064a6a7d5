"""What the frame of every page needs, asked for only when a template says it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from events.page import site_words
from pages.models import Page


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `site` (see `events.page.site_words`) and `menu_pages`, which costs its query when used."""
    return {
        "site": site_words(),
        "menu_pages": SimpleLazyObject(lambda: list(Page.objects.public().in_menu_order().only("title", "slug"))),
    }
