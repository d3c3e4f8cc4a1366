"""A stranger's document checked by a process apart, beside the same check in this process."""

from __future__ import annotations

import statistics

from bench.callers import answer, caller
from bench.figures import in_turn, ratio, say

ROUNDS, TIMES = 6, 5
WAYS = ("apart", "here")


def verifying() -> None:
    say("\nVerification of an uploaded document: apart and confined ÷ in the web process")
    with caller("verifying", ["bench.verifying_caller"]) as process:
        answer(process)
        taken: dict[str, list[float]] = {way: [] for way in WAYS}
        for number in range(ROUNDS):
            for way in in_turn(WAYS, number):
                taken[way].append(answer(process, f"{way} {TIMES}") / TIMES)
    say(str(ratio("time of one verification", taken["apart"], taken["here"])))
    for way in WAYS:
        say(f"  {f'one verification, {way}, ms':<58} {statistics.median(taken[way]) * 1000:6.0f}")
