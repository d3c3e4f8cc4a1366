"""Public pages beside a bare Django page, by the same server, over kept connections."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass

from bench.figures import Ratio, in_turn, ratio, say
from bench.load import load
from bench.servers import BARE, DRAWN_ANEW, OURS, SETTINGS, Server, cpu_seconds, kinds, serving
from setup.steps import ROOT, environment

PAGES = ("/", "/cooperation/", "/verify/")
SECONDS = 1.0
ROUNDS = 5

QUERIES = """
import django, json, sys
django.setup()
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
client, found = Client(), {}
for page in sys.argv[1:]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200, page
    found[page] = len(queries)
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Visit:
    """One thing that is measured each round."""

    name: str
    server: Server
    path: str


def rate(visit: Visit) -> tuple[float, float]:
    """Answers a second by the clock, and a second of the worker's own computing."""
    pid = visit.server.worker
    before = cpu_seconds(pid)
    counted = load(visit.server.port, visit.path, seconds=SECONDS)
    computed = max(cpu_seconds(pid) - before, 0.01)
    if counted.errors:
        say(f"  {visit.name}: {counted.errors} of {counted.answers} requests failed")
    return counted.answers / SECONDS, counted.answers / computed


def measure(visits: list[Visit], rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Each in turn, forwards and backwards; what happens before the first round counts nowhere."""
    for visit in visits:
        load(visit.server.port, visit.path, seconds=0.3)
    rates: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for number in range(rounds):
        for visit in in_turn(visits, number):
            rates[visit.name].append(rate(visit))
    return rates


def ratios(
    rates: dict[str, list[tuple[float, float]]], ours: str, theirs: str, wanted: str
) -> list[Ratio]:
    clock, computing = (
        [[pair[index] for pair in rates[name]] for name in (ours, theirs)] for index in (0, 1)
    )
    return [
        ratio(ours, clock[0], clock[1], wanted),
        ratio(f"{ours}, by time computed", computing[0], computing[1]),
    ]


def queries() -> dict[str, int]:
    """How often a page that is drawn anew asks the database."""
    done = subprocess.run(
        [sys.executable, "-c", QUERIES, *PAGES],
        cwd=ROOT,
        env=environment({**SETTINGS, **DRAWN_ANEW}),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, int] = json.loads(done.stdout)
    return found


def pages() -> None:
    say("\nA public page ÷ a bare Django page with the standard middleware, requests a second")
    with ExitStack() as stack:
        bare = stack.enter_context(serving(BARE))
        ours = stack.enter_context(serving(OURS))
        anew = stack.enter_context(serving(OURS, more=DRAWN_ANEW))
        visits = [Visit("bare", bare, "/")]
        visits += [Visit(f"{page} as visitors get it", ours, page) for page in PAGES]
        visits += [Visit(f"{page} drawn anew each time", anew, page) for page in PAGES]
        rates = measure(visits, ROUNDS)
    for page in PAGES:
        wanted = "wanted ≥ 0.8, kept ≥ 1.6"
        for one in ratios(rates, f"{page} as visitors get it", "bare", wanted):
            say(str(one))
    for page in PAGES:
        for one in ratios(rates, f"{page} drawn anew each time", "bare", ""):
            say(str(one))
    middle = sorted(pair[0] for pair in rates["bare"])[ROUNDS // 2]
    say(f"  (the bare page: {middle:.0f} requests a second from one worker)")
    for page, number in queries().items():
        say(f"  {page + ', database queries when drawn':<58} {number:6d}   wanted ≤ 1")


def servers() -> None:
    """The same pages by every server that is here, beside gunicorn with threads."""
    say("\nServers compared: requests a second ÷ those of gunicorn with threads, one worker each")
    with ExitStack() as stack:
        visits = []
        for kind in kinds():
            bare = stack.enter_context(serving(BARE, kind))
            ours = stack.enter_context(serving(OURS, kind))
            anew = stack.enter_context(serving(OURS, kind, DRAWN_ANEW))
            visits += [Visit(f"{kind}: bare page", bare, "/")]
            visits += [Visit(f"{kind}: our home page, kept", ours, "/")]
            visits += [Visit(f"{kind}: our home page, drawn anew", anew, "/")]
        rates = measure(visits, ROUNDS)
    for kind in kinds()[1:]:
        for what in ("bare page", "our home page, kept", "our home page, drawn anew"):
            named = {f"{kind}: {what}": rates[f"{kind}: {what}"]}
            named["first"] = rates[f"{kinds()[0]}: {what}"]
            for one in ratios(named, f"{kind}: {what}", "first", ""):
                say(str(one))
    if len(kinds()) < 3:
        say("  granian is not installed here: see docs/decisions/web-server.md")
