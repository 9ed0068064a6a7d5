"""Who may see what: every address of the site, for everybody who may ask for it.

A new address fails these tests until the table has a row for it.
"""

import fnmatch
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import get_resolver, reverse

from events.models import PUBLIC, Status
from pages.models import Page
from registrations.models import Offer, WaitingRules
from tests.builders import make_appearance, make_event, make_listing, make_organisation, make_person, make_session, save
from tests.page_types import addresses, below, preview_of
from tests.reading import read
from tests.registrations.staff import book

CAST = ("visitor", "user", "staff", "viewer", "superuser")
EVERYBODY = (200, 200, 200, 200, 200)
ANY_STAFF = (302, 302, 200, 200, 200)  # the others are asked to sign in
VIEWERS = (302, 302, 403, 200, 200)
EDITORS = (302, 302, 403, 403, 200)
IN_USE = (302, 302, 403, 403, 409)  # who may delete it is told why it cannot go
NOBODY = (302, 302, 403, 403, 403)  # what the site itself writes, and what is never deleted

# Which addresses, by name → the answers to visitor, user, staff, viewer and superuser. The first row that fits counts.
TABLE = {
    "alive": EVERYBODY,
    "ready": EVERYBODY,
    "metrics": (404,) * 5,  # without its token: tests/conference/test_metrics.py
    "pages:favicon": (302,) * 5,  # to the picture itself
    "pages:*": EVERYBODY,
    "events:photograph": (404,) * 5,  # tests/events/test_pages_photographs.py has a real one
    "events:*": EVERYBODY,
    "registrations:start": EVERYBODY,
    "registrations:day": (404,) * 5,  # whoever registered has one
    "registrations:opening": (404,) * 5,  # of an event whose booking opens later
    "registrations:forget": EVERYBODY,  # it says only that something was done
    "registrations:*": (302,) * 5,  # to the start page: tests/registrations/test_journey_*.py have who began there
    "my_day:find": EVERYBODY,
    "my_day:open": (404,) * 5,  # tests/registrations/test_my_day_*.py have who was sent a link
    "my_day:found": (404,) * 5,
    "my_day:erased": EVERYBODY,  # it says only that something was done
    "my_day:accept": (404,) * 5,
    "my_day:feed": (404,) * 5,  # tests/registrations/test_calendar_feed.py has the secret
    "my_day:*": (302,) * 5,  # to where one asks for a link
    "preview:*": VIEWERS,
    "page_preview": VIEWERS,
    "staff_photograph": (302, 302, 403, 404, 404),  # tests/events/test_admin_photographs.py has a real one
    "registering_preview": VIEWERS,
    "admin:login": (200, 200, 302, 302, 302),  # who is signed in already goes on to the index
    "admin:logout": (302, 302, 405, 405, 405),  # by POST only
    "admin:index": ANY_STAFF,
    "admin:password_change*": ANY_STAFF,
    "admin:jsi18n": ANY_STAFF,
    "admin:auth_user_password_change": EDITORS,
    "admin:app_list": (302, 302, 404, 200, 200),
    "admin:autocomplete": VIEWERS,
    "admin:view_on_site": (302, 302, 404, 404, 404),  # of a group, which has no page
    "admin:registrations_registration_letter": VIEWERS,
    "admin:registrations_registration_export": VIEWERS,
    "admin:registrations_registration_access_needs": VIEWERS,  # with a permission of its own, which the viewer has
    "admin:registrations_registration_workshops": EDITORS,
    "admin:registrations_registration_announce": EDITORS,
    "admin:registrations_registration_cancel": EDITORS,
    "admin:registrations_registration_resend": EDITORS,
    "admin:registrations_registration_erase": EDITORS,
    "admin:registrations_registration_end_links": EDITORS,
    "admin:registrations_invoice_mark_invoiced": EDITORS,
    "admin:registrations_invoice_confirm_*": EDITORS,
    "admin:registrations_invoice_take_payment_back": EDITORS,
    "admin:registrations_registration_delete": NOBODY,
    "admin:registrations_invoice_add": NOBODY,
    "admin:registrations_invoice_delete": NOBODY,
    "admin:registrations_message_mark_told": EDITORS,
    "admin:registrations_message_[ad]*": NOBODY,
    "admin:registrations_offer_say_*": EDITORS,
    "admin:registrations_offer_[ad]*": NOBODY,
    "admin:registrations_waitingrules_delete": NOBODY,
    "admin:registrations_workshopchoice_[ad]*": NOBODY,
    "admin:registrations_accessneedslog_[ad]*": NOBODY,
    "admin:registrations_complaint_[ad]*": NOBODY,
    "admin:registrations_invoicerecord_[ad]*": NOBODY,
    "admin:*_changelist": VIEWERS,
    "admin:*_change": VIEWERS,
    "admin:*_history": VIEWERS,  # and each older version of a row
    "admin:*_add": EDITORS,
    **{f"admin:events_{each}_delete": IN_USE for each in ("event", "venue", "room")},
    "admin:registrations_tickettype_delete": IN_USE,
    "admin:*_delete": EDITORS,
}
UNNAMED = {
    "<path:object_id>/",
    "(?P<url>.*)$",
}  # Django's: a change form's old address, and the rest of /admin/


