"""Who is posted when, as stretches of days: where nobody is, and where two are at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Stretch:
    """From a day to a day, both included; without an end it goes on."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or self.until >= day)


def gaps(postings: Iterable[Stretch]) -> list[Stretch]:
    """Days on which nobody is posted, between the first posting and whatever follows the last."""
    found: list[Stretch] = []
    until: date | None = None
    for place, one in enumerate(sorted(postings, key=lambda one: one.since)):
        if place and until is not None and one.since > until + DAY:
            found.append(Stretch(until + DAY, one.since - DAY))
        if one.until is None:
            return found
        until = one.until if until is None else max(until, one.until)
    if until is not None:
        found.append(Stretch(until + DAY))
    return found


def overlaps(postings: Iterable[Stretch]) -> list[Stretch]:
    """Days on which two or more are posted at once, each stretch once."""
    found: list[Stretch] = []
    busy: Stretch | None = None
    for one in sorted(postings, key=lambda one: one.since):
        if busy is not None and busy.holds(one.since):
            found.append(Stretch(one.since, _earlier(busy.until, one.until)))
        if busy is None or _later(busy.until, one.until) != busy.until:
            busy = one
    return _joined(found)


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    found: list[Stretch] = []
    for one in stretches:
        if found and (found[-1].until is None or one.since <= found[-1].until + DAY):
            found[-1] = Stretch(found[-1].since, _later(found[-1].until, one.until))
        else:
            found.append(one)
    return found


def _earlier(one: date | None, other: date | None) -> date | None:
    known = [day for day in (one, other) if day is not None]
    return min(known, default=None)


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
