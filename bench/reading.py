"""Reports read in the office: one with ten files, and all of them in a search of what was told."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from bench.callers import answer, caller, folder, run
from bench.figures import in_turn, ratio, say
from bench.servers import SETTINGS

ROUNDS = 6
SEARCHED, SEARCHES = 10_000, 2
WHICH = ("files", "plain")


@contextmanager
def office(name: str = "office") -> Iterator[subprocess.Popen[str]]:
    """A process of the office's face, with a database and keys of its own."""
    more = {"PORTAL_FACES": "office"}
    env = {**SETTINGS, "PORTAL_VAR": str(folder(name)), **more}
    run(["-m", "django", "migrate", "--verbosity", "0"], env)
    run(["-m", "django", "createcachetable", "--verbosity", "0"], env)
    run(["-m", "django", "load_reference", "--verbosity", "0"], env)
    with caller(name, ["bench.office_caller"], more) as process:
        answer(process)
        yield process


def opening() -> None:
    say("\nA report opened by an officer: the reason given, the page shown")
    taken: dict[str, list[list[float]]] = {which: [] for which in WHICH}
    with office("opening") as process:
        for which in WHICH:
            answer(process, f"open {which}")
        for number in range(ROUNDS):
            for which in in_turn(WHICH, number):
                taken[which].append(answer(process, f"open {which}"))
    for at, name in enumerate(("with ten files ÷ without", "and its ten pictures ÷ without any")):
        each = [[one[at] for one in taken[which]] for which in WHICH]
        say(str(ratio(name, each[0], each[1])))
        say(f"  {'milliseconds':<58} {median(each[0]) * 1000:6.0f}")


def search() -> None:
    say(f"\nA search in what {SEARCHED:,} reports say ÷ a plain loop that only decrypts them")
    rates: dict[str, list[float]] = {"scan": [], "decrypt": []}
    longest, slices, goes_on = 0.0, 0, True
    with office("search") as process:
        answer(process, f"make {SEARCHED}")
        for number in range(SEARCHES):
            for way in in_turn(("scan", "decrypt"), number):
                found = answer(process, way)
                rates[way].append(found["rate"])
                if way == "scan":
                    longest = max(longest, *found["slices"])
                    slices = len(found["slices"])
                    goes_on &= found["far"] == sorted(found["far"]) and found["far"][-1] == 1.0
    say(str(ratio("reports a second", rates["scan"], rates["decrypt"])))
    say(f"  {'reports a second, searched':<58} {median(rates['scan']):6.0f}")
    say(f"  {'slices, each followed by how far it has come':<58} {slices:6d}")
    say(f"  {'the longest slice, s':<58} {longest:6.2f}   wanted ≤ 1")
    if not goes_on:
        say("  the progress went backwards, or did not end at its end")