def named_patterns(
    resolver: object = None, names: tuple[str, ...] = (), values: tuple[str, ...] = ()
) -> Iterator[tuple[str, object, tuple[str, ...]]]:
    """Yield the name (or the bare pattern), the pattern, and the values in it, of every address of the site."""
    for pattern in (resolver or get_resolver()).url_patterns:
        inside = (*values, *pattern.pattern.regex.groupindex)
        if hasattr(pattern, "url_patterns"):
            yield from named_patterns(pattern, (*names, *filter(None, [pattern.namespace])), inside)
        else:
            yield ":".join([*names, pattern.name or str(pattern.pattern)]), pattern, inside


NAMES = sorted({name for name, pattern, _ in named_patterns() if pattern.name})


# The pages with a form of the journey; the page of what is confirmed is not among them.
TAKES_ANSWERS = {
    f"registrations:{name}"
    for name in ("start", "details", "ticket", "workshops", "access", "check", "colleague", "forget")
} | {name for name in NAMES if name.startswith("my_day:") and name != "my_day:feed"}


def row_of(name: str) -> tuple[int, ...] | None:
    """Return the answers that the table expects of an address."""
    return next((row for fits, row in TABLE.items() if fnmatch.fnmatchcase(name, fits)), None)


def address_of(name: str, programme: object) -> str:
    """Return an address of that name that leads to something."""
    values = {
        "event": programme.event.slug,
        "session": programme.first.slug,
        "person": programme.person.slug,
        "organisation": programme.organisation.slug,
        "page": programme.page.slug,
        "pk": programme.page.pk if name == "page_preview" else programme.event.pk,
        "series": programme.series.pk,
        "name": f"{'0' * 32}.webp",
        "token": f"1-{'a' * 32}",
        "app_label": "auth",
        "content_type_id": ContentType.objects.get_for_model(Group).pk,
        "object_id": 1,
    }
    wanted = next(inside for each, _, inside in named_patterns() if each == name)
    if name.endswith("_simple_history"):
        return reverse(name, args=_first_state_of(name))
    if name.startswith("admin:") and name != "admin:view_on_site" and {"object_id", "id"} & set(wanted):
        return reverse(name, args=[_first_of(name).pk])
    query = "?app_label=events&model_name=session&field_name=event" if name == "admin:autocomplete" else ""
    return reverse(name, kwargs={each: values[each] for each in wanted}) + query


def _first_of(name: str) -> object:
    """Return a row of the model that an address of the admin is about."""
    app, model, *_ = name.removeprefix("admin:").split("_")
    return apps.get_model(app, model)._default_manager.order_by("pk").first()


def _first_state_of(name: str) -> tuple[int, int]:
    row = _first_of(name)
    return row.pk, row.history.earliest().pk


@pytest.fixture
def booked(furnished):
    """The furnished programme with somebody registered for it, so that each page of the bookings shows something."""
    mine = book(furnished.event, furnished.first)
    until = {"made_at": mine.created_at, "until": furnished.event.starts}
    Offer.objects.create(registration=mine, event=furnished.event, session=furnished.second, **until)
    WaitingRules.objects.create(event=furnished.event)
    return furnished


