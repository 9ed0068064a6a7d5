"""The way into “My day”: a link for one registration, or one that was asked for; who gets in, and who does not."""

import datetime

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registrations.messages import sending
from registrations.models import LinkRequest, Message, RateCount, Registration
from registrations.my_day import corrections, transfers
from registrations.way_in import link_requests, links
from tests.reading import read
from tests.registrations.builders import MINUTE, NOW, make_day, register
from tests.registrations.my_day import MyDay, path_of

pytestmark = pytest.mark.django_db
ENDED = "This link no longer works"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def ada():
    return register(make_day(), "Ada", email="ada@example.org")


def opened(link):
    """Open a link in a new browser, and return the page it leads to."""
    return read(Client().get(path_of(link), follow=True))


# The link in a message


def test_a_link_opens_its_registration_and_leaves_the_address(ada):
    client = Client()
    response = client.get(path_of(links.my_day(ada)))
    assert (response.status_code, response.headers["Location"]) == (302, "/my-day/")
    cookie = response.cookies["my-day"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and "Ada" not in cookie.value
    page = read(client.get("/my-day/"))
    assert page.status == 200 and ada.reference in page.main and "Ada" in page.main


def test_it_opens_no_other_registration(ada):
    bea = register(make_day(title="Other day"), "Bea", email="ada@example.org")
    assert bea.reference not in opened(links.my_day(ada)).words


def test_opening_changes_nothing(ada):
    link = path_of(links.my_day(ada))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client = Client()
        client.get(link, follow=True)
        client.head(link)
    assert not [each["sql"] for each in asked if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.parametrize("change", [
    lambda code: code[:-1] + ("a" if code[-1] != "a" else "b"), lambda code: "", lambda code: code.upper(),
    lambda code: code + "a", lambda code: code[:-1],
])  # fmt: skip
def test_a_code_that_is_not_quite_right_opens_nothing(ada, change):
    key, _, code = links.my_day(ada).removesuffix("/").rpartition("/")[2].partition("-")
    page = opened(f"/my-day/open/{key}-{change(code)}/")
    assert page.status == 404 and ENDED in page.main


@pytest.mark.parametrize("token", ["x", "0-a", "99999999999999999999999-a", "-", "1", "١-a", "%00", "1-" + "a" * 5000])
def test_nonsense_opens_nothing(ada, token):
    assert Client().get(f"/my-day/open/{token}/").status_code in (400, 404)


def test_a_code_is_good_for_its_own_registration_and_purpose_only(ada):
    bea = register(make_day(title="Other"), "Bea")
    code = links.my_day(ada).removesuffix("/").rpartition("-")[2]
    assert opened(f"/my-day/open/{bea.pk}-{code}/").status == 404
    assert opened(f"/my-day/found/{ada.pk}-{code}/").status == 404


def test_another_address_ends_every_link_and_every_open_browser(ada):
    mine = MyDay(ada)
    link = links.my_day(ada)
    ada = corrections.correct(ada, {"email": "ada@example.com"}, NOW)
    assert opened(link).status == 404
    assert mine.get().title.startswith("Send me my link")
    assert opened(links.my_day(ada)).status == 200


def test_staff_end_every_link_and_a_new_one_is_sent(ada):
    mine, link = MyDay(ada), links.my_day(ada)
    transfer = transfers.begin(ada, "Bea", "bea@example.org", NOW)
    ada = corrections.end_links(ada, NOW)
    assert opened(link).status == 404 and mine.get().title.startswith("Send me my link")
    assert opened(links.my_day(ada)).status == 200
    transfer.refresh_from_db()
    assert (transfer.state, transfer.email) == ("withdrawn", "")
    assert [each.kind for each in Message.objects.order_by("pk")] == ["confirmed", "confirmed"]


@pytest.mark.parametrize(("days", "opens"), [(29, True), (31, False)])
def test_links_end_thirty_days_after_the_event(ada, clock, days, opens):
    mine, link = MyDay(ada), links.my_day(ada)
    clock.move_to(ada.event.ends + datetime.timedelta(days=days))
    assert (opened(link).status == 200) is opens
    assert opened(link).title.startswith("My day") is opens
    assert (ada.reference in MyDay(ada).get().main) is True if opens else mine.get().title.startswith("Send me")


def test_links_outlive_a_change_of_the_key_for_as_long_as_the_old_one_is_kept(ada, settings):
    link, old = links.my_day(ada), settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-of-sufficient-length-for-all-the-checks-0123456789"
    assert opened(link).status == 404
    settings.SECRET_KEY_FALLBACKS = [old]
    assert opened(link).status == 200


def test_personal_pages_are_stored_nowhere_and_say_nothing_of_where_one_came_from(ada):
    mine = MyDay(ada)
    for address in ("/my-day/", "/my-day/find/", path_of(links.my_day(ada)), "/my-day/open/1-a/", "/my-day/day.ics"):
        response = mine.client.get(address)
        assert response.headers["Referrer-Policy"] == "no-referrer", address
        assert "no-store" in response.headers["Cache-Control"], address


@pytest.mark.parametrize("below", ["seen/", "leave/", "answer/", "asking/", "choose/"])
def test_without_a_link_nothing_is_shown_and_nothing_sent_is_lost(ada, below):
    assert read(Client().get("/my-day/", follow=True)).title.startswith("Send me my link")
    response = Client().post(f"/my-day/{below}", {"registration": ada.reference})
    assert response.status_code == 403 and "open your link once more" in read(response).title


def test_a_form_meant_for_another_registration_is_refused(ada):
    bea = register(make_day(title="Other"), "Bea")
    response = MyDay(ada).client.post("/my-day/seen/", {"registration": bea.reference})
    assert response.status_code == 409 and "another registration was opened" in read(response).main


def test_my_day_is_closed_by_a_button_and_after_twelve_hours(ada, clock):
    mine = MyDay(ada)
    mine.client.post("/my-day/close/")
    assert mine.get().title.startswith("Send me my link")
    mine = MyDay(ada)
    clock.move_to(NOW + datetime.timedelta(hours=12, minutes=1))
    assert mine.get().title.startswith("Send me my link")


# “Send me my link”


def ask(email, client=None, **more):
    return (client or Client()).post("/my-day/find/", {"email": email}, **more)


def sent_link():
    """Have the worker answer, and return the link in the message it sends; None if it sends none."""
    link_requests.answer(NOW)
    sending.send_due(lambda: NOW + MINUTE)
    bodies = [each.body for each in mail.outbox if "asked for the link" in each.body]
    mail.outbox.clear()
    return next((word for word in bodies[0].split() if "/my-day/found/" in word), None) if bodies else None


def test_the_page_says_and_does_the_same_for_a_known_and_an_unknown_address(ada):
    pages, queries = [], []
    for email in ("ada@example.org", "who@example.org"):
        connection.cursor().execute("DELETE FROM procrastinate_jobs")  # so that each has to wake the worker
        with CaptureQueriesContext(connection) as asked:
            response = ask(email)
        pages.append(read(response).main.replace(email, "…"))
        queries.append([each["sql"].split()[0] for each in asked])
        assert response.status_code == 200
    assert pages[0] == pages[1] and queries[0] == queries[1]
    assert not Message.objects.filter(kind="link").exists()  # the worker looks, not the page


def test_an_unknown_address_is_sent_nothing(ada):
    ask("who@example.org")
    assert sent_link() is None


def test_the_link_opens_every_registration_of_the_address_once(ada):
    other = register(make_day(title="Second day"), "Ada", email="ADA@example.org")
    ask("Ada@Example.org")
    link = sent_link()
    client = Client()
    page = read(client.get(path_of(link)))
    assert page.status == 200 and "Open" in page.main  # a program that looks at links presses no button
    assert LinkRequest.objects.get().used_at is None
    response = client.post(path_of(link), follow=True)
    assert ada.reference in read(response).main and "Second day" in read(response).main
    assert other.reference in read(response).source
    again = Client().post(path_of(link))
    assert again.status_code == 404 and ENDED in read(again).main


def test_it_shows_the_one_that_is_chosen(ada):
    other = register(make_day(title="Second day"), "Ada", email="ada@example.org")
    ask("ada@example.org")
    client = Client()
    client.post(path_of(sent_link()))
    sent = {"registration": ada.reference, "show": other.reference}
    assert other.reference in read(client.post("/my-day/choose/", sent, follow=True)).main
    stranger = register(make_day(title="Third"), "Cai")
    sent = {"registration": other.reference, "show": stranger.reference}
    assert stranger.reference not in read(client.post("/my-day/choose/", sent, follow=True)).words


def test_the_link_ends_after_an_hour(ada, clock):
    ask("ada@example.org")
    link = path_of(sent_link())
    clock.move_to(NOW + datetime.timedelta(minutes=61))
    assert Client().get(link).status_code == 404 and Client().post(link).status_code == 404


def test_the_link_in_the_stored_message_is_a_placeholder(ada):
    ask("ada@example.org")
    link = sent_link()
    message = Message.objects.get(kind="link")
    assert link.rpartition("/found/")[2] not in message.text + message.html + str(message.facts)


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "x" * 300 + "@example.org", "a@example.org\r\nBcc: x@y.example"]
)
def test_what_is_no_address_is_said_beside_the_field(email):
    response = ask(email)
    assert response.status_code == 422 and read(response).title.startswith("Error: ")


