"""QR codes of pages: what they say, to a reader that is not the library that wrote them, and where they are."""

from xml.etree import ElementTree

import pytest
import segno
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import qr_codes
from events.models import Session, Status
from tests.builders import make_session, save
from tests.qr_reading import SVG, picture, read_qr, read_rows
from tests.reading import read

SITE = "http://localhost:8000"
HOSTILE = '</title><script>alert(1)</script>&"\x0b\x00'


def title(svg: bytes) -> str:
    """Return the title of a code."""
    return ElementTree.fromstring(svg).findtext(f"{SVG}title")


@pytest.fixture
def at(programme):
    """The addresses of the event and of its first workshop."""
    event = f"/events/{programme.event.slug}/"
    return event, f"{event}agenda/{programme.first.slug}/"


def test_the_code_of_a_page_says_its_absolute_address_and_its_title(client, programme, at):
    codes = [client.get(f"{address}qr.svg").content for address in at]
    assert [read_qr(code) for code in codes] == [SITE + address for address in at]
    assert [title(code) for code in codes] == [
        "QR code: Annual conference",
        "QR code: Reserves and rest – Annual conference",
    ]


def test_each_page_links_to_its_code(client, at):
    for address in at:
        assert read(client.get(address)).link("QR code for posters and slides") == f"{address}qr.svg"


def test_a_preview_has_no_code_because_nobody_can_open_what_is_a_draft(admin_client, programme):
    page = read(admin_client.get(f"/admin/events/event/{programme.event.pk}/preview/agenda/{programme.first.slug}/"))
    assert page.status == 200 and "QR code" not in page.main


def test_the_admin_links_to_the_code_of_what_is_public(admin_client, programme, at):
    address = f"/admin/events/session/{programme.first.pk}/change/"
    assert f'href="{at[1]}qr.svg"' in admin_client.get(address).content.decode()
    programme.first.status = Status.DRAFT
    save(programme.first)
    assert "qr.svg" not in admin_client.get(address).content.decode()


@pytest.mark.parametrize("length", [1, 20, 40, 60, 80, 100])
def test_addresses_of_any_length_are_read_back(length):
    assert read_qr(qr_codes.svg("a" * length, "")) == "a" * length


@pytest.mark.parametrize(("x", "y"), [(-5, -5), (0, 9)], ids=["data", "quiet zone"])
def test_the_reader_sees_a_single_wrong_module(x, y):
    """The negative control: nothing is corrected."""
    rows = picture(qr_codes.svg("https://example.org/", ""))
    assert read_rows(rows) == "https://example.org/"
    rows[y][x] ^= 1
    with pytest.raises(AssertionError):
        read_rows(rows)


def test_another_level_is_refused_by_the_reader(tmp_path):
    """The negative control for level M."""
    file = tmp_path / "code.svg"
    segno.make_qr("a", error="l", boost_error=False).save(file, border=4, omitsize=True)
    with pytest.raises(AssertionError):
        read_qr(file.read_bytes())


def test_it_is_black_on_white_and_has_nothing_that_the_policy_forbids(client, at):
    answer = client.get(f"{at[1]}qr.svg")
    root = ElementTree.fromstring(answer.content)
    assert answer["Content-Type"] == "image/svg+xml"
    assert {each.tag for each in root.iter()} == {f"{SVG}{tag}" for tag in ("svg", "title", "path")}
    assert {name for each in root.iter() for name in each.keys()} <= {"viewBox", "d", "fill", "stroke"}  # noqa: SIM118
    assert [path.get("fill") or path.get("stroke") for path in root.iter(f"{SVG}path")] == ["#fff", "#000"]


def test_no_title_can_end_its_element(client, event):
    make_session(event, title=HOSTILE[:-2], slug="hostile")
    svg = client.get(f"/events/{event.slug}/agenda/hostile/qr.svg").content
    assert title(svg) == f"QR code: {HOSTILE[:-2]} – Annual conference"
    assert title(qr_codes.svg("a", HOSTILE)) == HOSTILE[:-2]
    with pytest.raises(ElementTree.ParseError):  # the control: as it is, it would be no XML
        ElementTree.fromstring(f"<title>{HOSTILE}</title>")


def test_drafts_and_what_is_not_there_have_none(client, programme, at):
    assert client.get(f"{at[0]}agenda/nothing/qr.svg").status_code == 404
    assert client.get("/events/nothing/qr.svg").status_code == 404
    Session.objects.filter(pk=programme.first.pk).update(status=Status.DRAFT)
    assert client.get(f"{at[1]}qr.svg").status_code == 404
    programme.event.status = Status.DRAFT
    save(programme.event)
    assert client.get(f"{at[0]}qr.svg").status_code == 404


def test_a_former_address_leads_to_the_present_code(client, programme, at):
    programme.first.slug, programme.event.slug = "rest", "summer"
    save(programme.event, programme.first)
    assert client.get(f"{at[0]}qr.svg")["Location"] == "/events/summer/qr.svg"
    assert client.get("/events/summer/agenda/reserves-and-rest/qr.svg")["Location"].endswith("/agenda/rest/qr.svg")
    assert client.get("/events/summer/agenda/rest/qr.svg").status_code == 200


def test_it_is_stored_as_pages_are(client, at):
    etag = client.get(f"{at[1]}qr.svg")["ETag"]
    with CaptureQueriesContext(connection) as queries:
        again = client.get(f"{at[1]}qr.svg", headers={"if-none-match": etag})
    assert (again.status_code, len(queries)) == (304, 1)
    Session.objects.update(title="Another title")
    changed = client.get(f"{at[1]}qr.svg", headers={"if-none-match": etag})
    assert changed.status_code == 200 and "Another title" in title(changed.content)