@pytest.fixture
def cast(db) -> dict[str, Client]:
    """One client for each who may ask, signed in as they would be."""
    Group.objects.create(name="Volunteers")
    people = {name: User.objects.create_user(name, is_staff=name in ("staff", "viewer")) for name in CAST[1:-1]}
    people["viewer"].user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    people["superuser"] = User.objects.create_superuser("superuser")
    clients = {name: Client(raise_request_exception=False) for name in CAST}
    for name, person in people.items():
        clients[name].force_login(person)
    return clients


def test_every_address_is_in_the_table():
    assert [name for name in NAMES if row_of(name) is None] == []
    assert {name for name, pattern, _ in named_patterns() if not pattern.name} <= {f"admin:{each}" for each in UNNAMED}


def test_every_row_is_of_an_address():
    used = {next(fits for fits in TABLE if fnmatch.fnmatchcase(name, fits)) for name in NAMES}
    assert used == set(TABLE)


def test_everybody_gets_the_answer_of_the_table(cast, booked):
    given = {}
    for name in NAMES:
        address = address_of(name, booked)
        given[name] = tuple(cast[who].get(address).status_code for who in CAST)
    assert given == {name: row_of(name) for name in NAMES}


def test_what_only_shows_takes_no_post(cast, furnished):
    for name in [name for name in NAMES if not name.startswith("admin:") and name not in TAKES_ANSWERS]:
        address = address_of(name, furnished)
        assert {cast[who].post(address).status_code for who in CAST} == {405}, address


def test_who_is_not_staff_is_asked_to_sign_in(cast, furnished):
    address = preview_of(furnished.event)
    for who in ("visitor", "user"):
        assert cast[who].get(address)["Location"] == f"/admin/login/?next={address}"


def test_public_pages_are_the_same_for_everybody(cast, furnished):
    for address in addresses(furnished).values():
        pages = {cast[who].get(address).content for who in ("visitor", "staff", "superuser")}
        assert len(pages) == 1, address


def test_visitors_get_no_cookie_and_pages_do_not_depend_on_one(client, furnished):
    for address in addresses(furnished).values():
        response = client.get(address)
        assert not response.cookies, address
        assert "Cookie" not in response.get("Vary", ""), address


# -- Drafts


def answers(cast: dict[str, Client], address: str) -> set[int]:
    """Return what the two who differ most are answered; the table has everybody."""
    return {cast[who].get(address).status_code for who in ("visitor", "superuser")}


def test_a_draft_event_is_not_found_by_anybody_on_any_page(cast, furnished):
    at = f"/events/{furnished.event.slug}/"
    every = [at, *below(at, furnished).values()]
    assert [address for address in every if answers(cast, address) != {200}] == []
    furnished.event.status = Status.DRAFT
    save(furnished.event)
    assert [address for address in every if answers(cast, address) != {404}] == []


def test_a_draft_session_is_not_found_by_anybody(cast, furnished):
    address = below(f"/events/{furnished.event.slug}/", furnished)["workshop"]
    assert answers(cast, address) == {200}
    furnished.first.status = Status.DRAFT
    save(furnished.first)
    assert answers(cast, address) == {404}


@pytest.mark.parametrize("status", Status)
def test_a_person_is_public_only_through_a_published_session(cast, event, status):
    session = make_session(event, status=status)
    make_appearance(session, make_person("Marcia Hale"))
    expected = {200} if status == Status.PUBLISHED else {404}
    assert answers(cast, f"/events/{event.slug}/people/marcia-hale/") == expected


@pytest.mark.parametrize("status", Status)
def test_an_organisation_is_public_only_through_a_published_session(cast, event, status):
    make_appearance(make_session(event, status=status), make_organisation("The Long Table"))
    expected = {200} if status == Status.PUBLISHED else {404}
    assert answers(cast, f"/events/{event.slug}/organisations/the-long-table/") == expected


def test_somebody_in_no_session_of_an_event_is_not_found_there(cast, event):
    make_appearance(make_session(make_event("Another")), make_person("Marcia Hale"))
    assert answers(cast, f"/events/{event.slug}/people/marcia-hale/") == {404}


@pytest.mark.parametrize("status", Status)
def test_a_listing_is_found_unless_it_is_a_draft(cast, db, status):
    listing = make_listing(status=status)
    expected = {200} if status in PUBLIC else {404}
    assert answers(cast, f"/events/{listing.slug}/") == expected


def test_a_listing_has_no_agenda(cast, db):
    assert answers(cast, f"/events/{make_listing().slug}/agenda/") == {404}


