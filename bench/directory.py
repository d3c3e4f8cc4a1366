"""Pages of the directory at 5 000 organisations and 20 000 contact points beside 500."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from bench.callers import answer, caller
from bench.databases import database
from bench.figures import in_turn, percentile, ratio, say
from bench.servers import DRAWN_ANEW
from setup.services import services

FEW = 500
MANY = int(os.environ.get("BENCH_PARTNERS") or 5_000)
ROUNDS, TIMES = 6, 20


@contextmanager
def portal(connected: dict[str, str], count: int) -> Iterator[subprocess.Popen[str]]:
    """A process with a database of its own that holds so many organisations."""
    name = f"partners_{count}"
    more = {**database(connected, name), **DRAWN_ANEW}
    with caller(name, ["bench.directory_caller", str(count)], more) as process:
        yield process


def directory() -> None:
    say(f"\nThe directory at {MANY:,} organisations, {4 * MANY:,} contact points ÷ at {FEW:,}")
    say("95th percentile of each page; a file of the whole grows with it, and nobody waits for it")
    with ExitStack() as stack:
        connected = stack.enter_context(services())
        few, many = (stack.enter_context(portal(connected, count)) for count in (FEW, MANY))
        queries = {process: answer(process) for process in (few, many)}
        for name, asked in queries[many].items():
            _compare(name, few, many)
            if queries[few][name] != asked:
                say(f"  {name}: {asked} queries, but {queries[few][name]} at {FEW:,}")


def _compare(name: str, few: Any, many: Any) -> None:
    whole = name.startswith("whole: ")
    taken: dict[Any, list[float]] = {few: [], many: []}
    for number in range(ROUNDS // (2 if whole else 1)):
        for process in in_turn((few, many), number):
            times = 1 if whole else TIMES
            taken[process].append(percentile(answer(process, f"{name} {times}"), 0.95))
    say(str(ratio(name, taken[many], taken[few], "" if whole else "wanted ≤ 1.15")))
