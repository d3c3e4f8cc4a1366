"""Drawings of counts: where bars, lines and words of an SVG stand. Beside each stands its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

WIDTH = 640
LABELS, VALUES = 220, 96
ROW, BAR = 30, 18
HEIGHT, FOOT, TOP = 200, 36, 24
LONGEST = 30
SIDE = 42


class Cell(Protocol):
    """One count; `shown` is None where it is hidden."""

    @property
    def label(self) -> str: ...

    @property
    def shown(self) -> int | None: ...

    @property
    def text(self) -> str: ...


class Table(Protocol):
    """Counts of one kind; in the order of time they are drawn as a line."""

    @property
    def cells(self) -> Sequence[Cell]: ...

    @property
    def in_order(self) -> bool: ...


@dataclass(frozen=True)
class Bar:
    """One row: its words, and how long it is."""

    label: str
    value: str
    y: int
    length: int
    hidden: bool

    @property
    def text_y(self) -> int:
        return self.y + BAR - 4

    @property
    def value_x(self) -> int:
        return LABELS + self.length + 8


@dataclass(frozen=True)
class Point:
    """One month of a line."""

    label: str
    value: str
    x: int
    y: int
    hidden: bool
    labelled: bool


def drawn(table: Table) -> dict[str, Any]:
    """All that `portal/admin/chart.html` needs of one table, as `one`."""
    dots = points(table) if table.in_order else []
    return {
        "table": table,
        "points": dots,
        "lines": runs(dots),
        "bars": [] if table.in_order else bars(table),
        "height": HEIGHT if table.in_order else len(table.cells) * ROW + 4,
        "floor": HEIGHT - FOOT,
        "width": WIDTH,
        "labels": LABELS,
        "bar": BAR,
    }


def bars(table: Table) -> list[Bar]:
    most = _most(table.cells)
    return [
        Bar(
            cell.label if len(cell.label) <= LONGEST else f"{cell.label[: LONGEST - 1]}…",
            cell.text,
            place * ROW + 4,
            round((cell.shown or 0) / most * (WIDTH - LABELS - VALUES)) if _seen(cell) else 12,
            not _seen(cell),
        )
        for place, cell in enumerate(table.cells)
    ]


def points(table: Table) -> list[Point]:
    most, step = _most(table.cells), (WIDTH - 2 * SIDE) // max(len(table.cells) - 1, 1)
    floor = HEIGHT - FOOT
    return [
        Point(
            cell.label,
            cell.text if _seen(cell) else "–",
            SIDE + place * step,
            round(floor - (cell.shown or 0) / most * (floor - TOP)),
            not _seen(cell),
            place % 2 == 0,
        )
        for place, cell in enumerate(table.cells)
    ]


def runs(found: list[Point]) -> list[str]:
    """The line, broken where a month is hidden."""
    lines: list[list[Point]] = [[]]
    for point in found:
        if point.hidden:
            lines.append([])
        else:
            lines[-1].append(point)
    return [" ".join(f"{one.x},{one.y}" for one in line) for line in lines if len(line) > 1]


def _seen(cell: Cell) -> bool:
    return cell.shown is not None


def _most(cells: Sequence[Cell]) -> int:
    return max([cell.shown or 0 for cell in cells] + [1])
