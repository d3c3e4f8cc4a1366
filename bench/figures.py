"""Ratios of what was measured in turn: the middle, the spread, and what the design wants."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


def say(text: str = "") -> None:
    print(text, flush=True)


@dataclass(frozen=True)
class Ratio:
    """Ours divided by theirs, once for each round in which both ran."""

    name: str
    rounds: tuple[float, ...]
    wanted: str = ""

    def __str__(self) -> str:
        middle = statistics.median(self.rounds)
        spread = f"{min(self.rounds):.2f} to {max(self.rounds):.2f}"
        return f"  {self.name:<58} {middle:6.2f}   ({spread})   {self.wanted}".rstrip()


def ratio(name: str, ours: Sequence[float], theirs: Sequence[float], wanted: str = "") -> Ratio:
    """Round by round, so that what slows the whole machine slows both."""
    return Ratio(name, tuple(a / b for a, b in zip(ours, theirs, strict=True)), wanted)


def in_turn(things: Sequence[Any], number: int) -> Sequence[Any]:
    """A B in even rounds, B A in odd ones: neither always goes first."""
    return things if number % 2 == 0 else things[::-1]


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]
