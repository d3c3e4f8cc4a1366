"""A list of certificates to offers, as the worker takes it over beside the same row by row."""

from __future__ import annotations

import os
import statistics
from contextlib import ExitStack

from bench.callers import answer, caller
from bench.databases import database
from bench.figures import in_turn, ratio, say
from setup.services import services

MANY = int(os.environ.get("BENCH_OFFERS") or 10_000)
# Row by row takes many times as long: fewer of them, and rates are compared.
EACH_ROUND = 200
ROUNDS = 6
WAYS = ("slices", "single")


def offers() -> None:
    say(f"\nOffers prepared from a list of certificates, one worker, {MANY:,} of them at last")
    with ExitStack() as stack:
        connected = stack.enter_context(services())
        more = database(connected, "offers")
        process = stack.enter_context(caller("offers", ["bench.offers_caller"], more))
        answer(process)
        for way in WAYS:
            answer(process, f"{way} 50")
        taken: dict[str, list[float]] = {way: [] for way in WAYS}
        for number in range(ROUNDS):
            for way in in_turn(WAYS, number):
                taken[way].append(answer(process, f"{way} {EACH_ROUND}"))
        say(str(ratio("speed, slices ÷ row by row", taken["single"], taken["slices"])))
        a_minute = EACH_ROUND / statistics.median(taken["slices"]) * 60
        say(f"  {'offers a minute, a list of 200':<58} {a_minute:6.0f}")
        whole = answer(process, f"slices {MANY}")
        say(f"  {f'offers a minute, a list of {MANY:,}':<58} {MANY / whole * 60:6.0f}")
