"""Which characters the packaged typeface can print."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]


@cache
def characters() -> frozenset[str]:
    """All that both its weights hold."""
    folder = settings.BASE_DIR / "static-build" / "fonts"
    held = []
    for weight in ("Regular", "Bold"):
        with TTFont(folder / f"NotoSans-{weight}.ttf", lazy=True) as font:
            held.append({chr(number) for number in font.getBestCmap()})
    return frozenset(set.intersection(*held))
