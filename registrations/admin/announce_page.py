"""The page on which staff tell those who have not chosen in a series that its workshops are announced."""

import datetime

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from events.admin.zones import event_of
from events.models import Series
from registrations.admin.base import now_in
from registrations.kept import BUSY_SECONDS
from registrations.problems import Busy
from registrations.programme_changes import announcing
from registrations.programme_changes.announcing import Notice

MAY_ANNOUNCE = "registrations.change_registration"
UNAVAILABLE = 503


def links(request: HttpRequest, now: datetime.datetime) -> list[tuple[str, str]]:
    """Return each series of the event that the list shows, with its page, for those who may, until the event begins."""
    event = event_of(request.GET.get("event"))
    if event is None or event.starts is None or event.starts <= now or not request.user.has_perm(MAY_ANNOUNCE):
        return []
    return [
        (each.name, reverse("admin:registrations_registration_announce", args=[each.pk]))
        for each in event.series.order_by("number")
    ]


def show(request: HttpRequest, page: admin.ModelAdmin, series: int) -> HttpResponse:
    """Say to how many the notice goes, or send it. Sent twice, it goes to nobody the second time."""
    if not request.user.has_perm(MAY_ANNOUNCE):
        raise PermissionDenied
    found, now = get_object_or_404(Series.objects.select_related("event"), pk=series), now_in(request)
    if request.method != "POST":
        return _page(request, page, announcing.of(found, now), 200)
    try:
        notice = announcing.announce(found, now)
    except Busy as busy:
        messages.error(request, str(busy))
        return _page(request, page, announcing.of(found, now), UNAVAILABLE)
    if notice.to:
        page.log_change(request, found, f"Told {len(notice.to)} that workshops are announced")
        messages.success(request, f"The notice is on its way. {whom(notice)}")
    else:
        messages.info(request, "Nobody was left to be told.")
    return HttpResponseRedirect(reverse("admin:registrations_registration_changelist") + f"?event={found.event_id}")


def whom(notice: Notice) -> str:
    """Return “It goes to 12 people. 2 of them have no e-mail address and are put on the list of those to ring.”"""
    number, rung = len(notice.to), notice.without_address
    if not number:
        who = "everybody has chosen in this series, takes no part in it, or was told of exactly these workshops"
        return f"It goes to nobody: {who}."
    goes = f"It goes to {number} {'person' if number == 1 else 'people'}."
    if not rung:
        return goes
    has = "1 of them has no e-mail address and is" if rung == 1 else f"{rung} of them have no e-mail address and are"
    return f"{goes} {has} put on the list of those to ring."


def _page(request: HttpRequest, page: admin.ModelAdmin, notice: Notice, status: int) -> HttpResponse:
    context = {
        **page.admin_site.each_context(request),
        "title": f"Announce {notice.series.name}",
        "subtitle": notice.series.event.title,
        "opts": page.opts,
        "notice": notice,
        "whom": whom(notice),
        "back": reverse("admin:registrations_registration_changelist") + f"?event={notice.series.event_id}",
    }
    headers = {"Retry-After": str(BUSY_SECONDS)} if status == UNAVAILABLE else None
    return TemplateResponse(request, "admin/registrations/announce.html", context, status=status, headers=headers)
