"""A batch of documents promised to a worker beside the same function called on the spot."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.figures import in_turn, ratio, say
from bench.servers import FOLDER, SETTINGS
from setup.processes import end, start
from setup.steps import ROOT, Stop, environment

BATCH = 10
ROUNDS = 6
WAYS = ("promised", "called")


@contextmanager
def worker() -> Iterator[None]:
    celery = [sys.executable, "-m", "celery", "-q", "-A", "bench.batch_worker", "worker"]
    quiet = ["--loglevel=WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    with (FOLDER / "batches-worker.log").open("wb") as log:
        process = start([*celery, "-Q", "pdf", "-c1", *quiet], env=SETTINGS, output=log)
        try:
            yield
        finally:
            end(process, grace=10)


@contextmanager
def caller() -> Iterator[subprocess.Popen[str]]:
    with (FOLDER / "batches-caller.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.batch_caller"],
            cwd=ROOT,
            env=environment(SETTINGS),
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


def seconds(process: subprocess.Popen[str], way: str, count: int) -> float:
    if process.stdin is None or process.stdout is None:
        raise Stop("The process was started without its pipes.")
    process.stdin.write(f"{way} {count}\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise Stop(f"the batch was not done: see {FOLDER}/batches-*.log.")
    return float(answer)


def batches() -> None:
    say(f"\n{BATCH} documents promised to a worker, speed ÷ the same function called")
    taken: dict[str, list[float]] = {way: [] for way in WAYS}
    with worker(), caller() as process:
        for way in WAYS:
            seconds(process, way, 2)
        for number in range(ROUNDS):
            for way in in_turn(WAYS, number):
                taken[way].append(seconds(process, way, BATCH))
    say(str(ratio("rendered in a batch", taken["called"], taken["promised"], "wanted ≥ 0.85")))
