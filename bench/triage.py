"""The desk's list and searches at a great many reports beside the same at a thousand."""

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

FEW = 1_000
# A million takes some minutes to make: BENCH_REPORTS=1000000.
MANY = int(os.environ.get("BENCH_REPORTS") or 200_000)
ROUNDS, TIMES = 6, 30
# Session, person, second factor, roles, labels, reports: the most that a page of the list asks.
MOST_QUERIES = 6


@contextmanager
def desk(connected: dict[str, str], count: int) -> Iterator[subprocess.Popen[str]]:
    """A process with a database of its own that holds so many reports."""
    name = f"reports_{count}"
    more = database(connected, name)
    with caller(name, ["bench.triage_caller", str(count)], more) as process:
        yield process


def triage() -> None:
    say(f"\nThe officers' desk at {MANY:,} reports ÷ at {FEW:,}, 95th percentile of each page")
    with ExitStack() as stack:
        connected = stack.enter_context(services())
        few, many = (stack.enter_context(desk(connected, count)) for count in (FEW, MANY))
        queries = {process: answer(process) for process in (few, many)}
        for name, asked in queries[many].items():
            _compare(name, few, many)
            if queries[few][name] != asked:
                say(f"  {name}: {asked} queries, but {queries[few][name]} at {FEW:,}")
            wanted = f"   wanted ≤ {MOST_QUERIES}" if _is_list(name) else ""
            say(f"  {f'{name}, database queries':<58} {asked:6d}{wanted}")


def _compare(name: str, few: Any, many: Any) -> None:
    taken: dict[Any, list[float]] = {few: [], many: []}
    for number in range(ROUNDS):
        for process in in_turn((few, many), number):
            taken[process].append(percentile(answer(process, f"{name} {TIMES}"), 0.95))
    wanted = "" if name == "front page" else "wanted ≤ 1.15"
    say(str(ratio(name, taken[many], taken[few], wanted)))


def _is_list(name: str) -> bool:
    """The identifier's search also unlocks, records and looks up; the front page has ten counts."""
    return name not in ("front page", "search: container")
