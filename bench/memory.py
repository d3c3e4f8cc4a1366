"""What a web worker holds after it has answered, and how soon a server answers first."""

from __future__ import annotations

import statistics

from bench.callers import answer, run
from bench.figures import in_turn, ratio, say
from bench.filing import OUR_SETTINGS
from bench.load import load
from bench.page import PAGES
from bench.reading import office
from bench.reporter import Reporter
from bench.servers import BARE, FOLDER, OURS, SETTINGS, memory_mib, serving

ROUNDS = 5
SECONDS = 0.5
REPORTS = 8


def memory() -> None:
    say("\nA web worker's memory (PSS), and the time from start to first answer")
    held: dict[str, list[float]] = {BARE: [], OURS: []}
    first: dict[str, list[float]] = {BARE: [], OURS: []}
    computed: dict[str, list[float]] = {BARE: [], OURS: []}
    for number in range(ROUNDS):
        for application in in_turn((BARE, OURS), number):
            with serving(application) as server:
                first[application].append(server.first_answer)
                computed[application].append(server.computed)
                for page in PAGES:
                    load(server.port, page, seconds=SECONDS)
                held[application].append(memory_mib(server.worker))
    say(str(ratio("memory, ours ÷ bare", held[OURS], held[BARE])))
    say(str(ratio("first answer, ours ÷ bare", first[OURS], first[BARE])))
    for name, values, unit, wanted in (
        ("memory of our worker", held[OURS], "MiB", "wanted ≤ 90"),
        ("memory of the bare worker", held[BARE], "MiB", ""),
        ("our first answer after", first[OURS], "s", "wanted ≤ 1.5"),
        ("computed by then", computed[OURS], "s", ""),
        ("the bare page's first answer after", first[BARE], "s", ""),
        ("computed by then for the bare page", computed[BARE], "s", ""),
    ):
        say(f"  {f'{name}, {unit}':<58} {statistics.median(values):6.2f}   {wanted}".rstrip())
    faces()


def faces() -> None:
    """The two that have most to do: intake after some reports, the office after some openings."""
    run(["-m", "bench.desk"], SETTINGS)
    more = {**OUR_SETTINGS, "PORTAL_FACES": "intake"}
    with serving(OURS, more=more, path="/report/") as server:
        for _report in range(REPORTS):
            Reporter(server.port, str(FOLDER / "portal.sqlite3"), "/report/").file()
        intake = memory_mib(server.worker)
    with office("memory") as process:
        for _report in range(REPORTS):
            answer(process, "open files")
        ours = answer(process, "memory")
    for name, value in (("intake", intake), ("office", ours)):
        say(f"  {f'memory of a worker of {name}, MiB':<58} {value:6.2f}   wanted ≤ 90")
