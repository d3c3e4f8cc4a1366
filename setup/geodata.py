"""Outlines of countries for the map: out of a package's topology, rounded, kept as degrees."""

import json
from itertools import pairwise
from pathlib import Path

Point = tuple[float, float]
Ring = list[Point]

# Tenths of a degree are less than a third of a unit in the drawing.
DIGITS = 1
# No post is there, and it takes up a tenth of the drawing.
LEFT_OUT = {"010"}


def write(package: Path, target: Path) -> None:
    """`shapes`: numeric code ("" where there is none) and rings; `points`: what is too small."""
    coarse, fine = (_read(package / f"countries-{scale}.json") for scale in ("110m", "50m"))
    drawn = {code for code, _rings in coarse}
    small = {code: _middle(rings) for code, rings in fine if code and code not in drawn}
    shapes = [[code, rings] for code, rings in coarse if code not in LEFT_OUT]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({"shapes": shapes, "points": small}, separators=(",", ":")))


def _read(source: Path) -> list[tuple[str, list[Ring]]]:
    topology = json.loads(source.read_text())
    arcs = _arcs(topology)
    return [
        (country.get("id", ""), rings)
        for country in topology["objects"]["countries"]["geometries"]
        if (rings := _rings(country, arcs))
    ]


def _arcs(topology: dict) -> list[Ring]:
    """Each arc is kept as steps of whole numbers: summed up, scaled and moved to degrees."""
    (east, north), (left, bottom) = (topology["transform"][key] for key in ("scale", "translate"))
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * east + left, y * north + bottom))
        found.append(points)
    return found


def _rings(country: dict, arcs: list[Ring]) -> list[Ring]:
    kind, given = country["type"], country.get("arcs", [])
    polygons = given if kind == "MultiPolygon" else [given]
    whole = (_joined(ring, arcs) for polygon in polygons for ring in polygon)
    rings = (_rounded(part) for ring in whole for part in _cut(ring))
    return [ring for ring in rings if len(ring) > 2]


def _joined(numbers: list[int], arcs: list[Ring]) -> Ring:
    """A negative number is that arc walked backwards; each begins where the last one ended."""
    ring: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _cut(ring: Ring) -> list[Ring]:
    """A ring across the date line, as one part on each edge of the map."""
    turned, turn = ring[:1], 0
    for (before, _y), (x, y) in pairwise(ring):
        turn += 360 * (before - x > 180) - 360 * (x - before > 180)
        turned.append((x + turn, y))
    if all(-180 <= x <= 180 for x, _y in turned):
        return [turned]
    moved = ([(x + shift, y) for x, y in turned] for shift in (-360, 0, 360))
    return [part for ring in moved if (part := _within(_within(ring, -1), 1))]


def _within(ring: Ring, side: int) -> Ring:
    """What lies on this side of its date line: +1 west of 180°, −1 east of −180°."""
    kept: Ring = []
    for (x1, y1), (x2, y2) in pairwise([*ring, *ring[:1]]):
        inside, goes_on = side * x1 <= 180, side * x2 <= 180
        if inside:
            kept.append((x1, y1))
        if inside != goes_on:
            kept.append((180.0 * side, y1 + (y2 - y1) * (180 * side - x1) / (x2 - x1)))
    return kept


def _rounded(ring: Ring) -> Ring:
    """Without neighbours that fall together, and without the last point, which is the first."""
    points = [(round(x, DIGITS), round(y, DIGITS)) for x, y in ring]
    kept = points[:1] + [after for before, after in pairwise(points) if after != before]
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def _middle(rings: list[Ring]) -> Point:
    """The middle of the box around the largest part."""
    largest = max(rings, key=len)
    xs, ys = zip(*largest, strict=True)
    return round((min(xs) + max(xs)) / 2, DIGITS), round((min(ys) + max(ys)) / 2, DIGITS)
