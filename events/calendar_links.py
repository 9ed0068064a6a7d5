"""The ways in which somebody gets what we send into their own calendar. Pure: values in, addresses out.

A file and the web calendars' “new entry” pages hold what is so now; a subscription is asked for again by the calendar
itself and follows every change. The web calendars' addresses are those that their own “add to calendar” buttons use;
neither company promises them in a published document, so they are kept together here.
"""

import datetime
from dataclasses import dataclass, field
from urllib.parse import urlencode

from events.calendars import Entry

GOOGLE = "https://calendar.google.com/calendar"
OUTLOOK = "https://outlook.live.com/calendar/0"
OFFICE = "https://outlook.office.com/calendar/0"
LONGEST_TEXT = 300  # letters of one text in an address, which browsers and servers bound


@dataclass(frozen=True, slots=True)
class Link:
    """One way: what it is called, where it leads, and what it is for in a few words."""

    name: str
    href: str
    words: str = ""
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways that a page offers: to subscribe, and to take what is so now."""

    once: list[Link]
    subscribe: list[Link] = field(default_factory=list)


def subscribing(name: str, address: str, *, is_secret: bool = False) -> list[Link]:
    """Return the ways to subscribe to a calendar that is called `name` at this absolute address.

    What is secret in an address must not travel in the clear, as some calendars first ask for `webcal:`; Google has a
    page on which it is pasted as it is.
    """
    scheme, _, rest = address.partition("://")
    webcal = f"webcals://{rest}" if is_secret and scheme == "https" else f"webcal://{rest}"
    google = Link("Google Calendar", f"{GOOGLE}/r?{urlencode({'cid': webcal})}", "on a computer; phones follow")
    if is_secret:
        google = Link("Google Calendar", f"{GOOGLE}/r/settings/addbyurl", "on a computer: paste the address below")
    return [
        Link("Calendar on this device", webcal, "iPhone, Mac, Outlook, Thunderbird"),
        google,
        Link("Outlook.com", f"{OUTLOOK}/addfromweb?{urlencode({'url': address, 'name': name})}"),
        Link("Outlook at work", f"{OFFICE}/addfromweb?{urlencode({'url': address, 'name': name})}", "Microsoft 365"),
    ]


def file(address: str) -> Link:
    """Return the way to a file. It is opened, not downloaded: a telephone then offers to add what is in it."""
    return Link("Calendar file", address, "iPhone, Mac, Outlook, Thunderbird", is_file=True)


def adding(entry: Entry) -> list[Link]:
    """Return the ways to add one entry to a web calendar, as it is now."""
    return [
        Link("Google Calendar", f"{GOOGLE}/render?{urlencode(_for_google(entry))}"),
        Link("Outlook.com", f"{OUTLOOK}/deeplink/compose?{urlencode(_for_outlook(entry))}"),
        Link("Outlook at work", f"{OFFICE}/deeplink/compose?{urlencode(_for_outlook(entry))}", "Microsoft 365"),
    ]


def _for_google(entry: Entry) -> dict[str, str]:
    return {
        "action": "TEMPLATE",
        "text": entry.summary[:LONGEST_TEXT],
        "dates": f"{_utc(entry.starts):%Y%m%dT%H%M%SZ}/{_utc(entry.ends):%Y%m%dT%H%M%SZ}",
        "location": entry.location[:LONGEST_TEXT],
        "details": _details(entry),
    }


def _for_outlook(entry: Entry) -> dict[str, str]:
    return {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": entry.summary[:LONGEST_TEXT],
        "startdt": f"{_utc(entry.starts):%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{_utc(entry.ends):%Y-%m-%dT%H:%M:%SZ}",
        "location": entry.location[:LONGEST_TEXT],
        "body": _details(entry),
    }


def _details(entry: Entry) -> str:
    return "\n".join(part for part in (entry.description[:LONGEST_TEXT], entry.address) if part)


def _utc(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(datetime.UTC)
