"""`make demo`: the whole portal in one terminal, from an empty folder to accounts that work."""

import errno
import fcntl
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from setup.processes import end, end_on_signals, start
from setup.steps import PYTHON, ROOT, Stop, ending_well, run, say, step

READY_SECONDS = 60
GRACE_SECONDS = 10
ENDS_ALLOWED = 3
ENDS_WINDOW = 60
# A demonstration may run as root, for instance in a container; said once by nobody is enough.
QUIET = "ignore:You're running the worker with superuser privileges"
# Everything a running portal writes stays in its own folder: no control socket in the home.
WEB_QUIET = ["--log-level", "warning", "--no-control-socket"]
COLOURS = {
    "web": 36,
    "worker": 32,
    "pdf": 35,
    "beat": 33,
    "authority": 34,
    "data": 37,
    "reports": 37,
    "partners": 37,
}


@dataclass
class Part:
    """One process of the portal: how it is started and when it last ended."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    ended: deque[float] = field(default_factory=lambda: deque(maxlen=ENDS_ALLOWED))


def number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Stop(f"{name} is {text!r}: give a port number, as in `make demo {name}={default}`.")
    return int(text)


def bind_error(family: int, address: str, port: int) -> int:
    """Zero when the port can be had there, else the system's error number."""
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        return error.errno or errno.EIO
    return 0


def require_free(port: int, name: str) -> None:
    """Both loopback addresses are asked, since `localhost` may mean either."""
    found = {
        bind_error(socket.AF_INET, "127.0.0.1", port),
        bind_error(socket.AF_INET6, "::1", port),
    }
    remedy = f"choose another with `make demo {name}={8080 if port < 1024 else port + 1}`."
    if errno.EADDRINUSE in found:
        raise Stop(f"port {port} is taken by another program: {remedy}")
    if errno.EACCES in found:
        raise Stop(f"port {port} is reserved for root: {remedy}")


def hold_folder(var: Path) -> int:
    """Two portals on one database file would deliver everything twice; the lock ends with us."""
    var.mkdir(parents=True, exist_ok=True)
    handle = os.open(var / "demo.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Stop("a demonstration already runs from this folder: end it first.") from None
    return handle


def parts(port: int) -> list[Part]:
    manage = [str(PYTHON), "manage.py"]
    celery = [str(PYTHON), "-m", "celery", "-q", "-A", "portal"]
    quiet = ["--loglevel=WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    web = [str(PYTHON), "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    if not bind_error(socket.AF_INET6, "::1", 0):
        web += ["--bind", f"[::1]:{port}"]
    return [
        Part("authority", [*manage, "development_authority"]),
        Part("web", [*web, "--workers", "2", "--threads", "4", *WEB_QUIET]),
        Part("worker", [*celery, "worker", "-Q", "default", "-c1", "-n", "default@%h", *quiet]),
        Part("pdf", [*celery, "worker", "-Q", "pdf", "-c1", "-n", "pdf@%h", *quiet]),
        Part("beat", [*celery, "beat", "--loglevel=WARNING", "--pidfile="]),
    ]


def label(name: str) -> str:
    text = f"{name:>9} |"
    return f"\x1b[{COLOURS[name]}m{text}\x1b[0m" if sys.stdout.isatty() else text


def begin(part: Part) -> None:
    """Starts a part; a thread of its own puts its name before every line it says."""
    part.process = start(part.command, output=subprocess.PIPE)
    if part.process.stdout:
        threading.Thread(target=tell, args=(part.name, part.process.stdout), daemon=True).start()


def tell(name: str, lines: IO[bytes]) -> None:
    with lines:
        for line in lines:
            say(f"{label(name)} {line.decode(errors='replace').rstrip()}")


def keep_alive(all_parts: list[Part]) -> None:
    """A part that ends is started again, and said so; one that keeps ending stops everything."""
    for part in all_parts:
        code = part.process.poll() if part.process else None
        if part.process is None or code is None:
            continue
        end(part.process, grace=0)  # what it left behind may still hold its port
        how = f"was ended by signal {-code}" if code < 0 else f"ended with exit {code}"
        now = time.monotonic()
        part.ended.append(now)
        if len(part.ended) == ENDS_ALLOWED and now - part.ended[0] < ENDS_WINDOW:
            raise Stop(
                f"{part.name} {how}, {ENDS_ALLOWED} times within a minute now: "
                f"its last lines above (`{part.name} |`) say why."
            )
        say(f"==> {part.name} {how}: starting it again")
        begin(part)


def wait_until_ready(port: int, all_parts: list[Part]) -> None:
    until = time.monotonic() + READY_SECONDS
    while not is_ready(port):
        keep_alive(all_parts)
        if time.monotonic() > until:
            raise Stop(
                f"the portal did not become ready in {READY_SECONDS} s: see the lines above."
            )
        time.sleep(0.25)


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def make_accounts() -> str:
    """Made while the parts start; the passwords and codes are said when they can be used."""
    with step("Accounts"):
        accounts = run([PYTHON, "manage.py", "load_demonstration", "--accounts"])
        return accounts + run([PYTHON, "manage.py", "load_reports_demonstration", "--keys"])


def demonstrate() -> None:
    end_on_signals()
    begun = time.monotonic()
    port, authority = number("PORT", 8000), number("AUTHORITY_PORT", 3180)
    require_free(port, "PORT")
    require_free(authority, "AUTHORITY_PORT")
    lock = hold_folder(Path(os.environ.get("PORTAL_VAR") or ROOT / "var"))
    os.environ.update(PORTAL_MODE="demonstration", PYTHONUNBUFFERED="1", PYTHONWARNINGS=QUIET)
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    if subprocess.run([PYTHON, "-m", "setup.prepare"], cwd=ROOT).returncode:
        raise Stop("the database could not be prepared, for the reason above.")
    all_parts = parts(port)
    data = [
        Part("data", [str(PYTHON), "manage.py", "load_demonstration"]),
        Part("reports", [str(PYTHON), "manage.py", "load_reports_demonstration"]),
        Part("partners", [str(PYTHON), "manage.py", "load_partners_demonstration", "--wait=600"]),
    ]
    try:
        for part in all_parts:
            begin(part)
        accounts = make_accounts()
        wait_until_ready(port, all_parts)
        say(f"\n{accounts.rstrip()}")
        say(f"\n==> The portal runs on http://localhost:{port} ({time.monotonic() - begun:.0f} s)")
        say("    Demonstration data is filling in below; Ctrl-C ends everything.\n")
        for part in data:
            begin(part)
        watch(all_parts, data)
    finally:
        end_all([*all_parts, *data])
        os.close(lock)


def watch(all_parts: list[Part], data: list[Part]) -> None:
    """Runs until someone ends it."""
    filling = {part.name: part for part in data}
    while True:
        time.sleep(0.5)
        keep_alive(all_parts)
        for part in list(filling.values()):
            code = part.process.poll() if part.process else None
            if code is None:
                continue
            del filling[part.name]
            if code:
                say(f"==> {part.name} stopped early (exit {code}), the portal goes on.")
            elif not filling:
                say("==> The demonstration data is complete.")


def end_all(all_parts: list[Part]) -> None:
    running = [part for part in all_parts if part.process]
    say(f"\n==> Ending {', '.join(part.name for part in running)}")
    end(*(part.process for part in running if part.process), grace=GRACE_SECONDS)


if __name__ == "__main__":
    with ending_well():
        try:
            demonstrate()
        except KeyboardInterrupt:
            sys.exit(0)
