"""The backend that gives up on a PostgreSQL that hangs, and not on one that is slow."""

import socket
import threading
import time
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.db import connection

from conference.impatient_postgresql import base
from conference.impatient_postgresql.base import GaveUp, ImpatientConnection
from conference.impatient_postgresql.pulse import REST, Pulse


class Heart:
    """A PostgreSQL that answers or not, a clock, and how often it was tried."""

    def __init__(self):
        self.there, self.now, self.tried = True, 100.0, 0
        self.pulse = Pulse(self.answer, lambda: self.now)

    def answer(self):
        self.tried += 1
        return self.there


def test_a_pulse_is_felt_once_a_second_at_most():
    heart = Heart()
    assert heart.pulse.beats() and heart.pulse.beats() and not heart.pulse.is_gone
    assert heart.tried == 1
    heart.now += REST
    heart.there = False
    assert not heart.pulse.beats() and heart.pulse.is_gone
    heart.there = True
    assert not heart.pulse.beats()  # not tried again yet
    heart.now += REST
    assert heart.pulse.beats() and not heart.pulse.is_gone
    assert heart.tried == 3


def test_what_somebody_else_found_out_counts():
    heart = Heart()
    heart.pulse.stopped()
    assert heart.pulse.is_gone and not heart.pulse.beats() and heart.tried == 0
    heart.now += REST
    assert heart.pulse.beats()


def test_while_one_tries_a_postgresql_that_is_gone_nobody_else_waits():
    begun, go_on = threading.Event(), threading.Event()
    pulse = Pulse(lambda: begun.set() or go_on.wait(10), lambda: 100.0)
    pulse.stopped()
    pulse._found_at -= REST
    trying = threading.Thread(target=pulse.beats)
    trying.start()
    begun.wait(10)
    assert not pulse.beats()  # at once
    go_on.set()
    trying.join()
    assert pulse.beats()


# -- A real PostgreSQL behind a wire that can be held


class Wire:
    """Carries bytes between clients and PostgreSQL's socket; `hold` stops it, as SIGSTOP stops PostgreSQL."""

    def __init__(self, target):
        self.target, self.free = target, threading.Event()
        self.free.set()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listening.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.target)
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one, other):
        try:
            while some := one.recv(65536):
                self.free.wait()
                other.sendall(some)
            other.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


@pytest.fixture
def wire(db):
    """A wire to the PostgreSQL of the tests."""
    given = connection.settings_dict
    held = Wire(f"{given['HOST']}/.s.PGSQL.{given['PORT'] or 5432}")
    yield held
    held.free.set()
    held.listening.close()


@pytest.fixture
def reach(wire, monkeypatch):
    """Call it for an impatient connection over the wire, in a process that knows nothing of PostgreSQL yet."""
    given = connection.settings_dict
    how = {"host": "127.0.0.1", "port": wire.port, "user": given["USER"], "dbname": given["NAME"]}
    monkeypatch.setattr(base, "_how_to_connect", how)
    monkeypatch.setattr(base, "pulse", Pulse(base._is_there))
    monkeypatch.setattr(base, "SUSPICIOUS", 0.2)
    return lambda: closing(ImpatientConnection.connect(**how, connect_timeout=2, autocommit=True))


@contextmanager
def at_most(seconds):
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def test_a_slow_statement_is_waited_for(reach):
    with reach() as slow:
        assert slow.execute("SELECT pg_sleep(0.5), 42").fetchone()[1] == 42
        assert slow.execute("SELECT 1").fetchone() == (1,)
    assert not base.pulse.is_gone


def test_a_statement_that_postgresql_refuses_is_refused_as_always(reach):
    with reach() as asking:
        with pytest.raises(psycopg.errors.QueryCanceled):
            asking.execute("SET statement_timeout = 400; SELECT pg_sleep(5)")
        assert asking.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(psycopg.errors.UndefinedTable):
            asking.execute("SELECT * FROM nothing")


def test_a_postgresql_that_hangs_is_given_up_and_found_again(wire, reach):
    with reach() as first, reach() as second:
        wire.free.clear()
        with at_most(6), pytest.raises(GaveUp):
            first.execute("SELECT 1")
        assert first.closed
        with at_most(1), pytest.raises(GaveUp):  # what one found out, the others know
            second.execute("SELECT 1")
        with at_most(1), pytest.raises(GaveUp):
            reach()
        wire.free.set()
        base.pulse._found_at -= REST  # a second later
        with reach() as third:
            assert third.execute("SELECT 1").fetchone() == (1,)


def test_a_commit_that_hangs_is_given_up_as_well(wire, reach):
    with reach() as writing:
        writing.autocommit = False
        writing.execute("SELECT 1")
        wire.free.clear()
        with at_most(6), pytest.raises(GaveUp):
            writing.commit()


def test_a_connection_that_never_comes_is_not_waited_for_twice(wire, reach):
    wire.free.clear()
    with at_most(3.8), pytest.raises(psycopg.errors.ConnectionTimeout):
        reach()
    with at_most(1), pytest.raises(GaveUp):
        reach()


def test_an_ordinary_connection_would_wait(wire, reach):
    """The negative control."""
    with closing(psycopg.connect(**base._how_to_connect, autocommit=True)) as patient:
        wire.free.clear()
        threading.Timer(1, wire.free.set).start()
        began = time.monotonic()
        patient.execute("SELECT 1")
        assert time.monotonic() - began > 0.9
