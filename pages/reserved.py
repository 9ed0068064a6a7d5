"""Which addresses an information page may not take."""

from django.urls import Resolver404, resolve

# Addresses that other parts of the site have or will have, beyond those that the URL configuration knows.
KEPT = frozenset(
    "admin api calendar events favicon feeds find healthz manifest media metrics my-day organisations pages people"
    " readyz register registrations robots security sitemap static staff well-known".split()
)


def hides_another_address(slug: str) -> bool:
    """Return whether `/<slug>/` belongs to another part of the site, now or by reservation."""
    if slug in KEPT:
        return True
    try:
        match = resolve(f"/{slug}/")
    except Resolver404:
        return False
    return match.view_name != "pages:page_detail"
