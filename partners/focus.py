"""Which reports a focus area means: by the codes an officer copied out, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class Facts:
    """The plain codes of a report that sort the queue; empty is not said."""

    category: str = ""
    direction: str = ""
    mode: str = ""


class Area(Protocol):
    commodities: list[str]
    directions: list[str]
    modes: list[str]
    since: date | None
    until: date | None


def matches(area: Area, facts: Facts, *, lineage: Collection[str], on: date) -> bool:
    """Whether the area means this report on this day; the last day counts.

    `lineage` is the report's kind of goods with all it belongs to, so that “narcotics” means
    synthetic drugs as well. What the area leaves empty narrows nothing; what the report leaves
    empty fits no area that asks for it. Origin and partners of an area narrow nothing: a report
    has no plain column that tells them, and none is made for this.
    """
    if not (area.commodities or area.directions or area.modes):
        return False
    if (area.since and on < area.since) or (area.until and on > area.until):
        return False
    return (
        (not area.commodities or not set(area.commodities).isdisjoint(lineage))
        and (not area.directions or facts.direction in area.directions)
        and (not area.modes or facts.mode in area.modes)
    )
