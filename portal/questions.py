"""Questions in words, for whoever can neither see a picture nor hear a sound.

A word list of the page's language stands in data/questions.json: eight kinds of fifteen words, of
which none belongs to two kinds. That makes more than 10^12 questions at the lowest level.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

DATA = Path(__file__).parent / "data" / "questions.json"
FALLBACK = "en"
# How many words are wanted, of how many, by level.
SIZES = ((3, 9), (4, 12), (4, 16), (5, 20))
_random = secrets.SystemRandom()


@dataclass(frozen=True)
class Question:
    text: str
    answer: tuple[str, ...]


def make(level: int, language: str) -> Question:
    """Some words of one kind among words of other kinds: find them."""
    kinds = words(language)
    wanted, size = SIZES[level]
    kind = _random.choice(sorted(kinds))
    answer = _random.sample(kinds[kind], wanted)
    others = [word for name in kinds if name != kind for word in kinds[name]]
    shown = answer + _random.sample(others, size - wanted)
    _random.shuffle(shown)
    text = _("%(count)d of these words are %(kind)s: %(words)s. Which ones?") % {
        "count": wanted,
        "kind": kind,
        "words": ", ".join(shown),
    }
    return Question(text, tuple(answer))


def words(language: str) -> dict[str, list[str]]:
    """The kinds and their words in this language, or in English where it has none yet."""
    lists = _lists()
    return lists.get(language.partition("-")[0], lists[FALLBACK])


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = json.loads(DATA.read_text())
    return loaded
