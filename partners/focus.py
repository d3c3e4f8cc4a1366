"""Which reports a focus area means: by the codes an officer copied out, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Protocol


@dataclass(frozen=True)
class Facts:
    """The plain codes of a report that sort the queue; empty is not said."""

    category: str = ""
    direction: str = ""
    mode: str = ""
    origin: str = ""
    destination: str = ""


class Area(Protocol):
    commodities: list[str]
    directions: list[str]
    modes: list[str]
    origins: list[str]
    since: date | None
    until: date | None


class Match(IntEnum):
    """How well an area means a report."""

    NO = 0
    # Only while nobody knows a country that could exclude it.
    POSSIBLE = 1
    # Whatever country turns up where none is noted.
    CERTAIN = 2


def match(
    area: Area,
    facts: Facts,
    *,
    lineage: Collection[str],
    on: date,
    countries: Collection[str] = (),
) -> Match:
    """Whether the area means this report on this day; the last day counts.

    `lineage` is the report's kind of goods with all it belongs to, so that “narcotics” means
    synthetic drugs as well; `countries` are those of the area's partners. What the area leaves
    empty narrows nothing. A kind of goods, direction or mode that the report leaves empty fits no
    area that asks for it; a country that it leaves empty may fit every area, since few know it.
    """
    if not (area.commodities or area.directions or area.modes):
        return Match.NO
    if (area.since and on < area.since) or (area.until and on > area.until):
        return Match.NO
    by_codes = (
        (not area.commodities or not set(area.commodities).isdisjoint(lineage))
        and (not area.directions or facts.direction in area.directions)
        and (not area.modes or facts.mode in area.modes)
    )
    return min(_from(facts, area.origins), _touches(facts, countries)) if by_codes else Match.NO


def _from(facts: Facts, origins: Collection[str]) -> Match:
    """Whether the journey begins in one of these."""
    if not origins or facts.origin in origins:
        return Match.CERTAIN
    return Match.NO if facts.origin else Match.POSSIBLE


def _touches(facts: Facts, countries: Collection[str]) -> Match:
    """Whether the journey begins or ends in one of these, or may for all that is said.

    What leaves us goes to the partner and what comes to us is from there, so that only that end
    is asked for; of what passes through, and of what nobody knows, it may be either.
    """
    either = (facts.origin, facts.destination)
    if not countries or not set(either).isdisjoint(countries):
        return Match.CERTAIN
    abroad = {"EXPORT": either[1:], "IMPORT": either[:1]}.get(facts.direction, either)
    return Match.POSSIBLE if "" in abroad else Match.NO