def test_an_unpublished_page_is_not_found_by_anybody(cast):
    page = Page.objects.create(title="Terms", slug="terms", body="Words.", published=False)
    assert answers(cast, "/terms/") == {404}
    page.published = True
    page.save()
    assert answers(cast, "/terms/") == {200}


def test_a_draft_is_named_nowhere(client, furnished):
    hidden = make_event("Hidden day", status=Status.DRAFT, starts=furnished.event.starts, ends=furnished.event.ends)
    make_appearance(
        make_session(furnished.event, 15, title="Hidden hour", status=Status.DRAFT), make_person("Hidden One")
    )
    for address in [*addresses(furnished).values(), "/sitemap.xml", f"/events/{furnished.event.slug}/agenda/?q=hidden"]:
        source = client.get(address).content.decode().replace("?q=hidden", "")
        assert "Hidden day" not in source, address
        assert "Hidden hour" not in source and "Hidden One" not in source, address
    assert hidden.slug not in client.get("/sitemap.xml").content.decode()


# -- Previews


@pytest.fixture
def drafted(furnished):
    """A furnished event that is a draft by now."""
    furnished.event.status = Status.DRAFT
    save(furnished.event)
    return furnished


def test_a_preview_shows_drafts_on_every_page_below_a_banner(cast, drafted):
    at = preview_of(drafted.event)
    for address in [at, *below(at, drafted).values()]:
        page = read(cast["viewer"].get(address))
        assert page.status == 200, address
        assert page.classed("preview"), address
        assert "Only staff see this page" in page.words, address


def test_a_preview_is_stored_by_nobody_and_kept_from_search_engines(cast, drafted):
    at = preview_of(drafted.event)
    for address in [at, *below(at, drafted).values()]:
        page = read(cast["viewer"].get(address))
        assert "no-store" in page.response["Cache-Control"], address
        assert page.is_kept_from_search_engines, address
        assert page.schema is None, address


def test_a_previewed_page_leads_to_previewed_pages(cast, drafted):
    at, public = preview_of(drafted.event), f"/events/{drafted.event.slug}/"
    for address in [at, *below(at, drafted).values()]:
        own = [href for _, href in read(cast["viewer"].get(address)).links if href.startswith(public)]
        assert own == [], address


def test_a_preview_redirects_nobody_who_may_not_see_it(cast, drafted):
    assert cast["staff"].get(preview_of(drafted.event)).status_code == 403
    assert cast["staff"].get(f"{preview_of(drafted.event)}agenda/").status_code == 403


def test_the_preview_of_no_event_is_not_found(cast, furnished):
    assert cast["viewer"].get("/admin/events/event/999999/preview/").status_code == 404


def test_a_page_of_words_is_previewed_before_it_is_published(cast):
    page = Page.objects.create(title="Terms", slug="terms", body="Words.", published=False)
    shown = read(cast["viewer"].get(f"/admin/pages/page/{page.pk}/preview/"))
    assert "Words." in shown.main and "Only staff see this page" in shown.words
    assert "no-store" in shown.response["Cache-Control"]
    assert shown.is_kept_from_search_engines


WRITES = ("_change", "_add", "_delete", "_simple_history", "_needs", "_cancel", "_resend", "_erase", "_end_links",
          "_invoiced", "_payment", "_back", "_refund", "_registration_workshops", "_say_yes", "_say_no",
          "_told")  # fmt: skip


def test_only_who_may_change_a_thing_changes_it(cast, booked):
    """Who may only look is refused a POST as well, wherever a POST would write."""
    changing = [name for name in NAMES if name.startswith("admin:") and name.endswith(WRITES)]
    before = Group.objects.count(), booked.event.history.count()
    given = {
        (name, who): cast[who].post(address_of(name, booked), {"post": "yes", "name": "Changed"}).status_code
        for name in changing
        if name not in ("admin:password_change", "admin:auth_user_password_change")  # one's own; no view permission
        for who in CAST[:-1]
    }
    assert {each: status for each, status in given.items() if status not in (302, 403)} == {}
    assert (Group.objects.count(), booked.event.history.count()) == before


def test_who_may_change_everything_is_not_refused_there(cast, furnished):
    cast["superuser"].post(address_of("admin:auth_group_add", furnished), {"name": "Changed"})
    assert Group.objects.filter(name="Changed").exists()
