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
    origin: str = ""
    destination: str = ""


class Area(Protocol):
    commodities: list[str]
    directions: list[str]
    modes: list[str]
    origins: list[str]
    since: date | None
    until: date | None


def matches(
    area: Area,
    facts: Facts,
    *,
    lineage: Collection[str],
    on: date,
    countries: Collection[str] = (),
) -> bool:
    """Whether the area means this report on this day; the last day counts.

    `lineage` is the report's kind of goods with all it belongs to, so that “narcotics” means
    synthetic drugs as well; `countries` are those of the area's partners. What the area leaves
    empty narrows nothing. A kind of goods, direction or mode that the report leaves empty fits no
    area that asks for it; a country that it leaves empty fits every area, since few know it.
    """
    if not (area.commodities or area.directions or area.modes):
        return False
    if (area.since and on < area.since) or (area.until and on > area.until):
        return False
    return (
        (not area.commodities or not set(area.commodities).isdisjoint(lineage))
        and (not area.directions or facts.direction in area.directions)
        and (not area.modes or facts.mode in area.modes)
        and (not area.origins or facts.origin in ("", *area.origins))
        and (not countries or _touches(facts, countries))
    )


def _touches(facts: Facts, countries: Collection[str]) -> bool:
    """Whether the journey begins or ends in one of these, or may for all that is said.

    What leaves us goes to the partner and what comes to us is from there, so that only that end
    is asked for; of what passes through, and of what nobody knows, it may be either.
    """
    either = (facts.origin, facts.destination)
    abroad = {"EXPORT": either[1:], "IMPORT": either[:1]}.get(facts.direction, either)
    return "" in abroad or not set(either).isdisjoint(countries)
