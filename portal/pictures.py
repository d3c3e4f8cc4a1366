"""The picture of a code: readable for people, tiresome for programs, always the same for one key.

Always the same, since a picture drawn anew each time would let a program average the noise away;
and drawn by a key of our own, since django-simple-captcha's view seeds the process's one source of
chance with a number that everybody can read.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import random
from functools import cache
from io import BytesIO
from pathlib import Path

import captcha
from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

SIZE = (600, 200)  # shown at half of it
FONT = Path(captcha.__file__).parent / "fonts" / "Vera.ttf"
PAPER, INK = 255, 20
GREYS, STRIP = 8, 12
# Pixels of a curve's height, and lines across, for lengths of six characters, seven, eight.
BENDS = {6: 7, 7: 9, 8: 11}
LINES = {6: 4, 7: 6, 8: 8}


def draw(code: str, key: str) -> bytes:
    """A PNG of this code; the key decides how it is bent, and only this server knows how."""
    chance = _chance(key)
    picture = Image.new("L", SIZE, PAPER)
    step = (SIZE[0] - 60) / len(code)
    for place, character in enumerate(code):
        middle = (30 + step * (place + 0.5), SIZE[1] / 2)
        _put(picture, character, middle, step, chance)
    picture = _bend(picture, BENDS.get(len(code), 11), chance)
    _scribble(ImageDraw.Draw(picture), LINES.get(len(code), 8), chance)
    return _pressed(picture)


def _chance(key: str) -> random.Random:
    seed = hmac.new(settings.SECRET_KEY.encode(), f"picture:{key}".encode(), hashlib.sha256)
    return random.Random(seed.digest())  # noqa: S311 - its seed is secret


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def _put(
    picture: Image.Image,
    character: str,
    middle: tuple[float, float],
    step: float,
    chance: random.Random,
) -> None:
    font = _font(int(min(step * 1.05, 92) * chance.uniform(0.9, 1.12)))
    stencil = Image.new("L", (160, 160), 0)
    ImageDraw.Draw(stencil).text(
        (80, 80), character, fill=255, font=font, anchor="mm", stroke_width=chance.choice((1, 2))
    )
    stencil = stencil.rotate(chance.uniform(-24, 24), resample=Image.Resampling.BILINEAR)
    at = (
        int(middle[0] - 80 + chance.uniform(-0.1, 0.1) * step),
        int(middle[1] - 80 + chance.uniform(-26, 26)),
    )
    picture.paste(INK + chance.randrange(50), at, stencil)


def _bend(picture: Image.Image, height: int, chance: random.Random) -> Image.Image:
    """Moves it up and down along two waves, in strips that lean from one edge to the next."""
    waves = [(chance.uniform(90, 200), chance.uniform(0, 6.3)) for _ in range(2)]

    def up(x: int) -> float:
        return sum(height * math.sin(x / length * 6.28 + phase) for length, phase in waves) / 2

    across, down = SIZE
    strips = []
    for left in range(0, across, STRIP):
        right = left + STRIP
        corners = (left, up(left), left, down + up(left), right, down + up(right), right, up(right))
        strips.append(((left, 0, right, down), corners))
    return picture.transform(
        SIZE, Image.Transform.MESH, strips, resample=Image.Resampling.BILINEAR, fillcolor=PAPER
    )


def _pressed(picture: Image.Image) -> bytes:
    """As a PNG of a few greys that are always the same: to look for the best takes longest."""
    few = picture.point([round(grey * (GREYS - 1) / 255) for grey in range(256)])
    drawn = Image.frombytes("P", SIZE, few.tobytes())
    drawn.putpalette([grey * 255 // (GREYS - 1) for grey in range(GREYS) for _ in "rgb"])
    out = BytesIO()
    drawn.save(out, "PNG", compress_level=4)
    return out.getvalue()


def _scribble(pen: ImageDraw.ImageDraw, lines: int, chance: random.Random) -> None:
    """Lines of ink and of paper: they join what is apart, and cut what is joined."""
    for number in range(lines):
        ink = PAPER if number % 2 else INK + chance.randrange(60)
        width = 2 if number % 2 else chance.choice((3, 4))
        points = [(x, chance.uniform(30, SIZE[1] - 30)) for x in range(-20, SIZE[0] + 120, 120)]
        pen.line(points, fill=ink, width=width, joint="curve")
    for _ in range(40 * lines):
        x, y = chance.randrange(SIZE[0]), chance.randrange(SIZE[1])
        pen.ellipse((x, y, x + 3, y + 3), fill=INK + chance.randrange(120))
