"""How gunicorn serves the site; it reads this file by itself.

Whether a request came by https is decided here: gunicorn believes X-Forwarded-Proto only from the addresses in
`forwarded_allow_ips`. Behind a proxy on another machine, name that machine in FORWARDED_ALLOW_IPS, and nothing wider.
"""

import os
import shutil
import tempfile
from typing import Any

_host = os.environ.get("HOST", "127.0.0.1")
bind = f"[{_host}]:{os.environ.get('PORT', '8000')}" if ":" in _host else f"{_host}:{os.environ.get('PORT', '8000')}"
wsgi_app = "conference.wsgi"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads, because a browser opens connections before it has something to ask, and each would hold a whole worker.
worker_class = "gthread"
threads = 4
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
control_socket_disable = True  # nobody here administers a running gunicorn by its socket
limit_request_line = 8190
logger_class = "conference.logs.gunicorn_lines.GunicornLines"
graceful_timeout = 4  # honcho waits five seconds before it kills
# A visitor's statement may not take for ever; migrations and commands, which do not come by here, may.
raw_env = [f"STATEMENT_TIMEOUT={os.environ.get('STATEMENT_TIMEOUT', '4s')}", "ANSWERS_VISITORS=1"]


def when_ready(server: Any) -> None:
    """Give the processes a folder in which they count together (docs/decisions/0033), new with each start.

    The port is taken and no process is there yet, so that a start which fails leaves nothing behind.
    """
    server.counts = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="conference-metrics-")


def on_exit(server: Any) -> None:
    """Take the folder away, if it was made."""
    if hasattr(server, "counts"):
        shutil.rmtree(server.counts, ignore_errors=True)
