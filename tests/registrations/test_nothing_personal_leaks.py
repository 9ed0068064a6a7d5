"""What people type comes into no log, address, cookie or session, and into no message beyond what that one is for.

A word of its own stands in every field (`canaries.TYPED`). Attendees, colleagues, staff and the worker take it along
every way, the wrong ones included: refused, forged, too late, with faults of ours and of PostgreSQL's. Then each place
is looked through. For each place, a control shows that the look finds a word that is there.
"""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import procrastinate
import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.db import OperationalError, connection, transaction
from django.test import override_settings
from procrastinate.testing import InMemoryConnector

from conference.logs.log_lines import PlainLines
from registrations import booking
from registrations.answering import drafts
from registrations.data_rights import personal_fields
from registrations.messages import emails, sending
from registrations.models import LinkRequest, Message, Offer, Registration, Transfer
from registrations.my_day import corrections, transfers
from registrations.problems import Busy
from registrations.tasks import link_requests
from registrations.waiting import offers
from registrations.way_in import links
from tests.admin_pages import add, form_of, listed, of
from tests.registrations import mail_server
from tests.registrations.builders import MINUTE, NOW, register
from tests.registrations.canaries import (
    SPECIAL,
    TYPED,
    WORDS,
    NotedClient,
    left_of,
    readable,
    sessions,
    the_log,
    words_in,
)
from tests.registrations.journeys import Journey, hidden, place, wait
from tests.registrations.my_day import MyDay, path_of
from tests.registrations.staff import TEAM, a_busy_day

DETAILS, ACCESS = TYPED["details"], TYPED["access"]


