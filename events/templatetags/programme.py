"""What the programme's templates may say: addresses, British times, Markdown, names."""

import datetime
import re
import unicodedata

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from events.addresses import Addresses
from events.models import Appearance, Event, Person, Session
from events.wording import access, british_time, credits, markdown

register = template.Library()

# The display face is served with basic latin letters only; a title with any other is set wholly in the text face.
_DISPLAY_LETTERS = re.compile(r"[\x00-\xff\u0131\u0152\u0153\u02c6\u02da\u02dc\u2000-\u206f\u20ac\u2122\u2212]*\Z")


@register.simple_tag(takes_context=True)
def url_of(context: Context, thing: object) -> str:
    """The page of an event, session, person or organisation; in preview the previewed one."""
    showing = context.get("showing")
    if isinstance(thing, Event) and (showing is None or thing.pk != showing.event.pk):
        return Addresses(thing).event
    return showing.addresses.of(thing)


@register.simple_tag(takes_context=True)
def photograph_of(context: Context, person: Person) -> str:
    """The address of a person's photograph; in preview the one at which staff see it."""
    return context["showing"].addresses.photograph(person)


@register.simple_tag(takes_context=True)
def url_for(context: Context, page: str) -> str:
    """The "event", "agenda", "people" or "organisations" page of the event that is shown."""
    return getattr(context["showing"].addresses, page)


def _time(moment: datetime.datetime, words: str, event: Event) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', british_time.iso(moment, event.zone), words)


@register.simple_tag
def time_of(moment: datetime.datetime, event: Event) -> SafeString:
    """“11:40am” in a time element."""
    return _time(moment, british_time.time_words(moment, event.zone), event)


@register.simple_tag(takes_context=True)
def time_range(context: Context, shown: object) -> SafeString:
    """“11:40am to 12:25pm” of a session, slot or event, in two time elements, in the event's zone."""
    event = context.get("event") or shown
    return format_html("{} to {}", time_of(shown.starts, event), time_of(shown.ends, event))


@register.simple_tag
def event_date(event: Event) -> SafeString | str:
    """“Wednesday 22 November 2023” in a time element, or “date not recorded”."""
    if not event.starts:
        return "date not recorded"
    words = british_time.dates_words(event.starts, event.ends, event.zone)
    return format_html('<time datetime="{}">{}</time>', event.starts.astimezone(event.zone).date().isoformat(), words)


@register.simple_tag
def event_hours(event: Event) -> str:
    """“10am to 5pm”."""
    return british_time.hours_words(event.starts, event.ends, event.zone) if event.starts else ""


@register.simple_tag
def event_period(event: Event) -> SafeString | str:
    """“Wednesday 22 November 2023, 10am to 5pm”, or “date not recorded”."""
    return (
        format_html('{}, <span class="hours">{}</span>', event_date(event), event_hours(event))
        if event.starts
        else event_date(event)
    )


@register.simple_tag
def moment_of(moment: datetime.datetime, event: Event) -> SafeString:
    """“Wednesday 17 November 2027 at 5pm” in a time element."""
    return _time(moment, british_time.moment_words(moment, event.zone), event)


@register.simple_tag
def day_of(moment: datetime.datetime, event: Event) -> SafeString:
    """“Wednesday 22 November 2023” in a time element, in the event's zone."""
    return _time(moment, british_time.date_words(moment, event.zone), event)


@register.filter
def called(shown: Session, past: bool) -> str:
    """What a session is called: before the day one without a title is to be announced, after it not in the record."""
    return shown.heading_after if past else shown.heading


@register.filter
def duration(shown: Session) -> str:
    """“45 minutes”."""
    return british_time.length_words(shown.starts, shown.ends)


@register.filter(name="markdown")
def markdown_filter(text: str, first_level: int = 3) -> SafeString:
    """Markdown as safe HTML whose highest heading is of that level."""
    return markdown.render(text or "", first_level)


@register.filter
def plain_words(text: str, limit: int = 200) -> str:
    """Markdown as plain words, cut at a word's end."""
    return markdown.plain(text or "", limit)


@register.filter
def first_paragraph(text: str) -> str:
    """The first paragraph of a Markdown text."""
    return (text or "").strip().split("\n\n", 1)[0]


@register.filter
def display_class(text: str) -> str:
    """ "plain" for words with a letter that the display face lacks, else nothing."""
    return "" if _DISPLAY_LETTERS.match(unicodedata.normalize("NFC", str(text))) else "plain"


@register.filter
def initials(person: Person | str) -> str:
    """First letters of the first and the last word of a name, as they are written: “ỌA”."""
    words = [word for word in str(person).split() if word[0].isalpha()]
    chosen = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(_first_letter(word) for word in chosen).upper() or "–"


def _first_letter(word: str) -> str:
    """The first letter with its marks, which may be characters of their own."""
    end = 1
    while end < len(word) and unicodedata.combining(word[end]):
        end += 1
    return word[:end]


@register.filter
def access_facts(session: Session, past: bool) -> list[access.Fact]:
    """The five access facts of a session; none of a past one of which nothing is recorded."""
    return access.of_session(session, past=past)


@register.filter
def access_in_short(session: Session, past: bool = False) -> str:
    """What access a session has, or had, in a few words."""
    return access.in_short(session, past=past)


@register.filter
def role_groups(found: list[credits.Credit]) -> list[credits.RoleGroup]:
    """Credits in groups of one role, chairs first."""
    return credits.by_role(found)


@register.filter
def organisations_of(found: list[credits.Credit]) -> str:
    """“Kindred Keys · Pont y Bobl”: below the names of a session, each once."""
    return " · ".join(dict.fromkeys(credit.below for credit in found if credit.below))


@register.filter
def parts_in_words(appearances: list[Appearance]) -> str:
    """“morning keynote panel, workshops 1A and 3C”: where somebody is to be heard."""
    sessions = [appearance.session for appearance in appearances]
    parts = [session.label or session.get_kind_display() for session in sessions if not session.full_code]
    words = [part[:1].lower() + part[1:] for part in dict.fromkeys(parts)]
    codes = list(dict.fromkeys(session.full_code for session in sessions if session.full_code))
    if codes:
        words.append(f"workshop{'' if len(codes) == 1 else 's'} {credits.joined(codes)}")
    return ", ".join(words)


@register.filter
def strand_of(sessions: list[Session]) -> int:
    """Which strand (1 to 3) somebody wears: that of the first of these sessions in a series; 0 for none."""
    return next((session.series.colour for session in sessions if session.series_id), 0)


_NUMBERS = "none one two three four five six seven eight nine ten eleven twelve".split()


@register.filter
def number_words(number: int) -> str:
    """“four”; from thirteen on in figures."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


@register.simple_tag
def parts_of(person: Person) -> str:
    """What a listed person does in the event: “Workshops 1A and 3C”."""
    return credits.parts_words(person.appearances_here)
