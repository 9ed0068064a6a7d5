"""No input gives a fault of ours, and no text that anybody writes becomes markup."""

from urllib.parse import quote, urlencode

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.models import Appearance, Event, Organisation, Person, Room, Series, Session, Venue
from pages.models import Page as WordsPage
from tests.builders import make_event, make_programme, save
from tests.page_types import addresses, below, preview_of
from tests.reading import Page, read

INERT = (200, 301, 302, 400, 404, 410)
BIDI = "\u202e\u202d\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
NASTY = [
    "\0", "a\0b", "a" * 10_000, "ﷺ" * 3_000, BIDI, "\u200f", "é\u0301" * 500, "\ufeff", "\uffff", "😀" * 100,
    "ß", "İ", "<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "{{ 7 * 7 }}{% debug %}",
    "'; DROP TABLE x; --", "../../../etc/passwd", "//evil.example", "%", "%00", "\r\nSet-Cookie: a=b", "-1", "0",
    "NaN", "9" * 400, "99999-01-01", "2027-02-30", "٣", "²", " ", "&q=&&=", "q[]=1", "' OR '1'='1", ":*", "(((",
    "a & | ! b", "<->", "\\", "\"", "'",
]  # fmt: skip
RAW = [
    "%", "%zz", "%00", "%ff", "%c0%ae%c0%ae", "%ed%a0%80", "%u0041", "%25%30%30", "%2e%2e%2f", "%5c", "%0d%0aX:y",
    ";a=b",
]  # fmt: skip
PATHS = [
    "/{}", "/{}/", "/{}/{}/", "/events/{}", "/events/{}/", "/events/{}/agenda/", "/events/{}/agenda/{}/",
    "/events/{}/people/{}/", "/events/{}/organisations/{}/", "/events/{}/register/", "/events/{}/register/{}/",
    "/media/photographs/{}", "/media/{}", "/static/{}",
]  # fmt: skip
BELOW = ["agenda/{}/", "people/{}/", "organisations/{}/", "register/{}/", "{}/"]
QUERIES = [
    *(("/events/{}/agenda/", name) for name in ("q", "series", "kind", "day")),
    *((f"/events/{{}}/register/{step}", name) for step in ("", "details/", "confirmed/") for name in ("again", "key")),
    *((path, "page") for path in ("/events/", "/events/{}/people/", "/events/{}/organisations/")),
    ("/", "x"),
]
NAMES = ["q", "series", "kind", "day", "page", "next", "x"]

# The database of a test stays the same for all examples of it: they only look.
looking = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def is_inert(client, address: str) -> bool:
    """Return whether the site answers an address as one that leads somewhere or nowhere, never with a fault."""
    return client.get(address).status_code in INERT


# -- What stands in an address


@pytest.fixture(scope="module")
def plain(looking) -> Event:
    """An event with a small programme, which all of these look at."""
    return make_programme(make_event()).event


@pytest.mark.parametrize("path", PATHS)
def test_no_path_is_a_fault(client, looking, path):
    faults = [text for text in NASTY if not is_inert(client, path.replace("{}", quote(text, safe="")))]
    faults += [raw for raw in RAW if not is_inert(client, path.replace("{}", raw))]
    assert faults == []


@pytest.mark.parametrize("path", BELOW)
def test_no_path_below_an_event_is_a_fault(client, plain, path):
    at = f"/events/{plain.slug}/{path}"
    faults = [text for text in NASTY if not is_inert(client, at.replace("{}", quote(text, safe="")))]
    assert faults + [raw for raw in RAW if not is_inert(client, at.replace("{}", raw))] == []


@pytest.mark.parametrize(("path", "name"), QUERIES)
def test_no_query_is_a_fault(client, plain, path, name):
    at = f"{path.format(plain.slug)}?{name}="
    faults = [text for text in NASTY if not is_inert(client, at + quote(text, safe=""))]
    assert faults + [raw for raw in RAW if not is_inert(client, at + raw)] == []


