"""A PostgreSQL of a drill's own, which can be killed and stopped without harm to anybody."""

import os
import shutil
import signal
from pathlib import Path

import psycopg

from conference.local_postgres import NAME, LocalPostgres


class Cluster:
    """One PostgreSQL, with everything it writes in a folder of its own."""

    def __init__(self, folder: Path, data: Path | None = None) -> None:
        """Make it and start it; `data` is another place for what it writes, such as a small disk."""
        self._postgres = LocalPostgres(folder)
        if data:
            self._postgres.state, self._postgres.data = data, data / "data"
            self._postgres.log = self._postgres.socket / "postgres.log"  # not on the disk that fills up
        self._postgres.ensure()
        self.url = f"postgresql://{NAME}@/{NAME}?host={self._postgres.socket}&port=5432"

    def start(self) -> None:
        """Start it again, and return when it answers."""
        self._postgres.ensure()

    def kill(self) -> None:
        """Kill all its processes at once, as a power cut does."""
        self._signal(signal.SIGKILL)

    def freeze(self) -> None:
        """Have it take what it is sent, and say nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def answers(self) -> bool:
        """Whether somebody can log in."""
        return self._postgres.answers()

    def connect(self, database: str = NAME) -> psycopg.Connection:
        """Return a connection, in autocommit."""
        return self._postgres.connect(database)

    def remove(self) -> None:
        """Stop it, and remove everything of it."""
        self.thaw()
        self._postgres.stop()
        for folder in (self._postgres.state, self._postgres.socket):
            shutil.rmtree(folder, ignore_errors=True)

    def _signal(self, number: int) -> None:
        for pid in self._pids():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def _pids(self) -> list[int]:
        """The server's process, then those it started."""
        try:
            server = int((self._postgres.data / "postmaster.pid").read_text().split()[0])
            children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        except OSError:
            return []
        return [server, *map(int, children)]