def quoted_by_postgresql(*args, **kwargs):
    """Fail as PostgreSQL does when it cannot read a value: it quotes it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [DETAILS["email"]])


def failing(error):
    def fail(*args, **kwargs):
        raise error

    return fail


FAULTS = [
    (quoted_by_postgresql, 500), (failing(ValueError(DETAILS["name"])), 500),
    (failing(OperationalError(DETAILS["name"])), 503),
]  # fmt: skip


class Walk:
    """Everybody's ways through the site, and what came of them."""

    def __init__(self, patch, server):
        self.patch, self.server, self.clients = patch, server, []
        self.day = a_busy_day()

    def browser(self, **kwargs):
        self.clients.append(NotedClient(**kwargs))
        return self.clients[-1]

    def tried(self, module, name, send, more=()):
        """Have this writer fail in every way, and send each time."""
        for fault, status in [*FAULTS, *more]:
            with self.patch.context() as patch:
                patch.setattr(module, name, fault)
                assert send().status_code == status

    def registering(self):
        """An attendee registers, after everything has gone wrong once."""
        journey = Journey(self.day.event, self.browser()).begin()
        assert journey.post("details", DETAILS | {"email": "canaryemail at nowhere"}).status_code == 422
        for step in ("details", "access"):
            forged = self.browser(enforce_csrf_checks=True)
            assert forged.post(journey.address(step), TYPED[step]).status_code == 403
            assert self.browser().post(journey.address(step), TYPED[step]).status_code == 409  # without the cookie
            assert journey.post(step, TYPED[step] | {"x": "\0"}).status_code == 400
        self.tried(drafts, "keep", lambda: journey.post("details", DETAILS))
        ticket = TYPED["ticket"] | {"ticket_type": self.day.paid.pk}
        assert journey.post("details", DETAILS).status_code == 302
        assert journey.post("ticket", ticket | {"ticket_type": "0"}).status_code == 422
        assert journey.post("ticket", ticket).status_code == 302
        assert journey.post("workshops", place(self.day.a1)).status_code == 302
        self.tried(drafts, "keep_access", lambda: journey.post("access", ACCESS))
        assert journey.post("access", ACCESS).status_code == 302
        page = journey.get("check")
        self.tried(booking, "register", lambda: journey.confirm(page), [(failing(Busy()), 503)])
        self.bea = register(self.day, "Bea", take=[self.day.a1])
        assert journey.confirm(page).status_code == 409  # the last place is gone
        assert journey.post("workshops", place(self.day.b1) | wait(self.day.a1)).status_code == 302
        assert journey.confirm().status_code == 302
        journey.get("confirmed")
        journey.client.get(journey.address("day.ics"))
        again = Journey(self.day.event, self.browser()).begin().answer(details=DETAILS)
        assert "Look in your e-mail" in again.confirm().content.decode()
        offered = hidden(journey.get("colleague"), "colleague")
        assert journey.post("colleague", TYPED["colleague"] | {"colleague": offered, "email": "x"}).status_code == 422
        self.mine = Registration.objects.get(name=DETAILS["name"])

    def finding(self):
        """Somebody asks for their link, also with an address that is none."""
        client = self.browser()
        assert client.post("/my-day/find/", {"email": DETAILS["email"] + "@"}).status_code == 422
        self.tried(link_requests, "ask", lambda: client.post("/my-day/find/", {"email": DETAILS["email"]}))
        assert client.post("/my-day/find/", {"email": DETAILS["email"]}).status_code == 200
        link_requests.answer(NOW)
        link = path_of(links.found(LinkRequest.objects.latest("pk")))
        assert client.get(link).status_code == 200 and client.post(link).status_code == 302

    def my_day(self):
        """An attendee puts everything right, complains, and looks at all that is held."""
        mine = MyDay(self.mine, self.browser())
        details = DETAILS | {name: TYPED["ticket"][name] for name in ("organisation", "job_title")}
        assert mine.post("details/", details | {"email": "canaryemail"}).status_code == 422
        self.tried(corrections, "correct", lambda: mine.post("details/", details))
        assert mine.post("details/", details).status_code == 302
        assert mine.post("access/", ACCESS).status_code == 302
        order = {name: TYPED["ticket"][f"invoice_{name}"] for name in ("payer", "address", "email", "purchase_order")}
        assert mine.post("order/", order).status_code == 302
        assert mine.post("complain/", TYPED["complaint"]).status_code == 302
        for below in ("", "details/", "access/", "order/", "data/", "data.json", "data/all/", "letter/", "day.ics"):
            mine.client.get(f"/my-day/{below}")
        until = {"made_at": NOW, "until": NOW + 60 * MINUTE}
        offer = Offer.objects.create(registration=self.mine, event=self.day.event, session=self.day.a1, **until)
        self.tried(offers, "decline", lambda: mine.post("answer/", {"offer": offer.pk, "answer": "no"}))
        assert mine.post("answer/", {"offer": offer.pk, "answer": "no"}).status_code == 302
        closed = self.browser()
        assert closed.post("/my-day/details/", details).status_code == 403

    def passing_on(self):
        """An attendee passes the place on, and the colleague says what they need."""
        mine, theirs = MyDay(self.mine, self.browser()), self.browser()
        colleague = TYPED["colleague"]
        self.tried(transfers, "begin", lambda: mine.post("pass-on/", colleague))
        assert mine.post("pass-on/", colleague).status_code == 302
        mine.get()
        passing = Transfer.objects.get()
        link, page = path_of(links.transfer(passing)), "/my-day/accept/"
        said = {**DETAILS, **ACCESS, "organisation": TYPED["ticket"]["organisation"], "answer": "yes"}
        said["transfer"] = passing.pk
        assert theirs.get(link).status_code == 302 and theirs.get(page).status_code == 200
        self.tried(transfers, "accept", lambda: theirs.post(page, said))
        mine.post("withdraw/")
        assert theirs.post(page, said).status_code == 409 and self.browser().post(page, said).status_code == 403
        mine.post("pass-on/", colleague)
        self.open_transfer = Transfer.objects.latest("pk")

    def telephone(self):
        """Staff take down what somebody says on the telephone, and look at it."""
        user = User.objects.create_user("ruth", is_staff=True)
        codenames = [*TEAM, "view_access_needs", "change_access_needs"]
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client = self.browser()
        client.force_login(user)
        page = add(Registration)
        given = form_of(client.get(page)) | DETAILS | TYPED["ticket"] | ACCESS | {"ticket_type": self.day.paid.pk}
        del given["pays"]
        assert client.post(page, given | {"ticket_type": ""}).status_code == 422
        self.tried(booking, "register", lambda: client.post(page, given))
        assert client.post(page, given).status_code == 422  # of that name and address there is one
        given |= {"email": TYPED["colleague"]["email"], "name": TYPED["colleague"]["name"]}
        assert client.post(page, given).status_code == 302
        taken_down = Registration.objects.latest("pk")
        for what in ("change", "access_needs", "letter", "history", "resend", "cancel"):
            client.get(of(taken_down, what))
        client.get(listed(Registration))
        # What staff search for stands in the address of the list: they typed it there. So only the log is looked at.
        searching = NotedClient()
        searching.force_login(user)
        assert searching.get(listed(Registration), {"q": DETAILS["name"]}).status_code == 200
        assert searching.post(listed(Registration) + "?q=" + DETAILS["name"], {"action": "x"}).status_code < 500

    def worker(self):
        """The worker sends, is refused in words that quote, and fails."""
        with self.patch.context() as patch:
            patch.setattr(emails, "write", failing(ValueError(DETAILS["name"])))
            sending.send_due(lambda: NOW + MINUTE)
        self.server.refuse_recipient = {DETAILS["email"]: f"550 5.1.1 {DETAILS['email']}: no such user"}
        sending.send_due(lambda: NOW + 60 * MINUTE)
        assert Message.objects.filter(state="failed").exists()
        self.server.refuse_recipient = {}
        Message.objects.filter(state="failed").update(state="queued")
        sending.send_due(lambda: NOW + 120 * MINUTE)
        self.a_failing_job()

    def a_failing_job(self):
        """A job that fails is logged by procrastinate."""
        app = procrastinate.App(connector=InMemoryConnector())
        job = app.task(name="fails")(failing(ValueError(DETAILS["name"])))

        def work():
            with app.open():
                job.defer(name=DETAILS["name"])
                app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

        # In a thread of its own: Playwright leaves an event loop in that of the tests.
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(work).result(60)


