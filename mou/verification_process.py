"""The process that checks a stranger's file: little time, little memory, no network, no writing."""

from __future__ import annotations

import ctypes
import json
import logging
import os
import resource
import socket
import struct
import sys
from typing import Any

from asn1crypto import x509

from mou.checks import verify
from mou.tokens import Roots

SECONDS = 15
MEMORY = 640 * 1024 * 1024
NO_NEW_PRIVILEGES = 38
CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000
# What a checker of files has no business doing, as Python announces it before it happens.
FORBIDDEN = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system",
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod", "os.chown", "os.kill", "pty.", "shutil.", "ctypes.dlopen", "webbrowser.",
)  # fmt: skip
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Take the order, give up every power, then open the file."""
    logging.disable(logging.CRITICAL)
    (length,) = struct.unpack(">I", sys.stdin.buffer.read(4))
    pinned = json.loads(sys.stdin.buffer.read(length))
    signatures, stamps = (
        tuple(x509.Certificate.load(bytes.fromhex(der)) for der in kind) for kind in pinned
    )
    pdf = sys.stdin.buffer.read()
    confine()
    found = verify(pdf, roots=Roots(signatures, stamps))
    sys.stdout.write(json.dumps(found.as_dict()))


def confine() -> None:
    """There is no way back from here."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    # Not every machine allows a network of one's own; sockets are refused below in any case.
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    limits = {
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_AS: MEMORY,
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
        raise PermissionError(f"{event} is not for a checker of files.")
