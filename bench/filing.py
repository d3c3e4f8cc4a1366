"""Reports filed from the first page to the receipt, beside a bare path of as many requests."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.callers import run
from bench.figures import in_turn, ratio, say
from bench.reporter import Reporter
from bench.servers import FOLDER, SETTINGS
from setup.processes import end, free_port, start
from setup.steps import Stop

SECONDS, ROUNDS = 4.0, 6
CLIENTS = (1, 8)
# Requests of the bare path besides two for each of its pages with a form: the first page and its
# form, the last page with its picture, its form, the thanks.
FIXED = 6
BARE_SETTINGS = {"DJANGO_SETTINGS_MODULE": "bench.bare_path.settings"}
OUR_SETTINGS = {**SETTINGS, "DJANGO_SETTINGS_MODULE": "bench.filing_settings"}


@dataclass(frozen=True)
class Place:
    """A running server of one of the two, with its database."""

    name: str
    port: int
    database: str

    def reporter(self) -> Reporter:
        return Reporter(self.port, self.database, "/report/")


@contextmanager
def serving(name: str, application: str, env: dict[str, str], database: Path) -> Iterator[Place]:
    port = free_port()
    words = [sys.executable, "-m", "gunicorn", f"{application}:application", "--log-level", "error"]
    words += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"]
    with (FOLDER / f"filing-{name}.log").open("wb") as log:
        process = start([*words, "--keep-alive", "5", "--no-control-socket"], env=env, output=log)
        try:
            until = time.monotonic() + 30
            while not _is_there(port):
                if process.poll() is not None or time.monotonic() > until:
                    raise Stop(f"{name} does not answer: see {log.name}.")
                time.sleep(0.05)
            yield Place(name, port, str(database))
        finally:
            end(process, grace=5)


def _is_there(port: int) -> bool:
    try:
        return Reporter(port, "", "/report/")._get("/report/")[0] == "/report/"
    except OSError:
        return False


def bare(steps: int) -> Iterator[Place]:
    """The bare path with so many pages."""
    database = FOLDER / f"bare-path-{steps}.sqlite3"
    env = {**BARE_SETTINGS, "BARE_PATH_DATABASE": str(database), "BARE_PATH_STEPS": str(steps)}
    run(["-m", "django", "migrate", "--verbosity", "0"], env)
    with serving("bare path", "bench.bare_path.wsgi", env, database) as place:
        yield place


def rate(place: Place, clients: int) -> tuple[float, int]:
    """Reports a second, and how many went wrong."""
    until = time.perf_counter() + SECONDS
    filed, wrong = [0] * clients, [0] * clients

    def visit(number: int) -> None:
        reporter = place.reporter()
        while time.perf_counter() < until:
            try:
                good = reporter.file()
            except OSError:
                reporter, good = place.reporter(), False
            filed[number] += good
            wrong[number] += not good

    begun = time.perf_counter()
    threads = [threading.Thread(target=visit, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(filed) / (time.perf_counter() - begun), sum(wrong)


def filing() -> None:
    say("\nReports filed, every request a reporter makes ÷ a bare path of as many requests")
    run(["-m", "bench.desk"], SETTINGS)
    with ExitStack() as stack:
        database = FOLDER / "portal.sqlite3"
        ours = stack.enter_context(serving("ours", "portal.wsgi", OUR_SETTINGS, database))
        reporter = ours.reporter()
        if not reporter.file():
            raise Stop("no report can be filed: the form has changed, see bench/reporter.py.")
        steps = (reporter.requests - FIXED) // 2
        theirs = stack.enter_context(contextmanager(bare)(steps))
        other = theirs.reporter()
        if not other.file():
            raise Stop("the bare path does not end: see bench/bare_path.")
        say(f"  requests for one report: ours {reporter.requests}, bare path {other.requests}")
        for clients in CLIENTS:
            _compare(ours, theirs, clients)


def _compare(ours: Place, theirs: Place, clients: int) -> None:
    rates: dict[Place, list[float]] = {ours: [], theirs: []}
    wrong = 0
    for place in (ours, theirs):
        rate(place, clients)
    for number in range(ROUNDS):
        for place in in_turn((ours, theirs), number):
            found, errors = rate(place, clients)
            rates[place].append(found)
            wrong += errors
    say(str(ratio(f"with {clients} at a time", rates[ours], rates[theirs], "wanted ≥ 0.6")))
    middle = sorted(rates[ours])[ROUNDS // 2]
    say(f"  {'reports a second, ours':<58} {middle:6.1f}")
    say(f"  {'errors':<58} {wrong:6d}   wanted 0")
