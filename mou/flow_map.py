"""A firm's flows as a drawing: places, lanes by mode, goods and systems; beside it the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mou.models import Answer, AnswerState

WIDTH, ROW, TOP = 720, 44, 48
LEFT, RIGHT = 200, 520
LONGEST = 26
MOST = 40
# Drawn apart by more than colour: a dash each.
MODES = ("sea", "road", "air", "rail", "other")


@dataclass(frozen=True)
class Place:
    name: str
    x: int
    y: int
    is_left: bool

    @property
    def shown(self) -> str:
        return self.name if len(self.name) <= LONGEST else f"{self.name[: LONGEST - 1]}…"


@dataclass(frozen=True)
class Lane:
    """One line from place to place."""

    x1: int
    y1: int
    x2: int
    y2: int
    mode: str
    title: str


@dataclass(frozen=True)
class Box:
    text: str
    kind: str
    x: int
    y: int


@dataclass(frozen=True)
class FlowMap:
    """What the SVG draws; `rows` are the same as a table."""

    places: list[Place]
    lanes: list[Lane]
    boxes: list[Box]
    height: int
    rows: list[dict[str, str]]
    left_out: int

    width: int = WIDTH


def draw(answers: Mapping[str, Answer]) -> FlowMap:
    """Lanes (B6) between origins and destinations; goods (C16) and systems (D25) below."""
    every = _table(answers, "B6")
    rows = every[:MOST]
    origins = _places([row.get("origin", "") for row in rows], LEFT, is_left=True)
    ends = _places([row.get("destination", "") for row in rows], RIGHT, is_left=False)
    lanes = [
        _lane(row, origins[row["origin"]], ends[row["destination"]])
        for row in rows
        if row.get("origin") in origins and row.get("destination") in ends
    ]
    deep = TOP + ROW * max(len(origins), len(ends), 1)
    boxes = [
        *_boxes(_table(answers, "C16"), "commodity", "goods", 20, deep),
        *_boxes(_table(answers, "D25"), "system", "information", 380, deep),
    ]
    height = max([deep, *(box.y + 40 for box in boxes)])
    places = [*origins.values(), *ends.values()]
    return FlowMap(places, lanes, boxes, height, every, len(every) - len(rows))


def _table(answers: Mapping[str, Answer], code: str) -> list[dict[str, str]]:
    answer = answers.get(code)
    if answer is None or answer.state != AnswerState.GIVEN or not isinstance(answer.value, list):
        return []
    return answer.value


def _places(names: list[str], x: int, *, is_left: bool) -> dict[str, Place]:
    found = list(dict.fromkeys(name for name in names if name))
    return {name: Place(name, x, TOP + ROW * place, is_left) for place, name in enumerate(found)}


def _lane(row: dict[str, str], start: Place, end: Place) -> Lane:
    said = row.get("mode", "").casefold()
    mode = next((mode for mode in MODES if mode in said), "other")
    title = _("%(origin)s to %(destination)s, %(mode)s, %(volume)s") % {
        "origin": start.name,
        "destination": end.name,
        "mode": row.get("mode") or "–",
        "volume": row.get("volume") or "–",
    }
    return Lane(start.x + 6, start.y, end.x - 6, end.y, mode, title)


def _boxes(rows: list[dict[str, str]], key: str, kind: str, x: int, deep: int) -> list[Box]:
    names = [row[key][:LONGEST] for row in rows if row.get(key)][:8]
    return [Box(name, kind, x, deep + 40 * place) for place, name in enumerate(names)]
