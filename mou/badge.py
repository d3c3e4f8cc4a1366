"""The badge that a signatory may show: drawn anew each time, so that it never says too much."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string

# Said in the language of the page that shows it, whatever our own catalogues hold.
WORDS: dict[str, tuple[str, str, str]] = {
    "en": ("Partner against customs crime", "Agreement in force", "Not in force"),
    "sv": ("Partner mot tullbrott", "Avtalet gäller", "Gäller inte"),
    "nl": ("Partner tegen douanecriminaliteit", "Overeenkomst van kracht", "Niet van kracht"),
}


THROUGH = {"en": "Covered through", "sv": "Omfattas genom", "nl": "Gedekt via"}


def draw(*, in_force: bool, language: str, through: str = "") -> str:
    """The SVG; in English where the language is not known.

    `through`: the association whose agreement covers the firm, where it has none of its own.
    """
    title, yes, no = WORDS.get(language, WORDS["en"])
    said = yes if in_force else no
    if through and in_force:
        said = f"{THROUGH.get(language, THROUGH['en'])} {through}"
    context = {
        "title": title,
        "said": said,
        "in_force": in_force,
        "language": language if language in WORDS else "en",
        "administration": settings.BRAND["administration"],
    }
    return render_to_string("mou/badge.svg", context)
