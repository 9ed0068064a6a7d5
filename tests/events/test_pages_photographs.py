"""The photographs of people: served by their random names while their person is public, and to nobody after."""

import io

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from events.models import Status
from events.photographs import make_safe
from tests.builders import DAY, london, make_appearance, make_person, make_session, save


def picture(colour: str = "red") -> ContentFile:
    """Return a small PNG as somebody would send it in."""
    made = io.BytesIO()
    Image.new("RGB", (60, 80), colour).save(made, "PNG")
    return ContentFile(made.getvalue(), "me.png")


@pytest.fixture
def person(event):
    """Somebody with a photograph, in a published session."""
    person = make_person("Marcia Hale")
    person.photograph = make_safe(picture())
    make_appearance(make_session(event, title="Rest", slug="rest"), save(person))
    return person


def test_a_photograph_is_served_to_be_kept_for_good(client, person):
    response = client.get(person.photograph.url)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=3600, immutable"
    assert Image.open(io.BytesIO(b"".join(response.streaming_content))).format == "WEBP"


def test_its_name_says_nothing_of_the_person_and_is_never_the_same(person):
    other = make_person("Imran")
    other.photograph = make_safe(picture())
    save(other)
    assert person.photograph.name != other.photograph.name
    assert "me" not in person.photograph.name.removeprefix("photographs/").removesuffix(".webp")


def test_a_page_shows_the_photograph_and_says_nothing_twice(client, event, person):
    for address in ("agenda/rest/", "people/marcia-hale/"):
        source = client.get(f"/events/{event.slug}/{address}").content.decode()
        assert f'src="{person.photograph.url}"' in source and 'alt=""' in source


def test_the_photograph_of_somebody_with_a_last_day_is_kept_for_a_day_at_most(client, person):
    person.public_until = DAY
    save(person)
    with time_machine.travel(london(12)):
        assert client.get(person.photograph.url)["Cache-Control"] == "public, max-age=86400, s-maxage=3600"


def test_the_photograph_of_somebody_who_is_gone_is_gone(client, person):
    person.public_until = DAY
    save(person)
    with time_machine.travel(london(23, 59)):
        assert client.get(person.photograph.url).status_code == 200
    with time_machine.travel(london(24)):
        assert client.get(person.photograph.url).status_code == 410


def of_the_session(person):
    """The session in which they are."""
    return person.appearances.get().session


@pytest.mark.parametrize(
    ("status", "event_status", "answer"),
    [
        (Status.PUBLISHED, Status.PUBLISHED, 200), (Status.PUBLISHED, Status.CANCELLED, 200),
        (Status.DRAFT, Status.PUBLISHED, 404), (Status.CANCELLED, Status.PUBLISHED, 404),
        (Status.PUBLISHED, Status.DRAFT, 404),
    ],
)  # fmt: skip
def test_a_photograph_is_public_where_its_person_is(client, event, person, status, event_status, answer):
    session = of_the_session(person)
    session.status, event.status = status, event_status
    save(event, session)
    assert client.get(person.photograph.url).status_code == answer
    assert client.get(f"/events/{event.slug}/people/marcia-hale/").status_code == answer


def test_a_photograph_is_public_again_with_its_person(client, person):
    session = of_the_session(person)
    for status, answer in ((Status.DRAFT, 404), (Status.PUBLISHED, 200)):
        session.status = status
        save(session)
        assert client.get(person.photograph.url).status_code == answer


def test_one_published_session_of_several_is_enough(client, event, person):
    make_appearance(make_session(event, 12, status=Status.DRAFT), person)
    assert client.get(person.photograph.url).status_code == 200


@pytest.mark.parametrize("values", [{"has_page": False}, {"has_page": False, "public_until": DAY}])
def test_who_has_no_page_has_no_public_photograph(client, person, values):
    for name, value in values.items():
        setattr(person, name, value)
    save(person)
    with time_machine.travel(london(36)):
        assert client.get(person.photograph.url).status_code == 404


def test_somebody_gone_who_was_never_public_is_not_found(client, person):
    person.public_until = DAY
    session = of_the_session(person)
    session.status = Status.DRAFT
    save(person, session)
    with time_machine.travel(london(36)):
        assert client.get(person.photograph.url).status_code == 404


def test_a_photograph_that_nobody_has_any_more_is_not_found(client, person):
    address = person.photograph.url
    person.photograph = make_safe(picture("blue"))
    save(person)
    assert client.get(address).status_code == 404
    assert client.get(person.photograph.url).status_code == 200


def test_a_photograph_whose_file_is_lost_is_not_found(client, person):
    default_storage.delete(person.photograph.name)
    assert client.get(person.photograph.url).status_code == 404


TRICKS = [
    "../../manage.py", "..%2f..%2fmanage.py", "%2e%2e/%2e%2e/manage.py", "....//manage.py", "", ".", "..",
    "A" * 32 + ".webp", "0" * 32 + ".png", "0" * 32, "0" * 31 + ".webp", "0" * 32 + ".webp/", "0" * 32 + ".webp%0a",
    "0" * 32 + ".webp%00.png", "photographs/" + "0" * 32 + ".webp", "/etc/passwd", "%2fetc%2fpasswd",
]  # fmt: skip


@pytest.mark.parametrize("name", TRICKS)
def test_no_other_file_is_served_whatever_the_address_says(client, db, name):
    assert client.get(f"/media/photographs/{name}").status_code in (400, 404)


def test_nothing_else_of_the_uploads_is_served(client, db):
    default_storage.save("photographs/secret.txt", ContentFile(b"secret"))
    for address in ("/media/photographs/secret.txt", "/media/photographs/", "/media/", "/media/secret.txt"):
        assert client.get(address).status_code == 404
