"""Your data: what is held, a copy to take away, erasing, and complaining."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from events.page import site_words, titled
from registrations import kept, needs
from registrations.answering import draft_cookie
from registrations.data_rights import (
    complaining,
    erasing,
    invoice_records,
    personal_data,
    personal_fields,
    personal_words,
)
from registrations.forms.data_rights import ComplaintForm, EraseForm
from registrations.models import ChoiceState
from registrations.my_day import own_day
from registrations.problems import Busy
from registrations.views.my_day.gate import Mine, own, personal_page, render_mine
from registrations.views.my_day.overview import to_day
from registrations.way_in import opened_cookie  # fmt: skip


@own
def data(mine: Mine) -> HttpResponse:
    """Show what is held, what for, who sees it and until when; and what one can do about it."""
    return render_mine(mine, "my_day/data.html", "Your data", held=personal_fields.HELD)


@own
def data_json(mine: Mine) -> HttpResponse:
    """Send everything that is held as a file."""
    values = {part.key: part.entries for part in personal_data.of(mine.registration)}
    text = json.dumps({"made": mine.showing.now, **values}, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="my-data-{mine.event.slug}.json"'}
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)


@own
def data_page(mine: Mine) -> HttpResponse:
    """Show the same to be read, printed or saved."""
    zone = mine.event.zone
    parts = [
        (part.title, [personal_words.rows(entry, zone) for entry in part.entries])
        for part in personal_data.of(mine.registration)
    ]
    return render_mine(mine, "my_day/data_page.html", "Everything we hold about you", parts=parts)


@own
def erase(mine: Mine) -> HttpResponse:
    """Say what erasing does; a POST with its box ticked erases, and closes this browser."""
    form = EraseForm(mine.request.POST if mine.is_sent else None)
    if not mine.is_sent or not form.is_valid():
        return _ask(mine, form)
    try:
        erasing.erase(mine.registration, mine.showing.now)
    except Busy:
        return kept.busy(mine.request)
    response = redirect("my_day:erased")
    opened_cookie.close(response)
    draft_cookie.close(response)
    return response


def _ask(mine: Mine, form: EraseForm) -> HttpResponse:
    registration, begun = mine.registration, mine.event.starts <= mine.showing.now
    choices = list(own_day.live_choices(registration))
    return render_mine(
        mine, "my_day/erase.html", "Erase your data", status=422 if form.is_bound else 200, form=form, begun=begun,
        held=[each.session for each in choices if each.state == ChoiceState.CONFIRMED and not begun],
        waited=[each.session for each in choices if each.state == ChoiceState.WAITING],
        invoice_stays=invoice_records.will_stay(registration.invoice_id, mine.showing.now),
        shares_its_address=needs.shares_its_address(registration),
        complains=registration.complaints.filter(answered_at=None).exists(), years=invoice_records.YEARS,
    )  # fmt: skip


@personal_page
def erased(request: HttpRequest) -> HttpResponse:
    """Say that it is done. Nothing is left by which this page could know whose it was."""
    heading = "Your data are erased"
    context = {"site": site_words(), "page_title": titled(heading), "noindex": True, "heading": heading}
    return render(request, "my_day/erased.html", context)


@own
def complain(mine: Mine) -> HttpResponse:
    """Take down a complaint about how personal data is handled."""
    form = ComplaintForm(mine.request.POST if mine.is_sent else None)
    if not mine.is_sent or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render_mine(mine, "my_day/complain.html", "Complain about your data", status=status, form=form)
    if reached := complaining.limit_reached(mine.registration, mine.showing.now):
        return kept.too_many(mine.request, reached)
    try:
        complaining.complain(mine.registration, form.cleaned_data["complaint"], mine.showing.now)
    except Busy:
        return kept.busy(mine.request)
    return to_day("complaint")
