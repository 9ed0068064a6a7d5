"""What the site itself noted about one attendee, as plain values: changes, messages, offers, who saw what.

`since` is since when the place is theirs; what was noted before that is of whoever passed it on.
"""

import datetime
from typing import Any

from django.db.models import Q

from registrations import folding
from registrations.data_rights import retention
from registrations.messages import outbox
from registrations.models import (
    AccessNeedsLog,
    ChoiceState,
    Draft,
    LinkRequest,
    Message,
    Registration,
    WorkshopChoice,
)  # fmt: skip
from registrations.way_in import personal_links

Entry = dict[str, Any]
STAFF, YOU, SITE = "staff", "you", "the site itself"
YOU_OR_SITE = "you, or the site itself"
# The link itself is kept nowhere.
LINK = "(your personal link)"
_WHAT = {"+": "made", "~": "changed", "-": "deleted"}


def changes(registration: Registration, since: datetime.datetime) -> list[Entry]:
    """Return each change of the registration itself."""
    found = registration.history.filter(history_date__gte=since).order_by("history_date", "history_id")
    return [
        {
            "when": each.history_date,
            "what": _WHAT[each.history_type],
            "state": each.get_status_display(),
            "by": STAFF if each.history_user_id else YOU_OR_SITE,
        }
        for each in found
    ]


def workshops(registration: Registration, since: datetime.datetime) -> list[Entry]:
    """Return the workshops chosen, waited for and given back, each with its changes."""
    choices = registration.choices.select_related("session__series").order_by("made_at", "pk")
    noted = WorkshopChoice.history.filter(registration=registration.pk, history_date__gte=since)
    history: dict[int, list[Entry]] = {}
    for each in noted.order_by("history_date", "history_id"):
        by = STAFF if each.history_user_id else YOU_OR_SITE
        entry = {"when": each.history_date, "state": each.get_state_display(), "by": by}
        history.setdefault(each.id, []).append(entry)
    return [
        {
            "workshop": str(each.session),
            "state": each.get_state_display(),
            "asked_first": each.ask_first,
            "changes": history.get(each.pk, []),
        }
        for each in choices
        if each.made_at >= since or each.state != ChoiceState.RELEASED
    ]


def no_part(registration: Registration) -> list[Entry]:
    """Return the series in which they take no part, as they said, and since when."""
    found = registration.no_part.select_related("series")
    return [{"series": each.series.name, "since": each.made_at} for each in found]


def offers(registration: Registration, since: datetime.datetime) -> list[Entry]:
    """Return the places that were kept, and what came of it."""
    return [
        {
            "of": str(each.session or registration.event),
            "made": each.made_at,
            "until": each.until,
            "answered": each.answered_at,
            "state": each.get_state_display(),
        }
        for each in registration.offers.filter(made_at__gte=since).select_related("session__series")
    ]


def access_log(registration: Registration, since: datetime.datetime) -> list[Entry]:
    """Return who gave, saw, changed or deleted what they need."""
    over = registration.event.ends + retention.ACCESS_NEEDS_ARE_KEPT
    entries = registration.access_needs_log.filter(when__gte=since)
    # What was deleted in the moment of passing was the former attendee's.
    return [
        {"when": each.when, "action": each.get_action_display(), "by": _by(each, over)}
        for each in entries.exclude(when=since, action=AccessNeedsLog.Action.DELETED)
    ]


def _by(entry: AccessNeedsLog, over: datetime.datetime) -> str:
    """Return who did it. Attendees never open it, so what nobody is named for was seen by an account deleted since."""
    if entry.user_id or entry.action == AccessNeedsLog.Action.SEEN:
        return STAFF
    return SITE if entry.action == AccessNeedsLog.Action.DELETED and entry.when >= over else YOU


def messages(registration: Registration, since: datetime.datetime) -> list[Entry]:
    """Return what was sent to them, with its words as long as they are kept."""
    return [_message(each, registration) for each in registration.messages.filter(created_at__gte=since)]


def _message(message: Message, registration: Registration) -> Entry:
    entry = {"what": message.get_kind_display(), "when": message.created_at, "state": message.get_state_display()}
    if message.kind in outbox.TO_THE_TEAM:
        return entry | {"to": "our team"}
    if folding.email_key(message.recipient) != registration.email_key:
        return entry | {"to": "another address"}
    here = personal_links.placeholder(message)
    text = message.text.replace(here, LINK) if here else message.text
    return entry | {"to": message.recipient, "sent": message.sent_at, "subject": message.subject, "text": text}


def transfers(registration: Registration, since: datetime.datetime) -> list[Entry]:
    """Return to whom they wanted to pass the place; names are kept only until that ends."""
    found = registration.transfers.filter(made_at__gte=since)
    return [
        {"to": each.name, "address": each.email, "made": each.made_at, "ended": each.ended_at,
         "state": each.get_state_display()}
        for each in found
    ]  # fmt: skip


def link_requests(registration: Registration) -> list[Entry]:
    """Return when links were asked for with their address."""
    found = LinkRequest.objects.exclude(email_key="").filter(email_key=registration.email_key).order_by("pk")
    return [{"asked": each.made_at, "answered": each.answered_at, "used": each.used_at} for each in found]


def drafts(registration: Registration) -> list[Entry]:
    """Return unfinished answers of this registration."""
    mine = Q(registration=registration.pk) | Q(key=registration.idempotency_key)
    found = Draft.objects.filter(mine).order_by("pk")
    return [{"begun": each.created_at, "last_answer": each.touched_at, "answers": _answers(each)} for each in found]


def complaints(registration: Registration, since: datetime.datetime) -> list[Entry]:
    """Return their complaints."""
    return [
        {"made": each.made_at, "text": each.text, "answered": each.answered_at}
        for each in registration.complaints.filter(made_at__gte=since)
    ]


def _answers(draft: Draft) -> dict[str, Any]:
    """Return the answers, without the key of a colleague's submission, which is the colleague's own."""
    return {name: value for name, value in draft.answers.items() if name != "with"}
