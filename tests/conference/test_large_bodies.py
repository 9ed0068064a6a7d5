"""A request that is too large is refused before it is read."""

import io

import pytest
from django.test import Client

from conference.guards.large_bodies import is_too_large
from tests.reading import read

HEAD = b'--X\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n'


class Unread(io.BytesIO):
    """A body that nobody may read."""

    def read(self, *args):
        raise AssertionError("it was read")


@pytest.mark.parametrize("length", [str(32 * 1024 * 1024 + 1), "9" * 5000])
def test_a_body_too_large_is_refused_and_not_read(client: Client, length):
    said = {"CONTENT_TYPE": "multipart/form-data; boundary=X", "CONTENT_LENGTH": length, "wsgi.input": Unread()}
    answer = client.generic("POST", "/", HEAD, **said)
    assert answer.status_code == 400
    assert "content-security-policy" in answer.headers


def test_it_is_told_what_is_so_and_led_back(client: Client, settings):
    settings.LARGEST_BODY = 3 * 1024 * 1024
    answer = client.post("/admin/events/person/1/change/", {"photograph": io.BytesIO(b"x" * (3 * 1024 * 1024))})
    page = read(answer)
    assert answer.status_code == 400 and "What you sent is larger than 3 MB" in page.main
    assert "address may be damaged" not in page.main
    assert page.link("Open the page with the form again") == "/admin/events/person/1/change/"


@pytest.mark.parametrize("length", ["", "0", "abc", "-1", str(32 * 1024 * 1024)])
def test_any_other_is_not(rf, length):
    request = rf.get("/")
    request.META["CONTENT_LENGTH"] = length
    assert not is_too_large(request)
