"""Real parts for tests of faults: workers, a web server and a broker that a test may kill."""

from __future__ import annotations

import importlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.request import urlopen

import environ
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
# Long enough for one step of a document, short enough for a test to wait out a killed claim.
CLAIM_SECONDS = 4


def fresh_settings() -> dict[str, Any]:
    """The portal's settings as a process that begins now would read them."""
    # What a process reads from secret files it keeps, and here many processes are one.
    environ.FileAwareEnv.ENVIRON.files_cache.clear()
    ours = _taken_out()
    try:
        return vars(importlib.import_module("portal.settings"))
    finally:
        _taken_out()
        sys.modules.update(ours)


def _taken_out() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if f"{name}.".startswith("portal.settings.")]
    return {name: sys.modules.pop(name) for name in names}


def environment(**more: str) -> dict[str, str]:
    """What a process needs to work on this test's database, files and services."""
    named = connection.settings_dict
    if connection.vendor == "postgresql":
        address = (
            f"postgres://{named['USER']}:{named['PASSWORD']}@{named['HOST']}:{named['PORT']}"
            f"/{named['NAME']}"
        )
    else:
        address = f"sqlite:///{named['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": address,
        "PORTAL_VAR": str(settings.VAR),
        "TIMESTAMP_URL": settings.TIMESTAMP_URL,
        "AUTHORITY_PORT": str(settings.AUTHORITY_PORT),
        "OUTBOX_CLAIM_SECONDS": str(CLAIM_SECONDS),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONWARNINGS": "ignore",
        **more,
    }


class Part:
    """One running process, with all it started."""

    url = ""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.command, self.env = command, env
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        with Path(settings.VAR, "log", "parts.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """`kill -9` to the process and all its children at once."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def python(*words: str) -> list[str]:
    return [sys.executable, "-m", *words]


@contextmanager
def running(command: list[str], **more: str) -> Iterator[Part]:
    part = Part(command, environment(**more))
    try:
        yield part
    finally:
        part.kill()


@contextmanager
def worker(**more: str) -> Iterator[Part]:
    """A worker for all queues that also sweeps, as the beat would make it."""
    folder = Path(settings.VAR, "log")
    words = ["celery", "-q", "-A", "portal", "worker", "-Q", "default,pdf", "-c1", "-B"]
    words += ["-s", str(folder / "beat"), "--loglevel=WARNING", "--without-gossip"]
    with running(python(*words), **more) as part:
        yield part


@contextmanager
def web_server() -> Iterator[Part]:
    """The web server as the demonstration runs it; its address is `part.url`."""
    port = free_port()
    words = ["gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "2"]
    words += ["--no-control-socket"]
    with running(python(*words)) as part:
        part.url = f"http://127.0.0.1:{port}"
        wait_for(lambda: is_well(part.url), "the web server")
        yield part


@contextmanager
def redis_server() -> Iterator[Part]:
    """A broker of the test's own, on a free port of loopback; its address is `part.url`."""
    program = shutil.which("redis-server")
    assert program is not None, "redis-server is missing: run `make test`, which installs it."
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with running([*command, "--dir", str(settings.VAR)]) as part:
        part.url = f"redis://127.0.0.1:{port}/0"
        wait_for(lambda: answers(port), "the broker")
        yield part


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def is_well(url: str) -> bool:
    """Whether a web server answers; one that is just dying may still take the connection."""
    with suppress(OSError, HTTPException), urlopen(url + "/healthz", timeout=2) as answer:  # noqa: S310
        return bool(answer.status == 200)
    return False


def wait_for(
    found: Callable[[], Any], what: str, *, seconds: float = 60, every: float = 0.05
) -> Any:
    """What the call returns once it is true; fails the test when that takes too long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if result := found():
            return result
        time.sleep(every)
    raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
