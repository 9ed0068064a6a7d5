"""Sending, to a real mail server: once; what happens when it is away or refuses, and when a worker is killed."""

import datetime
import logging
import threading

import pytest
import vobject
from django.db import connection

from registrations.messages import emails, outbox, post, sending
from registrations.models import Message, MessageKind, MessageState
from registrations.way_in import personal_links
from tests.events.two_people import two_writers, wait_until_blocked
from tests.registrations import mail_server
from tests.registrations.builders import NOW, make_day, register
from tests.registrations.many_people import all_at_once

pytestmark = pytest.mark.django_db

SECOND = datetime.timedelta(seconds=1)
MINUTE = 60 * SECOND


class Clock:
    """A clock that goes only when told."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server(settings):
    with mail_server.running() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 5
        yield running


@pytest.fixture
def mine():
    day = make_day()
    return register(day, "Ann", take=[day.a1], email="ann@example.org")


def queued(*names):
    day = make_day(hours=())
    return [register(day, name, email=f"{name}@example.org") for name in names]


def the_message():
    return Message.objects.get()


def states():
    return sorted(Message.objects.values_list("recipient", "state", "attempts"))


def sweep_until(clock, seconds):
    """Sweep every 15 seconds for so long, as the worker does, and return how many were sent."""
    until, sent = clock.now + seconds * SECOND, 0
    while clock.now < until:
        clock.now += 15 * SECOND
        sent += sending.send_due(clock)
    return sent


# Sent


def test_a_message_is_sent_once_with_what_it_needs(server, clock, mine):
    assert sending.send_due(clock) == 1
    assert sending.send_due(clock) == 0
    [email] = server.messages
    assert (email["To"], email["From"], email["Reply-To"]) == (
        "ann@example.org",
        "events@example.org",
        "events@example.org",
    )
    assert email["Message-ID"] == the_message().message_id
    assert email["Auto-Submitted"] == "auto-generated"
    assert email["Subject"] == f"Your place is confirmed: Annual conference ({mine.reference})"
    assert email["Date"] and email["Bcc"] is None
    assert (the_message().state, the_message().sent_at, the_message().attempts) == (MessageState.SENT, NOW, 1)


def test_it_arrives_as_text_html_and_a_calendar(server, clock, mine):
    sending.send_due(clock)
    [email] = server.messages
    stored = personal_links.put_in(the_message().text, the_message())
    assert email.get_body(["plain"]).get_content().replace("\r\n", "\n") == stored
    assert "<h1>Your place is confirmed</h1>" in email.get_body(["html"]).get_content()
    [attached] = email.iter_attachments()
    assert (attached.get_content_type(), attached.get_param("method")) == ("text/calendar", "PUBLISH")
    assert attached.get_filename() == "annual-conference.ics"
    content = attached.get_payload(decode=True)
    assert [entry.summary.value for entry in vobject.readOne(content.decode()).vevent_list] == [
        "Annual conference", "1A Workshop 1A",
    ]  # fmt: skip
    assert content.replace(b"\r\n", b"\n") == the_message().calendar.encode().replace(b"\r\n", b"\n")


def test_letters_of_every_script_arrive(server, clock):
    register(make_day(hours=(), title="Tag für Ọlájùmọ̀kẹ́ 🎉"), "مريم Nguyễn", email="m@example.org")
    sending.send_due(clock)
    [email] = server.messages
    assert "Tag für Ọlájùmọ̀kẹ́ 🎉" in email["Subject"]
    assert "Dear مريم Nguyễn," in email.get_body(["plain"]).get_content()


def test_what_is_not_due_yet_is_left(server, clock, mine):
    Message.objects.update(due_at=NOW + SECOND)
    assert sending.send_due(clock) == 0 and server.taken == []


def test_who_has_no_address_gets_none(server, clock):
    register(make_day(), email="", by_staff=True)
    assert sending.send_due(clock) == 0


# The mail server is away


def test_when_the_server_comes_back_it_is_sent_with_the_next_sweep(server, clock, mine):
    server.stop()
    assert sending.send_due(clock) == 0
    assert the_message().state == MessageState.QUEUED and "refused" in the_message().problem
    server.start()
    assert sweep_until(clock, 15) == 1
    assert the_message().problem == ""


def test_an_hour_away_harms_nothing_and_all_is_sent_within_five_minutes(server, clock):
    queued(*(f"person{number}" for number in range(30)))
    server.stop()
    assert sweep_until(clock, 3600) == 0
    server.start()
    assert sweep_until(clock, 300) == 30
    assert len({email["Message-ID"] for email in server.messages}) == len(server.taken) == 30


def test_a_server_that_is_away_is_asked_once_a_sweep_and_not_once_a_message(server, clock, monkeypatch):
    queued("a", "b", "c")
    server.stop()
    asked = []
    monkeypatch.setattr(post.Office, "send", lambda self, message: asked.append(message) or _away())
    sending.send_due(clock)
    assert len(asked) == 1


def _away():
    raise post.Away("gone")


def test_a_wrong_password_loses_nothing(server, clock, mine, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "somebody", "wrong"
    assert sending.send_due(clock) == 0
    assert the_message().state == MessageState.QUEUED and the_message().problem


@pytest.mark.parametrize("attempts", range(1, 40))
def test_pauses_grow_to_four_minutes(attempts):
    assert sending.pause_after(attempts) == min(15 * SECOND * 2 ** (attempts - 1), 4 * MINUTE)


# Refusals


@pytest.mark.parametrize("answer", ["550 5.1.1 No such user", "553 Nonsense", "501 Bad address"])
def test_a_recipient_refused_for_good_is_marked_failed_and_says_why(server, clock, answer):
    queued("gone", "here")
    server.refuse_recipient = {"gone@example.org": answer}
    assert sending.send_due(clock) == 1
    gone = Message.objects.get(recipient="gone@example.org")
    assert (gone.state, gone.problem) == (MessageState.FAILED, answer)
    assert sweep_until(clock, 600) == 0 and len(server.taken) == 1


def test_a_message_refused_for_good_is_marked_failed(server, clock, mine):
    server.refuse_data = "554 5.6.0 Not like this"
    sending.send_due(clock)
    assert the_message().state == MessageState.FAILED


@pytest.mark.parametrize("answer", ["450 4.2.0 Greylisted", "452 Mailbox full", "554 5.7.1 Relaying denied"])
def test_a_refusal_that_may_pass_is_tried_again_and_holds_up_nobody(server, clock, answer):
    queued("later", "here")
    server.refuse_recipient = {"later@example.org": answer}
    assert sending.send_due(clock) == 1
    later = Message.objects.get(recipient="later@example.org")
    assert (later.state, later.problem, later.due_at) == (MessageState.QUEUED, answer, NOW + 15 * SECOND)
    server.refuse_recipient = {}
    assert sweep_until(clock, 15) == 1


def test_a_refusal_that_may_pass_is_given_up_after_three_days(server, clock):
    queued("later")
    server.refuse_recipient = {"later@example.org": "450 Later"}
    clock.now += datetime.timedelta(days=2, hours=23)
    sending.send_due(clock)
    assert the_message().state == MessageState.QUEUED
    clock.now += datetime.timedelta(hours=2)
    sending.send_due(clock)
    assert (the_message().state, the_message().problem) == (MessageState.FAILED, "450 Later")


def test_a_server_that_closes_is_away(server, clock):
    queued("first", "second")
    server.refuse_recipient = dict.fromkeys(("first@example.org", "second@example.org"), "421 Closing")
    assert sending.send_due(clock) == 0
    assert states() == [("first@example.org", "queued", 1), ("second@example.org", "queued", 0)]


@pytest.mark.parametrize(
    "address", ["ann@example.org\nBcc: all@example.org", "ann@exa mple.org\r\n", "\ud800@example.org"[1:]]
)
def test_an_address_that_no_header_can_hold_is_marked_failed_and_reaches_nobody(server, clock, mine, address):
    Message.objects.update(recipient=address)
    sending.send_due(clock)
    assert the_message().state == MessageState.FAILED and server.taken == []


def test_a_message_that_cannot_be_written_holds_up_nobody_and_is_not_lost(server, clock, monkeypatch, caplog):
    queued("first", "second")
    write = emails.write
    broken = Message.objects.get(recipient="first@example.org").pk

    def fail_for_one(message):
        if message.pk == broken:
            connection.cursor().execute("SELECT nothing_of_that_name")
        return write(message)

    monkeypatch.setattr(emails, "write", fail_for_one)
    assert sending.send_due(clock) == 1
    assert states() == [("first@example.org", "queued", 1), ("second@example.org", "sent", 1)]
    assert "first@example.org" not in caplog.text
    monkeypatch.setattr(emails, "write", write)
    assert sweep_until(clock, 15) == 1


# A worker is killed


class Killed(BaseException):
    """Stands for kill -9: no code of ours runs after it, PostgreSQL rolls back what was not committed."""


def test_killed_between_sending_and_noting_it_sends_again_the_same_message(server, clock, mine, monkeypatch):
    note = sending._note
    monkeypatch.setattr(sending, "_note", lambda *_: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        sending.send_due(clock)
    monkeypatch.setattr(sending, "_note", note)
    assert the_message().state == MessageState.QUEUED and len(server.taken) == 1
    assert sweep_until(clock, 45) == 1
    first, second = server.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_body(["plain"]).get_content() == second.get_body(["plain"]).get_content()
    assert sweep_until(clock, 600) == 0


def test_killed_before_sending_it_is_sent_within_a_minute(server, clock, mine, monkeypatch):
    monkeypatch.setattr(post.Office, "send", lambda *_: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        sending.send_due(clock)
    monkeypatch.undo()
    assert sweep_until(clock, 45) == 1 and clock.now - NOW < MINUTE


def test_killed_right_after_claiming_it_is_sent_within_a_minute(server, clock, mine):
    assert sending.claim(clock.now)
    assert sending.send_due(clock) == 0
    assert sweep_until(clock, 45) == 1


def test_a_message_that_kills_every_worker_does_not_hold_up_the_others(server, clock, monkeypatch):
    queued("deadly", "harmless")
    send = post.Office.send

    def deadly(self, message):
        if message.recipient.startswith("deadly"):
            raise Killed
        send(self, message)

    monkeypatch.setattr(post.Office, "send", deadly)
    with pytest.raises(Killed):
        sending.send_due(clock)
    assert sending.send_due(clock) == 1


def test_asked_to_end_it_ends_between_two_messages(server, clock):
    queued("first", "second", "third")
    stop = threading.Event()
    server.on_data = stop.set
    assert sending.send_due(clock, stop) == 1
    assert len(server.taken) == 1


# Two workers


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once(server, clock):
    queued(*(f"person{number}" for number in range(20)))
    sent = all_at_once([lambda: sending.send_due(clock)] * 4)
    assert sum(sent) == 20
    assert len({email["Message-ID"] for email in server.messages}) == len(server.taken) == 20


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_only_looked_at_a_claimed_message_does_not_put_it_off(server, clock):
    queued("one")
    claimed = sending.claim(clock())

    def deliver():
        with post.Office() as office:
            return sending.deliver(claimed, office, clock)

    with two_writers() as (looking, delivering):
        looking.begin(lambda: Message.objects.select_for_update().get())
        delivered = delivering.start(deliver)
        wait_until_blocked(delivering)
        looking.commit().result()
        assert delivered.result() == sending.Outcome.SENT


@pytest.mark.django_db(transaction=True)
def test_while_one_worker_is_slow_no_other_sends_its_message_even_when_its_claim_has_lapsed(server, clock):
    queued("slow")
    inside, go_on = threading.Event(), threading.Event()
    server.on_data = lambda: (inside.set(), go_on.wait(20))

    def first():
        return sending.send_due(clock)

    def second():
        assert inside.wait(20)
        late = Clock()
        late.now = NOW + MINUTE
        try:
            return sending.send_due(late)
        finally:
            go_on.set()

    assert all_at_once([first, second]) == [1, 0]
    assert len(server.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_would_be_sent_twice(server, clock, monkeypatch):
    """The negative control: the second worker takes the row as if nobody held it."""
    queued("slow")
    monkeypatch.setattr(sending, "_locked", lambda claimed: Message.objects.get(pk=claimed.pk))
    monkeypatch.setattr(sending, "claim", lambda now, left=[1, 1]: (left and left.pop() and the_message()) or None)
    barrier = threading.Barrier(2, timeout=20)
    server.on_data = None
    send = post.Office.send
    monkeypatch.setattr(post.Office, "send", lambda self, message: (barrier.wait(), send(self, message)))
    all_at_once([lambda: sending.send_due(clock)] * 2)
    assert len(server.taken) == 2


def test_a_claim_that_another_worker_took_over_is_left_to_it(server, clock, mine):
    mine_first = sending.claim(clock.now)
    clock.now += MINUTE
    theirs = sending.claim(clock.now)
    with post.Office() as office:
        assert sending.deliver(mine_first, office, clock) == sending.Outcome.LATER
        assert sending.deliver(theirs, office, clock) == sending.Outcome.SENT
    assert len(server.taken) == 1


# What is told to whom


def test_nothing_personal_is_logged(server, clock, caplog):
    caplog.set_level(logging.DEBUG)
    queued("gone", "here")
    server.refuse_recipient = {"gone@example.org": "550 5.1.1 gone@example.org: no such user"}
    sending.send_due(clock)
    ours = "\n".join(each.getMessage() for each in caplog.records if each.name.startswith("registrations"))
    assert "cannot be sent" in ours and "example.org" not in ours


def test_a_connection_is_opened_anew_now_and_then(server, clock, monkeypatch):
    monkeypatch.setattr(post, "MESSAGES_A_CONNECTION", 2)
    queued("a", "b", "c", "d", "e")
    opened = []
    get = post.get_connection
    monkeypatch.setattr(post, "get_connection", lambda: opened.append(1) or get())
    assert sending.send_due(clock) == 5
    assert len(opened) == 3


def test_resent_by_staff_it_is_a_message_of_its_own(server, clock, mine):
    sending.send_due(clock)
    outbox.queue([outbox.Letter(MessageKind.CONFIRMED, mine)], clock.now)
    sending.send_due(clock)
    first, second = server.messages
    assert first["Message-ID"] != second["Message-ID"]
