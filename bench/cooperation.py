"""The desk, the firms' pages and the register at a great many agreements beside five hundred."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from bench.callers import answer, caller
from bench.databases import database
from bench.figures import in_turn, percentile, ratio, say
from setup.services import services

FEW = 500
MANY = int(os.environ.get("BENCH_AGREEMENTS") or 50_000)
ROUNDS, TIMES = 6, 30


@contextmanager
def portal(connected: dict[str, str], count: int) -> Iterator[subprocess.Popen[str]]:
    """A process with a database of its own that holds so many agreements."""
    name = f"agreements_{count}"
    more = database(connected, name)
    with caller(name, ["bench.cooperation_caller", str(count)], more) as process:
        yield process


def cooperation() -> None:
    say(f"\nPages of agreements at {MANY:,} ÷ at {FEW:,}, 95th percentile of each page")
    with ExitStack() as stack:
        connected = stack.enter_context(services())
        few, many = (stack.enter_context(portal(connected, count)) for count in (FEW, MANY))
        queries = {process: answer(process) for process in (few, many)}
        for name, asked in queries[many].items():
            _compare(name, few, many)
            if queries[few][name] != asked:
                say(f"  {name}: {asked} queries, but {queries[few][name]} at {FEW:,}")


def _compare(name: str, few: Any, many: Any) -> None:
    taken: dict[Any, list[float]] = {few: [], many: []}
    for number in range(ROUNDS):
        for process in in_turn((few, many), number):
            taken[process].append(percentile(answer(process, f"{name} {TIMES}"), 0.95))
    # A figure of the whole is counted anew each hour, and is no page that somebody waits for.
    wanted = "" if name.startswith("whole: ") else "wanted ≤ 1.15"
    say(str(ratio(name, taken[many], taken[few], wanted)))
