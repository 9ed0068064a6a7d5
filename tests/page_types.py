"""One address of each type of page, for what has to be true of all of them."""

from types import SimpleNamespace

from events.models import Access
from pages.models import Page
from tests.builders import make_appearance, make_listing, make_person, make_session, save

WORDS = "Some words about it.\n\n## A part\n\nMore words."


def furnish(programme: SimpleNamespace) -> SimpleNamespace:
    """Give a small programme (`make_programme`) all that pages can show, and return it."""
    event, panel = programme.event, programme.panel
    event.theme = event.audience = event.access = WORDS
    event.strapline, event.summary, event.venue = "Everybody’s business", "One day.", programme.house
    panel.abstract, panel.content_note, panel.materials = WORDS, "Prison is spoken of.", "[Slides](https://example.org)"
    panel.bsl, programme.upper.step_free = Access.YES, Access.YES
    programme.person.biography = programme.organisation.description = WORDS
    save(event, panel, programme.upper, programme.person, programme.organisation)
    programme.pause = make_session(event, 12, kind="break", title="Lunch")
    programme.colleague = make_person("Nguyễn Thị Hà", organisation=programme.organisation)
    make_appearance(programme.second, programme.colleague)
    programme.listing = make_listing(outside_url="https://example.org/theirs")
    programme.page = Page.objects.create(title="Code of conduct", slug="code-of-conduct", body=WORDS, published=True)
    return programme


def addresses(programme: SimpleNamespace) -> dict[str, str]:
    """Return an address for each type of page that shows this furnished programme."""
    at = f"/events/{programme.event.slug}/"
    return {
        "home": "/",
        "events": "/events/",
        "event": at,
        "listing": f"/events/{programme.listing.slug}/",
        "page": f"/{programme.page.slug}/",
    } | below(at, programme)


def below(at: str, programme: SimpleNamespace) -> dict[str, str]:
    """Return the pages below the page of an event, public or previewed."""
    return {
        "agenda": f"{at}agenda/",
        "search": f"{at}agenda/?q=reserves",
        "empty search": f"{at}agenda/?q=nothingatall&kind=panel",
        "panel": f"{at}agenda/{programme.panel.slug}/",
        "workshop": f"{at}agenda/{programme.first.slug}/",
        "break": f"{at}agenda/{programme.pause.slug}/",
        "changes": f"{at}changes/",
        "people": f"{at}people/",
        "person": f"{at}people/{programme.person.slug}/",
        "organisations": f"{at}organisations/",
        "organisation": f"{at}organisations/{programme.organisation.slug}/",
    }


def preview_of(event: object) -> str:
    """Return the address of an event's preview."""
    return f"/admin/events/event/{event.pk}/preview/"
