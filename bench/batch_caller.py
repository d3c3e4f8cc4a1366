"""Calls the work itself, or promises it and waits: a word and a number in, seconds out."""

from __future__ import annotations

import itertools
import sys
import time

from bench.batch_worker import app, render
from mou import documents
from portal.models import OutboxMessage

LONGEST = 120.0


def called(numbers: list[int]) -> None:
    for number in numbers:
        render(number=number)


def promised(numbers: list[int]) -> None:
    """As an action does it: rows first, then one word to the worker, which takes all of them."""
    for number in numbers:
        OutboxMessage.objects.create(
            key=f"bench:{number}", task="bench.render", queue="pdf", payload={"number": number}
        )
    app.send_task("portal.tasks.deliver_open", args=["pdf"], queue="pdf")
    until = time.monotonic() + LONGEST
    while OutboxMessage.objects.filter(done_at=None).exists():
        if time.monotonic() > until:
            sys.exit("the worker does not do what was promised")
        time.sleep(0.005)


def main() -> None:
    documents.warm_up()
    ways = {"called": called, "promised": promised}
    fresh = itertools.count()
    for line in sys.stdin:
        way, count = line.split()
        numbers = [next(fresh) for _ in range(int(count))]
        begun = time.perf_counter()
        ways[way](numbers)
        print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    main()
