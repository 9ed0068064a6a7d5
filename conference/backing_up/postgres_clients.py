"""Running pg_dump and pg_restore on the database that Django knows. Its password stands in no command line."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.db import connection
from psycopg import pq

from conference.backing_up.archives import NotDone


@contextmanager
def dumping(program: Path, *options: str) -> Iterator[IO[bytes]]:
    """Run pg_dump, and give what it writes. Raises NotDone if it did not end well."""
    with _run(program, options, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield process.stdout


@contextmanager
def loading(program: Path, *options: str) -> Iterator[IO[bytes]]:
    """Run pg_restore, and give what it reads from. Raises NotDone if it did not end well."""
    with _run(program, [*options, f"--dbname={_name()}"], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        try:
            yield process.stdin
            process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended, and says why


@contextmanager
def _run(
    program: Path, options: list[str] | tuple[str, ...], stdin: int = subprocess.DEVNULL, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [program, *options], env=_environment(), stdin=stdin, stdout=stdout, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    try:
        yield process
    except BaseException:
        process.kill()
        raise
    finally:
        if process.stdout:
            process.stdout.close()
        said = process.stderr.read().decode(errors="replace")
        process.wait()
        process.stderr.close()
    if process.returncode:
        raise NotDone(f"{program.name} ended with {process.returncode}. {_first_problem(program.name, said)}".strip())


def _first_problem(name: str, said: str) -> str:
    """Return the first line of what a program complained of: those that follow may quote what somebody typed."""
    return next((line for line in said.splitlines() if line.startswith(f"{name}: error:")), "")


def _environment() -> dict[str, str]:
    """Return the environment that leads libpq to Django's database; PG… variables of the shell do not reach it."""
    known = {option.keyword.decode(): option.envvar for option in pq.Conninfo.get_defaults()}
    given = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    for name, value in connection.get_connection_params().items():
        if variable := known.get(name):
            given[variable.decode()] = str(value)
    return given


def _name() -> str:
    return str(connection.settings_dict["NAME"])
