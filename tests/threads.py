"""The same work by several threads at the same moment, each on a connection of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections


def in_threads(count: int, work: Callable[[], Any]) -> list[Any]:
    """What each returned; an error in any of them fails the test."""
    barrier = threading.Barrier(count)
    results: list[Any] = []
    failed: list[Exception] = []

    def one() -> None:
        try:
            barrier.wait()
            results.append(work())
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed
    return results


@contextmanager
def beside(work: Callable[[], Any]) -> Iterator[Callable[[], None]]:
    """Gives what starts this work in a thread and comes back once it waits for a lock of ours.

    At the end it is waited for; an error in it, a deadlock too, fails the test. PostgreSQL only.
    """
    failed: list[Exception] = []

    def one() -> None:
        try:
            work()
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=one)

    def begin() -> None:
        thread.start()
        _until_somebody_waits()

    yield begin
    thread.join()
    assert not failed, failed


def _until_somebody_waits() -> None:
    for _turn in range(3000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks "
                "WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.01)
    raise AssertionError("Nobody waits.")
