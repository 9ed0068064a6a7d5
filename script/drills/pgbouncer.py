"""gunicorn behind PgBouncer in transaction mode, with fewer connections to PostgreSQL than there are threads."""

import os
import shutil
import time
from pathlib import Path

from script.benchmarks import load
from script.drills import site
from script.drills.site import Site
from script.drills.verdict import Verdict
from script.drills.visitors import Bookers, Readers

PORT, CONNECTIONS = load.PORT + 5, 5
SETTINGS = """
[databases]
conference = host={socket} port=5432 user=conference
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 200
; what gunicorn says at the start; the limits are set by role instead
ignore_startup_parameters = options
{user}
"""


def main() -> None:
    """Run it, and say what was wrong."""
    if not (program := shutil.which("pgbouncer")):
        raise SystemExit("This drill needs PgBouncer: apt-get install pgbouncer")
    verdict = Verdict()
    with site.made() as here:
        _start(here, program)
        here.web(DATABASE_URL=f"postgresql://conference@127.0.0.1:{PORT}/conference", WEB_CONCURRENCY="4")
        with Readers() as readers, Bookers(number=8) as bookers:
            time.sleep(10)
            held = _connections(here)
        verdict.say(held <= CONNECTIONS, f"16 threads had {held} connections to PostgreSQL (at most {CONNECTIONS})")
        verdict.say(set(readers.statuses) == {200}, f"every reading was answered: {readers.statuses}")
        verdict.say(bookers.put_off == 0, f"{bookers.put_off} times somebody was asked to try again")
        with here.cluster.connect() as connection:
            limits = connection.execute("SELECT current_setting('lock_timeout')").fetchone()
        verdict.say(limits == ("3s",), f"the limits come from the role: lock_timeout is {limits[0]}")
        verdict.of_bookings(bookers)
    verdict.end()


def _start(here: Site, program: str) -> None:
    with here.cluster.connect() as connection:
        connection.execute("ALTER ROLE conference SET lock_timeout = '3s'")
        connection.execute("ALTER ROLE conference SET statement_timeout = '4s'")
    wanted = here.folder / "pgbouncer.ini"
    socket = Path(here.cluster.url.partition("host=")[2].partition("&")[0])
    # It refuses to run as root, and only PostgreSQL's own account may use this socket.
    user = f"user = {socket.owner()}" if os.geteuid() == 0 else ""
    wanted.write_text(SETTINGS.format(socket=socket, port=PORT, connections=CONNECTIONS, user=user))
    here.run([program, str(wanted)])
    time.sleep(1)


def _connections(here: Site) -> int:
    with here.cluster.connect() as connection:
        question = (
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name = ''"
        )
        found = connection.execute(f"{question} AND pid <> pg_backend_pid()").fetchone()
    return found[0]


if __name__ == "__main__":
    main()
