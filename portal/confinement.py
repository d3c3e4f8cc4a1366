"""A process apart for strangers' bytes: little time, little memory, no network, no writing."""

from __future__ import annotations

import ctypes
import os
import resource
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 15
MEMORY = 640 * 1024 * 1024
NO_NEW_PRIVILEGES = 38
CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000
# What a reader of files has no business doing, as Python announces it before it happens.
FORBIDDEN = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system",
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod", "os.chown", "os.kill", "pty.", "shutil.", "ctypes.dlopen", "webbrowser.",
)  # fmt: skip
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Our package without what it does when it is imported: that starts the broker's client, which is a
# second of work, and nothing for a process apart.
BARE = (
    "import sys, types; portal = sys.modules['portal'] = types.ModuleType('portal'); "
    "portal.__path__ = [sys.argv[1] + '/portal']; sys.path.insert(0, sys.argv[1]); "
)
# Signals that end a process at its limits: killed, and out of processor time.
ENDED = (-9, -24)
LONGEST_ANSWER = 64 * 1024 * 1024
PIECE = 1024 * 1024


class Unanswered(Exception):
    """The process apart broke: whatever it read is not what it claims to be."""


class Overran(Unanswered):
    """The process apart was ended at a limit, or by somebody."""


def confine(*, seconds: int = SECONDS, memory: int = MEMORY) -> None:
    """Give up every power, inside the process apart. There is no way back from here."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    # Not every machine allows a network of one's own; sockets are refused below in any case.
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_NOFILE: 32,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    sys.addaudithook(_refuse)


def _refuse(event: str, details: tuple[Any, ...]) -> None:
    """No network, no processes, no writing. An event loop may make its pipe to itself."""
    if event == "socket.__new__" and details[1] == socket.AF_UNIX:
        return
    writes = event == "open" and isinstance(details[2], int) and details[2] & WRITES
    if writes or event.startswith(FORBIDDEN):
        raise PermissionError(f"{event} is not for a reader of files.")


def running(module: str) -> str:
    """What a process apart runs: `main` of this module, which confines itself."""
    return f"{BARE}from {module} import main; main()"


def answer_apart(
    start: str, order: Sequence[bytes], *, seconds: float, longest: int = LONGEST_ANSWER
) -> bytes:
    """What a process apart says to this order, which it reads from its standard input.

    `start` is what it runs: its modules' folder is its only word. It gets no environment, and
    is isolated (-I): neither that nor the working folder changes what is imported. What it says
    is read up to `longest`: whoever took it over cannot fill our memory either.
    """
    source = _in_memory(order)
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", start, str(ROOT)],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
    finally:
        os.close(source)
    with process:
        try:
            answer = _read(process, until=time.monotonic() + seconds, longest=longest)
        finally:
            process.kill()
    if process.returncode != 0:
        raise Overran if process.returncode in ENDED else Unanswered
    return answer


def _in_memory(order: Sequence[bytes]) -> int:
    """The order as a file that has no name and is on no disk: a pipe would want a thread."""
    handle = os.memfd_create("order", os.MFD_CLOEXEC)
    for part in order:
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(handle, rest[:PIECE]) :]
    os.lseek(handle, 0, os.SEEK_SET)
    return handle


def _read(process: subprocess.Popen[bytes], *, until: float, longest: int) -> bytes:
    assert process.stdout is not None  # noqa: S101  (asked for above)
    answer = bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        while ready.select(max(until - time.monotonic(), 0)):
            piece = os.read(process.stdout.fileno(), PIECE)
            if not piece:
                break
            answer += piece
            if len(answer) > longest:
                raise Unanswered
    try:
        process.wait(max(until - time.monotonic(), 0))
    except subprocess.TimeoutExpired:
        raise Overran from None
    return bytes(answer)