@looking
@given(text=st.text(st.characters(codec="utf-8"), max_size=300))
def test_whatever_is_searched_for_is_answered(client, plain, text):
    response = client.get(f"/events/{plain.slug}/agenda/", {"q": text})
    assert response.status_code == (400 if "\0" in text else 200)


@looking
@given(text=st.text(st.sampled_from("ab'\"-|&!():*<>\\%_ \t"), max_size=40))
def test_whatever_signs_are_searched_for_are_answered(client, plain, text):
    assert client.get(f"/events/{plain.slug}/agenda/", {"q": text}).status_code == 200


@looking
@given(asked=st.dictionaries(st.sampled_from(NAMES), st.lists(st.text(max_size=12), max_size=4), max_size=5))
def test_whatever_is_filtered_for_is_answered(client, plain, asked):
    words = urlencode(asked, doseq=True, errors="replace")
    assert is_inert(client, f"/events/{plain.slug}/agenda/?{words}")


@looking
@given(data=st.binary(max_size=60))
def test_whatever_bytes_are_sent_as_an_address_are_answered(client, plain, data):
    raw = quote(data, safe="")
    assert all(is_inert(client, address) for address in (f"/{raw}/", f"/events/{raw}/", f"/events/?page={raw}"))


def test_a_search_is_shown_as_it_was_typed_and_nothing_more(client, plain):
    for text in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}"):
        page = read(client.get(f"/events/{plain.slug}/agenda/", {"q": text}))
        assert page.tree.find(".//input[@name='q']").get("value") == text
        assert live_markup(page) == [] and "49" not in page.main


def test_a_long_search_is_cut(client, programme):
    page = read(client.get(f"/events/{programme.event.slug}/agenda/", {"q": "a" * 10_000}))
    assert len(page.tree.find(".//input[@name='q']").get("value")) == 200
    assert len(page.title) < 150


# -- What staff write

HOSTILE = '<img src=x onerror=alert(1)><script>alert("{0}")</script>"\'&amp;{0}'
SHORT = "<b onclick=x>\"'"
MARKDOWN = (
    "{0} <img src=x onerror=alert(1)> <script>alert(1)</script>\n\n# <b onclick=x>{0}\n\n[{0}](javascript:alert(1))"
    " ![x](http://evil.example/x.png) <javascript:alert(1)> [y](data:text/html,x)\n\n<iframe src=//evil.example>"
)
MARKED_DOWN = "theme audience refunds access abstract materials travel biography description introduction body".split()
CHECKED = ("slug", "time_zone", "code", "photograph", "email", "kind", "status", "role_of", "sort_key")
MODELS = [Venue, Room, Event, Series, Session, Person, Organisation, Appearance, WordsPage]


def texts_of(model: type[models.Model]) -> list[models.Field]:
    """Return the fields of a model in which staff may write what they like."""
    free = [field for field in model._meta.fields if isinstance(field, models.CharField | models.TextField)]
    return [field for field in free if field.editable and not field.choices and field.name not in CHECKED]


def spoil(row: models.Model) -> models.Model:
    """Write markup into every text of a row."""
    for field in texts_of(type(row)):
        value = HOSTILE.format(field.name)
        if field.name in MARKED_DOWN and not (isinstance(row, Series) and field.name == "theme"):
            value = MARKDOWN.format(field.name)
        if isinstance(field, models.URLField):
            value = 'https://example.org/"><script>alert(1)</script>'
        if isinstance(row, Room) and field.name == "name":
            value += str(row.pk)  # two rooms of one venue have different names
        setattr(row, field.name, value if len(value) <= (field.max_length or 10_000) else SHORT[: field.max_length])
    return row


def live_markup(page: Page) -> list[str]:
    """Return what in a page is there because somebody wrote markup into a text."""
    found = [each.tag for each in page.tree.iter() if any(key.startswith("on") for key in each.attrib)]
    found += [each.tag for each in page.tree.iter() if each.tag in ("iframe", "object", "embed", "style", "base")]
    found += [each.get("src") for each in page.all(".//img") if not each.get("src").startswith("/media/")]
    found += ["script" for each in page.all(".//script") if each.get("type") != "application/ld+json"]
    addresses = [each.get(key, "") for each in page.tree.iter() for key in ("href", "src", "action")]
    return found + [
        each for each in addresses if each.strip().lower().startswith(("javascript:", "data:", "vbscript:"))
    ]


