"""Whatever a request says of its letters, they are UTF-8, and nothing is a fault of ours."""

import pytest
from django.test import RequestFactory
from django.test.client import ClientHandler

from conference.guards.content_type import with_plain_content_type

pytestmark = pytest.mark.django_db

ODD = [
    "text/plain; charset=rot13", "text/plain; charset=hex", "text/plain; charset=utf-7", "text/plain; charset=idna",
    "text/plain; charset=unicode_escape", "text/plain; charset=undefined", "text/plain; charset=\xff",
    "text/plain; a*=no-such''%41", "text/plain; charset*=rot13''x", "multipart/form-data; boundary=X; charset=zlib",
]  # fmt: skip
FORM = b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--X--\r\n'


def ask(environ):
    """The status of the answer to this request."""
    handler = ClientHandler()  # as WSGIHandler, but it leaves the test's connection to the database open
    return with_plain_content_type(lambda given, start: handler(given))(environ, None).status_code


@pytest.mark.parametrize("content_type", ODD)
@pytest.mark.parametrize("query", ["q=abc", "q=%2B2AA-", "q=%5Cud800"])
def test_an_odd_content_type_changes_no_page(event, content_type, query):
    address = f"/events/{event.slug}/agenda/?{query}"
    assert ask(RequestFactory().get(address).environ | {"CONTENT_TYPE": content_type}) == 200


@pytest.mark.parametrize("content_type", ODD)
def test_a_form_of_an_odd_content_type_is_refused_not_a_fault(content_type):
    sent = RequestFactory().post("/", FORM, content_type="multipart/form-data; boundary=X").environ
    assert ask(sent | {"CONTENT_TYPE": content_type}) in (400, 403, 405)


def test_a_form_as_browsers_send_it_is_read():
    environ = RequestFactory().post("/", FORM, content_type="multipart/form-data; boundary=X; charset=UTF-8").environ
    seen = []
    with_plain_content_type(lambda given, start: seen.append(given["CONTENT_TYPE"]) or [])(environ, None)
    assert seen == ["multipart/form-data; boundary=X; charset=UTF-8"]
