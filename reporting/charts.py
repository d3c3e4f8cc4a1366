"""Drawings of counts: where bars, lines and words of an SVG stand. Beside each stands its table."""

from __future__ import annotations

from dataclasses import dataclass

from reporting.statistics import Cell, Table

WIDTH = 640
LABELS, VALUES = 220, 96
ROW, BAR = 30, 18
HEIGHT, FOOT, TOP = 200, 36, 24
LONGEST = 30
SIDE = 42


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


def _most(cells: list[Cell]) -> int:
    return max([cell.shown or 0 for cell in cells] + [1])
