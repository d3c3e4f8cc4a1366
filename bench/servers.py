"""The servers that are measured: real processes, each with one worker, on a free port."""

from __future__ import annotations

import http.client
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from setup.processes import end, free_port, start
from setup.steps import ROOT, Stop

FOLDER = ROOT / "var" / "bench"
BARE, OURS = "bench.bare.wsgi", "portal.wsgi"
# What is served is what a demonstration serves: kept pages, hashed names, no debugging.
SETTINGS = {
    "PORTAL_MODE": "demonstration",
    "PORTAL_VAR": str(FOLDER),
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "PYTHONDONTWRITEBYTECODE": "",
}
DRAWN_ANEW = {"PUBLIC_PAGES_SECONDS": "0"}
READY_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A running server, and how long it took and computed until its first answer."""

    process: subprocess.Popen[bytes]
    port: int
    first_answer: float
    computed: float

    @property
    def worker(self) -> int:
        return worker_of(self.process.pid)


def command(kind: str, application: str, port: int) -> list[str]:
    """The words that start a server of this kind; none writes a line for each request."""
    python = [sys.executable, "-m"]
    gunicorn = [*python, "gunicorn", f"{application}:application", "--log-level", "error"]
    gunicorn += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--no-control-socket"]
    return {
        "gunicorn gthread": [*gunicorn, "--threads", "4", "--keep-alive", "5"],
        "gunicorn sync": gunicorn,
        "granian WSGI": [
            *[*python, "granian", "--interface", "wsgi", "--host", "127.0.0.1"],
            *["--port", str(port), "--workers", "1", "--blocking-threads", "4"],
            *["--no-ws", "--log-level", "error", f"{application}:application"],
        ],
    }[kind]


def kinds() -> list[str]:
    """The servers that can be compared here; granian where somebody has installed it."""
    found = ["gunicorn gthread", "gunicorn sync"]
    return found + (["granian WSGI"] if importlib.util.find_spec("granian") else [])


def prepare() -> None:
    """A portal of its own for the bench: tables, lists, static files."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-m", "setup.prepare"],
        cwd=ROOT,
        env={**os.environ, **SETTINGS},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Stop(f"the portal for the bench could not be prepared:\n{done.stdout}{done.stderr}")


@contextmanager
def serving(
    application: str,
    kind: str = "gunicorn gthread",
    more: Mapping[str, str] | None = None,
    path: str = "/",
) -> Iterator[Server]:
    """A server that has answered once, at this path."""
    port = free_port()
    env = {**SETTINGS, **(more or {})} if application == OURS else {}
    log = (FOLDER / f"{kind} {application}.log".replace(" ", "-")).open("wb")
    begun = time.monotonic()
    process = start(command(kind, application, port), env=env, output=log)
    try:
        while not answers(port, path):
            if process.poll() is not None or time.monotonic() - begun > READY_SECONDS:
                raise Stop(f"{kind} with {application} does not answer: see {log.name}.")
            time.sleep(0.01)
        took, pids = time.monotonic() - begun, {process.pid, worker_of(process.pid)}
        yield Server(process, port, took, sum(map(cpu_seconds, pids)))
    finally:
        end(process, grace=5)
        log.close()


def answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def worker_of(pid: int) -> int:
    """The process that answers: the master's child, or the one that there is."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(found[0]) if found else pid


def cpu_seconds(pid: int) -> float:
    """Time that this process has computed."""
    text = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(text[11]) + int(text[12])) / os.sysconf("SC_CLK_TCK")


def memory_mib(pid: int) -> float:
    """Proportional share of memory: what is shared with other processes counts once."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise Stop("This system does not tell how much memory a process shares.")
