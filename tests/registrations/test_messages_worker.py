"""The worker: what nudges it, and a real one, killed with kill -9 while the mail server has its message."""

import datetime
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from registrations import tasks
from registrations.messages import sending
from registrations.models import Message, MessageState
from tests.registrations import mail_server
from tests.registrations.builders import make_day, register
from tests.test_architecture import ROOT

PATIENCE = 60


def jobs():
    return list(ProcrastinateJob.objects.values_list("task_name", "status", "args"))


@pytest.fixture
def no_jobs(transactional_db):
    """Django empties only its own tables after a test."""

    def clear():
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")

    clear()
    yield
    clear()


# Nudging


def test_a_booking_nudges_the_worker_after_its_commit(no_jobs):
    day = make_day()
    with transaction.atomic():
        register(day)
        assert jobs() == []
    assert jobs() == [("send what is due", "todo", {})]


def test_a_booking_that_is_undone_nudges_nobody(no_jobs):
    day = make_day()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        register(day)
        raise ZeroDivisionError
    assert jobs() == [] and not Message.objects.exists()


def test_many_bookings_are_one_job_and_no_name_is_in_it(no_jobs):
    day = make_day()
    for _ in range(3):
        register(day)
    assert jobs() == [("send what is due", "todo", {})]


def test_a_nudge_that_fails_leaves_the_booking_as_it_is(no_jobs, monkeypatch):
    def fail():
        raise RuntimeError

    monkeypatch.setattr(tasks.send_due, "defer", fail)
    mine = register(make_day())
    assert mine.is_confirmed and Message.objects.get().state == MessageState.QUEUED


def test_the_job_sends_what_is_due(no_jobs, monkeypatch):
    given = []
    monkeypatch.setattr(sending, "send_due", lambda *arguments: given.append(arguments))
    tasks.send_due(timestamp=0)
    assert given == [(timezone.now, tasks.stopping)]


def test_the_sweep_comes_every_fifteen_seconds():
    registry = tasks.app.periodic_registry.periodic_tasks
    sweep = registry[tasks.SEND, ""].croniter
    start = datetime.datetime(2027, 3, 28, 0, 59, 50, tzinfo=datetime.UTC).timestamp()
    ticks = [sweep.get_next(float, start_time=start), *(sweep.get_next(float) for _ in range(5))]
    assert [tick - start for tick in ticks] == [10, 25, 40, 55, 70, 85]


# A real worker


@pytest.fixture
def server():
    with mail_server.running() as running:
        yield running


class Worker:
    """`manage.py worker` as a process of its own, on the database of the tests."""

    def __init__(self, server):
        database = settings.DATABASES["default"]
        address = f"postgresql://{database['USER']}@/{connection.settings_dict['NAME']}"
        environment = {
            "PATH": os.environ["PATH"],
            "SITE_URL": settings.SITE_URL,
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": f"{address}?host={database['HOST']}&port={database['PORT'] or 5432}",
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        }
        command = [sys.executable, "manage.py", "worker"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said


def wait_for(what):
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "nothing came of it"
        time.sleep(0.1)


def is_sent():
    return Message.objects.get().state == MessageState.SENT


@pytest.mark.slow
def test_a_message_is_sent_within_seconds_and_the_worker_ends_when_asked(no_jobs, server):
    worker = Worker(server)
    try:
        wait_for(lambda: connection.cursor().execute("SELECT 1 FROM procrastinate_workers").fetchone())
        register(make_day(), now=timezone.now())
        began = time.monotonic()
        wait_for(is_sent)
        assert time.monotonic() - began < 5
    finally:
        code, said = worker.end()
    assert (code, "Traceback" in said) == (0, False)
    assert len(server.taken) == 1 and jobs() == []


@pytest.mark.slow
def test_killed_while_the_mail_server_has_its_message_another_sends_it_again_within_a_minute(no_jobs, server):
    inside, go_on = threading.Event(), threading.Event()
    server.on_data = lambda: (inside.set(), go_on.wait(PATIENCE))
    register(make_day(), now=timezone.now())
    first = Worker(server)
    is_sending = inside.wait(PATIENCE)
    first.end(signal.SIGKILL)
    assert is_sending
    killed = time.monotonic()
    go_on.set()
    second = Worker(server)
    try:
        wait_for(is_sent)
        assert time.monotonic() - killed < 60
        wait_for(lambda: [row for row in jobs() if row[1] == "doing"] == [])
    finally:
        second.end()
    one, other = server.messages
    assert one["Message-ID"] == other["Message-ID"] == Message.objects.get().message_id
