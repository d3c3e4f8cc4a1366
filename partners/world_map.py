"""The world with the countries that posts cover, as an SVG; outlines are made at set-up."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django_countries import countries

from partners.models import Post, PostType

WIDTH, EDGE = 1000, 4
# From the tip of South America to the north of Greenland: further south is ice alone.
NORTH, SOUTH = 84.0, -57.0
# A country too small for an outline is a ring around its place.
SMALL = 5.0
# Equal Earth (Šavrič, Patterson and Jenny 2018): areas are true, so nobody looks larger than it is.
A = (1.340264, -0.081106, 0.000893, 0.003796)
HALF = math.sqrt(3) / 2

Point = tuple[float, float]


@dataclass(frozen=True)
class World:
    """Every outline as a path: by country, the land that is none, and where small ones lie."""

    paths: dict[str, str]
    rest: str
    middles: dict[str, Point]
    height: int


@dataclass
class Country:
    """A country that a post covers: a link, and what it says to whoever does not see it."""

    code: str
    name: str
    path: str
    at: Point | None
    posts: list[Post] = field(default_factory=list)

    @property
    def cities(self) -> str:
        return ", ".join(post.city for post in self.posts)


@dataclass(frozen=True)
class Dot:
    post: Post
    x: float
    y: float

    @property
    def is_strategic(self) -> bool:
        return self.post.type == PostType.STRATEGIC

    @property
    def corners(self) -> str:
        """A diamond: shape tells the two kinds apart, not colour alone."""
        x, y = self.x, self.y
        return f"{x},{y - 9:.1f} {x + 9:.1f},{y} {x},{y + 9:.1f} {x - 9:.1f},{y}"


@dataclass(frozen=True)
class WorldMap:
    """What the template draws."""

    land: str
    countries: list[Country]
    dots: list[Dot]
    height: int
    width: int = WIDTH


def draw(posts: Iterable[Post], covered: Mapping[str, list[Post]]) -> WorldMap:
    """`covered`: country code → posts of attachés, the ones that firms may ask."""
    known = world()
    marked = [
        Country(code, str(countries.name(code)), known.paths.get(code, ""), _ring(known, code), by)
        for code, by in covered.items()
        if code in known.paths or code in known.middles
    ]
    marked.sort(key=lambda country: country.name)
    land = "".join(path for code, path in known.paths.items() if code not in covered)
    dots = [Dot(post, *at) for post in posts if (at := _place(known, post)) is not None]
    return WorldMap(land + known.rest, marked, dots, known.height)


def _ring(known: World, code: str) -> Point | None:
    return None if code in known.paths else known.middles.get(code)


def _place(known: World, post: Post) -> Point | None:
    if post.latitude is not None and post.longitude is not None:
        return project(float(post.longitude), float(post.latitude))
    return known.middles.get(str(post.host_country))


@cache
def world() -> World:
    """Read and projected once a process; without the file a map of dots alone."""
    source = settings.BASE_DIR / "static-build" / "geo" / "world.json"
    told: dict[str, Any] = {"shapes": [], "points": {}}
    if source.is_file():
        told = json.loads(source.read_text())
    alpha2 = {countries.numeric(code, padded=True): code for code in countries.countries}
    paths: dict[str, str] = {}
    middles: dict[str, Point] = {}
    rest = ""
    for number, rings in told["shapes"]:
        path = "".join(_path(ring) for ring in rings)
        if code := alpha2.get(number):
            paths[code], middles[code] = path, _middle(rings)
        else:
            rest += path
    small = {alpha2[key]: project(*at) for key, at in told["points"].items() if key in alpha2}
    return World(paths, rest, {**small, **middles}, round(project(0, SOUTH)[1]) + EDGE)


def project(longitude: float, latitude: float) -> Point:
    """Where a place stands in the drawing, to a tenth of a unit."""
    theta = math.asin(HALF * math.sin(math.radians(min(max(latitude, -90), 90))))
    square = theta * theta
    sixth = square**3
    slope = A[0] + 3 * A[1] * square + sixth * (7 * A[2] + 9 * A[3] * square)
    x = math.radians(longitude) * math.cos(theta) / (HALF * slope)
    scale = (WIDTH / 2 - EDGE) / (math.pi / (HALF * A[0]))
    return round(WIDTH / 2 + x * scale, 1), round(EDGE + (_top() - _rise(theta)) * scale, 1)


def _rise(theta: float) -> float:
    square = theta * theta
    sixth = square**3
    return theta * (A[0] + A[1] * square + sixth * (A[2] + A[3] * square))


@cache
def _top() -> float:
    return _rise(math.asin(HALF * math.sin(math.radians(NORTH))))


def _path(ring: list[list[float]]) -> str:
    """Steps from point to point: shorter than the points themselves."""
    points = [project(*point) for point in ring]
    x, y = points[0]
    steps = [f"M{x:g} {y:g}l"]
    for after in points[1:]:
        steps.append(f"{after[0] - x:.1f} {after[1] - y:.1f} ".replace(".0 ", " "))
        x, y = after
    return "".join(steps).rstrip().replace(" -", "-") + "z"


def _middle(rings: list[list[list[float]]]) -> Point:
    xs, ys = zip(*max(rings, key=len), strict=True)
    return project((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