@pytest.fixture(scope="module")
def walked(looking):
    """The whole walk, once: its clients, its log, what was sent."""
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server.running() as server, time_machine.travel(NOW, tick=False), the_log() as log:
        host = {"EMAIL_BACKEND": smtp, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": server.port, "SLOW_QUERY_MS": 0}
        with override_settings(**host):
            walk = Walk(pytest.MonkeyPatch, server)
            walk.registering()
            walk.finding()
            walk.my_day()
            walk.passing_on()
            walk.telephone()
            walk.worker()
        sent = [str(each.as_bytes() and each.get_body(("plain",))) + str(each) for each in server.messages]
    return SimpleNamespace(walk=walk, log=log.getvalue(), sent=sent, clients=walk.clients)


# -- The words were there


def test_every_word_was_stored_where_it_belongs_and_nowhere_else(walked):
    assert {word for word in WORDS if not left_of(word)} == set()
    fields = [name.partition(".") for held in personal_fields.HELD for name in held.fields]
    declared = {
        f"registrations_{prefix}{model.lower()}.{name}" for model, _, name in fields for prefix in ("", "historical")
    }
    assert left_of(*WORDS) - declared == set()


def test_the_walk_came_by_every_kind_of_answer(walked):
    statuses = {status for client in walked.clients for status in client.statuses}
    assert statuses >= {200, 302, 400, 403, 409, 422, 500, 503}


# -- The log


def test_no_line_of_the_log_has_one(walked):
    lines = [json.loads(each) for each in walked.log.splitlines()]
    loggers = {line["logger"] for line in lines}
    assert loggers >= {
        "conference.requests", "conference.errors", "conference.logs.slow_queries", "django.request",
        "django.security.csrf", "procrastinate.worker", "registrations.messages.sending",
    }  # fmt: skip
    assert [line for line in lines if words_in(line)] == []


def test_the_exceptions_in_it_say_what_happened(walked):
    found = [line["exception"] for line in map(json.loads, walked.log.splitlines()) if "exception" in line]
    assert len(found) > 10
    assert any("SQLSTATE 22P02" in each for each in found) and any(each.endswith("\nValueError") for each in found)


def test_the_look_finds_one_in_a_log(walked):
    """The control: the same fault by lines that hide nothing."""
    with the_log() as log:
        logging.getLogger("control").error("For %s", DETAILS["name"])
        handler = next(each for each in logging.root.handlers if getattr(each, "stream", None) is log)
        ours = handler.formatter
        handler.setFormatter(PlainLines(in_full=True))
        try:
            quoted_by_postgresql()
        except Exception:
            logging.getLogger("control").exception("A fault")
        finally:
            handler.setFormatter(ours)
    assert words_in(log.getvalue()) == {"canaryname", "canaryemail"}


# -- Addresses, cookies, sessions


def test_no_address_has_one(walked):
    addresses = [address for client in walked.clients for address in client.addresses]
    assert len(addresses) > 500
    assert [address for address in addresses if words_in(address)] == []


def test_the_look_finds_one_in_an_address(looking):
    client = NotedClient()
    client.get("/", {"q": "canaryname"})
    assert words_in(client.addresses) == {"canaryname"}


def test_no_cookie_has_one_that_can_be_read(walked):
    cookies = [cookie for client in walked.clients for cookie in client.given_cookies]
    assert len(cookies) > 10
    assert [cookie for cookie in cookies if words_in(readable(cookie))] == []


@pytest.mark.parametrize("packed", [False, True])
def test_the_look_finds_one_in_a_cookie(packed):
    """Signed is not sealed: what is in a signed cookie can be read."""
    assert words_in(readable(signing.dumps({"name": "canaryname" * 20}, compress=packed))) != set()
    assert words_in(readable(signing.get_cookie_signer().sign("canaryname"))) == {"canaryname"}


def test_no_session_has_one(walked):
    assert "_auth_user_id" in sessions() and words_in(sessions()) == set()


def test_the_look_finds_one_in_a_session(undone):
    SessionStore().save()
    store = SessionStore()
    store["name"] = "canaryname"
    store.save()
    assert words_in(sessions()) == {"canaryname"}


# -- Messages

# The name, by which each is addressed; a colleague's, to and about whom some are; to whom the invoice goes, which is
# what the one about a place with a price is for.
IN_MESSAGES = {"canaryname", "canarycolleague", "canarypayer"}


def test_messages_say_those_names_and_nothing_else_that_was_typed(walked):
    messages = list(Message.objects.values_list("subject", "text", "html", "calendar"))
    assert len(messages) > 6 and words_in(messages) <= IN_MESSAGES and "canaryname" in words_in(messages)
    assert words_in(list(Message.objects.values_list("facts", flat=True))) == set()


def test_what_the_mail_server_got_is_that_and_the_address_it_goes_to(walked):
    assert len(walked.sent) > 5
    assert words_in(walked.sent) - IN_MESSAGES == {"canaryemail", "canarytheirs"}


def test_the_look_finds_what_is_special_in_a_message(walked, undone):
    Message.objects.filter(pk=Message.objects.latest("pk").pk).update(html=ACCESS["dietary"])
    found = words_in(list(Message.objects.values_list("html", flat=True)))
    assert found & SPECIAL == {"canarydietary"}
