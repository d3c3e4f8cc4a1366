"""The administration's colour as a style sheet and an icon, so that no page needs inline style."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
INK: Colour = (20, 29, 38)
NIGHT: Colour = (24, 28, 34)
READABLE = 5.0  # WCAG asks 4.5 for text; the rest is for tinted backgrounds
A_YEAR = "public, max-age=31536000, immutable"


def parse(colour: str) -> Colour:
    """`#1f4e79` as three numbers."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ImproperlyConfigured(f"BRAND_COLOUR is {colour!r}; write it like #1f4e79.")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def written(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def luminance(colour: Colour) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """The WCAG contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """`colour` with that share of `other` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def readable(colour: Colour, background: Colour, towards: Colour) -> Colour:
    """The colour nearest to this one that can be read on the background."""
    for step in range(21):
        candidate = mixed(colour, towards, step / 20)
        if contrast(candidate, background) >= READABLE:
            return candidate
    return towards


@lru_cache
def colours(colour: str) -> dict[str, str]:
    """What is drawn in the brand's colour, each shade readable where it is used."""
    brand = parse(colour)
    tint = mixed(brand, WHITE, 0.94)
    link = readable(brand, tint, towards=INK)
    # White is read on what is filled with it, whatever the brand.
    fill = brand if contrast(brand, WHITE) >= READABLE else link
    shades = {
        "brand": brand,
        "brand-tint": tint,
        "brand-line": mixed(brand, WHITE, 0.72),
        "brand-fill": fill,
        "brand-fill-hover": mixed(fill, INK, 0.3),
        "brand-link": link,
        "brand-link-hover": mixed(link, INK, 0.5),
        "brand-night": readable(brand, NIGHT, towards=WHITE),
    }
    return {name.replace("-", "_"): written(shade) for name, shade in shades.items()}


@lru_cache
def stylesheet(colour: str) -> str:
    """Custom properties that every style sheet of ours builds on."""
    named = colours(colour).items()
    lines = [f"  --{name.replace('_', '-')}: {shade};" for name, shade in named]
    return "\n".join([":root {", *lines, "}", ""])


@lru_cache
def digest(colour: str) -> str:
    return hashlib.sha256((stylesheet(colour) + icon_of(colour)).encode()).hexdigest()[:12]


def icon_of(colour: str) -> str:
    """A seal with a tick: our own mark, in the administration's colour."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="7" fill="{colour}"/>'
        '<path d="M16 5.5 25 9v6.6c0 5.4-3.7 9-9 10.9-5.3-1.9-9-5.5-9-10.9V9z" '
        'fill="#fff"/>'
        f'<path d="m11.8 15.8 3 3.1 5.6-6" fill="none" stroke="{colour}" '
        'stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def addresses() -> dict[str, str]:
    """Where the style sheet and the icon of the configured brand are."""
    return _addresses(settings.BRAND["colour"])


@lru_cache
def _addresses(colour: str) -> dict[str, str]:
    key = digest(colour)
    return {"css": reverse("brand_css", args=[key]), "icon": reverse("brand_icon", args=[key])}


def _served(content: str, kind: str, key: str) -> HttpResponse:
    if key != digest(settings.BRAND["colour"]):
        raise Http404
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": A_YEAR})


@login_not_required
def css(request: HttpRequest, key: str) -> HttpResponse:
    return _served(stylesheet(settings.BRAND["colour"]), "text/css; charset=utf-8", key)


@login_not_required
def icon(request: HttpRequest, key: str) -> HttpResponse:
    return _served(icon_of(settings.BRAND["colour"]), "image/svg+xml", key)
