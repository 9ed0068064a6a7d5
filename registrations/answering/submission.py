"""A draft's answers put together: as a whole to be confirmed, and as the choices they stand for."""

from collections.abc import Mapping
from typing import Any

from django.core import signing

from registrations.answering import promised_price
from registrations.answering.answers import Answers, Needs, Payer, Quote, Wish
from registrations.forms.workshops import NONE
from registrations.models import Draft

_SALT = "registrations.quote"
_DETAILS = ("name", "email", "phone", "badge_name", "pronouns", "mailing_consent")
_TICKET = ("organisation", "job_title", "is_member", "invitation_code", "wants_bursary")


def answers(draft: Draft, quote: Quote, access: Mapping[str, Any]) -> Answers:
    """Return all that a draft holds, with the price that was shown, and the answers about access and food."""
    given = draft.answers
    details, ticket = given["details"], given["ticket"]
    return Answers(
        quote=quote,
        **{name: details[name] for name in _DETAILS},
        **{name: ticket[name] for name in _TICKET},
        photo_consent=given["access"].get("photo_consent", False),
        payer=payer(draft),
        wishes=wishes(given["workshops"]),
        needs=Needs(**access),
    )


def payer(draft: Draft) -> Payer | None:
    """Return who pays; None if nobody was named."""
    ticket = draft.answers["ticket"]
    names = {
        "organisation": ticket["organisation"],
        "me": draft.answers["details"]["name"],
        "other": ticket["invoice_payer"],
    }
    name = names.get(ticket["pays"])
    rest = {each: ticket[f"invoice_{each}"] for each in ("address", "email", "purchase_order")}
    return Payer(name, **rest) if name else None


def wishes(given: Mapping[str, str]) -> dict[int, Wish]:
    """Return the wishes by series, from answers such as {"series-7": "31", "series-7-wait": "none"}."""
    numbers = {int(name.split("-")[1]) for name in given}
    return {number: _wish(given.get(f"series-{number}"), given.get(f"series-{number}-wait")) for number in numbers}


def _wish(place: str | None, wait: str | None) -> Wish:
    return Wish(_key(place), _key(wait), no_part=place == NONE)


def _key(value: str | None) -> int | None:
    return int(value) if value and value.isdigit() else None


def shown(draft: Draft, quote: Quote) -> str:
    """Return, signed, what the page to check shows: the price, and of which state of the draft."""
    values: dict[str, Any] = {"ticket": quote.ticket_type, "price": quote.price, "at": quote.at.isoformat()}
    return signing.dumps([str(draft.key), draft.touched_at.isoformat(), values], salt=_SALT)


def seen(draft: Draft, text: str) -> Quote | None:
    """Return the price that is kept with the draft; None if another state of it was shown, or the words are not ours.

    A lower price than that is none of ours either: what comes back with the form changes nothing.
    """
    try:
        key, state, values = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    promised = promised_price.kept(draft)
    if promised is None or (key, state) != (str(draft.key), draft.touched_at.isoformat()):
        return None
    is_same_ticket = values["ticket"] == promised.ticket_type
    return promised if is_same_ticket and promised.price <= values["price"] else None