def test_the_search_for_live_markup_finds_it():
    """The negative control: what these tests look for is found where nothing escapes it."""
    texts = [HOSTILE, SHORT + ">x</b>", "<iframe src=//evil.example>", '<a href=" JavaScript:alert(1)">x</a>']
    assert [live_markup(read(HttpResponse(text))) != [] for text in texts] == [True] * len(texts)


def test_every_text_of_every_model_is_tried():
    assert {model.__name__: len(texts_of(model)) for model in MODELS} == {
        "Venue": 4, "Room": 4, "Event": 13, "Series": 3, "Session": 6, "Person": 5, "Organisation": 4, "Appearance": 2,
        "Page": 3,
    }  # fmt: skip


@pytest.fixture
def spoilt(furnished):
    """A furnished programme with markup in every text of every row."""
    rows = [each for model in MODELS[:-1] for each in model.objects.all()]
    for row in [*rows, furnished.page]:
        spoil(row)
    save(*rows)
    furnished.page.save()
    return furnished


def test_markup_in_any_text_is_shown_as_letters_on_every_page(client, spoilt):
    for name, address in addresses(spoilt).items():
        page = read(client.get(address))
        assert page.status == 200, name
        assert live_markup(page) == [], name
        assert page.faults == [], name


def test_the_markup_is_there_to_be_read_as_it_was_written(client, spoilt):
    page = read(client.get(addresses(spoilt)["workshop"]))
    assert page.texts(".//h1") == [HOSTILE.format("title")]
    assert HOSTILE.format("content_note") in page.main
    assert HOSTILE.format("name") in page.main


def test_markup_is_shown_as_letters_in_previews_too(admin_client, spoilt):
    at = preview_of(spoilt.event)
    for address in [at, *below(at, spoilt).values()]:
        page = read(admin_client.get(address))
        assert page.status == 200 and live_markup(page) == [], address


def test_markup_in_a_title_stays_a_title_for_machines(client, spoilt):
    from xml.etree import ElementTree

    page = read(client.get(addresses(spoilt)["agenda"]))
    assert page.schema["name"] == HOSTILE.format("title")
    assert HOSTILE.format("title") in page.title
    ElementTree.fromstring(client.get("/sitemap.xml").content)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example", "x", "\njavascript:1"]
)
@pytest.mark.parametrize(("model", "field"), [(Organisation, "url"), (Event, "outside_url")])
def test_an_address_that_is_no_web_address_is_refused(model, field, url):
    with pytest.raises(ValidationError):
        model._meta.get_field(field).clean(url, None)
    assert model._meta.get_field(field).clean("https://example.org/", None)


# -- Letters that turn the direction of those after them


@pytest.mark.parametrize("mark", BIDI)
def test_no_text_turns_the_letters_after_it(client, furnished, mark):
    furnished.person.name, furnished.first.title = f"Mar{mark}cia", f"Re{mark}serves"
    save(furnished.person, furnished.first)
    for name, address in addresses(furnished).items():
        assert mark not in client.get(address).content.decode(), name


def test_no_search_turns_the_letters_after_it(client, programme):
    source = client.get(f"/events/{programme.event.slug}/agenda/", {"q": f"re{BIDI}serves"}).content.decode()
    assert [mark for mark in BIDI if mark in source] == []


def test_names_in_any_script_are_shown_as_they_are_written(client, furnished):
    for name in ("محمد علي", "דוד כהן", "Nguyễn Thị Hà", "李小龍", "नरेंद्र", "Gruffŷdd", "O’Driscoll", "Łukasz Żółć"):
        furnished.person.name = name
        save(furnished.person)
        assert read(client.get(addresses(furnished)["person"])).texts(".//h1") == [name]
        assert name in read(client.get(addresses(furnished)["agenda"])).main
