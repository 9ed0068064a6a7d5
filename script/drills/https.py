"""nginx and Caddy, as docs/deploying has them, with a local certificate in front of two pools of gunicorn."""

import contextlib
import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from urllib.parse import urlencode

from script.benchmarks import load
from script.drills import site
from script.drills.site import ROOT, Site
from script.drills.verdict import Verdict
from script.drills.visitors import AGENDA

GIVEN = ROOT / "docs" / "deploying"
HTTPS, HTTP = 8443, 8480
BOOKING, READING = load.PORT, load.PORT + 1
REGISTER = "/events/sample-conference/register/"


def main() -> None:
    """Run it, and say what was wrong."""
    verdict, proxies = Verdict(), {"nginx": _nginx, "caddy": _caddy}
    environment = {"SITE_URL": f"https://localhost:{HTTPS}", "EXTRA_HOSTS": "127.0.0.1"}
    with site.made(**environment) as here:
        pools = [here.web(BOOKING), here.web(READING)]
        for name, start in proxies.items():
            if not (program := shutil.which(name)):
                print(f"     {name} is not installed, so it was not tried")
                continue
            proxy = start(here, program)
            _look(verdict, name, pools[1])
            site.end(proxy)
            pools[1] = here.web(READING)
    verdict.end()


def _nginx(here: Site, program: str) -> subprocess.Popen:
    key, certificate = here.folder / "key.pem", here.folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True,
    )  # fmt: skip
    words = _with_our_ports((GIVEN / "nginx.conf").read_text())
    words = re.sub(r"(ssl_certificate_key\s+)\S+;", rf"\1{key};", words)
    words = re.sub(r"(ssl_certificate\s+)\S+;", rf"\1{certificate};", words)
    words = words.replace("listen 80;", f"listen {HTTP};").replace("listen 443 ssl;", f"listen {HTTPS} ssl;")
    words = re.sub(r"\n    listen \[::\].*", "", words).replace("https://$host$", f"https://$host:{HTTPS}$")
    words = words.replace("Host $host;", "Host $http_host;")  # on a port of its own, the host's name has the port
    (wanted := here.folder / "nginx.conf").write_text(
        f"daemon off; pid {here.folder}/nginx.pid; error_log {here.folder}/nginx.log;\n"
        f"events {{}}\nhttp {{\n{words}\n}}\n"
    )
    proxy = here.run([program, "-p", str(here.folder), "-c", str(wanted)])
    _wait()
    return proxy


def _caddy(here: Site, program: str) -> subprocess.Popen:
    words = _with_our_ports((GIVEN / "Caddyfile").read_text())
    ports = f"{{\n\thttp_port {HTTP}\n\thttps_port {HTTPS}\n\tskip_install_trust\n\tadmin off\n"
    words = words.replace("{\n", ports, 1).replace("localhost {\n", "localhost {\n\ttls internal\n", 1)
    (wanted := here.folder / "Caddyfile").write_text(words)
    home = {"HOME": str(here.folder), "XDG_DATA_HOME": str(here.folder), "XDG_CONFIG_HOME": str(here.folder)}
    proxy = here.run([program, "run", "--config", str(wanted), "--adapter", "caddyfile"], **home)
    _wait()
    return proxy


def _with_our_ports(words: str) -> str:
    words = words.replace("127.0.0.1:8000", f"127.0.0.1:{BOOKING}").replace("127.0.0.1:8001", f"127.0.0.1:{READING}")
    return words.replace("conference.example.org", "localhost")


def _wait() -> None:
    for _ in range(100):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", HTTPS), 1).close()
            return
        time.sleep(0.1)
    raise SystemExit(f"Nothing listens on port {HTTPS}.")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow none."""


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _browser() -> Callable[..., tuple[int, http.client.HTTPMessage, str]]:
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=_unverified()), urllib.request.HTTPCookieProcessor(CookieJar()), _NoRedirect
    )

    def ask(address: str, data: bytes | None = None, **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            answer = opener.open(urllib.request.Request(address, data, given), timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        except urllib.error.URLError:  # it hung up
            return 0, http.client.HTTPMessage(), ""
        return answer.status, answer.headers, answer.read().decode(errors="replace")

    return ask


def _look(verdict: Verdict, name: str, reading: subprocess.Popen) -> None:
    ask, at = _browser(), f"https://localhost:{HTTPS}"
    status, headers, _ = ask(f"http://localhost:{HTTP}{AGENDA}")
    # Caddy leads to the name alone: it does not know that port 443 is somebody else's here.
    there = (at + AGENDA, f"https://localhost{AGENDA}")
    verdict.say(status in (301, 308) and headers["Location"] in there, f"{name}: http leads to https ({status})")
    status, headers, text = ask(at + AGENDA)
    good = status == 200 and "max-age=31536000" in headers["Strict-Transport-Security"] and "</html>" in text
    verdict.say(
        good and "default-src 'none'" in headers["Content-Security-Policy"], f"{name}: a page, with its headers"
    )
    _register(verdict, name, ask, at)
    status, _, _ = ask(at + REGISTER, b"x" * (33 * 1024 * 1024))
    verdict.say(status in (0, 400, 413, 503), f"{name}: a body of 33 MB is refused ({status or 'cut off'})")
    seconds = _dribble()
    verdict.say(seconds < 15, f"{name}: a head that never ends is cut after {seconds:.0f} s")
    status, _, _ = ask(f"{at}/admin/login/")
    verdict.say(status == 200, f"{name}: staff can sign in")
    site.end(reading)
    verdict.say(ask(at + REGISTER)[0] == 200, f"{name}: without the pool that sends pages, people register")
    status, headers, _ = ask(at + AGENDA)
    good = status >= 500 and headers["X-Content-Type-Options"] == "nosniff" and "Retry-After" in headers
    verdict.say(good, f"{name}: and its own answer for a page asks to try again, with the headers ({status})")


def _register(verdict: Verdict, name: str, ask: Callable[..., tuple], at: str) -> None:
    """Press Start, which takes the form's token, its cookie and where it comes from."""
    _, _, text = ask(at + REGISTER)
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
    status, headers, _ = ask(at + REGISTER, urlencode(sent).encode(), Origin=at, Referer=at + REGISTER)
    cookies = " ".join(headers.get_all("Set-Cookie", ()))
    good = status == 302 and "__Host-" in cookies and "Secure" in cookies
    verdict.say(good, f"{name}: registering begins, with cookies for https alone ({status})")
    status, _, _ = ask(at + REGISTER, urlencode(sent).encode(), Origin="https://evil.example")
    verdict.say(status == 403, f"{name}: what another site sends is refused ({status})")


def _dribble() -> float:
    """Send a head one letter at a time, and return after how many seconds that was ended."""
    began = time.monotonic()
    with _unverified().wrap_socket(socket.create_connection(("127.0.0.1", HTTPS)), server_hostname="localhost") as slow:
        slow.settimeout(1)
        with contextlib.suppress(OSError):
            slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
            while time.monotonic() - began < 30:
                slow.sendall(b"x")
                try:
                    if not slow.recv(1000):
                        break
                except TimeoutError:
                    continue
    return time.monotonic() - began


if __name__ == "__main__":
    main()
