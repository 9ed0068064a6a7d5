"""The home page, the pages of words, and what machines ask for: robots.txt, the sitemap, the icon."""

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.cache import patch_cache_control

from events import former_slugs
from events.models import Event
from events.page import absolute, titled
from events.showing import Showing
from events.storing.stored_pages import programme_version, stored
from events.views.access import only_read
from events.views.event import event_page
from pages import sitemap
from pages.models import Page


@only_read
@stored()
def home(request: HttpRequest) -> HttpResponse:
    """Show the event of ours that matters now: the next one, or the last when none is coming."""
    now, version = timezone.now(), programme_version(request)
    ours = Event.objects.public().ours().select_related("venue")
    # A sample never stands before an event that really comes.
    coming = ours.not_over(now).order_by("is_sample", "sorts_at", "pk")
    event = coming.first() or ours.order_by("-sorts_at", "-pk").first()
    if event is None:
        return _nothing_yet(request)
    response = event_page(
        request, Showing(event, now, version=version), heading=event.strapline or "Welcome", template="pages/home.html"
    )
    patch_cache_control(response, no_cache=True)
    return response


def _nothing_yet(request: HttpRequest) -> HttpResponse:
    context = {"page_title": titled("Events"), "canonical": absolute("/"), "section": "home"}
    return render(request, "pages/home_empty.html", context)


@only_read
@stored()
def page_detail(request: HttpRequest, page: str) -> HttpResponse:
    """Show a published page of words; its former address leads to the present one for good."""
    found = Page.objects.public().filter(slug=page).first()
    if found is None:
        moved = Page.objects.public().filter(pk=former_slugs.find(Page, page)).first()
        if moved is None:
            raise Http404
        return redirect("pages:page_detail", page=moved.slug, permanent=True)
    response = _page(request, found, preview=False)
    patch_cache_control(response, no_cache=True)
    return response


@only_read
@staff_member_required
def page_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a page of words, published or not, to staff who may see pages; it is stored nowhere."""
    if not request.user.has_perm("pages.view_page"):
        raise PermissionDenied
    response = _page(request, get_object_or_404(Page, pk=pk), preview=True)
    patch_cache_control(response, no_store=True, private=True)
    return response


def _page(request: HttpRequest, page: Page, *, preview: bool) -> HttpResponse:
    context = {
        "page": page,
        "preview": preview,
        "noindex": preview,
        "section": page.slug,
        "page_title": titled(page.title),
        "page_description": page.summary,
        "canonical": absolute(f"/{page.slug}/"),
    }
    return render(request, "pages/page_detail.html", context)


@only_read
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines where the sitemap is, and to leave the admin alone."""
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@only_read
@stored()
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """List every page that search engines may show."""
    addresses = [absolute(address) for address in sitemap.addresses(timezone.now())]
    return render(request, "pages/sitemap.xml", {"addresses": addresses}, content_type="application/xml")


@only_read
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead to the icon, for browsers that ask for it at its old address."""
    return redirect(static("img/favicon.ico"))
