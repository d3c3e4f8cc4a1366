"""The table of all that is erased or emptied when its time is over: each app adds its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.module_loading import autodiscover_modules

# Does all of it that is due today; dry, counts what it would do and changes nothing.
Line = Callable[[bool], Mapping[str, int] | int]

_lines: dict[str, Line] = {}
_loaders: list[Callable[[], int]] = []


def line(name: str) -> Callable[[Line], Line]:
    """Add a line to the table; it says how many, or how many of each kind."""

    def register(do: Line) -> Line:
        _lines[name] = do
        return do

    return register


def loads_rules(load: Callable[[], int]) -> Callable[[], int]:
    """Add what brings the rules of an app that are missing into the database."""
    _loaders.append(load)
    return load


def table(*, dry: bool) -> Iterator[tuple[str, str, int]]:
    """Line by line: what, what was done with it, and how many; nothing is left out for being 0."""
    autodiscover_modules("tasks")
    for name, do in sorted(_lines.items()):
        counted = do(dry)
        rows = counted if isinstance(counted, Mapping) else {"erased": counted}
        for what, number in sorted((rows or {"erased": 0}).items()):
            yield name, what, number


def load_rules() -> int:
    """Add the rules that are not there; returns how many."""
    autodiscover_modules("tasks")
    return sum(load() for load in _loaders)


def drop(rows: QuerySet[Any], *, dry: bool = False) -> int:
    """Delete these, with nothing hanging on them, or count them."""
    return rows.count() if dry else rows.delete()[0]


def by_rule(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """What a day's run counted, as lines of the table."""
    return {
        f"{what}, {rule}": number for rule, row in counts.items() for what, number in row.items()
    }
