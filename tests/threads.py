"""The same work by several threads at the same moment, each on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


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