def test_a_mailbox_is_written_to_ten_times_an_hour_however_it_is_spelt(ada):
    spelt = ["ada@example.org", "a.da@example.org", "ada+1@example.org", "A.D.A+x@EXAMPLE.org", "ada@example.org"] * 2
    assert [ask(email, REMOTE_ADDR=f"192.0.2.{n}").status_code for n, email in enumerate(spelt)] == [200] * 10
    response = ask("ad.a@example.org", REMOTE_ADDR="192.0.2.99")
    assert response.status_code == 429 and int(response.headers["Retry-After"]) > 0
    assert ask("bea@example.org", REMOTE_ADDR="192.0.2.99").status_code == 200


def test_an_address_asks_sixty_times_an_hour(ada):
    RateCount.objects.all().delete()
    assert all(ask(f"person{n}@example.org").status_code == 200 for n in range(60))
    assert ask("person61@example.org").status_code == 429


def test_requests_are_forgotten_after_a_day(ada):
    ask("ada@example.org")
    link_requests.forget(NOW + datetime.timedelta(hours=23))
    assert LinkRequest.objects.count() == 1
    link_requests.forget(NOW + datetime.timedelta(hours=25))
    assert LinkRequest.objects.count() == 0


def test_somebody_without_an_address_is_found_by_none(ada):
    Registration.objects.update(email="", email_key="")
    assert link_requests.of_address("", NOW) == []
