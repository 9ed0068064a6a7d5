"""Whatever is typed into the admin is refused in words, or is inert. Nothing is an error of ours."""

import pytest

from events.models import Event, Organisation, Person, Room, Series, Session, Venue
from pages.models import Page
from tests.admin_pages import add, form_of, listed, of, post, words
from tests.builders import make_appearance, make_event, make_organisation, make_person, make_session

pytestmark = pytest.mark.django_db

MARKUP = "<script>alert('1')</script>\"><img src=x onerror=alert(1)>{{ 7*7 }}{% debug %}"
TURNED = "\u202eevil\u202c \u2066\u200f\u061c"
MODELS = [Event, Session, Person, Organisation, Venue, Room, Series, Page]


def texts_of(form):
    """The names of the fields in which something can be typed."""
    return [name for name in form if not name.startswith("_") and "-" not in name]


TYPED = [
    "a" * 60_000, "9" * 400, "-1", "1e400", MARKUP, TURNED, "😀", "\x01\x02\x1b", "NaN", "Infinity",
    "javascript:alert(1)", "2027-06-16T25:61", " ", "'; DROP TABLE events_event; --", "%s%n",
]  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
def test_the_same_in_every_field_is_no_error_of_ours(admin_client, programme, model):
    form = form_of(admin_client.get(add(model)))
    for typed in TYPED:
        everywhere = form | dict.fromkeys(texts_of(form), typed)
        assert admin_client.post(add(model), everywhere).status_code in (302, 422), typed[:40]


@pytest.mark.parametrize("name", ["title", "slug", "sessions-0-title", "starts", "venue", "sessions-TOTAL_FORMS"])
def test_a_null_byte_is_refused(admin_client, programme, name):
    response = post(admin_client, of(programme.event), **{name: "a\0b"})
    assert response.status_code == 400 and "holds a character that cannot be stored" in words(response)
    assert f'<a href="{of(programme.event)}">Open the page with the form again' in response.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_a_form_with_nothing_in_it_is_no_error_of_ours(admin_client, model):
    assert admin_client.post(add(model), {}).status_code in (302, 422)


@pytest.mark.parametrize("name", ["TOTAL_FORMS", "INITIAL_FORMS"])
def test_a_forged_count_of_rows_is_no_error_of_ours(admin_client, programme, name):
    for typed in ("banana", "-1", "999999", "", "9" * 30):
        response = post(admin_client, of(programme.event), **{f"sessions-{name}": typed})
        assert response.status_code in (302, 422), typed


@pytest.mark.parametrize("field", ["id", "event", "room", "series", "kind", "status"])
def test_a_forged_row_is_refused(admin_client, programme, field):
    for typed in ("banana", "-1", "9" * 30):
        response = post(admin_client, of(programme.event), **{f"sessions-0-{field}": typed})
        assert response.status_code == 422, typed


def test_another_events_session_cannot_be_changed_through_this_one(admin_client, programme):
    other = make_session(programme.elsewhere, title="Not yours")
    post(admin_client, of(programme.event), **{"sessions-0-id": other.pk, "sessions-0-title": "Mine"})
    assert Session.objects.get(pk=other.pk).title == "Not yours"


KEYS = ["banana", "0", "9" * 30, "-1", "_5F", "%27", "²", "1/history/banana", f"1/history/{'9' * 30}"]


@pytest.mark.parametrize("name", ["event", "session", "person"])
def test_a_row_that_does_not_exist_is_said(admin_client, programme, name):
    for address in (f"/admin/events/{name}/{key}/{what}/" for key in KEYS for what in ("change", "delete", "history")):
        assert admin_client.get(address, follow=True).status_code in (200, 404), address


def test_markup_in_names_is_inert_wherever_it_is_said(admin_client, event):
    event = make_event(MARKUP)
    person, organisation = make_person(MARKUP), make_organisation(MARKUP)
    session = make_session(event, title=MARKUP, label=MARKUP[:80])
    make_appearance(session, person, wording=MARKUP)
    make_appearance(session, organisation)
    addresses = [listed(type(row)) for row in (event, session, person, organisation)]
    addresses += [
        of(row, what) for row in (event, session, person, organisation) for what in ("change", "delete", "history")
    ]
    for address in addresses:
        page = admin_client.get(address).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page, address


def test_markup_is_inert_in_what_is_said_after_saving(admin_client):
    data = form_of(admin_client.get(add(Person))) | {"name": MARKUP}
    page = admin_client.post(add(Person), data, follow=True).content.decode()
    assert "was added successfully" in page and "<script>alert" not in page


def test_markup_is_inert_in_a_refusal(admin_client, programme):
    programme.upper.name = MARKUP[:120]
    programme.upper.save()
    response = post(admin_client, of(programme.second), room=programme.upper.pk)
    assert "already has" in words(response)
    assert "<script>alert" not in response.content.decode()


def test_signs_that_are_no_letters_do_not_hide_a_name(admin_client):
    data = form_of(admin_client.get(add(Person))) | {"name": "Ada\0 Obi"}
    assert admin_client.post(add(Person), data).status_code == 400
    assert not Person.objects.exists()


def test_a_text_longer_than_can_be_searched_is_refused_in_words(admin_client, programme):
    many = " ".join(f"{number:x}" for number in range(20_000))
    response = post(admin_client, of(programme.first), abstract=many)
    assert response.status_code == 422
    assert "Ensure this value has at most 20000 characters" in words(response)


@pytest.mark.parametrize("slug", ["../admin", "UPPER", "a b", "é", "-", "a--b", "a/b", "a" * 81, "%2e%2e"])
def test_an_address_that_is_none_is_refused_and_the_page_still_links_to_the_true_one(admin_client, programme, slug):
    response = post(admin_client, of(programme.event), slug=slug)
    assert response.status_code == 422
    assert f'href="/events/{programme.event.slug}/"' in response.content.decode()


def test_two_events_of_one_address_are_refused_in_words(admin_client, programme):
    response = post(admin_client, of(programme.event), slug=programme.elsewhere.slug)
    assert response.status_code == 422
    assert "This address is taken by another page: choose another." in words(response)


@pytest.mark.parametrize("chosen", [["banana"], ["9" * 30], ["-1", "0"], ["\u0660"]])
def test_a_forged_choice_of_rows_is_no_error_of_ours(admin_client, programme, chosen):
    data = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    assert admin_client.post(listed(Event), data).status_code in (302, 400)
    assert Event.objects.count() == 2
