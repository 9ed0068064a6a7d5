"""Photographs sent in through the admin: judged by what they contain, made anew, and gone when taken away."""

import io
import re
import struct
import zlib

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from events.addresses import staff_photograph
from events.models import Person, Status
from tests.admin_pages import add, form_of, of, post, words
from tests.builders import make_appearance, make_person, make_session, save
from tests.page_types import preview_of

pytestmark = pytest.mark.django_db
# Files are deleted once a change is committed.
committed = pytest.mark.django_db(transaction=True)

NOT_A_PICTURE = "This is not a JPEG, PNG or WebP picture, or it is damaged."


def picture(form="JPEG", size=(300, 400), **more):
    """A picture as a file's bytes."""
    made = io.BytesIO()
    Image.new("RGB", size, "#3D0F33").save(made, form, **more)
    return made.getvalue()


def files():
    """Where photographs are kept. Named by no module: looking for tests would make it before the tests' settings."""
    return Person._meta.get_field("photograph").storage


def upload(content, name="me.jpg", kind="image/jpeg"):
    """A file as a browser sends it, whatever it says it is."""
    return SimpleUploadedFile(name, content, kind)


def bomb():
    """A PNG of a few bytes that claims to have 900 million pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 90_000))
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def pictured(admin_client):
    """A person with a photograph."""
    person = make_person("Ada Obi")
    assert post(admin_client, of(person), photograph=upload(picture())).status_code == 302
    return Person.objects.get(pk=person.pk)


def test_a_picture_is_made_anew_under_a_name_that_tells_nothing(pictured):
    assert re.fullmatch(r"photographs/[a-z0-9]{32}\.webp", pictured.photograph.name)
    assert Image.open(pictured.photograph).format == "WEBP"


def test_the_place_where_it_was_taken_does_not_stay(admin_client):
    exif = Image.Exif()
    exif[0x010E] = "Somebody’s home"
    person = make_person()
    post(admin_client, of(person), photograph=upload(picture(exif=exif)))
    stored = Person.objects.get(pk=person.pk).photograph.read()
    assert "Somebody’s home".encode() not in stored and not Image.open(io.BytesIO(stored)).getexif()


def test_a_person_can_be_added_with_one(admin_client):
    data = form_of(admin_client.get(add(Person))) | {"name": "New", "photograph": upload(picture("PNG"), "x.png")}
    assert admin_client.post(add(Person), data).status_code == 302
    assert Person.objects.get(name="New").photograph


def test_the_page_shows_it_to_staff_though_it_is_not_public(admin_client, pictured):
    pictured.has_page = False
    save(pictured)
    page, address = admin_client.get(of(pictured)).content.decode(), staff_photograph(pictured.pk)
    assert f'<img class="picture" src="{address}" alt="Ada Obi">' in page
    assert f'Currently: <a href="{address}">the photograph above</a>' in page and "/media/" not in page
    assert admin_client.get(f"/media/{pictured.photograph.name}").status_code == 404


def test_staff_are_sent_it_and_nobody_keeps_it(admin_client, pictured):
    response = admin_client.get(staff_photograph(pictured.pk))
    assert Image.open(io.BytesIO(response.getvalue())).format == "WEBP"
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert response["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("permission", "answer"), [("view_person", 200), ("view_event", 200), ("view_session", 403), (None, 403)]
)
def test_whoever_may_see_people_or_preview_an_event_sees_it(client, django_user_model, pictured, permission, answer):
    staff = django_user_model.objects.create_user("colleague", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename=permission))
    client.force_login(staff)
    assert client.get(staff_photograph(pictured.pk)).status_code == answer


@pytest.mark.parametrize("signed_in", [False, True])
def test_nobody_else_sees_it(client, django_user_model, pictured, signed_in):
    if signed_in:
        client.force_login(django_user_model.objects.create_user("attendee"))
    response = client.get(staff_photograph(pictured.pk))
    assert (response.status_code, "/admin/login/" in response["Location"]) == (302, True)


def test_where_there_is_none_none_is_found(admin_client, pictured):
    files().delete(pictured.photograph.name)
    assert admin_client.get(staff_photograph(pictured.pk)).status_code == 404
    assert admin_client.get(staff_photograph(make_person().pk)).status_code == 404
    assert admin_client.get(f"/admin/events/person/{10**30}/photograph/").status_code == 404


def test_the_preview_shows_it_before_it_is_public(admin_client, event, pictured):
    make_appearance(make_session(event, slug="rest", status=Status.DRAFT), pictured)
    for page in (f"people/{pictured.slug}/", "agenda/rest/"):
        shown = admin_client.get(f"{preview_of(event)}{page}").content.decode()
        assert f'src="{staff_photograph(pictured.pk)}"' in shown


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<?php system($_GET['c']); ?>", NOT_A_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", NOT_A_PICTURE),
        (b"\xff\xd8\xff\xe0" + b"\0" * 100, NOT_A_PICTURE),
        (picture()[:200], NOT_A_PICTURE),
        (picture("GIF"), NOT_A_PICTURE),
        (picture("TIFF"), NOT_A_PICTURE),
        (bomb(), NOT_A_PICTURE),
        (picture("PNG", (11_000, 4_000)), "This picture has more than 40 million pixels. Choose a smaller one."),
        (b"\0" * (9 * 1024 * 1024), "This file is larger than 8 MB. Choose a smaller one."),
        (b"", "The submitted file is empty."),
    ],
    ids=["php", "svg", "forged", "cut", "gif", "tiff", "bomb", "large", "9MB", "empty"],
)
@pytest.mark.parametrize("name", ["me.jpg", "../../me.php", f"{300 * 'x'}.png"], ids=["jpg", "php", "long"])
def test_anything_else_is_refused_in_words(admin_client, pictured, content, sentence, name):
    response = post(admin_client, of(pictured), photograph=upload(content, name), role="Typed just now")
    assert response.status_code == 422
    assert sentence in words(response)
    assert form_of(response)["role"] == "Typed just now"
    assert Person.objects.get(pk=pictured.pk).photograph == pictured.photograph


@committed
def test_saving_without_a_new_file_keeps_it(admin_client, pictured):
    assert post(admin_client, of(pictured), role="Director").status_code == 302
    assert Person.objects.get(pk=pictured.pk).photograph == pictured.photograph
    assert files().exists(pictured.photograph.name)


@committed
def test_a_new_one_takes_the_place_of_the_old(admin_client, pictured):
    post(admin_client, of(pictured), photograph=upload(picture("WEBP")))
    now = Person.objects.get(pk=pictured.pk).photograph.name
    assert now != pictured.photograph.name and files().exists(now)
    assert not files().exists(pictured.photograph.name)


@committed
def test_it_can_be_removed_and_its_file_goes(admin_client, pictured):
    assert post(admin_client, of(pictured), **{"photograph-clear": "on"}).status_code == 302
    assert not Person.objects.get(pk=pictured.pk).photograph
    assert not files().exists(pictured.photograph.name)


@committed
def test_it_goes_with_its_person(admin_client, pictured):
    assert admin_client.post(of(pictured, "delete"), {"post": "yes"}).status_code == 302
    assert not files().exists(pictured.photograph.name)


@committed
def test_a_refused_change_leaves_no_file_behind(admin_client, pictured):
    before = set(files().listdir("photographs")[1])
    other = make_person("Taken", slug="taken")
    response = post(admin_client, of(pictured), slug=other.slug, photograph=upload(picture()))
    assert response.status_code == 422
    assert set(files().listdir("photographs")[1]) == before


@committed
def test_a_change_that_postgresql_refuses_leaves_no_file_behind(admin_client, pictured, monkeypatch):
    from django.db import IntegrityError

    from events import changes

    def refuse():
        raise IntegrityError

    before = set(files().listdir("photographs")[1])
    monkeypatch.setattr(changes, "_let_postgresql_check", refuse)
    response = post(admin_client, of(pictured), photograph=upload(picture()))
    assert response.status_code == 422
    assert set(files().listdir("photographs")[1]) == before


@committed
def test_an_older_version_that_is_restored_keeps_the_present_photograph(admin_client, pictured):
    version = of(pictured, "simple_history", pictured.history.last().pk)
    response = admin_client.post(version, {"name": "Ada", "has_page": "on"})
    assert response.status_code == 302
    restored = Person.objects.get(pk=pictured.pk)
    assert (restored.name, restored.photograph) == ("Ada", pictured.photograph)
    assert files().exists(pictured.photograph.name)


def test_a_picture_whose_camera_wrote_odd_things_is_kept_upright(admin_client):
    """Orientation 6, and a description that is a number: Pillow cannot write such an EXIF anew."""
    entries = struct.pack(">HHLHH", 0x0112, 3, 1, 6, 0) + struct.pack(">HHLHH", 0x010F, 3, 1, 7, 0)
    odd = b"Exif\0\0MM\0*" + struct.pack(">LH", 8, 2) + entries + struct.pack(">L", 0)
    person = make_person("Ada Obi")
    sent = upload(picture(size=(300, 400), exif=odd))
    assert post(admin_client, of(person), photograph=sent).status_code == 302
    with Image.open(Person.objects.get(pk=person.pk).photograph) as kept:
        assert kept.size == (400, 300)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_pillow_would_turn_it(orientation):
    from PIL import ImageOps

    from events.photographs import make_safe

    exif = Image.Exif()
    exif[0x0112] = orientation
    sent = io.BytesIO()
    drawn = Image.linear_gradient("L").resize((40, 60)).convert("RGB")
    drawn.paste((255, 0, 0), (0, 0, 10, 20))
    drawn.save(sent, "PNG", exif=exif)
    with Image.open(sent) as wanted, Image.open(make_safe(upload(sent.getvalue()))) as made:
        wanted = ImageOps.exif_transpose(wanted)
        assert made.size == wanted.size
        for corner in ((3, 3), (made.width - 4, 3), (3, made.height - 4)):
            assert all(abs(a - b) < 60 for a, b in zip(made.getpixel(corner), wanted.getpixel(corner), strict=True))
