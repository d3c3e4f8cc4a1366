"""`make soak`: the tests marked soak, round after round on both sides, until time is up."""

import itertools
import os
import subprocess
import time
from collections.abc import Mapping

from setup.processes import end_on_signals
from setup.services import services
from setup.steps import PYTHON, ROOT, Stop, ending_well, environment, say
from setup.test import OF_TESTS, forget_configuration, run_tests, template

NO_TESTS_COLLECTED = 5
MARKED = ["-m", "soak"]


def minutes() -> float:
    value = os.environ.get("SOAK_MINUTES") or "15"
    try:
        return float(value)
    except ValueError:
        raise Stop(f"SOAK_MINUTES is {value!r}: give a number, as in `SOAK_MINUTES=5`.") from None


def has_soak_tests() -> bool:
    """Asked quietly, so that a run without any does not close on `no tests ran`."""
    done = subprocess.run(
        [PYTHON, "-m", "pytest", "-q", "--collect-only", *MARKED],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
    )
    if done.returncode not in {0, NO_TESTS_COLLECTED}:
        raise Stop(f"the tests could not be collected:\n{done.stdout}")
    return done.returncode == 0


def soak(until: float, connected: Mapping[str, str], embedded: Mapping[str, str]) -> None:
    """At least one round on each; another only while the longest so far would still fit."""
    longest = 0.0
    sides = itertools.cycle([("PostgreSQL and Redis", connected), ("SQLite and files", embedded)])
    for number, (name, settings) in enumerate(sides):
        if number >= 2 and time.monotonic() + longest > until:
            return
        begun = time.monotonic()
        left = max(until - begun, 60) / (2 if number < 2 else 1)
        bounds = {"HYPOTHESIS_PROFILE": "soak", "SOAK_SECONDS": str(int(left))}
        run_tests(f"{name}, soak round {number + 1}", MARKED, {**settings, **bounds})
        longest = max(longest, time.monotonic() - begun)


def main() -> None:
    end_on_signals()
    forget_configuration()
    until = time.monotonic() + minutes() * 60
    if not has_soak_tests():
        say("==> No test is marked soak yet: nothing to do.")
        return
    with (
        services(**OF_TESTS) as connected,
        template("PostgreSQL", connected) as migrated,
        template("SQLite", {}) as migrated_too,
    ):
        soak(until, {**connected, **migrated()}, migrated_too())


if __name__ == "__main__":
    with ending_well():
        main()
