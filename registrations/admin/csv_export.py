"""Registrations as a file for a spreadsheet. No access needs, no kind of ticket, and nothing that would be computed."""

import csv
import datetime
import io
import unicodedata
from collections.abc import Iterable

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from events.wording import british_time
from registrations.admin import in_words
from registrations.models import Registration
from registrations.tickets import owing, prices

FORMULA = "=+-@|%−"
BOM = "\ufeff"  # without it, some spreadsheets read the letters as another alphabet's
COLUMNS = [
    "Reference", "Event", "Status", "Name", "Name on the badge", "Pronouns", "E-mail", "Telephone", "Organisation",
    "Job title", "Member", "Price", "Owed", "Invoice", "Who pays", "Purchase order", "Workshops",
    "May be photographed", "Wants news", "Registered",
]  # fmt: skip


def inert(text: object) -> str:
    """Return a cell that no spreadsheet takes for a formula: such a text gets an apostrophe before it.

    What comes before the sign counts not, if nobody sees it; and the signs of other widths count as well.
    """
    words = str(text)
    seen = "".join(letter for letter in words if unicodedata.category(letter) not in ("Cf", "Cc", "Zs", "Zl", "Zp"))
    first = unicodedata.normalize("NFKC", seen[:1])[:1]
    return f"'{words}" if (first and first in FORMULA) or words[:1] in ("\t", "\r", "\n") else words


def row(registration: Registration) -> list[str]:
    """Return what the file says of one registration, read by `in_words.with_all` and placed."""
    invoice, zone = registration.invoice, registration.event.zone
    yes = {True: "Yes", False: "No"}
    return [
        registration.reference, registration.event.title, in_words.status_words(registration), registration.name,
        registration.badge_name, registration.pronouns, registration.email, registration.phone,
        registration.organisation, registration.job_title, yes[registration.is_member],
        prices.words(registration.price_agreed), owing.words(registration),
        str(invoice or ""), invoice.payer if invoice else "", invoice.purchase_order if invoice else "",
        in_words.workshop_words(registration), yes[registration.photo_consent], yes[registration.mailing_consent],
        british_time.moment_words(registration.created_at, zone),
    ]  # fmt: skip


def text(registrations: Iterable[Registration]) -> str:
    """Return the whole file: every cell quoted, every cell inert."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for each in in_words.place(list(registrations)):
        writer.writerow([inert(cell) for cell in row(each)])
    return BOM + file.getvalue()


def response(registrations: QuerySet[Registration], now: datetime.datetime) -> HttpResponse:
    """Return the file as a download."""
    name = f"registrations-{now:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text(registrations), content_type="text/csv; charset=utf-8", headers=headers)


def of_list(page: admin.ModelAdmin, request: HttpRequest, now: datetime.datetime) -> HttpResponse:
    """Return the file of everybody whom the list of this address would show, on all of its pages."""
    if not page.has_view_or_change_permission(request):
        raise PermissionDenied
    try:
        shown = page.get_changelist_instance(request).get_queryset(request)
    except admin.options.IncorrectLookupParameters:
        return HttpResponseRedirect(reverse("admin:registrations_registration_changelist"))
    return response(shown, now)
