"""A worker that dies by SIGKILL right after one call: in a child process, as it would be."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import connections

from portal import outbox
from portal.models import OutboxMessage


def dying(call: Callable[..., Any]) -> Callable[..., Any]:
    def last(*args: Any, **kwargs: Any) -> None:
        call(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    return last


def _connect_anew() -> None:
    """In the child. Django keeps connections apart for code in a running event loop; a browser's
    loop runs here after any journey, and none in the child, which so finds one that is still open
    and whose other end the parent holds: it would outlive the kill, with all its locks.
    """
    for alias in connections:
        connections[alias] = connections.create_connection(alias)


def kill_in(task: str, place: Any, name: str) -> None:
    """A child does the work that is due and dies right after this call."""
    task = task.split()[0]
    message = OutboxMessage.objects.get(task=task, done_at=None)
    connections.close_all()
    child = os.fork()
    if child == 0:
        _connect_anew()
        if place is None:
            outbox._handlers[task] = dying(outbox._handlers[task])
        else:
            setattr(place, name, dying(getattr(place, name)))
        outbox.deliver(message.pk)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child came to its end without that call"
