"""The desk's list and searches at a million reports beside the same at a thousand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg2

from bench.figures import in_turn, percentile, ratio, say
from bench.servers import FOLDER, SETTINGS
from setup.processes import end
from setup.services import services
from setup.steps import ROOT, Stop, environment

FEW, MANY = 1_000, int(os.environ.get("BENCH_REPORTS") or 1_000_000)
ROUNDS, TIMES = 6, 30


@contextmanager
def caller(connected: dict[str, str], count: int) -> Iterator[subprocess.Popen[str]]:
    """A process with a database of its own that holds so many reports."""
    name = f"reports_{count}"
    database = psycopg2.connect(connected["DATABASE_URL"])
    database.autocommit = True
    with database.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    database.close()
    var = FOLDER / name
    var.mkdir(parents=True, exist_ok=True)
    env = {
        **SETTINGS,
        "PORTAL_VAR": str(var),
        "DATABASE_URL": connected["DATABASE_URL"].rpartition("/")[0] + f"/{name}",
        "REDIS_URL": connected["REDIS_URL"],
    }
    with (FOLDER / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.triage_caller", str(count)],
            cwd=ROOT,
            env=environment(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            end(process, grace=2)  # type: ignore[arg-type]


def answer(process: subprocess.Popen[str], word: str = "") -> object:
    if process.stdin is None or process.stdout is None:
        raise Stop("The process was started without its pipes.")
    if word:
        process.stdin.write(f"{word}\n")
        process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise Stop(f"the desk does not answer: see {FOLDER}/reports_*.log.")
    return json.loads(line)


def triage() -> None:
    say(f"\nThe officers' desk at {MANY:,} reports ÷ at {FEW:,}, 95th percentile of each page")
    with ExitStack() as stack:
        connected = stack.enter_context(services())
        few, many = (stack.enter_context(caller(connected, count)) for count in (FEW, MANY))
        queries = {process: answer(process) for process in (few, many)}
        for name, asked in queries[many].items():  # type: ignore[attr-defined]
            taken: dict[subprocess.Popen[str], list[float]] = {few: [], many: []}
            for number in range(ROUNDS):
                for process in in_turn((few, many), number):
                    each = answer(process, f"{name} {TIMES}")
                    taken[process].append(percentile(each, 0.95))  # type: ignore[arg-type]
            wanted = "" if name == "front page" else "wanted ≤ 1.15"
            say(str(ratio(name, taken[many], taken[few], wanted)))
            if queries[few][name] != asked:  # type: ignore[index]
                say(f"  {name}: {asked} queries, but {queries[few][name]} at {FEW:,}")  # type: ignore[index]
            say(f"  {f'{name}, database queries':<58} {asked:6d}")
