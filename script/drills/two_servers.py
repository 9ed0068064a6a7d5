"""Two web servers on one database behind a balancer (HAProxy): a change is on both at once, and one may go."""

import http.client
import re
import shutil
import statistics
import time
from pathlib import Path

from script.benchmarks import load
from script.drills import site
from script.drills.site import Site
from script.drills.verdict import Verdict
from script.drills.visitors import AGENDA, Bookers, Readers

FRONT, ONE, OTHER = load.PORT, load.PORT + 1, load.PORT + 2
BALANCER = """
global
    maxconn 2000
defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 30s
    timeout http-request 10s
    option forwardfor
    option redispatch
    retries 3
    retry-on conn-failure empty-response junk-response
frontend site
    bind 127.0.0.1:{front}
    http-request disable-l7-retry unless METH_GET or METH_HEAD
    default_backend servers
backend servers
    option httpchk GET /readyz
    http-check expect status 200
    default-server check inter 500ms fall 1 rise 1
    server one 127.0.0.1:{one}
    server other 127.0.0.1:{other}
"""
SECONDS = 4


def main() -> None:
    """Run it, and say what was lost."""
    if not shutil.which("haproxy"):
        raise SystemExit("This drill needs HAProxy: apt-get install haproxy")
    verdict = Verdict()
    with site.made() as here:
        one, _ = here.web(ONE), here.web(OTHER)
        _balance(here)
        _changes(verdict)
        _throughput(one.pid)
        with Readers() as readers, Bookers() as bookers:
            time.sleep(4)
            site.end(one)
            time.sleep(4)
            one = here.web(ONE)
            time.sleep(4)
            one.kill()
            time.sleep(4)
        verdict.say(
            set(readers.statuses) == {200},
            f"one server ended and came back, then was killed: every reading was answered, {readers.statuses}",
        )
        verdict.say(bookers.slowest <= 5, f"the slowest answer took {bookers.slowest:.1f} s (to reach: 5 s)")
        verdict.of_bookings(bookers)
    verdict.end()


def _balance(here: Site) -> None:
    wanted = here.folder / "haproxy.cfg"
    wanted.write_text(BALANCER.format(front=FRONT, one=ONE, other=OTHER))
    here.run([shutil.which("haproxy"), "-f", str(wanted)])
    site.wait_for(FRONT)


def _changes(verdict: Verdict) -> None:
    """Save changes as the admin does, and look at both servers with the next request."""
    from events import changes
    from events.models import Session

    session, seen = Session.objects.filter(event__slug="sample-conference", kind="panel").first(), []
    for number in range(50):
        session.title = f"A title for the {number}th time"
        changes.apply(saves=[session])
        seen += [session.title in _text(port) for port in (ONE, OTHER)]
    verdict.say(all(seen), f"{sum(seen)} of {len(seen)} next requests, on both servers in turn, showed the change")


def _text(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", AGENDA, headers={"Host": f"localhost:{load.PORT}"})
    return re.sub(r"<[^>]+>", "", connection.getresponse().read().decode())


def _throughput(one: int) -> None:
    """Print how many agendas a second one server sends, and both behind the balancer."""
    alone, both = [], []
    for _ in range(3):
        alone.append(load.press(one, AGENDA, SECONDS, clients=8, port=ONE).rate)
        both.append(load.press(one, AGENDA, SECONDS, clients=8, port=FRONT).rate)
    cores = len(Path("/proc/cpuinfo").read_text().split("processor\t")) - 1
    print(
        f"     {statistics.median(alone):.0f} agendas a second from one server, {statistics.median(both):.0f} from two "
        f"behind the balancer, on {cores} cores that the client, the balancer and PostgreSQL share"
    )


if __name__ == "__main__":
    main()
