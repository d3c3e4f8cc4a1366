"""Child processes that end when we do: each in a group of its own, asked first, killed later."""

import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import IO

from setup.steps import ROOT, environment

PR_SET_PDEATHSIG = 1


def start(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    user: str | None = None,
    cwd: Path = ROOT,
) -> subprocess.Popen[bytes]:
    """Starts a command in its own group, so that Ctrl-C reaches us alone and we end it in order."""
    return subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        user=user,
        group=primary_group(user),
        extra_groups=[] if user else None,
        preexec_fn=die_with_parent(),
    )


def primary_group(user: str | None) -> int | None:
    if user is None:
        return None
    return pwd.getpwnam(user).pw_gid


def die_with_parent() -> Callable[[], None] | None:
    """On Linux the kernel ends a child whose parent was killed and could not tidy up."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask


def end(*processes: subprocess.Popen[bytes], grace: float, first: int = signal.SIGTERM) -> None:
    """Asks each to end, waits while they end their own, then kills what is left of their groups.

    The groups are not asked: a pool would lose the very task that its master waits for.
    """
    for process in processes:
        process.send_signal(first)
    until = time.monotonic() + grace
    try:
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(until - time.monotonic(), 0.01))
    finally:
        for process in processes:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def end_on_signals() -> None:
    """SIGTERM and a closed terminal end us like Ctrl-C does: through every `finally`."""

    def leave(number: int, _frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_ready: Callable[[], bool], *, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_ready():
            return True
        time.sleep(0.1)
    return False
